from typing import Any

from django.urls import path

from reference.criteria.views import CriteriaDoor


def door(**verbs: Any):
    return CriteriaDoor.as_view(verbs, basename="criteria")


urlpatterns = [
    path("reference/criteria", door(get="list")),
    path("reference/criteria/<str:edition>", door(get="retrieve")),
    path("reference/criteria/<str:edition>/clauses", door(post="enter")),
    path("reference/criteria/clauses/<int:clause_id>/withdraw", door(post="withdraw")),
]
