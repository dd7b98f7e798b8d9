"""What the tests of the flow share: officers with certificates, hazards as they stand, a body for every step."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.models import Certificate, User
from evidence.models import Photo
from hazards.models import Hazard, HazardStep
from hazards.states import Origin, State, loop_of
from reference.terms import HazardLevel
from tests.cast.people import VILLAGE
from tests.cast.visits import a_photo, photo_id

KEY = "9d1f6c39-5b44-4be5-9a38-6f3f1f1c0001"
CLAUSE = "煤矿重大事故隐患判定标准 第四条"
OFFICERS = ("inspector", "inspector2", "department", "chief", "bureau")


def in_days(days: int) -> str:
    return str(timezone.localdate() + timedelta(days=days))


def ago(days: float) -> datetime:
    return timezone.now() - timedelta(days=days)


def certify(*names: str, valid_to: date = date(2030, 12, 31)) -> None:
    """Certificates for people of the cast."""
    for number, user in enumerate(User.objects.filter(username__in=names).order_by("username")):
        Certificate.objects.create(
            user=user,
            number=f"晋J{number:05}{user.username}",
            issued_by="兴县人民政府",
            valid_from="2024-01-01",
            valid_to=valid_to,
        )


def a_hazard_in(
    state: str = State.REPORTED, unit: Any = None, key: UUID | str = KEY, *, photo: int | None = 900, **fields: Any
) -> Hazard:
    """A hazard as an inspection of a coal mine found it five days ago, moved to `state`; with a photo of how it was."""
    level, origin = fields.get("level", HazardLevel.GENERAL), fields.get("origin", Origin.INSPECTION)
    known = {
        "id": key, "state": state, "level": level, "origin": origin, "loop": loop_of(origin, level), "sector_id": "coal_mine",
        "department_id": "emergency", "region_code": VILLAGE, "enterprise": unit, "place": "" if unit else "东关村口", "item": "C09-12",
        "description": "锚杆间距超出作业规程", "reported_by": UUID(int=7), "reporter_name": "张巡", "found_at": ago(5),
        "received_at": ago(5), "due_on": in_days(2), "closed_on": in_days(0) if state == State.CLOSED else None,
    }  # fmt: skip
    hazard = Hazard(**{**known, **fields})
    hazard.save(force_insert=True)
    record_step(hazard, "report", "")
    if photo is not None:
        before_photo(hazard, photo)
    return hazard


def record_step(hazard: Hazard, step: str, before: str, *, at: datetime | None = None, **details: Any) -> None:
    HazardStep.objects.create(
        hazard=hazard, step=step, before=before, after=hazard.state, happened_at=at or hazard.found_at, by_name="张巡",
        by_role="inspector", due_on=hazard.due_on, details=details,
    )  # fmt: skip


def before_photo(hazard: Hazard, number: int) -> None:
    Photo.objects.create(
        id=photo_id(number), owner_kind="hazard", owner_id=hazard.pk, subjects=[], declared_by=hazard.reported_by,
        declared_at=hazard.found_at, sha256="0" * 64, size=1, media_type="image/jpeg",
    )  # fmt: skip


def ordered_by(hazard: Hazard, *names: str, people: dict) -> None:
    officers = [{"id": str(people[name].pk), "name": people[name].name} for name in names]
    record_step(hazard, "order", State.CONFIRMED, officers=officers, notice=False)


APPROVAL = {"document": "兴应急复〔2026〕7号", "date": "2026-11-20"}
PLAN = {"responsible_person": "王建设", "measures": "补打锚杆", "funds_yuan": "12000.00", "emergency_plan": "撤人设岗"}


def body_of(step: str, companion: Any = None) -> dict[str, Any]:
    """A whole body for a step; `companion` for those that take two."""
    two = {"companion": str(companion.pk)} if companion else {}
    return {
        "report": {}, "reject": {"note": "不构成"}, "confirm": {"level": "general"},
        "transfer": {"department": "housing", "sector": "urban_construction"},
        "order": {**two, "deadline": in_days(7), "onsite_measures": "停止使用"}, "close-on-spot": {"photos": [a_photo(801)]}, "start": PLAN,
        "acknowledge": PLAN,
        "request-review": {"photos": [a_photo(802)], "statement": "已整改", "cost_yuan": "11800.00", "evaluation_report": "经评估已消除"},
        "pass": {**two, "photos": [a_photo(803)], "note": "合格"}, "fail": {**two, "deadline": in_days(6), "note": "间距仍大"},
        "enforce": {"reason": "refusal", "note": "拒不整改"}, "resume": {"deadline": in_days(9), "note": "罚款已缴"},
        "unit-close": {"document": "兴政发〔2026〕9号"}, "void": {"reason": "duplicate"}, "recur": {"note": "又见"},
        "escalate": {"reason": "beyond", "note": "超出职权"},
        "correct-wording": {"field": "description", "text": "更正后的描述", "reason": "笔误"},
    }[step]  # fmt: skip


def take(client: Any, step: str, key: Any = KEY, **body: Any) -> Any:
    return client.post(f"/api/v1/hazards/{key}/{step}", body, format="json")
