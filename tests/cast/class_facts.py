"""A coal mine with nothing to blame on the 3rd of March 2026, and what may happen to it; only what a test is about is said."""

from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5

from django.utils.timezone import make_aware

from accidents.models import Accident, AccidentUnit
from enterprises.models import Enterprise, Insurance, Licence, StandardizationCertificate, StatedFact
from hazards.models import Hazard, HazardStep
from inspections.models import Inspection
from tests.cast.people import MINE, VILLAGE
from tests.cast.units import CODE, unit

ON = date(2026, 3, 3)
SOMEBODY = UUID("00000000-0000-4000-8000-00000000abcd")


def noon(day: str | date) -> datetime:
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return make_aware(datetime.combine(day, time(12)))


def stated(to: Enterprise, kind: str, held_from: str, held_to: str | None = None, **value) -> StatedFact:
    return StatedFact.objects.create(enterprise=to, kind=kind, held_from=held_from, held_to=held_to, value=value)


def mine_without_facts(**fields) -> Enterprise:
    """A producing mine nobody has told anything about."""
    return unit(**{"id": MINE, "code": CODE, "producing": True, "opened_on": date(2016, 3, 1), **fields})


def good_mine(level: int = 1, **fields) -> Enterprise:
    """100 points on ON: forty points of every part, never an accident, inspected with nothing due."""
    mine = mine_without_facts(**fields)
    certified(mine, level)
    Licence.objects.create(
        enterprise=mine, licence="work_safety", number="晋煤安01", held_from="2024-01-01", held_to="2027-12-31"
    )
    Insurance.objects.create(
        enterprise=mine, insurer="示例保险", policy_no="1", held_from="2025-07-01", held_to="2027-06-30",
        limit_person_yuan="400000.00", all_workers=True, one_sum=True,
    )  # fmt: skip
    stated(mine, "risk_review", "2025-11-01", red_orange_controlled=True)
    stated(mine, "self_check", "2026-02-01", due=50, done=49)
    stated(mine, "plan_filing", "2024-05-01", "2027-04-30", number="YJ-1")
    stated(mine, "drill", "2025-12-01", scope="comprehensive")
    stated(mine, "people_certified", "2024-05-01", "2027-04-30", principal=True, safety_officers=True)
    stated(mine, "training", "2025-06-01", plan_done=True)
    visited(mine, "2026-01-10")
    return mine


def certified(to: Enterprise, level: int, held_from="2025-01-01", held_to="2027-12-31") -> StandardizationCertificate:
    return StandardizationCertificate.objects.create(
        enterprise=to, scheme="coal", level=level, certificate_no="MK-1", held_from=held_from, held_to=held_to
    )


def visited(to: Enterprise, day: str | date, authority: str = "administrative") -> Inspection:
    number = Inspection.objects.count()
    return Inspection.objects.create(
        id=uuid5(SOMEBODY, f"visit {number}"), content_sha256="", by_id=SOMEBODY, by_name="张巡", enterprise=to,
        region_code=to.region_code, sector_id=to.sector_id, kind="routine", authority=authority,
        started_at=noon(day), finished_at=noon(day) + timedelta(hours=1), received_at=noon(day), unanswered="pass",
    )  # fmt: skip


def hazard(
    of: Enterprise, *steps: tuple[str, str], due: str = "2026-02-01", found: str = "2026-01-05", **fields
) -> Hazard:
    """Reported on `found` with its deadline, then moved: (state, day) or (state, day, new deadline)."""
    number, path = Hazard.objects.count(), [("reported", found, due), *steps]
    made = Hazard.objects.create(
        **{
            "id": uuid5(SOMEBODY, f"hazard {number}"), "state": path[-1][0], "level": "general", "origin": "inspection",
            "sector_id": of.sector_id, "region_code": of.region_code, "enterprise": of, "description": "锚杆间距超出作业规程",
            "reported_by": SOMEBODY, "reporter_name": "张巡", "found_at": noon(found), "received_at": noon(found),
            "due_on": next(step[2] for step in reversed(path) if len(step) > 2),
            "review_requested_on": next((step[1] for step in reversed(path) if step[0] == "review_requested"), None),
            "closed_on": path[-1][1] if path[-1][0] == "closed" else None, **fields,
        }
    )  # fmt: skip
    for state, day, *new in path:
        HazardStep.objects.create(
            hazard=made, step=state, after=state, happened_at=noon(day), recorded_at=noon(day), by_name="张巡", by_role="inspector",
            due_on=new[0] if new else None,
        )  # fmt: skip
    return made


def accident(
    of: Enterprise, day: str, *, responsible: bool | None = True, role: str = "occurring", **fields
) -> Accident:
    made = Accident.objects.create(
        **{
            "id": uuid5(SOMEBODY, f"accident {Accident.objects.count()}"), "content_sha256": "", "occurred_at": noon(day),
            "region_code": VILLAGE, "category": "Z1", "nature": "production", "sector_id": of.sector_id, "reported_by": SOMEBODY,
            "reporter_name": "冯值", "received_at": noon(day), "deaths": 0, **fields,
        }
    )  # fmt: skip
    AccidentUnit.objects.create(accident=made, enterprise=of, role=role, responsible=responsible, known_from=noon(day))
    return made
