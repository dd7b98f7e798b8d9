"""Risk points and rounds as a test needs them; only what a test is about is said."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID, uuid5

from django.utils.timezone import make_aware

from enterprises.models import Enterprise
from risks import rules
from risks.models import RiskAssessment, RiskPoint, SelfCheck

SOMEBODY = UUID("00000000-0000-4000-8000-00000000beef")
BY_LEVEL = {1: "400", 2: "200", 3: "100", 4: "10"}  # a score of LEC that has this level


def day(text: str | date | None) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) else text


def risk(
    of: Enterprise, *assessments: dict, level: int = 4, since: str = "2026-01-01", until: str | None = None
) -> RiskPoint:
    """A point with one assessment, or with several one after another: {level, since, until, control, controlled}."""
    rows = assessments or ({"level": level, "since": since, "until": until},)
    last = rows[-1]
    made = RiskPoint.objects.create(
        id=uuid5(SOMEBODY, f"risk {RiskPoint.objects.count()}"), enterprise=of, name="皮带机头", hazard_factors="卷入",
        level=last.get("level", 4), review_due_on=rules.add_months(day(last.get("since", since)), 12),
        status="retired" if last.get("until") else "current", retired_on=day(last.get("until")),
    )  # fmt: skip
    for row in rows:
        assessment(made, **row)
    return made


def assessment(
    of: RiskPoint, *, level=4, inherent=None, since="2026-01-01", until=None, control=None, controlled=True, **fields
) -> RiskAssessment:
    inherent = inherent or level
    begin, end = day(since), day(until)
    return RiskAssessment.objects.create(
        **{
            "risk": of, "occasion": "first", "methods_version": "RM-2021-1", "method": "lec", "inherent": {}, "residual": {},
            "inherent_score": Decimal(BY_LEVEL[inherent]), "residual_score": Decimal(BY_LEVEL[level]), "inherent_level": inherent,
            "residual_level": level, "measures": {"engineering": "护罩"}, "control_level": control or ("company", "workshop", "team", "post")[inherent - 1],
            "persons": {"post": "赵岗"}, "controlled": controlled, "assessed_on": begin, "review_due_on": rules.add_months(begin, 12),
            "held_from": begin, "held_to": end, "duty_from": begin, "duty_to": end, "recorded_by_name": "陈矿", **fields,
        }
    )  # fmt: skip


def checked(
    of: Enterprise, first: str, last: str | None = None, *, level="post", counted=1, shift=0, in_time=True, **fields
) -> SelfCheck:
    at = make_aware(datetime.combine(day(first), datetime.min.time()).replace(hour=10))
    return SelfCheck.objects.create(
        **{
            "id": uuid5(SOMEBODY, f"check {SelfCheck.objects.count()}"), "content_sha256": "", "enterprise": of, "level": level,
            "checked_at": at, "received_at": at, "period_from": day(first), "due_on": day(last or first), "shift": shift,
            "in_time": in_time, "counted": counted if in_time else 0, "by_id": SOMEBODY, "by_name": "陈矿", **fields,
        }
    )  # fmt: skip


FACE = {
    "name": "3101工作面", "hazard_factors": "瓦斯积聚", "accident_types": ["瓦斯爆炸"], "method": "lec",
    "inherent": {"likelihood": "3", "exposure": "6", "consequence": "40"},  # 720
    "residual": {"likelihood": "0.5", "exposure": "6", "consequence": "40"},  # 120
    "measures": {"engineering": "断电联锁"},
    "persons": {"company": "褚主", "workshop": "王队", "team": "李班", "post": "赵岗"},
}  # fmt: skip


def body(**fields) -> dict:
    return {**FACE, **fields}
