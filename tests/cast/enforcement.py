"""Hazards and bodies of the registers' tests: fictional, and only what a test is about is said."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from enforcement.models import Case
from hazards.models import Hazard
from hazards.states import Origin, State
from reference.terms import HazardLevel, Loop

HAZARD, OTHER = UUID(int=0xE1), UUID(int=0xE2)
NOTICE = {
    "level": "county", "document": "兴安委办督〔2026〕3号", "listed_on": "2026-11-02", "leader": "高某", "leader_post": "分管副县长",
    "responsible_person": "褚主", "measures": "停面补充探查", "funds_yuan": "350000.00", "deadline": "2026-11-20",
    "plan": "撤出受威胁区域人员",
}  # fmt: skip


def a_major(unit=None, key: UUID = HAZARD, **fields) -> Hazard:
    """Of a coal mine, found in October and being put right."""
    hazard = Hazard(
        **{
            "id": key, "state": State.RECTIFYING, "level": HazardLevel.MAJOR, "origin": Origin.INSPECTION, "loop": Loop.COUNTY,
            "sector_id": "coal_mine", "department_id": "emergency", "region_code": unit.region_code if unit else "141123100200",
            "enterprise": unit, "place": "" if unit else "东关村口", "description": "探放水设计与现场不符",
            "reported_by": UUID(int=1), "reporter_name": "张巡", "found_at": "2026-10-01T09:00:00+08:00",
            "due_on": date(2026, 10, 31), **fields,
        }
    )  # fmt: skip
    hazard.save(force_insert=True)
    return Hazard.objects.get(pk=hazard.pk)


def post(client, address: str, **body):
    return client.post(f"/api/v1/{address}", body, format="json")


def done(answer, status: int = 200) -> dict:
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def refused(answer, code: str, status: int = 409) -> dict:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.content.decode()
    return answer.json()


def listed(as_, hazard: Hazard, **notice) -> str:
    """The id of a new listing of the hazard."""
    return done(post(as_("committee"), f"hazards/{hazard.pk}/list", **{**NOTICE, **notice}), 201)["id"]


def a_decided_case(hazard: Hazard) -> Case:
    """So that a hazard in enforcement may go on."""
    return Case.objects.create(
        hazard=hazard, region_code=hazard.region_code, sector_id=hazard.sector_id, department_id=hazard.department_id,
        enterprise_id=hazard.enterprise_id, created_by_name="吴长", opened_on=date(2026, 11, 2), reason="逾期未改",
        state="no_penalty", decided_on=date(2026, 11, 3), ground="及时改正",
    )  # fmt: skip
