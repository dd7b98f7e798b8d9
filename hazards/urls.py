from typing import Any

from django.urls import path

from hazards.duplicates.views import HazardJoiningDoor, HazardPairDoor
from hazards.states import STEPS
from hazards.views import ExtensionDoor, HazardDoor
from hazards.views.figures import BehindFigureDoor, HazardFigureDoor
from hazards.views.reminders import ReminderDoor
from hazards.views.steps import DOORS


def door(**verbs: Any):
    return HazardDoor.as_view(verbs, basename="hazards")


def joining(**verbs: Any):
    return HazardJoiningDoor.as_view(verbs, basename="hazards")


def extensions(**verbs: Any):
    return ExtensionDoor.as_view(verbs, basename="extensions")


urlpatterns = [
    path("hazards", door(get="list")),
    path("hazards/<uuid:hazard_id>", door(get="retrieve", put="put")),
    path("hazards/<uuid:hazard_id>/history", door(get="history")),
    path("hazards/<uuid:hazard_id>/receipt", door(get="receipt")),
    path("hazards/<uuid:hazard_id>/look-again", door(post="look_again")),
    *(path(f"hazards/<uuid:hazard_id>/{name}", joining(post=name)) for name in ("join", "separate")),
    path("hazards/<uuid:hazard_id>/twins", joining(get="twins")),
    path("hazard-twins", HazardPairDoor.as_view({"get": "list"}, basename="hazard_twins")),
    path("hazard-twins/<int:pair_id>/dismiss", HazardPairDoor.as_view({"post": "dismiss"}, basename="hazard_twins")),
    *(path(f"hazards/<uuid:hazard_id>/{name}", door(post=STEPS[name][0].verb)) for name in DOORS),
    path("hazards/<uuid:hazard_id>/extensions", extensions(get="of_hazard", post="ask")),
    path("extensions", extensions(get="list")),
    path("extensions/<uuid:extension_id>/grant", extensions(post="grant")),
    path("extensions/<uuid:extension_id>/deny", extensions(post="deny")),
    path("reminders", ReminderDoor.as_view({"get": "list"}, basename="reminders")),
    path("reminders/<int:reminder_id>/seen", ReminderDoor.as_view({"post": "seen"}, basename="reminders")),
    path("hazard-figures", HazardFigureDoor.as_view({"get": "show"}, basename="hazard_figures")),
    path("hazard-figures/rows", BehindFigureDoor.as_view({"get": "list"}, basename="hazard_figure_rows")),
]
