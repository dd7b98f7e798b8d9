from django.urls import path

from accidents.clock.views import LegDoor, ReminderDoor, ReportLegDoor
from accidents.duplicates.views import DuplicateDoor, JoiningDoor
from accidents.findings.views import FindingDoor
from accidents.investigations.views import InvestigationDoor
from accidents.quick_reports.urls import urlpatterns as quick_reports
from accidents.reports.views import AccidentDoor


def accident(door: type[AccidentDoor] = AccidentDoor, **verbs: str):
    return door.as_view(dict(verbs), basename="accidents")


def investigation(**verbs: str):
    return InvestigationDoor.as_view(dict(verbs), basename="investigations")


CASE = [
    path("accidents/<uuid:accident_id>/legs/<int:leg_id>/send", accident(LegDoor, post="send_leg")),
    path("accidents/<uuid:accident_id>/legs/<int:leg_id>/receive", accident(LegDoor, post="receive_leg")),
    path("accidents/<uuid:accident_id>/told", accident(LegDoor, post="told")),
    path("accidents/<uuid:accident_id>/rescue-ended", accident(LegDoor, post="rescue_ended")),
    path("accidents/<uuid:accident_id>/join", accident(JoiningDoor, post="join")),
    path("accidents/<uuid:accident_id>/separate", accident(JoiningDoor, post="separate")),
    path("accidents/<uuid:accident_id>/twins", accident(JoiningDoor, get="twins")),
    path("accidents/<uuid:accident_id>/findings", accident(FindingDoor, get="findings", post="find")),
    path("accidents/<uuid:accident_id>/findings/<int:finding_id>/revoke", accident(FindingDoor, post="revoke")),
    path("accidents/<uuid:accident_id>/investigation", investigation(get="show", post="open")),
    *(
        path(f"accidents/<uuid:accident_id>/investigation/{step.replace('_', '-')}", investigation(post=step))
        for step in ("take_over", "extend", "appraise", "submit", "approve", "mark", "close", "assess")
    ),
    path("report-legs", ReportLegDoor.as_view({"get": "list"}, basename="report_legs")),
    path("report-reminders", ReminderDoor.as_view({"get": "list"}, basename="report_reminders")),
    path(
        "report-reminders/<int:reminder_id>/seen", ReminderDoor.as_view({"post": "seen"}, basename="report_reminders")
    ),
    path("accident-twins", DuplicateDoor.as_view({"get": "list"}, basename="accident_twins")),
    path("accident-twins/<int:pair_id>/dismiss", DuplicateDoor.as_view({"post": "dismiss"}, basename="accident_twins")),
]

urlpatterns = [
    *CASE,
    *quick_reports,
    path("accidents", accident(get="list")),
    path("accidents/<uuid:accident_id>", accident(get="retrieve", put="put")),
    path("accidents/<uuid:accident_id>/receipt", accident(get="receipt")),
    path("accidents/<uuid:accident_id>/reports", accident(get="reports", post="report")),
    path("accidents/<uuid:accident_id>/decide", accident(post="decide")),
    path("accidents/<uuid:accident_id>/write-off", accident(post="write_off")),
    path("accidents/<uuid:accident_id>/correct-wording", accident(post="correct_wording")),
    path("accidents/<uuid:accident_id>/clock", accident(get="clock")),
]
