from django.urls import path

from reference.criteria.urls import urlpatterns as criteria
from reference.views import CeilingDoor, ChecklistDoor, LawCalendarDoor, RuleDoor, SectorDoor, StandardDoor

urlpatterns = [
    path("sectors", SectorDoor.as_view({"get": "list"}, basename="sectors")),
    path("checklists", ChecklistDoor.as_view({"get": "list"}, basename="checklists")),
    path("hazard-standards", StandardDoor.as_view({"get": "list"}, basename="hazard_standards")),
    path("reference/inspection-ceilings", CeilingDoor.as_view({"get": "list"}, basename="inspection_ceilings")),
    path("reference/law-calendar", LawCalendarDoor.as_view({"get": "list"}, basename="law_calendar")),
    path("rules", RuleDoor.as_view({"get": "list"}, basename="rules")),
    *criteria,
]
