"""重点巡查: proposed from last year's facts, decided by people, then fixed for the year."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from django.db import Error, transaction
from django.utils import timezone

from accidents.reports import deciding
from assessment.models import KeyPatrol, KeyPatrolEntry, LargerDisaster
from assessment.yearly import key_patrol
from assessment.yearly.tasks import draft_the_year
from safety_api.models import TrailLine
from tests.cast.accidents import PAPER, V2, W, at, bureau, report_accident
from tests.cast.yearly import COUNTY, OTHER_TOWN, TOWN, URL, YEAR, body, follow, person

pytestmark = pytest.mark.django_db
NEXT = YEAR + 1  # the year in which it is patrolled
FLOOD = {"township": "141123101", "happened_on": "2025-07-21", "name": "山洪", "document": "兴减灾办〔2025〕6号"}


OTHER_TOWNS = [f"141123{code}000" for code in (101, 102, 103, 104, 105, 106, 200)]


def counted(number: int, **facts):
    """One dead in production, counted in statistics."""
    sent = {"deaths": 1, "sector": "coal_mine", "occurred_at": at(3, 1) + timedelta(days=number), **facts}
    return report_accident(number, **sent)


def opened() -> KeyPatrol:
    return key_patrol.open_list(COUNTY, NEXT)


def entries(patrol: KeyPatrol) -> dict[str, str]:
    return dict(KeyPatrolEntry.objects.filter(patrol=patrol).values_list("region_code", "state"))


def entry(patrol: KeyPatrol, town: str = TOWN) -> KeyPatrolEntry:
    return patrol.entries.get(region_code=town)


# --- by the facts ----------------------------------------------------------------------------------------------------
def test_larger_or_many_accidents_or_a_larger_disaster_propose_a_township(as_, people):
    report_accident(1, deaths=3, sector="coal_mine")
    for number in (2, 3, 4):
        counted(number, region="141123102200")
    assert body(as_("bureau"), "larger-disasters", **FLOOD).status_code == 201
    answer = body(as_("bureau"), "key-patrol", year=NEXT)
    assert answer.status_code == 201, answer.json()
    answered = {row["township"]: row for row in answer.json()["entries"]}
    assert {code: [each["kind"] for each in row["grounds"]] for code, row in answered.items()} == {
        TOWN: ["larger_accident", "many_accidents"], OTHER_TOWN: ["larger_disaster"], "141123102000": ["many_accidents"],
    }  # fmt: skip
    assert {row["state"] for row in answered.values()} == {"proposed"}
    first, _ = answered[TOWN]["grounds"]
    assert first["said"].startswith("发生较大及以上事故1起、死亡3人：2025年3月5日") and len(first["accidents"]) == 1
    assert answered[OTHER_TOWN]["grounds"][0]["said"].endswith("山洪（兴减灾办〔2025〕6号）")


def test_two_accidents_do_not_propose_a_township_for_key_patrol(people):
    counted(1), counted(2)
    assert entries(opened()) == {}


def test_accidents_written_off_or_of_another_year_are_no_ground_for_key_patrol(people):
    for number in (1, 2, 3):
        counted(number)
    patrol = opened()
    assert entries(patrol) == {TOWN: "proposed"}
    accident = counted(4, occurred_at=at(12, 31, year=YEAR - 1))
    deciding.write_off(bureau_accident(1), by=bureau(), **PAPER)
    key_patrol.follow(COUNTY, YEAR)
    assert entries(patrol) == {TOWN: "withdrawn"} and accident.deaths == 1


def bureau_accident(number: int):
    from tests.cast.accidents import key

    return key(number)


def test_a_changed_accident_updates_the_proposals_of_an_open_key_patrol_list(people):
    patrol = opened()
    assert entries(patrol) == {}
    accident = report_accident(1, deaths=3, sector="coal_mine")
    follow(accident)
    assert entries(patrol) == {TOWN: "proposed"}
    deciding.decide(accident.pk, by=bureau(), region=W, reason="发生地更正")
    follow(accident)
    assert entries(patrol) == {TOWN: "withdrawn", OTHER_TOWN: "proposed"}


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
def test_proposals_do_not_depend_on_the_order_in_which_facts_arrive(people, order):
    patrol = opened()
    reports = [
        lambda: report_accident(1, deaths=3, sector="coal_mine"),
        lambda: counted(2, region=V2),
        lambda: counted(3, region=W, deaths=3),
    ]
    for place in order:
        follow(reports[place]())
    known = {code: each.grounds for code, each in ((row.region_code, row) for row in patrol.entries.all())}
    key_patrol.open_list(COUNTY, NEXT)
    assert known == {row.region_code: row.grounds for row in patrol.entries.all()}
    assert entries(patrol) == {TOWN: "proposed", OTHER_TOWN: "proposed"}


def test_updating_the_proposals_again_changes_nothing(people):
    report_accident(1, deaths=3)
    patrol = opened()
    lines = TrailLine.objects.count()
    assert key_patrol.follow(COUNTY, YEAR) == 0 and key_patrol.open_list(COUNTY, NEXT) == patrol
    assert TrailLine.objects.count() == lines


def test_the_january_task_opens_this_years_key_patrol_list_once(people):
    draft_the_year()
    draft_the_year()
    row = KeyPatrol.objects.get()
    assert (row.year, row.opened_by) == (timezone.localdate().year, None)


@pytest.mark.parametrize("year, status", [(2100, 400), (2019, 400), ("2026", 400), (None, 400)])
def test_a_key_patrol_list_of_an_invalid_year_is_refused(as_, people, year, status):
    assert body(as_("bureau"), "key-patrol", year=year).status_code == status
    assert not KeyPatrol.objects.exists()


def test_a_key_patrol_list_of_another_county_cannot_be_opened(as_, people):
    assert body(as_("bureau"), "key-patrol", year=NEXT, region="141124000000").status_code == 404


# --- by people -------------------------------------------------------------------------------------------------------
def decide(client, patrol: KeyPatrol, step: str, town: str = TOWN, **fields):
    return body(client, f"key-patrol/{patrol.pk}/entries/{entry(patrol, town).pk}/{step}", **fields)


def test_townships_are_confirmed_removed_or_added_by_hand_before_the_list_is_fixed(as_, people):
    report_accident(1, deaths=3), report_accident(2, deaths=3, region=W)
    patrol, officer = opened(), as_("bureau")
    assert decide(officer, patrol, "confirm").status_code == 200
    assert decide(officer, patrol, "remove", OTHER_TOWN).status_code == 400  # no reason
    assert decide(officer, patrol, "remove", OTHER_TOWN, reason="均为过境车辆").status_code == 200
    added = body(officer, f"key-patrol/{patrol.pk}/add", township="141123102", reason="连续两年整改率最低")
    assert added.status_code == 201, added.json()
    fixed = body(as_("committee"), f"key-patrol/{patrol.pk}/fix", document="兴安委办〔2026〕1号")
    assert fixed.status_code == 200, fixed.json()
    answered = fixed.json()
    assert (answered["state"], answered["fixed_name"], len(answered["content_sha256"])) == ("fixed", "王安", 64)
    assert {row["township"]: (row["state"], row["origin"], row["decided_name"]) for row in answered["entries"]} == {
        TOWN: ("confirmed", "facts", "郑应"), OTHER_TOWN: ("removed", "facts", "郑应"), "141123102000": ("confirmed", "hand", "郑应"),
    }  # fmt: skip
    verbs = set(TrailLine.objects.filter(verb__startswith="key_patrol.").values_list("verb", flat=True))
    assert verbs == {f"key_patrol.{step}" for step in ("open", "propose", "confirm", "remove", "add", "fix")}


def ready() -> KeyPatrol:
    """A list with one township, confirmed by the bureau."""
    report_accident(1, deaths=3)
    patrol = opened()
    key_patrol.decide(patrol.pk, entry(patrol).pk, "confirm", by=bureau())
    return patrol


@pytest.mark.parametrize("change", [{"document": "x"}, {"state": "open"}, {"content": {}}])
def test_the_database_refuses_to_change_a_fixed_key_patrol_list(people, change):
    patrol = ready()
    key_patrol.fix(patrol.pk, by=person("committee"))
    for touch in (
        lambda: KeyPatrol.objects.filter(pk=patrol.pk).update(**change),
        lambda: KeyPatrolEntry.objects.filter(patrol=patrol).update(state="removed", reason="x"),
        lambda: KeyPatrolEntry.objects.create(patrol=patrol, region_code=OTHER_TOWN, name="魏家滩镇"),
        lambda: KeyPatrolEntry.objects.filter(patrol=patrol).delete(),
        lambda: KeyPatrol.objects.filter(pk=patrol.pk).delete(),
    ):
        with pytest.raises(Error), transaction.atomic():
            touch()


def test_later_facts_do_not_change_a_fixed_key_patrol_list(people):
    patrol = ready()
    key_patrol.fix(patrol.pk, by=person("committee"))
    follow(report_accident(2, deaths=3, region=W))
    assert entries(patrol) == {TOWN: "confirmed"}
    assert key_patrol.open_list(COUNTY, NEXT).state == "fixed"


def test_a_key_patrol_list_with_an_undecided_township_cannot_be_fixed(as_, people):
    report_accident(1, deaths=3)
    answer = body(as_("committee"), f"key-patrol/{opened().pk}/fix")
    assert (answer.status_code, answer.json()["code"]) == (409, "entries_undecided")
    assert "蔚汾镇" in answer.json()["detail"]


def test_whoever_decided_the_entries_cannot_fix_the_key_patrol_list(as_, people):
    patrol = ready()
    assert body(as_("bureau"), f"key-patrol/{patrol.pk}/fix").json()["code"] == "leaders_only"
    person("bureau", is_leader=True)
    answer = body(as_("bureau"), f"key-patrol/{patrol.pk}/fix")
    assert (answer.status_code, answer.json()["code"]) == (403, "own_preparation")


def test_a_key_patrol_list_cannot_be_fixed_before_its_base_year_is_over(as_, people):
    this_year = timezone.localdate().year
    patrol = key_patrol.open_list(COUNTY, this_year + 1)
    answer = body(as_("committee"), f"key-patrol/{patrol.pk}/fix")
    assert (answer.status_code, answer.json()["code"]) == (409, "year_not_over")


def test_a_key_patrol_list_with_outdated_proposals_cannot_be_fixed(as_, people):
    patrol = ready()
    report_accident(2, deaths=3, region=W)  # its message is still on the way
    answer = body(as_("committee"), f"key-patrol/{patrol.pk}/fix")
    assert (answer.status_code, answer.json()["code"]) == (409, "figures_moved")


def test_a_decision_on_a_township_lapses_when_its_grounds_change(people):
    patrol = ready()
    follow(report_accident(2, deaths=3, region=V2, occurred_at=at(4, 1)))
    assert entries(patrol) == {TOWN: "proposed"}  # other grounds: decided anew
    key_patrol.decide(patrol.pk, entry(patrol).pk, "confirm", by=bureau())
    for number in (1, 2):
        deciding.write_off(bureau_accident(number), by=bureau(), **PAPER)
    key_patrol.follow(COUNTY, YEAR)
    assert (entries(patrol), entry(patrol).grounds) == ({TOWN: "withdrawn"}, [])


def test_a_township_without_grounds_can_be_confirmed_only_with_a_reason(as_, people):
    patrol, client = ready(), as_("bureau")
    deciding.write_off(bureau_accident(1), by=bureau(), **PAPER)
    key_patrol.follow(COUNTY, YEAR)
    assert decide(client, patrol, "confirm").json()["code"] == "reason_required"
    assert decide(client, patrol, "confirm", reason="隐患整改不力").status_code == 200
    assert key_patrol.follow(COUNTY, YEAR) == 0 and entries(patrol) == {TOWN: "confirmed"}


def test_a_township_added_by_hand_stays_whatever_the_facts_say(people):
    patrol = opened()
    key_patrol.add_by_hand(patrol.pk, by=bureau(), township=TOWN, reason="整改不力")
    follow(report_accident(1, deaths=3))
    row = entry(patrol)
    assert (row.state, row.origin, [each["kind"] for each in row.grounds]) == (
        "confirmed",
        "hand",
        ["larger_accident", "many_accidents"],
    )


@pytest.mark.parametrize(
    "fields, status, word",
    [
        ({"township": "141123101"}, 400, "required"),
        ({"reason": "x"}, 400, "required"),
        ({"township": "141124100", "reason": "x"}, 400, "unknown_region"),
        ({"township": "141123999", "reason": "x"}, 400, "unknown_region"),
        ({"township": "141123", "reason": "x"}, 400, "unknown_region"),
        ({"township": "141123101200", "reason": "x"}, 400, "unknown_region"),
        ({"township": "141123100", "reason": "x"}, 409, "on_the_list"),
        ({"township": "\u0000", "reason": "x"}, 400, "nul"),
    ],
)
def test_adding_by_hand_needs_a_reason_and_a_township_not_yet_on_the_list(as_, people, fields, status, word):
    patrol = ready()
    answer = body(as_("bureau"), f"key-patrol/{patrol.pk}/add", **fields)
    assert answer.status_code == status, answer.json()
    assert word in {answer.json()["code"], *(each["code"] for each in answer.json().get("errors", ()))}
    assert entries(patrol) == {TOWN: "confirmed"}


def test_a_fixed_key_patrol_list_accepts_no_further_step(as_, people):
    patrol, client = ready(), as_("bureau")
    key_patrol.fix(patrol.pk, by=person("committee"))
    for answer in (
        decide(client, patrol, "confirm"),
        decide(client, patrol, "remove", reason="x"),
        body(client, f"key-patrol/{patrol.pk}/add", township="141123101", reason="x"),
        body(as_("committee"), f"key-patrol/{patrol.pk}/fix"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "wrong_step")


def test_a_stale_decision_on_a_key_patrol_list_is_refused(as_, people):
    patrol = ready()
    answer = as_("bureau").post(
        f"{URL}/key-patrol/{patrol.pk}/entries/{entry(patrol).pk}/remove",
        {"reason": "x"},
        format="json",
        headers={"If-Match": '"0-1"'},
    )
    assert (answer.status_code, answer.json()["code"]) == (412, "stale")


def test_an_entry_of_another_list_is_not_found(as_, people):
    patrol = ready()
    other = key_patrol.open_list(COUNTY, YEAR)
    assert (
        body(as_("bureau"), f"key-patrol/{other.pk}/entries/{entry(patrol).pk}/remove", reason="x").status_code == 404
    )


# --- who sees --------------------------------------------------------------------------------------------------------
def test_an_open_key_patrol_list_is_hidden_and_a_fixed_one_visible_to_every_party(as_, people):
    patrol = ready()
    for who in ("leader", "department"):
        assert as_(who).get(f"{URL}/key-patrol").json()["results"] == []
        assert as_(who).get(f"{URL}/key-patrol/{patrol.pk}").status_code == 404
    key_patrol.fix(patrol.pk, by=person("committee"))
    for who in ("leader", "department", "bureau"):
        assert as_(who).get(f"{URL}/key-patrol/{patrol.pk}").json()["state"] == "fixed"
    assert as_("enterprise").get(f"{URL}/key-patrol").status_code == 403
    person("committee", region="141124")
    assert as_("committee").get(f"{URL}/key-patrol/{patrol.pk}").status_code == 404


def test_the_key_patrol_list_takes_a_fixed_number_of_queries(as_, people, django_assert_max_num_queries):
    client, patrol = as_("committee"), ready()
    client.get(f"{URL}/key-patrol")
    with django_assert_max_num_queries(5):
        client.get(f"{URL}/key-patrol")
    for code in OTHER_TOWNS:
        key_patrol.add_by_hand(patrol.pk, by=bureau(), township=code, reason="x")
    with django_assert_max_num_queries(5):
        [row] = client.get(f"{URL}/key-patrol").json()["results"]
    assert len(row["entries"]) == 8


# --- larger disasters ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "change, status, word",
    [
        ({"document": ""}, 400, "blank"),
        ({"document": None}, 400, "null"),
        ({"name": ""}, 400, "blank"),
        ({"happened_on": "2099-01-01"}, 400, "in_the_future"),
        ({"happened_on": "昨天"}, 400, "invalid"),
        ({"township": "141124100"}, 404, "not_found"),
        ({"township": "141123998"}, 400, "unknown_region"),
        ({"grade": "larger"}, 400, "unknown_field"),
    ],
)
def test_a_larger_disaster_needs_document_name_day_and_township(as_, people, change, status, word):
    answer = body(as_("bureau"), "larger-disasters", **{**FLOOD, **change})
    assert answer.status_code == status, answer.json()
    assert word in {answer.json()["code"], *(each["code"] for each in answer.json().get("errors", ()))}
    assert not LargerDisaster.objects.exists()


def test_voiding_a_disaster_needs_a_reason_and_withdraws_its_proposal(as_, people):
    client, patrol = as_("bureau"), opened()
    row = body(client, "larger-disasters", **FLOOD).json()
    assert entries(patrol) == {OTHER_TOWN: "proposed"}
    assert body(client, f"larger-disasters/{row['id']}/void").status_code == 400
    answered = body(client, f"larger-disasters/{row['id']}/void", reason="经核定为一般灾害").json()
    assert answered["voided_at"] and answered["void_reason"] == "经核定为一般灾害"
    assert entries(patrol) == {OTHER_TOWN: "withdrawn"}
    answer = body(client, f"larger-disasters/{row['id']}/void", reason="再次")
    assert (answer.status_code, answer.json()["code"]) == (409, "ended_already")


def test_disasters_are_filtered_by_region_and_year(as_, people):
    body(as_("bureau"), "larger-disasters", **FLOOD)
    for query, count in (("year=2025", 1), ("year=2024", 0), ("region=141123101", 1), ("region=141123100", 0)):
        assert len(as_("committee").get(f"{URL}/larger-disasters?{query}").json()["results"]) == count
    assert as_("leader").get(f"{URL}/larger-disasters").json()["results"] == []  # of another township
