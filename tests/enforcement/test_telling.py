"""告知: what authorities decided reaches the unit and the departments that answer for it."""

from __future__ import annotations

import pytest

from enforcement.handlers import on_case_changed
from safety_api.outbox import drain
from tests.cast.enforcement import a_decided_case, a_major, listed
from tests.cast.units import mine
from tests.enforcement.test_handovers import approval, post
from tests.enforcement.test_stop_orders import issued

pytestmark = pytest.mark.django_db


def told(client, kind: str) -> list[str]:
    drain()
    return [row["sentence"] for row in client.get("/api/v1/inbox").json()["results"] if row["kind"] == kind]


def test_a_listing_is_told_to_unit_department_and_committee(as_):
    listed(as_, a_major(mine()))
    said = ["挂牌督办（兴安委办督〔2026〕3号）：已挂牌，整改时限 2026-11-20"]
    for who in ("enterprise", "bureau", "committee"):
        assert [each[:17] for each in told(as_(who), "listing.changed")] == [each[:17] for each in said], who
    assert told(as_("township"), "listing.changed") == []


def test_a_stop_is_told_to_the_unit(as_):
    unit = mine()
    issued(as_, unit, a_major(unit, found_at="2026-11-01T09:00:00+08:00"))
    (said,) = told(as_("enterprise"), "stop_order.changed")
    assert said.startswith("停产停业决定（兴应急停〔2026〕2号）：")


def test_a_case_is_told_to_department_and_unit_once_however_often_it_is_said(as_):
    case = a_decided_case(a_major(mine()))
    for _ in range(2):
        on_case_changed({"case": str(case.pk), "hazard": str(case.hazard_id), "step": "decide"})
    for who in ("enterprise", "bureau"):
        (said,) = told(as_(who), "case.changed")
        assert said.startswith("案件（逾期未改）：")


def test_an_approval_is_told_to_the_department_that_supervises_from_now_on(as_):
    assert post(as_("bureau"), "approval-notes", **approval(enterprise=str(mine().pk))).status_code == 201
    (said,) = told(as_("bureau"), "approval_note.received")
    assert said.startswith("审批信息：兴县示例煤业有限公司，安全生产许可证延续")
