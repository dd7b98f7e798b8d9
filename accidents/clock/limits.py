"""Which limits bind a report, at which level a person works, and whether an accident must be reported at all."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from accidents.choices import Caller, StatStatus
from accidents.models import Accident
from accidents.rules import reporting
from accounts.jurisdiction import BUREAU_CODE
from reference import law
from reference.models import Document
from reference.terms import Nature, ReportLevel
from safety_api.actors import Actor
from safety_api.roles import COUNTY, Role

AHEAD = timedelta(minutes=10)  # whoever writes a time down at a desk may have a clock that runs ahead this much
COAL = "coal_mine"

LEVEL_OF_CALLER = {
    Caller.ENTERPRISE: ReportLevel.ENTERPRISE,
    Caller.SCENE: ReportLevel.ENTERPRISE,  # 现场有关人员，国务院令第493号 第九条
    Caller.TOWNSHIP: ReportLevel.TOWNSHIP,
    Caller.VILLAGE: ReportLevel.TOWNSHIP,
    Caller.DEPARTMENT: ReportLevel.DEPARTMENT,
}
LEVEL_OF_ROLE: dict[str, ReportLevel] = {
    Role.ENTERPRISE_OFFICER: ReportLevel.ENTERPRISE,
    Role.TOWNSHIP_OFFICER: ReportLevel.TOWNSHIP,
    Role.TOWNSHIP_LEADER: ReportLevel.TOWNSHIP,
    Role.DEPARTMENT_OFFICER: ReportLevel.DEPARTMENT,
    **dict.fromkeys(COUNTY, ReportLevel.COUNTY),
}
REACHED_BY_APP = {  # a report by phone app is before these at once
    ReportLevel.ENTERPRISE: (ReportLevel.TOWNSHIP, ReportLevel.COUNTY, ReportLevel.DEPARTMENT),
    ReportLevel.TOWNSHIP: (ReportLevel.COUNTY,),
    ReportLevel.DEPARTMENT: (ReportLevel.COUNTY,),
    ReportLevel.COUNTY: (),
}


def level_of(by: Actor) -> ReportLevel | None:
    """At which level a person works; None for a village, which notifies its township and the county at once."""
    if by.role == Role.INSPECTOR:
        return ReportLevel.TOWNSHIP if len(by.region) > 6 else ReportLevel.COUNTY
    return LEVEL_OF_ROLE.get(by.role)


# --- limits ----------------------------------------------------------------------------------------------------------
def limits_at(moment: datetime) -> reporting.Limits:
    """Those in force on that day. Raises NO_RULE."""
    day = timezone.localdate(moment)
    limits, desk = (law.in_force(kind, day) for kind in ("report_limits", "report_desk"))
    entry = next(iter(law.all_in_force(day, "statistics_entry")), None)  # none before 2016
    return law.understood(_limits, limits, desk, entry)


def _limits(limits: Document, desk: Document, entry: Document | None) -> reporting.Limits:
    return reporting.read_limits({**limits.body, **desk.body, "statistics": entry and entry.body})


def case_of(accident: Accident, *, has_unit: bool) -> reporting.Case:
    return reporting.Case(
        grade=accident.grade,
        kind=accident.kind,
        owed=is_reportable(accident),
        has_unit=has_unit,
        coal_mine=accident.sector_id == COAL,
        other_department=_other_department(accident),
        counted=accident.stat_status != StatStatus.NOT_COUNTED,
        great_impact=accident.great_impact,
    )


def is_reportable(accident: Accident) -> bool:
    """国务院令第493号 is about production; while nobody knows the nature, it may be one. What is older than it was never owed."""
    is_over = accident.stat_status == StatStatus.WRITTEN_OFF or accident.joined_to_id or accident.already_reported
    return not is_over and accident.nature != Nature.NON_PRODUCTION and has_limits(accident)


def has_limits(accident: Accident) -> bool:
    return bool(law.all_in_force(timezone.localdate(accident.occurred_at), "report_limits"))


def _other_department(accident: Accident) -> bool:
    if accident.sector_id is None:
        return False
    lead = law.lead_department(accident.sector_id, timezone.localdate(accident.occurred_at))
    return lead not in (None, BUREAU_CODE)
