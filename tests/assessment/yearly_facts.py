"""A year of facts in two townships: enough of everything that every figure of a sheet has rows behind it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from accidents.models import Accident, Finding
from accidents.reports import deciding
from enforcement.models import Listing
from hazards import figures as hazard_figures
from hazards.models import Hazard
from hazards.states import Origin, State
from inspections.models import Inspection, Task
from reference.terms import HazardLevel, Loop
from tests.assessment.yearly import YEAR, follow
from tests.zero_accident.cast import PAPER, V, W, at, bureau, tell


def a_hazard(number: int, *, due: date, closed: date | None = None, **fields: Any) -> Hazard:
    known = {
        "id": UUID(int=0xAA00 + number), "state": State.CLOSED if closed else State.RECTIFYING, "level": HazardLevel.GENERAL,
        "origin": Origin.INSPECTION, "loop": Loop.COUNTY, "sector_id": "coal_mine", "department_id": "emergency",
        "region_code": V, "place": "东关村口", "description": "锚杆间距超出作业规程", "reported_by": UUID(int=7),
        "reporter_name": "张巡", "found_at": at(due.month, 1, year=due.year), "due_on": due, "closed_on": closed,
    }  # fmt: skip
    hazard = Hazard(**{**known, **fields})
    hazard.save(force_insert=True)
    return hazard


def a_visit(number: int, month: int, **fields: Any) -> Inspection:
    known = {
        "id": UUID(int=0xBB00 + number), "content_sha256": "0" * 64, "by_id": UUID(int=7), "by_name": "张巡", "place": "东关",
        "region_code": V, "sector_id": "coal_mine", "kind": "routine", "authority": "administrative",
        "started_at": at(month, 28), "finished_at": at(month, 28, 10), "unanswered": "pass",
    }  # fmt: skip
    return Inspection.objects.create(**{**known, **fields})


def a_task(unit: Any, month: int, **fields: Any) -> Task:
    known = {
        "enterprise": unit,
        "region_code": V,
        "sector_id": "coal_mine",
        "kind": "routine",
        "authority": "administrative",
    }
    return Task.objects.create(**{**known, "due_on": date(YEAR, month, 20), **fields})


def a_listing(hazard: Hazard, listed_on: date, **fields: Any) -> Listing:
    known = {
        "hazard": hazard, "region_code": hazard.region_code, "sector_id": hazard.sector_id, "department_id": "emergency",
        "level": "county", "document": f"兴安委办督〔{listed_on.year}〕3号", "listed_on": listed_on, "leader": "高某", "leader_post": "副县长",
        "responsible_person": "褚主", "measures": "停面", "funds_yuan": "1.00", "deadline": date(YEAR, 6, 30), "plan": "撤人",
        "report_due_on": listed_on, "publication_due_on": listed_on, "created_by_name": "王安",
    }  # fmt: skip
    return Listing.objects.create(**{**known, **fields})


def a_finding(accident: Accident, kind: str) -> Finding:
    return Finding.objects.create(
        accident=accident, kind=kind, level="enterprise", evidence="通话记录", document="兴应急〔2025〕8号", approved_by="局长",
        decided_on=date(YEAR, 5, 1), by_id=UUID(int=7), by_name="郑应", by_role="bureau_officer",
    )  # fmt: skip


def a_year_of_facts(unit: Any) -> dict[str, Accident]:
    """`unit`: a coal mine in the home township."""
    found = {
        "larger": tell(1, deaths=3, sector="coal_mine", occurred_at=at(3, 5)),
        "general": tell(2, deaths=1, sector="coal_mine", occurred_at=at(8, 1)),
        "elsewhere": tell(3, deaths=1, sector="road_transport", region=W, occurred_at=at(5, 1)),
        "private": tell(
            4, deaths=1, category="Z2", nature="non_production", sector="road_transport", occurred_at=at(6, 1)
        ),
        "written_off": tell(5, deaths=1, sector="coal_mine", occurred_at=at(7, 1)),
        "before": tell(6, deaths=3, sector="coal_mine", occurred_at=at(12, 31, year=YEAR - 1)),
    }
    deciding.write_off(found["written_off"].pk, by=bureau(), **PAPER)
    for name, kind in (("larger", "late"), ("general", "concealed"), ("written_off", "late")):
        a_finding(found[name], kind)
    follow(*found.values())
    hazards = [
        a_hazard(1, due=date(YEAR, 2, 20), closed=date(YEAR, 2, 18)),
        a_hazard(2, due=date(YEAR, 4, 20), closed=date(YEAR, 5, 2), overdue_since=date(YEAR, 4, 21)),
        a_hazard(3, due=date(YEAR, 9, 20), level=HazardLevel.MAJOR),
        a_hazard(4, due=date(YEAR, 9, 20), region_code=W, sector_id="fire_safety", department_id="fire_rescue"),
    ]
    hazard_figures.follow([each.pk for each in hazards])
    a_listing(hazards[2], date(YEAR, 4, 1))
    a_listing(hazards[3], date(YEAR - 1, 4, 1), delisted_on=date(YEAR, 3, 1), state="delisted")
    a_listing(hazards[0], date(YEAR - 1, 5, 1), deadline=date(YEAR + 1, 6, 30))
    for number, (month, fields) in enumerate(
        [(1, {}), (1, {"authority": "patrol"}), (6, {"authority": "self_check"}), (6, {"region_code": W}), (12, {})]
    ):
        a_visit(number, month, **fields)
    a_task(unit, 1, done_by=UUID(int=0xBB00))
    a_task(unit, 2)
    a_task(unit, 3, cancelled_on=date(YEAR, 2, 1))
    a_task(unit, 4, due_on=date(YEAR - 1, 12, 31))
    return found
