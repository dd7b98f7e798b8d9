"""违规报告: lateness is computed from the legs; that a report was omitted, false, concealed or mistaken is found by
people, on evidence and paper, and taken back by a new finding.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accidents.choices import LegState, WrongReportKind
from accidents.models import Accident, Finding
from accidents.places import check_day
from accidents.reports import locking
from accidents.reports.parts import said_by
from enterprises import actions as enterprises
from reference.terms import ReportLevel
from safety_api.actors import Actor
from safety_api.problems import NOT_FOUND, OUT_OF_ORDER, REPORTED_IN_TIME, UNKNOWN_ENTERPRISE, WRONG_STEP
from safety_api.trail import record
from safety_api.writing import Fresh

STATED = "concealment"  # 经查实谎报、瞒报: the fact of a unit behind K10 and K11
STATED_FOR = frozenset({WrongReportKind.FALSE, WrongReportKind.CONCEALED})


@transaction.atomic
def find(
    accident_id: UUID, *, by: Actor, kind: str, level: str, evidence: str, document: str, approved_by: str,
    enterprise: UUID | None = None, on: date | None = None, fresh: Fresh = None,
) -> Finding:  # fmt: skip
    """A finding by the bureau. Of a unit that lied or concealed the fact is stated, and its class follows.

    Raises NOT_FOUND, STALE, BEFORE_THE_ACCIDENT, UNKNOWN_ENTERPRISE for a unit without part in the accident, REPORTED_IN_TIME for a
    concealment by a unit whose report came in time, WRONG_STEP for one whose limit has not passed.
    """
    accident = locking.locked(accident_id, by, fresh)
    check_day(on, accident.occurred_at)
    unit = _unit_of(accident, level, enterprise)
    if kind == WrongReportKind.CONCEALED and level == ReportLevel.ENTERPRISE:
        _check_not_reported(accident)
    decided_on = on or timezone.localdate()
    fact = None
    if unit and kind in STATED_FOR:
        fact = enterprises.state_fact(
            unit, by=by, kind=STATED, held_from=decided_on, value={"accident": str(accident.pk)}, document=document
        ).pk
    finding = Finding.objects.create(
        accident=accident, kind=kind, level=level, enterprise_id=unit, evidence=evidence, document=document,
        approved_by=approved_by, decided_on=decided_on, fact=fact, **said_by(by),
    )  # fmt: skip
    accident.save(update_fields=["heard"])  # its tag changes with its parts
    record(by, "accident.find_wrong", accident, finding=finding.pk, kind=kind, level=level, document=document)
    return finding


def _unit_of(accident: Accident, level: str, enterprise: UUID | None) -> UUID | None:
    if level != ReportLevel.ENTERPRISE:
        return None
    if enterprise is None or not accident.units.known().filter(enterprise=enterprise).exists():
        raise UNKNOWN_ENTERPRISE.at("/enterprise")
    return enterprise


def _check_not_reported(accident: Accident) -> None:
    """瞒报 is that the limit passed without a report (应急管理部令第14号)."""
    legs = accident.legs.filter(code="R1", level=ReportLevel.ENTERPRISE, to=ReportLevel.COUNTY, void_at=None)
    if any(leg.late is False for leg in legs):
        raise REPORTED_IN_TIME()
    if any(leg.state(timezone.now()) == LegState.OPEN for leg in legs):
        raise WRONG_STEP(state=LegState.OPEN.value, step="find", detail="报告时限还没有过，不构成瞒报。")


@transaction.atomic
def revoke(
    accident_id: UUID, finding_id: int, *, by: Actor, reason: str, document: str, approved_by: str,
    on: date | None = None, fresh: Fresh = None,
) -> Finding:  # fmt: skip
    """A new finding that takes an earlier one back; both stay. Raises NOT_FOUND, STALE, OUT_OF_ORDER, WRONG_STEP for
    one taken back before.
    """
    accident = locking.locked(accident_id, by, fresh)
    old = accident.findings.filter(pk=finding_id).first()
    if old is None:
        raise NOT_FOUND()
    if on and on < old.decided_on:
        raise OUT_OF_ORDER.at("/on")
    if old.revokes_id or Finding.objects.filter(revokes=old).exists():
        raise WRONG_STEP(state="revoked", step="revoke", detail="这项认定已经撤销。")
    new = Finding.objects.create(
        accident=accident, kind=old.kind, level=old.level, enterprise_id=old.enterprise_id, evidence=reason,
        document=document, approved_by=approved_by, decided_on=on or timezone.localdate(), revokes=old, **said_by(by),
    )  # fmt: skip
    if old.fact and old.enterprise_id:
        enterprises.withdraw_fact(old.enterprise_id, STATED, old.fact, by=by, reason=reason)
    accident.save(update_fields=["heard"])
    record(by, "accident.revoke_finding", accident, finding=old.pk, by_finding=new.pk, document=document)
    return new
