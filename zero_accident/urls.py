from django.urls import path

from zero_accident.attribution.views import OverrideDoor
from zero_accident.figures.views import FigureDoor, FigureRevisionDoor
from zero_accident.lists.views import BrokenDoor, UnmetStandardsDoor, ZeroDoor
from zero_accident.notices.views import TownshipNoticeDoor
from zero_accident.policies.views import PolicyDoor
from zero_accident.reports.views import TownshipReportDoor
from zero_accident.standards.views import StandardsDoor
from zero_accident.targets.views import TargetDoor

urlpatterns = [
    path(
        "accidents/<uuid:accident_id>/overrides",
        OverrideDoor.as_view({"post": "override"}, basename="accidents"),
    ),
    path("zero-accident/ratios", FigureDoor.as_view({"get": "ratios"}, basename="zero_accident")),
    path("zero-accident/breakdown", FigureDoor.as_view({"get": "breakdown"}, basename="zero_accident")),
    path("zero-accident/ranking", FigureDoor.as_view({"get": "ranking"}, basename="zero_accident")),
    path("zero-accident/ranking/trend", FigureDoor.as_view({"get": "trend"}, basename="zero_accident")),
    path(
        "zero-accident/standards",
        StandardsDoor.as_view({"get": "list", "post": "assess"}, basename="zero_accident_standards"),
    ),
    path("zero-accident/short", UnmetStandardsDoor.as_view({"get": "list"}, basename="zero_accident_short")),
    path("zero-accident/townships/<str:code>/report.pdf", TownshipReportDoor.as_view({"get": "pdf"}, basename="zero_accident_report")),
    path("zero-accident/zero", ZeroDoor.as_view({"get": "list"}, basename="zero_accident_zero")),
    path("zero-accident/targets", TargetDoor.as_view({"get": "list", "post": "set"}, basename="zero_accident_targets")),
    path("zero-accident/broken", BrokenDoor.as_view({"get": "list"}, basename="zero_accident_broken")),
    path("zero-accident/policies", PolicyDoor.as_view({"get": "list"}, basename="zero_accident_policies")),
    path("zero-accident/revisions", FigureRevisionDoor.as_view({"get": "list"}, basename="zero_accident_revisions")),
    path("zero-accident/notices", TownshipNoticeDoor.as_view({"get": "list"}, basename="zero_accident_notices")),
    path(
        "zero-accident/notices/<int:notice_id>/seen",
        TownshipNoticeDoor.as_view({"post": "seen"}, basename="zero_accident_notices"),
    ),
]
