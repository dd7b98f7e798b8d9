"""提醒: who is told what, and that a person has seen it."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from accounts.models import User
from hazards.actions.clocks import turn
from hazards.models import Hazard
from inbox.models import Message, Seen
from reference.terms import Loop
from safety_api.models import TrailLine
from tests.cast.people import OTHER_VILLAGE
from tests.cast.units import mine
from tests.hazards.test_clocks import a_hazard

pytestmark = pytest.mark.django_db
DUE = date(2026, 3, 10)


def on(days: int) -> None:
    turn(DUE + timedelta(days=days))


def reminders_seen_by(client, query: str = "") -> list[dict]:
    answer = client.get(f"/api/v1/reminders{query}")
    assert answer.status_code == 200, answer.json()
    return answer.json()["results"]


EVERYBODY = (
    "inspector", "inspector2", "township", "leader", "department", "chief", "bureau", "committee", "enterprise", "principal",
)  # fmt: skip
RECIPIENTS = [  # loop, level, days after the deadline: who hears of it
    ("county", "unit", 1, {"enterprise", "principal"}),
    ("county", "officer", 1, {"inspector", "department", "chief", "bureau"}),
    ("county", "leader", 3, {"chief"}),
    ("county", "county", 7, {"bureau", "committee"}),
    ("township", "officer", -1, {"township"}),
    ("township", "leader", 1, {"leader"}),  # handed up to the county
    ("unit", "unit", 3, {"enterprise", "principal"}),
    ("unit", "officer", 7, {"township"}),
]


@pytest.mark.parametrize("loop, level, days, expected", RECIPIENTS)
def test_a_reminder_reaches_exactly_the_people_of_its_level_and_loop(as_, loop, level, days, expected):
    a_hazard(1, "rectifying", DUE, loop=Loop(loop), enterprise=mine())
    on(days - 1)
    on(days)
    day = (DUE + timedelta(days=days)).isoformat()
    rows = {
        who: [row for row in reminders_seen_by(as_(who), f"?level={level}") if row["for_day"] == day]
        for who in EVERYBODY
    }
    assert {who for who, found in rows.items() if found} == expected


def test_a_department_gets_reminders_of_its_own_hazards_only(as_, people):
    a_hazard(1, "ordered", DUE, department_id="emergency")
    a_hazard(2, "ordered", DUE, department_id="energy")
    a_hazard(3, "ordered", DUE, department_id=None)
    a_hazard(4, "ordered", DUE, department_id="energy", sector_id="fire_safety")
    on(1)

    def numbers(who: str, query: str = "?level=officer") -> set[int]:
        return {UUID(row["hazard"]).int for row in reminders_seen_by(as_(who), query)}

    assert numbers("department") == {1, 2, 3}  # no department in the account: by sectors
    User.objects.filter(pk=people["department"].pk).update(department="energy")
    assert numbers("department") == {2, 3}
    assert numbers("bureau") == {1, 3}


def test_a_reminder_stays_with_the_post_when_its_holder_is_transferred(as_, people):
    a_hazard(1, "rectifying", DUE, loop=Loop.TOWNSHIP)
    on(0)
    assert len(reminders_seen_by(as_("township"))) == 1
    people["township"].region = "141123101"
    people["township"].save()
    User.objects.filter(username="inspector2").update(role="township_officer", region="141123100")
    assert reminders_seen_by(as_("township")) == []
    assert len(reminders_seen_by(as_("inspector2"))) == 1


def test_a_reminder_states_what_is_due_and_the_hazards_current_state(as_):
    a_hazard(1, "ordered", DUE, description="顶板离层", enterprise=mine())
    on(1)
    Hazard.objects.update(state="closed", closed_on=DUE)
    row = reminders_seen_by(as_("enterprise"))[0]
    assert {name: row[name] for name in (
        "kind", "text", "level", "for_day", "deadline", "days_left", "seen", "hazard_state", "hazard_state_name", "description", "region",
    )} == {
        "kind": "overdue", "text": "逾期未整改：已过 1 天", "level": "unit", "for_day": "2026-03-11", "deadline": "2026-03-10",
        "days_left": -1, "seen": False, "hazard_state": "closed", "hazard_state_name": "已销号", "description": "顶板离层",
        "region": "141123100200",
    }  # fmt: skip
    assert row["enterprise_name"] == mine_name()


def mine_name() -> str:
    return Hazard.objects.select_related("enterprise").get().enterprise.name


def test_a_reminder_is_marked_seen_per_person_at_the_first_time(as_, people):
    a_hazard(1, "ordered", DUE)
    on(1)
    number = Message.objects.get(details__level="officer").pk
    first = as_("inspector").post(f"/api/v1/reminders/{number}/seen")
    assert (first.status_code, first.json()["seen"]) == (200, True)
    at = Seen.objects.get().seen_at
    assert as_("inspector").post(f"/api/v1/reminders/{number}/seen").status_code == 200
    assert Seen.objects.get().seen_at == at
    assert TrailLine.objects.filter(verb="reminder.seen", actor_id=people["inspector"].pk).count() == 1
    assert [len(reminders_seen_by(as_(who), "?unread=true")) for who in ("inspector", "department")] == [0, 1]
    assert [len(reminders_seen_by(as_(who), "?unread=false")) for who in ("inspector", "department")] == [1, 0]


def test_a_reminder_of_another_jurisdiction_is_not_found(as_):
    a_hazard(1, "ordered", DUE)
    on(1)
    number = Message.objects.get(details__level="officer").pk
    for who in ("inspector2", "township", "committee", "enterprise"):
        assert as_(who).post(f"/api/v1/reminders/{number}/seen").status_code == 404, who
    assert as_("inspector").post("/api/v1/reminders/999999999999/seen").status_code == 404
    assert not Seen.objects.exists()


@pytest.mark.parametrize("number", ["9223372036854775808", "99999999999999999999999"])
def test_a_reminder_number_too_large_for_the_database_is_not_found(as_, number):
    assert as_("inspector").post(f"/api/v1/reminders/{number}/seen").status_code == 404


FILTERS = [
    ("?kind=overdue", 2),
    ("?kind=deadline_near", 3),
    ("?kind=nothing", 0),
    ("?level=leader", 1),
    ("?level=officer", 4),
    ("", 5),
]


@pytest.mark.parametrize("query, count", FILTERS)
def test_reminders_are_filtered_by_kind_and_level(as_, query, count):
    a_hazard(1, "ordered", DUE)
    on(-8)
    on(3)
    assert len(reminders_seen_by(as_("chief"), query)) == count


@pytest.mark.parametrize("query", ["?level=king", "?unread=maybe", "?person=1"])
def test_an_invalid_reminder_filter_is_refused(as_, query):
    assert as_("chief").get(f"/api/v1/reminders{query}").status_code == 400


def test_reminders_are_paged_newest_first(as_):
    for number in range(1, 6):
        a_hazard(number, "ordered", DUE)
    a_hazard(9, "ordered", DUE, region_code=OTHER_VILLAGE)
    on(0)
    on(1)
    client = as_("inspector")
    first = client.get("/api/v1/reminders?limit=6&count=true").json()
    rest = client.get(first["next"]).json()
    assert (first["total"], len(first["results"]), len(rest["results"]), rest["next"]) == (10, 6, 4, None)
    days = [row["for_day"] for row in first["results"] + rest["results"]]
    assert days == ["2026-03-11"] * 5 + ["2026-03-10"] * 5


def test_an_unchanged_reminder_list_answers_304(as_):
    a_hazard(1, "ordered", DUE)
    on(1)
    client = as_("inspector")
    tag = client.get("/api/v1/reminders")["ETag"]
    assert client.get("/api/v1/reminders", HTTP_IF_NONE_MATCH=tag).status_code == 304
    number = Message.objects.get(details__level="officer").pk
    client.post(f"/api/v1/reminders/{number}/seen")
    assert client.get("/api/v1/reminders", HTTP_IF_NONE_MATCH=tag).status_code == 200


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_of_reminders_takes_six_statements_at_any_length(as_, rows, django_assert_num_queries):
    for number in range(1, rows + 1):
        a_hazard(number, "ordered", DUE)
    on(1)
    client = as_("inspector")
    client.get("/api/v1/sectors")
    with django_assert_num_queries(6):  # whose deputy · who asks · the tag · what is not done · what is · their hazards and units
        assert len(reminders_seen_by(client)) == rows
