"""Registers by state, what is open, mine, waiting for me."""

from __future__ import annotations

import pytest

from enforcement.models import Handover
from safety_api.roles import Role
from tests.cast.people import VILLAGE
from tests.cast.units import mine

pytestmark = pytest.mark.django_db
HANDOVERS = "/api/v1/handovers"


@pytest.fixture
def two(people):
    unit = mine()
    for number, state in enumerate(("sent", "answered")):
        Handover.objects.create(
            region_code=VILLAGE, sector_id="coal_mine", department_id="emergency", enterprise=unit, created_by=people["bureau"].pk,
            created_by_name="郑应", to_department_id="approval", state=state, problem=f"{number}", document="兴应急移〔2026〕1号",
            sent_on="2026-11-20", answer_due_on="2026-12-20",
            **({"answered_on": "2026-11-25", "result": "handled", "answer": "已处理"} if state == "answered" else {}),
        )  # fmt: skip


QUERIES = [
    ("state=sent,answered", "01"), ("state=sent", "0"), ("open=true", "0"), ("open=false", "1"), ("mine=true", "01"), ("mine=false", ""),
    ("created_before=2026-01-01", ""), ("created_since=2026-01-01", "01"), ("waiting_for=me", "0"),
]  # fmt: skip


@pytest.mark.parametrize("query, found", QUERIES)
def test_a_register_is_asked_for_what_is_open_and_whose(query, found, two, as_):
    answer = as_("bureau").get(f"{HANDOVERS}?{query}")
    assert answer.status_code == 200, answer.content.decode()
    assert "".join(sorted(row["problem"] for row in answer.json()["results"])) == found


def test_a_handover_waits_for_the_department_it_was_sent_to(two, people, as_):
    officer = people["department"]
    officer.department_id = "housing"
    officer.save()
    assert officer.role == Role.DEPARTMENT_OFFICER
    assert as_("department").get(f"{HANDOVERS}?waiting_for=me").json()["results"] == []
    officer.department_id = "approval"
    officer.save()
    assert len(as_("department").get(f"{HANDOVERS}?waiting_for=me").json()["results"]) == 1
