from django.urls import path

from assessment.closings.reconciliation.views import DifferenceDoor, SourceRowDoor


def source_row(verb: str):
    return SourceRowDoor.as_view({"post": verb}, basename="source_rows")


urlpatterns = [
    *(
        path(f"zero-accident/source-rows/<int:row_id>/{verb.replace('_', '-')}", source_row(verb))
        for verb in ("match", "add", "set_aside", "accept", "undo")
    ),
    path("zero-accident/differences", DifferenceDoor.as_view({"get": "show"}, basename="source_differences")),
    path(
        "zero-accident/differences/explain", DifferenceDoor.as_view({"post": "explain"}, basename="source_differences")
    ),
]
