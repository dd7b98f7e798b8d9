"""告知: a paper is told to its unit and the officers beside; a refusal to sign, upward."""

from __future__ import annotations

import pytest
from django.utils import timezone

from safety_api.outbox import drain
from tests.cast.papers import PAPERS

pytestmark = pytest.mark.django_db


def told(client, kind: str) -> list[str]:
    drain()
    return [row["sentence"] for row in client.get("/api/v1/inbox").json()["results"] if row["kind"] == kind]


def test_a_paper_is_told_to_its_unit_and_to_the_officer_beside_whoever_issued_it(paper, as_):
    said = [f"兴县应急管理局出具责令限期整改指令书{paper['number']}"]
    assert told(as_("enterprise"), "paper.issued") == said and told(as_("department"), "paper.issued") == said
    assert told(as_("inspector"), "paper.issued") == told(as_("township"), "paper.issued") == []


def test_a_paper_that_a_unit_does_not_read_is_not_told_to_it(issue, unit, as_):
    made = issue("inspection_plan", subject=("enterprise", str(unit.pk)), check_on=timezone.localdate().isoformat())
    assert made.status_code == 201, made.json()
    assert told(as_("enterprise"), "paper.issued") == []
    assert len(told(as_("department"), "paper.issued")) == 1


def test_a_refusal_to_sign_is_told_to_the_head_of_the_department(paper, as_):
    body = {
        "name": "张小三",
        "post": "矿长",
        "reason": "对认定有异议",
        "witnesses": ["赵安"],
        "refused_at": timezone.now().isoformat(),
    }
    assert as_("inspector").post(f"{PAPERS}/{paper['id']}/refusals", body, format="json").status_code == 201
    assert told(as_("chief"), "paper.refused") == [
        f"责令限期整改指令书{paper['number']}：张小三拒绝签名，理由：对认定有异议"
    ]
    assert told(as_("enterprise"), "paper.refused") == []
