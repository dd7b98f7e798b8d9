"""统计填报: by when the county enters an accident in statistics and completes it (安监总厅统计〔2016〕80号). Its two
limits are legs like others, reminded of and never 迟报.

Entered: the bureau has decided something about it, or the county wrote down that it was entered. Complete: all that
statistics require has been said.
"""

from __future__ import annotations

from collections.abc import Iterable

from accidents import reading
from accidents.choices import STATISTICS
from accidents.models import Accident, AccidentReport, ReportLeg
from accidents.rules import reporting
from accidents.rules.reporting import COMPLETE, ENTERED
from reference.terms import Nature
from safety_api.actors import Actor
from safety_api.problems import STATISTICS_INCOMPLETE
from safety_api.roles import Role

DECIDES = frozenset({"accident.decide"})


def lacks(accident: Accident, reports: Iterable[AccidentReport], *, has_unit: bool) -> list[str]:
    """What statistics still require of an accident. Pure."""
    said = reading.said_of(accident, reports, has_unit=has_unit)
    said |= {"category"} if accident.category else set()
    said |= {"nature"} if accident.nature != Nature.UNDETERMINED else set()
    return reporting.lacking(said)


def is_done(accident: Accident, leg: ReportLeg, *, verb: str, by: Actor, has_unit: bool) -> bool:
    """Whether this verb has done what is still open. One query when nothing but the statements can lack something."""
    if leg.to != STATISTICS or leg.sent_at:
        return False
    if leg.code == ENTERED:
        known = by.role == Role.BUREAU_OFFICER and accident.nature != Nature.UNDETERMINED
        return known or verb in DECIDES
    may_be = not set(lacks(accident, (), has_unit=has_unit)) - set(reading.FIGURES)
    return may_be and not lacks(accident, accident.reports.all(), has_unit=has_unit)


def check(accident: Accident, leg: ReportLeg) -> None:
    """Raises STATISTICS_INCOMPLETE for a completion of what is not complete."""
    if (leg.code, leg.to) != (COMPLETE, STATISTICS):
        return
    if missing := lacks(accident, accident.reports.all(), has_unit=accident.units.known().exists()):
        raise STATISTICS_INCOMPLETE(errors=[STATISTICS_INCOMPLETE.fault(f"/{name}", name) for name in missing])
