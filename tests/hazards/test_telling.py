"""告知: whoever found a hazard hears what became of it."""

from __future__ import annotations

import pytest

from hazards.handlers import on_hazard_major_found, on_hazard_moved
from hazards.models import Hazard
from safety_api.outbox import drain
from tests.cast.hazards import KEY, a_hazard_in, in_days, record_step, take
from tests.cast.units import mine
from tests.cast.visits import a_photo

pytestmark = pytest.mark.django_db


def inbox_of(client) -> list[dict]:
    return [row for row in client.get("/api/v1/inbox").json()["results"] if row["kind"].startswith("hazard.")]


def test_the_finder_hears_that_the_hazard_is_confirmed_and_until_when(certified, as_):
    unit = mine()
    a_hazard_in(unit=unit, reported_by=certified["village"].pk)
    assert take(as_("department"), "confirm", deadline=in_days(9)).status_code == 200
    drain()
    (row,) = inbox_of(as_("village"))
    assert (row["kind"], row["about"]) == ("hazard.confirmed", {"kind": "hazard", "id": KEY})
    assert row["sentence"] == (
        f"您上报的隐患“锚杆间距超出作业规程”（{unit.name}）已由周业确认为一般隐患，整改期限 {in_days(9)}"
    )


def test_the_finder_hears_why_the_hazard_was_rejected(certified, as_):
    a_hazard_in(reported_by=certified["enterprise"].pk)
    assert take(as_("department"), "reject", note="照片看不出问题").status_code == 200
    drain()
    assert [row["sentence"] for row in inbox_of(as_("enterprise"))] == [
        "您上报的隐患“锚杆间距超出作业规程”（东关村口）经周业核实，认定不成立：照片看不出问题"
    ]
    assert inbox_of(as_("department")) == []


def test_the_finder_hears_of_a_step_once_however_often_its_message_comes(certified, as_):
    a_hazard_in(reported_by=certified["village"].pk)
    take(as_("department"), "confirm")
    for _ in range(2):
        on_hazard_moved({"hazard": KEY, "step": "confirm"})
    assert len(inbox_of(as_("village"))) == 1


def test_nobody_is_told_of_an_own_decision_nor_for_an_account_that_is_not_there(certified, as_):
    a_hazard_in()  # found by somebody who has no account here
    assert take(as_("department"), "confirm").status_code == 200
    drain()
    assert not any(inbox_of(as_(who)) for who in ("department", "village", "inspector"))


@pytest.mark.parametrize(
    "state, step, body, kind, sentence",
    [
        ("confirmed", "order", {"deadline": in_days(9)}, "hazard.ordered", f"责令整改：“{{what}}”（{{unit}}），期限 {in_days(9)}，周业"),
        ("review_requested", "pass", {"photos": [a_photo(5)]}, "hazard.passed", "复查合格，已销号：“{what}”（{unit}），周业"),
        ("review_requested", "fail", {"deadline": in_days(9), "note": "仍未安装"}, "hazard.failed",
         f"复查不合格，继续整改：“{{what}}”（{{unit}}），期限 {in_days(9)}，周业：仍未安装"),
    ],
)  # fmt: skip
def test_a_unit_hears_what_is_ordered_and_how_its_review_ended(state, step, body, kind, sentence, certified, as_):
    unit = mine()
    a_hazard_in(state, unit=unit, description="锚杆\r\n间距")
    body = {"companion": str(certified["inspector"].pk), **body}
    assert take(as_("department"), step, **body).status_code == 200
    drain()
    for who in ("enterprise", "principal"):
        (row,) = [each for each in inbox_of(as_(who)) if each["kind"] == kind]
        assert row["sentence"] == sentence.format(what="锚杆 间距", unit=unit.name)


@pytest.mark.parametrize("loop, told", [("county", {"department", "chief", "bureau", "inspector"}), ("township", {"township"})])
def test_whoever_reviews_hears_that_it_is_asked_for_until_the_next_step(loop, told, certified, as_):
    a_hazard_in("rectifying", unit=mine(), loop=loop, department_id="emergency")
    Hazard.objects.update(state="review_requested", review_due_on=in_days(5))
    record_step(Hazard.objects.get(), "request-review", "rectifying")
    on_hazard_moved({"hazard": KEY, "step": "request-review"})
    readers = {who for who in ("department", "chief", "bureau", "inspector", "township", "enterprise") if inbox_of(as_(who))}
    assert readers and readers <= told and inbox_of(as_(min(readers)))[0]["sentence"].endswith(f"申请复查，请于 {in_days(5)} 前复查")
    on_hazard_moved({"hazard": KEY, "step": "pass"})
    assert [each["kind"] for each in inbox_of(as_(min(readers))) if each["kind"] == "hazard.review_asked"] == []


def test_the_department_hears_at_once_of_a_major_hazard_that_a_unit_found(certified, as_):
    unit = mine()
    a_hazard_in("rectifying", unit=unit, level="major", origin="self", department_id="emergency")
    for _ in range(2):
        on_hazard_major_found({"hazard": KEY, "departments": ["emergency"], "staff_congress": "职工代表大会"})
    (row,) = [each for each in inbox_of(as_("department")) if each["kind"] == "hazard.major_found"]
    assert row["sentence"] == f"单位自查发现重大隐患：“锚杆间距超出作业规程”（{unit.name}）"
