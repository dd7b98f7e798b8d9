"""期限: a term that nobody set runs from the day the unit was told; what nobody confirmed is neither due nor overdue."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from hazards.actions.clocks import turn
from hazards.actions.repeats import mark_repeats
from hazards.messages import CLOCK
from hazards.models import Hazard
from hazards.states import State
from inbox.models import Message
from reference import law
from safety_api import outbox
from supervision.facts import gather
from tests.cast.hazards import KEY, a_hazard_in, ago, body_of, in_days, record_step, take
from tests.cast.units import mine
from tests.cast.visits import POINT

pytestmark = pytest.mark.django_db
AS_TOLD_TODAY = True


def put(client, key=KEY, **fields):
    body = {"description": "锚杆间距超出作业规程", "sector": "coal_mine", "location": POINT, **fields}
    return client.put(f"/api/v1/hazards/{key}", body, format="json")


def late(days: int, **fields) -> dict:
    """Found so many days ago, told now by a phone whose clock is right."""
    return {"found_at": ago(days).isoformat(), "device": {"clock": timezone.now().isoformat()}, **fields}


def hazards_of(unit) -> dict:
    return gather([unit.pk], timezone.localdate())[unit.pk]["hazards"]


# --- told late ----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("deadline", [None, -15, -30])
def test_a_major_hazard_told_six_weeks_late_is_not_overdue(as_, people, deadline):
    unit, clause = mine(), {"level": "major", "standard_clause": "煤矿重大事故隐患判定标准 第四条"}
    named = {"deadline": in_days(deadline)} if deadline else {}
    answer = put(as_("inspector"), enterprise=str(unit.pk), **late(45, **clause, **named))
    assert (answer.status_code, answer.json()["overdue"]) == (201, False)
    assert hazards_of(unit) == {
        "due_12m": 0,
        "on_time_12m": 0,
        "inspected_12m": False,
        "major_open": 0,
        "major_overdue": 0,
    }
    shown = take(as_("chief"), "confirm", **clause).json()
    assert (shown["overdue"], shown["overdue_since"]) == (False, None)
    assert shown["deadline"] >= in_days(15)
    assert hazards_of(unit)["major_overdue"] == 0


def test_a_hazard_is_never_refused_for_its_time(as_):
    for number, found in enumerate(("1970-01-01T00:00:00+08:00", "2036-01-01T00:00:00Z", "1900-01-01T00:00:00Z")):
        answer = put(as_("township"), f"{KEY[:-1]}{number}", found_at=found, item="C09-12")
        assert answer.status_code == 201, answer.json()
        assert answer.json()["deadline"] == in_days(7)
        assert abs(Hazard.objects.get(pk=answer.json()["id"]).found_at - timezone.now()) < timedelta(minutes=1)


@pytest.mark.parametrize(
    "found, remark", [("1970-01-01T00:00:00+08:00", "told_long_ago"), ("2036-01-01T00:00:00Z", "in_the_future")]
)
def test_a_hazard_found_again_is_never_refused_for_its_time(as_, people, found, remark):
    a_hazard_in(State.CLOSED, mine())
    answer = take(as_("inspector"), "recur", found_at=found, deadline="1970-01-09")
    assert answer.status_code == 201, answer.json()
    assert remark in answer.json()["warnings"]
    assert answer.json()["deadline"] >= in_days(0)


def test_the_clock_of_a_step_sent_twice_is_outside_its_fingerprint(as_, people):
    a_hazard_in(State.CLOSED, mine())
    phone, key = as_("inspector"), "0d3c1b1e-6d58-4a54-9a57-0d5f3f6e0a11"
    sent = {"note": "又见", "found_at": timezone.now().isoformat()}
    statuses = [
        phone.post(f"/api/v1/hazards/{KEY}/recur", {**sent, "device": {"clock": clock}}, format="json", HTTP_IDEMPOTENCY_KEY=key).status_code
        for clock in ("2026-11-20T10:00:00+08:00", "2026-11-20T10:05:00+08:00")
    ]  # fmt: skip
    assert statuses == [201, 201]


# --- the day the unit is told -------------------------------------------------------------------------------------------------
def reported(**fields) -> Hazard:
    """Nobody named a deadline; found five days ago, so it runs out in two days if nobody tells the unit."""
    return a_hazard_in(State.REPORTED, mine(), **{"term_by_rule": True, "department_id": "emergency", **fields})


def days_of(level: str = "general") -> str:
    return in_days(law.deadline(level, timezone.localdate())["days"])


def test_a_term_that_nobody_set_runs_from_the_confirmation_and_by_its_level(as_, people):
    reported()
    assert take(as_("department"), "confirm", level="general").json()["deadline"] == days_of()


def test_a_term_that_nobody_set_runs_from_the_order_when_the_order_sets_none(as_, certified):
    a_hazard_in(State.CONFIRMED, mine(), term_by_rule=True, due_on=in_days(-3))
    shown = take(as_("inspector"), "order", companion=str(certified["department"].pk)).json()
    assert (shown["deadline"], shown["overdue_since"], shown["deadline_by_rule"]) == (days_of(), None, True)


def test_a_deadline_set_by_hand_starts_anew_only_when_it_passed_untold(as_, people):
    hazard = reported(term_by_rule=False)
    assert take(as_("department"), "confirm").json()["deadline"] == in_days(2)
    Hazard.objects.filter(pk=hazard.pk).update(state=State.REPORTED, due_on=in_days(-2))
    shown = take(as_("department"), "confirm").json()
    assert (shown["deadline"], shown["deadline_told"], shown["overdue"]) == (days_of(), in_days(-2), False)


def test_the_term_of_a_hazard_that_is_handed_over_runs_on(as_, people):
    hazard = reported(transferred_from=None)
    Hazard.objects.filter(pk=hazard.pk).update(transferred_from=hazard.pk)
    assert take(as_("department"), "confirm").json()["deadline"] == in_days(2)


def test_a_unit_that_begins_by_itself_has_the_whole_term(as_, people):
    reported(origin="self", loop="unit", due_on=in_days(-3))
    assert take(as_("enterprise"), "start", **body_of("start")).json()["deadline"] == days_of()


def test_a_review_failed_by_a_late_visit_gives_a_deadline_still_to_come(as_, people):
    from hazards.actions.moving import Move
    from hazards.actions.reviewing import _deadline_after

    move = Move(a_hazard_in(State.RECTIFYING, mine()), None, "", None, ago(20))
    assert str(_deadline_after(move, None)) == days_of()


# --- what nobody confirmed ------------------------------------------------------------------------------------------------------
@pytest.fixture
def unconfirmed(people):
    return a_hazard_in(State.REPORTED, mine(), level="major", due_on=in_days(-3), found_at=ago(40), received_at=ago(40))


def test_what_is_only_reported_is_neither_due_nor_overdue_in_any_list_or_figure(as_, unconfirmed):
    client = as_("bureau")
    assert client.get("/api/v1/hazards", {"overdue": "true"}).json()["results"] == []
    assert [row["overdue"] for row in client.get("/api/v1/hazards").json()["results"]] == [False]
    ledger = client.get("/api/v1/ledgers/rectification").json()["results"]
    assert [row["overdue"] for row in ledger] == [False]
    assert hazards_of(unconfirmed.enterprise)["due_12m"] == hazards_of(unconfirmed.enterprise)["major_overdue"] == 0


@pytest.mark.parametrize("loop", ["county", "township"])
def test_the_clock_neither_marks_nor_hands_up_what_is_only_reported(unconfirmed, loop):
    Hazard.objects.update(loop=loop)
    turn(timezone.localdate())
    hazard = Hazard.objects.get()
    assert (hazard.state, hazard.loop, hazard.overdue_since) == ("reported", loop, None)
    assert not Message.objects.of(CLOCK).filter(details__kind="overdue").exists()


@pytest.mark.parametrize(
    "loop, days, audiences",
    [("county", 2, ["department"]), ("township", 2, ["township"]), ("township", 5, ["township_leader"]), ("unit", 2, ["unit"]),
     ("county", 1, []), ("county", 3, [])],
)  # fmt: skip
def test_whoever_confirms_is_reminded_two_working_days_after_the_report(people, loop, days, audiences):
    told_on = timezone.localdate()
    told_on -= timedelta(days=told_on.weekday())  # a Monday, or near one
    on = law.working_days_after(told_on, days)
    a_hazard_in(State.REPORTED, mine(), loop=loop, due_on=in_days(90), received_at=timezone.make_aware(
        timezone.datetime(told_on.year, told_on.month, told_on.day, 12)))  # fmt: skip
    turn(on)
    rows = Message.objects.of(CLOCK).filter(details__kind="unconfirmed").values_list("details__audience", "due_on")
    assert list(rows) == [(audience, told_on) for audience in audiences]


# --- a review that is late --------------------------------------------------------------------------------------------------------
def test_a_late_review_of_a_request_made_in_time_harms_nobody_while_it_is_awaited(as_, people):
    unit = mine()
    hazard = a_hazard_in(
        State.REVIEW_REQUESTED, unit, due_on=in_days(-5), review_requested_on=in_days(-6), found_at=ago(20)
    )
    record_step(hazard, "request-review", State.RECTIFYING, at=ago(6))
    assert (hazards_of(unit)["due_12m"], hazards_of(unit)["on_time_12m"]) == (0, 0)
    assert as_("bureau").get("/api/v1/hazards", {"overdue": "true"}).json()["results"] == []


def test_a_request_that_failed_asks_for_nothing_any_more(people):
    unit = mine()
    hazard = a_hazard_in(State.REVIEW_REQUESTED, unit, level="major", due_on=in_days(-2), found_at=ago(30))
    record_step(hazard, "request-review", State.RECTIFYING, at=ago(20))
    hazard.state = State.RECTIFYING
    record_step(hazard, "fail", State.REVIEW_REQUESTED, at=ago(18))
    hazard.save()
    assert hazards_of(unit)["major_overdue"] == 1


# --- void ---------------------------------------------------------------------------------------------------------------------------
def test_what_repeats_a_hazard_that_is_void_repeats_the_one_before_it_or_none(as_, people):
    unit, keys = mine(), [f"{KEY[:-1]}{number}" for number in range(3)]
    for number, key in enumerate(keys):
        a_hazard_in(State.REPORTED, unit, key, photo=None, found_at=ago(30 - 10 * number), received_at=ago(1))
    mark_repeats(keys)
    assert [str(Hazard.objects.get(pk=key).repeat_of_id) for key in keys] == ["None", *keys[:2]]
    take(as_("chief"), "void", keys[1], reason="duplicate")
    outbox.drain()
    assert str(Hazard.objects.get(pk=keys[2]).repeat_of_id) == keys[0]
    take(as_("chief"), "void", keys[0], reason="duplicate")
    outbox.drain()
    assert as_("bureau").get(f"/api/v1/hazards/{keys[2]}").json()["repeat"] is False
