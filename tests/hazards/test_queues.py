"""队列 What an office asks its list of hazards for: what is open, mine, waiting for me, due; in which order."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from hazards.models import Hazard
from hazards.querysets import turn_of
from hazards.states import ENDED, ONWARD, Origin, State, possible
from reference.terms import HazardLevel, Loop
from tests.cast.hazards import a_hazard_in, ago, in_days
from tests.cast.people import CAST, OTHER_VILLAGE, VILLAGE
from tests.cast.units import another_unit, mine

pytestmark = pytest.mark.django_db
LIST = "/api/v1/hazards"


def key(number: int) -> UUID:
    return UUID(int=0x7000 + number)


def asked(client, query: str) -> list[int]:
    """The numbers of the rows, in their order."""
    answer = client.get(f"{LIST}?{query}")
    assert answer.status_code == 200, answer.content.decode()
    return [UUID(row["id"]).int - 0x7000 for row in answer.json()["results"]]


@pytest.fixture
def every_state(people):
    unit = mine()
    for number, state in enumerate(State):
        a_hazard_in(state, unit, key(number), photo=None, found_at=ago(number + 1), reported_by=people["bureau"].pk)


def numbers_of(*states: State) -> list[int]:
    return [number for number, state in enumerate(State) if state in states]


# --- states ----------------------------------------------------------------------------------------------------------
def test_open_hazards_are_those_that_wait_for_somebody(every_state, as_):
    ended = numbers_of(*ENDED, State.DRAFT)
    assert asked(as_("bureau"), "open=false") == ended
    assert asked(as_("bureau"), "open=true") == [number for number in range(len(State)) if number not in ended]


@pytest.mark.parametrize(
    "query", ["state=reported&state=closed", "state=reported,closed", "state=closed,reported&state=reported"]
)
def test_several_states_are_combined(query, every_state, as_):
    assert asked(as_("bureau"), query) == numbers_of(State.REPORTED, State.CLOSED)


def test_a_state_that_does_not_exist_is_refused_among_others(every_state, as_):
    assert as_("bureau").get(f"{LIST}?state=reported,gone").json()["code"] == "invalid"


def test_states_and_open_are_both_asked_for(every_state, as_):
    assert asked(as_("bureau"), "state=reported,closed&open=true") == numbers_of(State.REPORTED)


# --- mine, waiting for me --------------------------------------------------------------------------------------------
def test_mine_are_those_i_found(people, as_):
    for number, who in enumerate(("inspector", "township")):
        a_hazard_in(State.REPORTED, None, key(number), photo=None, reported_by=people[who].pk)
    assert asked(as_("inspector"), "mine=true") == [0]
    assert asked(as_("inspector"), "mine=false") == [1]


def all_kinds(units) -> None:
    """Every state, level, origin and loop, at a unit with an account and at one without."""
    kinds = [
        (state, level, origin, loop, unit)
        for state in State for level in HazardLevel for origin in Origin for loop in Loop for unit in units
    ]  # fmt: skip
    Hazard.objects.bulk_create(
        Hazard(
            id=key(number), state=state, level=level, origin=origin, loop=loop, enterprise=unit, sector_id="coal_mine",
            region_code=unit.region_code, description="锚杆间距超出作业规程", reported_by=UUID(int=7), reporter_name="张巡",
            found_at=ago(5), due_on=in_days(2), closed_on=in_days(0) if state == State.CLOSED else None,
        )
        for number, (state, level, origin, loop, unit) in enumerate(kinds)
    )  # fmt: skip


@pytest.mark.parametrize("who", CAST)
def test_what_waits_for_me_is_what_the_flow_lets_me_send_on(who, people, as_):
    with_account, without = mine(), another_unit(region_code=VILLAGE)
    all_kinds([with_account, without])
    by = people[who]
    Hazard.objects.filter(pk__in=[key(1), key(40), key(90)]).update(reported_by=by.pk)

    def may_send_on(hazard: Hazard) -> bool:
        names = ONWARD.intersection(possible(hazard, by))
        if by.role != "enterprise_officer" and hazard.enterprise_id == with_account.pk:
            names -= {"acknowledge", "request-review"}
        return bool(names)

    visible = Hazard.objects.visible_to(by).select_related("enterprise")
    expected = {hazard.pk for hazard in visible if hazard.state != State.DRAFT and may_send_on(hazard)}
    assert set(Hazard.objects.visible_to(by).filter(turn_of(by)).values_list("pk", flat=True)) == expected
    assert expected or who in (
        "leader",
        "village",
        "committee",
        "duty",
        "inspector2",
        "sysadmin",
        "secadmin",
        "auditor",
    )


def test_a_review_waits_for_an_officer_where_no_principal_has_an_account(people, as_):
    unit = mine()
    for number, state in enumerate((State.ORDERED, State.RECTIFYING)):
        a_hazard_in(state, unit, key(number), photo=None)
    assert asked(as_("inspector"), "waiting_for=me") == []
    people["principal"].is_active = False
    people["principal"].save()
    assert asked(as_("inspector"), "waiting_for=me") == [1]
    people["enterprise"].is_active = False
    people["enterprise"].save()
    assert asked(as_("inspector"), "waiting_for=me&sort=deadline") == [0, 1]


def test_the_list_of_what_waits_for_me_is_one_word(every_state, as_):
    waits = numbers_of(State.REPORTED, State.CONFIRMED, State.REVIEW_REQUESTED, State.ENFORCEMENT)
    assert asked(as_("bureau"), "waiting_for=me") == waits
    assert as_("bureau").get(f"{LIST}?waiting_for=you").json()["code"] == "invalid"


def test_what_waits_for_a_leader_changes_with_the_rank_not_with_the_tag(people, as_):
    a_hazard_in(State.REVIEW_REQUESTED, mine(), key(0), photo=None, level="major")
    client = as_("department")
    tag = client.get(f"{LIST}?waiting_for=me")["ETag"]
    people["department"].is_leader = True
    people["department"].save()
    assert client.get(f"{LIST}?waiting_for=me", headers={"If-None-Match": tag}).status_code == 200


# --- whose, when -----------------------------------------------------------------------------------------------------
def test_hazards_are_asked_for_by_department(people, as_):
    a_hazard_in(State.REPORTED, None, key(0), photo=None)
    a_hazard_in(State.REPORTED, None, key(1), photo=None, department_id="housing")
    assert asked(as_("bureau"), "department=housing") == [1]
    assert as_("bureau").get(f"{LIST}?department=moon").json()["code"] == "unknown_department"


MIDNIGHT = timezone.make_aware(datetime(2026, 11, 20))
RANGES = [
    ("found_from=2026-11-20", [1, 2]), ("found_before=2026-11-20", [0]), ("found_from=2026-11-20&found_before=2026-11-21", [1]),
    ("found_from=2026-11-20T00:00:01%2B08:00", [2]), ("received_since=2026-11-20", [1, 2]), ("received_before=2026-11-20", [0]),
    ("due_from=2026-11-20", [1, 2]), ("due_before=2026-11-20", [0]), ("due_from=2026-11-20&due_before=2026-11-21", [1]),
    ("review_due_from=2026-11-20", [1]), ("review_due_before=2026-11-20", [0]), ("review_due_from=2026-11-20&review_due_before=2026-11-21", [1]),
]  # fmt: skip


@pytest.mark.parametrize("query, shown", RANGES)
def test_ranges_hold_their_first_day_and_not_their_last(query, shown, people, as_):
    """Number 0 on the last second of 19 November in Beijing, 1 at the first of 20 November, 2 on 21 November; 2 was reviewed."""
    moments = [MIDNIGHT - timedelta(seconds=1), MIDNIGHT, MIDNIGHT + timedelta(days=1)]
    states = [State.REVIEW_REQUESTED, State.REVIEW_REQUESTED, State.CLOSED]
    for number, (moment, state) in enumerate(zip(moments, states, strict=True)):
        day = timezone.localdate(moment)
        a_hazard_in(
            state, None, key(number), photo=None, found_at=moment, received_at=moment, due_on=day, review_due_on=day
        )
    assert sorted(asked(as_("bureau"), query)) == shown


def test_what_is_not_confirmed_is_not_due_by_its_provisional_deadline(people, as_):
    due = [State.REPORTED, State.REJECTED, State.VOID, State.CONFIRMED, State.RECTIFYING]
    for number, state in enumerate(due):
        a_hazard_in(state, None, key(number), photo=None, due_on=in_days(-1))
    for query in (f"due_before={in_days(0)}", f"due_from={in_days(-1)}&due_before={in_days(0)}"):
        assert sorted(asked(as_("bureau"), query)) == [3, 4]
    assert asked(as_("bureau"), f"due_before={in_days(0)}&state=reported") == []
    assert asked(as_("bureau"), "state=reported") == [0]


def test_a_late_review_is_asked_for_by_itself(people, as_):
    late = {"review_requested_on": in_days(-9), "review_due_on": in_days(-1)}
    a_hazard_in(State.REVIEW_REQUESTED, None, key(0), photo=None, **late)
    a_hazard_in(State.REVIEW_REQUESTED, None, key(1), photo=None, **{**late, "review_due_on": in_days(0)})
    a_hazard_in(State.CLOSED, None, key(2), photo=None, **late)
    assert asked(as_("bureau"), "review_overdue=true") == [0]
    assert sorted(asked(as_("bureau"), "review_overdue=false")) == [1, 2]


# --- order -----------------------------------------------------------------------------------------------------------
ORDERS = [
    ("found_at", [3, 2, 1, 0]), ("-found_at", [0, 1, 2, 3]), ("received_at", [1, 3, 0, 2]), ("-received_at", [2, 0, 3, 1]),
    ("deadline", [2, 3, 1, 0]), ("-deadline", [0, 1, 3, 2]), ("review_due_on", [3, 1]), ("-review_due_on", [1, 3]),
]  # fmt: skip


@pytest.mark.parametrize("word, shown", ORDERS)
def test_a_list_of_hazards_is_sorted_over_all_its_pages(word, shown, people, as_):
    """By review due: only what waits for a review."""
    received, due, review = [2, 4, 1, 3], [4, 3, 1, 2], {1: 5, 3: 2}
    for number in range(4):
        state = State.REVIEW_REQUESTED if number in review else State.ORDERED
        a_hazard_in(
            state, None, key(number), photo=None, found_at=ago(number), received_at=ago(received[number]), due_on=in_days(due[number]),
            review_due_on=in_days(review[number]) if number in review else None,
        )  # fmt: skip
    found, address = [], f"{LIST}?limit=1&sort={word}"
    while address:
        body = as_("bureau").get(address).json()
        found += [UUID(row["id"]).int - 0x7000 for row in body["results"]]
        address = body["next"]
    assert found == shown


def test_a_queue_costs_the_statements_of_a_list(every_state, as_, django_assert_num_queries):
    client = as_("chief")
    client.get(LIST)
    with django_assert_num_queries(3):
        client.get(
            f"{LIST}?open=true&waiting_for=me&mine=false&state=reported,confirmed&department=emergency&sort=deadline&due_from=2020-01-01"
        )


# --- doors that show places take their system, and nothing else -------------------------------------------------------
@pytest.mark.parametrize("path", ["", "/history"])
def test_a_hazard_takes_no_parameter_but_the_system_of_its_place(path, people, as_):
    a_hazard_in(State.REPORTED, mine(), key(0), photo=None)
    address = f"{LIST}/{key(0)}{path}"
    assert as_("bureau").get(f"{address}?crs=gcj02").status_code == 200
    assert as_("bureau").get(f"{address}?open=true").json()["code"] == "bad_parameter"
    assert as_("bureau").get(f"{address}?crs=gcj02&crs=wgs84").json()["code"] == "parameter_twice"


def test_a_step_with_an_unknown_parameter_is_not_taken(people, as_):
    a_hazard_in(State.REPORTED, mine(), key(0), photo=None)
    answer = as_("bureau").post(f"{LIST}/{key(0)}/reject?force=true", {"note": "不构成"}, format="json")
    assert answer.json()["code"] == "bad_parameter"
    assert Hazard.objects.get(pk=key(0)).state == State.REPORTED


def test_the_map_is_asked_by_the_same_words(people, as_):
    point = "SRID=4326;POINT (111.127486 38.461818)"
    for number, state in enumerate((State.REPORTED, State.CLOSED)):
        a_hazard_in(state, None, key(number), photo=None, point=point, reported_by=people["bureau"].pk)
    shown = (
        as_("bureau").get("/api/v1/map/hazards.geojson?bbox=110,38,112,39&open=true&waiting_for=me&mine=true").json()
    )
    assert [UUID(each["id"]).int - 0x7000 for each in shown["features"]] == [0]


def test_another_township_sees_none_of_it_by_any_word(people, as_):
    a_hazard_in(State.REPORTED, None, key(0), photo=None, region_code=OTHER_VILLAGE)
    for query in ("open=true", "waiting_for=me", "state=reported,closed", "sort=deadline"):
        assert asked(as_("township"), query) == []
