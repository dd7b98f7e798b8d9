"""一票否决: proposed and withdrawn by facts, decided and lifted by people."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from django.db import Error, transaction

from accidents.reports import deciding, reporting
from assessment.models import Veto
from assessment.yearly import vetoes
from assessment.yearly.states import VetoState
from safety_api.models import TrailLine
from safety_api.problems import Problem
from tests.cast.accidents import PAPER, W, at, bureau, report_accident
from tests.cast.yearly import OTHER_TOWN, TOWN, URL, YEAR, body, follow, person, states, veto

pytestmark = pytest.mark.django_db
LARGER = {"deaths": 3, "sector": "coal_mine"}


def larger(number: int = 1, **facts):
    accident = report_accident(number, **{**LARGER, **facts})
    follow(accident)
    return accident


# --- by the facts ----------------------------------------------------------------------------------------------------
def test_a_larger_production_accident_proposes_vetoes_of_township_and_department(people):
    accident = larger()
    assert states(accident) == {TOWN: "proposed", "emergency": "proposed"}
    row = veto(accident)
    assert (row.year, row.region_code, row.party_name, row.grade) == (YEAR, "141123000000", "蔚汾镇", "larger")
    assert row.said == "2025年3月5日碧村较大事故（死亡3人）" or row.said.endswith("较大事故（死亡3人）")
    assert row.effective_from.isoformat() == "2025-03-05"


@pytest.mark.parametrize("facts", [{"deaths": 2}, {"nature": "non_production"}, {"nature": "undetermined"}])
def test_a_lesser_non_production_or_undetermined_accident_proposes_no_veto(people, facts):
    assert states(larger(**facts)) == {}


def test_a_repeated_message_changes_no_veto(people):
    accident = larger()
    lines = TrailLine.objects.count()
    follow(accident, accident)
    assert Veto.objects.count() == 2 and TrailLine.objects.count() == lines


def test_an_accident_without_a_sector_proposes_a_veto_of_its_township_only(people):
    assert states(larger(sector=None)) == {TOWN: "proposed"}


def write_off(accident):
    deciding.write_off(accident.pk, by=bureau(), **PAPER)


def become_non_production(accident):
    deciding.decide(accident.pk, by=bureau(), nature="non_production", reason="刑事案件")


def drop_grade(accident):
    reporting.add_report(accident.pk, by=bureau(), kind="supplement", held_at=at(3, 6), deaths=2, reason="误报一人")


@pytest.mark.parametrize("change", [write_off, become_non_production, drop_grade])
def test_a_proposed_veto_is_withdrawn_when_the_accident_no_longer_supports_it(people, change):
    accident = larger()
    change(accident)
    follow(accident)
    assert set(states(accident).values()) == {"withdrawn"}


def test_a_withdrawn_proposal_is_restored_when_its_ground_returns(people):
    accident = larger()
    become_non_production(accident)
    follow(accident)
    deciding.decide(accident.pk, by=bureau(), nature="production", reason="复核为生产经营活动")
    follow(accident)
    assert states(accident) == {TOWN: "proposed", "emergency": "proposed"}
    assert Veto.objects.count() == 2


def test_a_later_death_that_raises_the_grade_proposes_a_veto(people):
    accident = larger(deaths=2)
    reporting.add_report(accident.pk, by=bureau(), kind="follow_up", held_at=at(3, 8), deaths=3)
    follow(accident)
    assert states(accident) == {TOWN: "proposed", "emergency": "proposed"}


def test_changing_sector_or_place_moves_the_proposed_vetoes(people):
    accident = larger()
    deciding.decide(accident.pk, by=bureau(), sector="road_transport", region=W, reason="发生地和领域更正")
    follow(accident)
    assert states(accident) == {
        TOWN: "withdrawn", "emergency": "withdrawn", OTHER_TOWN: "proposed", "transport": "proposed",
    }  # fmt: skip


CHANGES = [
    lambda accident: deciding.decide(accident.pk, by=bureau(), sector="road_transport", reason="更正"),
    lambda accident: deciding.decide(accident.pk, by=bureau(), nature="production", reason="更正"),
    lambda accident: reporting.add_report(accident.pk, by=bureau(), kind="follow_up", held_at=at(3, 7), deaths=3),
]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
def test_proposals_do_not_depend_on_the_order_in_which_facts_arrive(people, order):
    accident = report_accident(1, deaths=1, nature="undetermined", sector="coal_mine")
    for place in order:
        CHANGES[place](accident)
        follow(accident)
    assert {party for party, state in states(accident).items() if state == "proposed"} == {TOWN, "transport"}


@pytest.mark.parametrize("every", [1, 2, 3], ids=lambda n: f"followed every {n}")
def test_late_messages_lead_to_the_same_proposed_vetoes(people, every):
    accident = report_accident(1, deaths=1, nature="undetermined", sector="coal_mine")
    for place, change in enumerate(CHANGES, start=1):
        change(accident)
        if place % every == 0:
            follow(accident)
    follow(accident)
    assert {party for party, state in states(accident).items() if state == "proposed"} == {TOWN, "transport"}


def test_the_yearly_run_proposes_vetoes_that_lost_messages_missed(people):
    accident = report_accident(1, **LARGER)
    assert vetoes.follow_year(YEAR) == 2
    assert vetoes.follow_year(YEAR) == 0
    assert states(accident) == {TOWN: "proposed", "emergency": "proposed"}


def test_updating_vetoes_takes_as_many_queries_for_many_accidents_as_for_one(people, django_assert_max_num_queries):
    found = [report_accident(number, occurred_at=at(3, number), **LARGER) for number in range(1, 9)]
    vetoes.follow([each.pk for each in found])
    with django_assert_max_num_queries(9):
        assert vetoes.follow([each.pk for each in found]) == 0


# --- by people -------------------------------------------------------------------------------------------------------
def test_confirming_and_lifting_a_veto_each_need_a_document(as_, people):
    accident = larger()
    client, key = as_("committee"), veto(accident).pk
    answer = body(client, f"vetoes/{key}/confirm", document="兴安委〔2026〕3号", effective_from="2025-03-10")
    assert answer.status_code == 200, answer.json()
    assert (answer.json()["state"], answer.json()["state_name"]) == ("confirmed", "已否决")
    assert answer.json()["effective_from"] == "2025-03-10" and answer.json()["decided_name"] == "王安"
    lifted = body(client, f"vetoes/{key}/lift", document="兴安委〔2026〕9号", reason="等级更正", on="2026-02-01")
    assert (lifted.json()["state"], lifted.json()["lifted_on"]) == ("lifted", "2026-02-01")
    verbs = list(TrailLine.objects.filter(object_id=str(key)).order_by("id").values_list("verb", flat=True))
    assert verbs == ["veto.propose", "veto.confirm", "veto.lift"]


@pytest.mark.parametrize(
    "step, fields, status, word",
    [
        ("confirm", {}, 400, "required"),
        ("confirm", {"document": ""}, 400, "blank"),
        ("confirm", {"document": "文", "effective_from": "2025-03-04"}, 400, "out_of_order"),
        ("confirm", {"document": "文", "effective_from": "2099-01-01"}, 400, "in_the_future"),
        ("reject", {}, 400, "required"),
        ("reject", {"reason": "  "}, 400, "blank"),
        ("lift", {"reason": "等级更正"}, 400, "required"),
        ("lift", {"document": "文", "reason": "等级更正"}, 409, "wrong_step"),
        ("confirm", {"document": "文", "state": "lifted"}, 400, "unknown_field"),
    ],
)
def test_a_veto_decision_without_document_or_reason_is_refused(
    as_, people, step, fields, status, word
):
    accident = larger()
    answer = body(as_("committee"), f"vetoes/{veto(accident).pk}/{step}", **fields)
    assert answer.status_code == status, answer.json()
    words = {answer.json()["code"], *(each["code"] for each in answer.json().get("errors", ()))}
    assert word in words
    assert set(states(accident).values()) == {"proposed"}


def test_lifting_a_veto_before_it_began_or_in_the_future_is_refused(as_, people):
    accident = larger()
    client, key = as_("committee"), veto(accident).pk
    body(client, f"vetoes/{key}/confirm", document="兴安委〔2026〕3号")
    for day, word in (("2025-03-04", "out_of_order"), ("2099-01-01", "in_the_future")):
        answer = body(client, f"vetoes/{key}/lift", document="文", reason="等级更正", on=day)
        assert (answer.status_code, answer.json()["code"]) == (400, word)


def test_a_decided_veto_accepts_no_second_decision(as_, people):
    accident = larger()
    client, key = as_("committee"), veto(accident).pk
    assert body(client, f"vetoes/{key}/reject", reason="该乡镇无监管责任").status_code == 200
    for step, fields in (
        ("confirm", {"document": "文"}),
        ("reject", {"reason": "再次"}),
        ("lift", {"document": "文", "reason": "x"}),
    ):
        answer = body(client, f"vetoes/{key}/{step}", **fields)
        assert (answer.status_code, answer.json()["code"]) == (409, "wrong_step")


def test_a_confirmed_veto_that_loses_its_ground_is_only_marked(people):
    accident = larger()
    vetoes.confirm(veto(accident).pk, by=person("committee"), document="兴安委〔2026〕3号")
    become_non_production(accident)
    follow(accident)
    row = veto(accident)
    assert (row.state, row.ground_lost_at is not None) == (VetoState.CONFIRMED, True)
    deciding.decide(accident.pk, by=bureau(), nature="production", reason="复核")
    follow(accident)
    assert veto(accident).ground_lost_at is None


def test_a_veto_lifted_without_ground_is_proposed_again_when_the_ground_returns(people):
    accident, committee = larger(), person("committee")
    key = veto(accident).pk
    vetoes.confirm(key, by=committee, document="文一")
    become_non_production(accident)
    follow(accident)
    vetoes.lift(key, by=committee, document="文二", reason="性质更正", on=at(4, 1).date())
    deciding.decide(accident.pk, by=bureau(), nature="production", reason="复核")
    follow(accident)
    rows = list(Veto.objects.filter(party=TOWN).order_by("proposed_at").values_list("state", flat=True))
    assert rows == ["lifted", "proposed"]


def test_a_veto_lifted_while_its_ground_held_is_not_proposed_again(people):
    accident, committee = larger(), person("committee")
    vetoes.confirm(veto(accident).pk, by=committee, document="文一")
    vetoes.lift(veto(accident).pk, by=committee, document="文二", reason="申诉成立", on=at(4, 1).date())
    follow(accident)
    assert states(accident)[TOWN] == "lifted"


def test_a_rejected_veto_is_proposed_again_only_at_a_higher_grade(people):
    accident = larger()
    vetoes.reject(veto(accident).pk, by=person("committee"), reason="该乡镇无监管责任")
    follow(accident)
    assert states(accident)[TOWN] == "rejected"
    reporting.add_report(accident.pk, by=bureau(), kind="follow_up", held_at=at(3, 9), deaths=10)
    follow(accident)
    row = veto(accident)
    assert (row.state, row.grade) == ("proposed", "major")


def test_a_proposed_veto_describes_the_accident_as_it_is_now(people):
    accident = larger()
    reporting.add_report(accident.pk, by=bureau(), kind="follow_up", held_at=at(3, 9), deaths=4)
    follow(accident)
    assert veto(accident).said.endswith("较大事故（死亡4人）")


# --- who sees and who may --------------------------------------------------------------------------------------------
def test_a_party_sees_its_own_proposed_vetoes_and_all_confirmed_ones(as_, people):
    accident, elsewhere = larger(1), larger(2, region=W, occurred_at=at(4, 1))
    vetoes.confirm(veto(elsewhere, OTHER_TOWN).pk, by=person("committee"), document="文")

    def seen(who):
        return {(row["party"], row["state"]) for row in as_(who).get(f"{URL}/vetoes").json()["results"]}

    assert seen("leader") == {(TOWN, "proposed"), (OTHER_TOWN, "confirmed")}
    assert seen("department") == {(OTHER_TOWN, "confirmed")}  # of no department
    person("department", department_id="emergency")
    assert seen("department") == {(OTHER_TOWN, "confirmed"), ("emergency", "proposed")}
    assert len(seen("committee")) == 3 and len(as_("committee").get(f"{URL}/vetoes").json()["results"]) == 4
    assert as_("leader").get(f"{URL}/vetoes/{veto(elsewhere, 'emergency').pk}").status_code == 404
    assert as_("leader").get(f"{URL}/vetoes/{veto(accident).pk}").status_code == 200


def test_a_veto_of_another_county_is_not_found(as_, people):
    accident = larger()
    person("committee", region="141124")
    answer = body(as_("committee"), f"vetoes/{veto(accident).pk}/confirm", document="文")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_stale_decision_on_a_veto_is_refused(as_, people):
    accident = larger()
    client, key = as_("committee"), veto(accident).pk
    tag = client.get(f"{URL}/vetoes/{key}").headers["ETag"]
    reporting.add_report(accident.pk, by=bureau(), kind="follow_up", held_at=at(3, 9), deaths=4)
    with transaction.atomic():  # another transaction has another stamp
        Veto.objects.filter(pk=key).update(said="x")
    Veto.objects.filter(pk=key).update(said="y")
    answer = client.post(
        f"{URL}/vetoes/{key}/confirm", {"document": "文"}, format="json", headers={"If-Match": '"0-1"'}
    )
    assert answer.status_code == 412 and tag != '"0-1"'


def test_the_list_costs_the_same_at_one_row_as_at_thirty(as_, people, django_assert_max_num_queries):
    client = as_("committee")
    larger(1)
    client.get(f"{URL}/vetoes")
    with django_assert_max_num_queries(4):
        client.get(f"{URL}/vetoes")
    for number in range(2, 16):
        larger(number, occurred_at=at(3, 5) + timedelta(days=number))
    with django_assert_max_num_queries(4):
        assert len(client.get(f"{URL}/vetoes?limit=50").json()["results"]) == 30


@pytest.mark.parametrize("query, count", [("year=2025", 2), ("year=2024", 0), ("party_kind=department", 1), ("state=confirmed", 0),
                                          ("region=141123100", 1), ("region=141123101", 0), ("department=emergency", 1)])  # fmt: skip
def test_the_list_is_filtered_by_its_parameters(as_, people, query, count):
    larger()
    assert len(as_("committee").get(f"{URL}/vetoes?{query}").json()["results"]) == count


def test_the_database_refuses_to_delete_a_veto(people):
    accident = larger()
    with pytest.raises(Error), transaction.atomic():
        veto(accident).delete()


def test_the_database_refuses_a_veto_confirmed_without_a_document(people):
    accident = larger()
    with pytest.raises(Error), transaction.atomic():
        Veto.objects.filter(pk=veto(accident).pk).update(state="confirmed")


def test_the_action_refuses_to_lift_a_veto_that_is_not_confirmed(people):
    accident = larger()
    with pytest.raises(Problem):
        vetoes.lift(veto(accident).pk, by=person("committee"), document="文", reason="x", on=at(4, 1).date())
