from django.urls import path

from assessment.views import (
    AttributionObjectionDoor,
    ClosingDoor,
    DifferenceDoor,
    SourceListDoor,
    SourceRowDoor,
    SourceWorkbookDoor,
)


def closing(**verbs: str):
    return ClosingDoor.as_view(dict(verbs), basename="closings")


def source_list(**verbs: str):
    return SourceListDoor.as_view(dict(verbs), basename="source_lists")


def source_row(verb: str):
    return SourceRowDoor.as_view({"post": verb}, basename="source_rows")


def objection(**verbs: str):
    return AttributionObjectionDoor.as_view(dict(verbs), basename="objections")


CLOSINGS = [
    path("zero-accident/closings", closing(get="list", post="create")),
    path("zero-accident/closings/<int:closing_id>", closing(get="retrieve")),
    path("zero-accident/closings/<int:closing_id>/ranking", closing(get="ranking")),
    path("zero-accident/closings/<int:closing_id>/broken", closing(get="broken")),
    *(
        path(f"zero-accident/closings/<int:closing_id>/{verb.replace('_', '-')}", closing(post=verb))
        for verb in ("sign", "withdraw", "freeze", "revise", "no_objection")
    ),
]
SOURCES = [
    path("zero-accident/source-lists", source_list(get="list", post="create")),
    path("zero-accident/source-lists/template.xlsx", source_list(get="template")),
    path(
        "zero-accident/source-lists/xlsx",
        SourceWorkbookDoor.as_view({"post": "send_workbook"}, basename="source_lists"),
    ),
    path("zero-accident/source-lists/<int:list_id>", source_list(get="retrieve")),
    *(
        path(f"zero-accident/source-rows/<int:row_id>/{verb.replace('_', '-')}", source_row(verb))
        for verb in ("match", "add", "set_aside", "accept", "undo")
    ),
    path("zero-accident/differences", DifferenceDoor.as_view({"get": "show"}, basename="source_differences")),
    path(
        "zero-accident/differences/explain", DifferenceDoor.as_view({"post": "explain"}, basename="source_differences")
    ),
]
OBJECTIONS = [
    path("accidents/<uuid:accident_id>/objections", objection(post="make")),
    path("zero-accident/objections", objection(get="list")),
    path("zero-accident/objections/<int:objection_id>", objection(get="retrieve")),
    path("zero-accident/objections/<int:objection_id>/answer", objection(post="answer")),
    path("zero-accident/objections/<int:objection_id>/withdraw", objection(post="withdraw")),
]

urlpatterns = [*CLOSINGS, *SOURCES, *OBJECTIONS]
