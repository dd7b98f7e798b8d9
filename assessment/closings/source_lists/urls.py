from django.urls import path

from assessment.closings.source_lists.views import SourceListDoor, SourceWorkbookDoor


def source_list(**verbs: str):
    return SourceListDoor.as_view(dict(verbs), basename="source_lists")


urlpatterns = [
    path("zero-accident/source-lists", source_list(get="list", post="create")),
    path("zero-accident/source-lists/template.xlsx", source_list(get="template")),
    path(
        "zero-accident/source-lists/xlsx",
        SourceWorkbookDoor.as_view({"post": "send_workbook"}, basename="source_lists"),
    ),
    path("zero-accident/source-lists/<int:list_id>", source_list(get="retrieve")),
]
