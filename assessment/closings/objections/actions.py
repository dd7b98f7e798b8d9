"""异议: a township objects to what an accident was taken for; the bureau answers, and what is upheld is carried out in the
same transaction, on paper, by the verbs of accidents.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accidents.models import Accident, AccidentUnit
from accidents.reports import deciding
from assessment.closings import periods
from assessment.closings.words import ObjectionMatter, ObjectionState
from assessment.models import Objection
from geo.codes import whole
from safety_api import outbox
from safety_api.actors import Actor
from safety_api.permissions import coded, inside
from safety_api.problems import (
    ALREADY_ANSWERED,
    NOT_FOUND,
    OBJECTED_ALREADY,
    PAPER_REQUIRED,
    REMEDY_ELSEWHERE,
    REMEDY_REQUIRED,
    UNKNOWN_ENTERPRISE,
    UNKNOWN_REGION,
)
from safety_api.trail import record
from safety_api.writing import Fresh, locked
from zero_accident.attribution import actions
from zero_accident.choices import Charged
from zero_accident.models import Break

CHARGED = {
    ObjectionMatter.VILLAGE: Charged.VILLAGE,
    ObjectionMatter.UNIT: Charged.UNIT,
    ObjectionMatter.RESPONSIBILITY: Charged.UNIT,
}
DECIDES = {  # what a decision must speak of to answer this objection
    ObjectionMatter.VILLAGE: ("region", "on_trunk_road"),
    ObjectionMatter.UNIT: ("units",),
    ObjectionMatter.RESPONSIBILITY: ("units",),
    ObjectionMatter.CATEGORY: ("category", "nature"),
}


@transaction.atomic
def object_to(
    accident_id: UUID, *, by: Actor, about: str, reason: str, evidence: list[str], village: str | None = None,
    enterprise: UUID | None = None,
) -> Objection:  # fmt: skip
    """Raises NOT_FOUND for an accident that touches nobody of the township, UNKNOWN_REGION, UNKNOWN_ENTERPRISE,
    MONTH_FROZEN, OBJECTED_ALREADY.
    """
    accident = Accident.objects.filter(pk=accident_id).first()
    if accident is None or not touches(accident, by.region):
        raise NOT_FOUND()
    day = timezone.localdate(accident.occurred_at)
    county = whole(by.region[:6])
    periods.lock(county, day.year)
    periods.check_open(county, day.year, day.month, also_signed=True)
    subject = _subject(accident, ObjectionMatter(about), village, enterprise)
    same = Objection.objects.open().filter(accident=accident, region_code=whole(by.region[:9]), about=about, **subject)
    if same.exists():
        raise OBJECTED_ALREADY()
    row = Objection.objects.create(
        accident=accident, occurred_on=day, region_code=whole(by.region[:9]), about=about, reason=reason,
        evidence=evidence, by_id=by.pk, by_name=by.name, **subject,
    )  # fmt: skip
    record(by, "objection.make", row, accident=str(accident.pk), matter=about, reason=reason)
    return _announced(row, "objection.made")


def touches(accident: Accident, region: str) -> bool:
    """It lies in the township, counts for it, or breaks a village or a unit of it. At most three queries."""
    if not region or len(region) < 9:
        return False
    prefix = region[:9]
    if accident.region_code.startswith(prefix):
        return True
    if accident.effects.filter(inside(prefix)).exists():
        return True
    broken = Break.objects.filter(accident=accident)
    return (
        broken.filter(coded(prefix, "village")).exists()
        or broken.filter(inside(prefix, "enterprise__region_code")).exists()
    )


def _subject(
    accident: Accident, about: ObjectionMatter, village: str | None, enterprise: UUID | None
) -> dict[str, Any]:
    """Which village or unit; of a unit one that has a part in the accident or is charged."""
    if about in (ObjectionMatter.UNIT, ObjectionMatter.RESPONSIBILITY):
        parts = AccidentUnit.objects.known().filter(accident=accident, enterprise=enterprise)
        charged = Break.objects.filter(accident=accident, enterprise=enterprise)
        if enterprise is None or not (parts.exists() or charged.exists()):
            raise UNKNOWN_ENTERPRISE.at("/enterprise")
        return {"enterprise_id": enterprise, "village": ""}
    if about == ObjectionMatter.VILLAGE and village:
        known = {accident.region_code, *Break.objects.filter(accident=accident).values_list("village", flat=True)}
        if whole(village) not in known:
            raise UNKNOWN_REGION.at("/village")
        return {"enterprise_id": None, "village": whole(village)}
    return {"enterprise_id": None, "village": ""}


@transaction.atomic
def withdraw(key: int, *, by: Actor, fresh: Fresh = None) -> Objection:
    """By the township that made it. Raises NOT_FOUND, STALE, ALREADY_ANSWERED."""
    row = _locked(key, by, fresh)
    row.state = ObjectionState.WITHDRAWN
    _end(row, by, "state")
    record(by, "objection.withdraw", row)
    row.refresh_from_db()
    return row


@transaction.atomic
def answer(
    key: int, *, by: Actor, upheld: bool, answer: str, document: str = "", approved_by: str = "",
    override: Mapping[str, Any] | None = None, decide: Mapping[str, Any] | None = None, fresh: Fresh = None,
) -> Objection:  # fmt: skip
    """By the bureau. What is upheld names its remedy, an override or a decision, and stands on paper.

    Raises NOT_FOUND, STALE, ALREADY_ANSWERED, REMEDY_REQUIRED, REMEDY_ELSEWHERE, PAPER_REQUIRED, and what
    override (`zero_accident/attribution`) and decide (`accidents/reports`) raise: then nothing was answered.
    """
    row = _locked(key, by, fresh)
    if upheld:
        _check_remedy(row, override, decide, document, approved_by)
        before = _charges(row)
        _carry_out(row, by, answer, document, approved_by, override, decide)
        _check_changed(row, before)
    elif override or decide:
        raise REMEDY_REQUIRED.at("/upheld", detail="异议不成立的，不作更正。")
    row.state = ObjectionState.UPHELD if upheld else ObjectionState.REJECTED
    row.answer, row.document, row.approved_by = answer, document, approved_by
    row.remedy = _as_json(override, decide) if upheld else None
    _end(row, by, "state", "answer", "document", "approved_by", "remedy")
    record(by, "objection.answer", row, upheld=upheld, answer=answer, document=document, approved_by=approved_by,
           accident=str(row.accident_id))  # fmt: skip
    return _announced(row, "objection.answered")


def _check_remedy(
    row: Objection,
    override: Mapping[str, Any] | None,
    decide: Mapping[str, Any] | None,
    document: str,
    approved_by: str,
) -> None:
    """One remedy, about what was objected to, on paper."""
    if bool(override) == bool(decide):
        raise REMEDY_REQUIRED.at("/override")
    for pointer, said in (("/document", document), ("/approved_by", approved_by)):
        if not said:
            raise PAPER_REQUIRED.at(pointer)
    about = ObjectionMatter(row.about)
    if override and not _fits(row, override):
        raise REMEDY_ELSEWHERE.at("/override/subject")
    if decide and not set(DECIDES[about]) & decide.keys():
        raise REMEDY_ELSEWHERE.at("/decide")


def _fits(row: Objection, override: Mapping[str, Any]) -> bool:
    """The whole accident left out answers any objection; else it is about the same kind, and about the same unit."""
    if override["subject"] == Charged.ACCIDENT:
        return True
    same_unit = row.enterprise_id is None or override.get("enterprise") == row.enterprise_id
    return CHARGED.get(ObjectionMatter(row.about)) == override["subject"] and same_unit


def _carry_out(
    row: Objection, by: Actor, answer: str, document: str, approved_by: str, override: Mapping[str, Any] | None,
    decide: Mapping[str, Any] | None,
) -> None:  # fmt: skip
    reason = f"异议成立：{answer}"[:1000]
    paper = {"reason": reason, "document": document, "approved_by": approved_by}
    if override:
        actions.override(row.accident_id, by=by, **{**override, **paper})
    elif decide:
        deciding.decide(row.accident_id, by=by, **{**decide, **paper})


def _charges(row: Objection) -> tuple[Any, ...]:
    """What an objection may be about: whom the accident breaks, who is responsible, what it was taken for."""
    accident = row.accident_id
    known = Accident.objects.filter(pk=accident).values_list("category", "nature", "stat_status").get()
    breaks = Break.objects.filter(accident=accident).values_list("policy", "village", "enterprise")
    parts = AccidentUnit.objects.known().filter(accident=accident).values_list("enterprise", "role", "responsible")
    return known, sorted(map(str, breaks)), sorted(map(str, parts))


def _check_changed(row: Objection, before: tuple[Any, ...]) -> None:
    """Raises REMEDY_ELSEWHERE for a remedy after which all stands as it stood: nothing was answered."""
    if _charges(row) == before:
        raise REMEDY_ELSEWHERE(detail="这样更正后，事故的归属、责任和类别都没有变化，不能作为异议成立的处理。")


def _as_json(override: Mapping[str, Any] | None, decide: Mapping[str, Any] | None) -> dict[str, Any]:
    """As plain JSON."""
    name, said = ("override", override) if override else ("decide", decide or {})
    return {name: _plain(dict(said))}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)


def _locked(key: int, by: Actor, fresh: Fresh) -> Objection:
    """The county's year first. Raises NOT_FOUND, STALE, ALREADY_ANSWERED."""
    found = Objection.objects.visible_to(by).filter(pk=key).values_list("region_code", "occurred_on").first()
    if found is None:
        raise NOT_FOUND()
    region, occurred_on = found
    periods.lock(whole(region[:6]), occurred_on.year)
    row = locked(Objection.objects.all(), key, fresh)
    if row.state != ObjectionState.OPEN:
        raise ALREADY_ANSWERED(state=row.state)
    return row


def _end(row: Objection, by: Actor, *columns: str) -> None:
    row.ended_at, row.ended_by, row.ended_name = timezone.now(), by.pk, by.name
    row.save(update_fields=[*columns, "ended_at", "ended_by", "ended_name"])


def _announced(row: Objection, topic: str) -> Objection:
    row.refresh_from_db()
    outbox.send(topic, {"objection": row.pk, "accident": str(row.accident_id)})
    return row
