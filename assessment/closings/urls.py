from django.urls import path

from assessment.closings.objections.urls import urlpatterns as objections
from assessment.closings.reconciliation.urls import urlpatterns as reconciliation
from assessment.closings.source_lists.urls import urlpatterns as source_lists
from assessment.closings.views import ClosingDoor


def closing(**verbs: str):
    return ClosingDoor.as_view(dict(verbs), basename="closings")


urlpatterns = [
    path("zero-accident/closings", closing(get="list", post="create")),
    path("zero-accident/closings/<int:closing_id>", closing(get="retrieve")),
    path("zero-accident/closings/<int:closing_id>/ranking", closing(get="ranking")),
    path("zero-accident/closings/<int:closing_id>/broken", closing(get="broken")),
    *(
        path(f"zero-accident/closings/<int:closing_id>/{verb.replace('_', '-')}", closing(post=verb))
        for verb in ("sign", "withdraw", "freeze", "revise", "no_objection")
    ),
    *source_lists,
    *reconciliation,
    *objections,
]
