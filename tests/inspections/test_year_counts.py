"""全年次数: kept beside the visits, equal to a count from nothing; each visit judged by the rules and the unit of its own day."""

from __future__ import annotations

from datetime import date
from io import StringIO
from random import Random
from uuid import UUID

import pytest
from django.core.management import call_command

from enterprises import actions as enterprises
from enterprises.models import Enterprise, StatedFact
from inspections.ceilings.counting import counts_of, kept, recount
from inspections.ceilings.reading import number_of, year_of, years_of
from inspections.correcting import correct
from inspections.duplicates.joining import join, separate
from inspections.models import Inspection, YearCount
from reference import law
from reference.models import Document
from safety_api import outbox
from safety_api.models import TrailLine
from supervision.models import Evaluation
from tests.cast.class_facts import certified
from tests.cast.units import elsewhere, mine, unit
from tests.cast.visits import a_visit
from tests.cast.year_counts import graded, remarked, visit_on

pytestmark = pytest.mark.django_db
ON = date(2026, 12, 31)
ABOVE = {"kind": "campaign", "number": "晋安办发〔2026〕8号", "ordered_by": "省安委办"}
NUMBERS = ("daily", "special", "case", "supervision", "review", "counted")


def numbers(of: Enterprise, department: str = "emergency", on: date = ON) -> tuple[int, ...]:
    year = year_of(of.pk, department, on)
    return tuple(year[name] for name in NUMBERS)


COUNTS = [  # what was made → daily, special, case, supervision, review, counted
    ({}, (1, 0, 0, 0, 0, 1)),
    ({"type": "special", "source": {"kind": "plan", "number": "1"}}, (0, 1, 0, 0, 0, 1)),
    ({"type": "special", "source": ABOVE}, (0, 1, 0, 0, 0, 0)),
    ({"type": "special", "source": {**ABOVE, "number": ""}}, (0, 1, 0, 0, 0, 1)),  # nobody can look the order up
    ({"type": "case", "source": {"kind": "complaint"}}, (0, 0, 1, 0, 0, 0)),
    ({"kind": "review"}, (0, 0, 0, 0, 1, 0)),
    ({"authority": "supervision"}, (0, 0, 0, 1, 0, 0)),
    ({"authority": "patrol"}, (0, 0, 0, 0, 0, 0)),
    ({"authority": "expert_service"}, (0, 0, 0, 0, 0, 0)),
    ({"authority": "self_check"}, (0, 0, 0, 0, 0, 0)),
    ({"type": ""}, (1, 0, 0, 0, 0, 1)),  # of 2025 and later, sent before there were types
    ({"type": "", "kind": "special"}, (0, 1, 0, 0, 0, 1)),
]


@pytest.mark.parametrize("columns, counts", COUNTS)
def test_a_visit_counts_by_its_type_and_by_who_ordered_it(columns, counts):
    coal = mine()
    visit_on("03-05", coal, **columns)
    recount([coal.pk])
    assert numbers(coal) == counts


def test_visits_of_before_2025_have_no_type_and_nothing_is_guessed():
    coal = mine()
    visit_on("2024-03-05", coal, type="", source={}, department="")
    recount([coal.pk])
    year = year_of(coal.pk, "emergency", date(2024, 6, 1))
    assert (year["untyped"], year["daily"], year["counted"], year["ceiling"]) == (1, 0, 1, None)


DEPARTMENTS = [  # whose → who counts one
    ({"joint_departments": ["energy", "fire_rescue"]}, {"emergency", "energy", "fire_rescue"}),
    ({"joint_departments": ["emergency"]}, {"emergency"}),
    ({"joint_departments": ["nobody"]}, {"emergency"}),  # as a phone sent it
    ({"department": "energy"}, {"energy"}),
    ({"department": ""}, {"emergency"}),  # who supervises the sector stands in
]


@pytest.mark.parametrize("columns, whose", DEPARTMENTS)
def test_a_joint_visit_is_one_for_each_department(columns, whose):
    coal = mine()
    visit_on("03-05", coal, **columns)
    recount([coal.pk])
    assert {row.department for row in YearCount.objects.all()} == whose


@pytest.fixture
def setting():
    """`setting(joint="lead")`: the same document with another value, as a load would leave it."""

    def change(**values):
        document = Document.objects.get(kind="inspection_counting")
        Document.objects.filter(pk=document.pk).update(body={**document.body, **values})
        law.forget()

    yield change
    law.forget()


def test_only_the_leading_department_counts_a_joint_visit_where_so_decided(setting):
    coal = mine()
    setting(joint="lead")
    visit_on("03-05", coal, joint_departments=["energy"])
    recount([coal.pk])
    assert {row.department for row in YearCount.objects.all()} == {"emergency"}


@pytest.mark.parametrize("shared, counted", [(True, 2), (False, 1)])
def test_province_and_county_share_one_count_unless_decided_otherwise(setting, people, shared, counted):
    coal, superior = mine(), people["bureau"]
    setting(superiors_share=shared)
    type(superior).objects.filter(pk=superior.pk).update(region="14")
    visit_on("03-05", coal, by_id=superior.pk)
    visit_on("03-06", coal)
    recount([coal.pk])
    assert numbers(coal) == (2, 0, 0, 0, 0, counted)


# --- over the ceiling -----------------------------------------------------------------------------------------------------
def test_the_third_visit_of_a_mine_of_grade_a_is_over_whichever_comes_first():
    coal = mine(supervision_class="D")  # by our factors 24: the published ceiling goes by another key
    graded(coal, "A")
    visits = [visit_on(day, coal) for day in ("03-05", "02-05", "01-05")]
    recount([coal.pk])
    assert remarked(*visits) == [True, False, False]
    assert [number_of(each) for each in visits] == [3, 2, 1]


def test_a_mine_without_its_grade_has_no_ceiling_and_says_what_lacks():
    coal = mine()
    visits = [visit_on(f"0{month}-05", coal) for month in range(1, 8)]
    recount([coal.pk])
    year = year_of(coal.pk, "emergency", ON)
    assert (year["ceiling"], year["missing"], year["left"]) == (None, ["coal_assurance"], None)
    assert "没有登记煤矿安全保障程度等级" in year["note"] and not any(remarked(*visits))


def test_a_grade_stated_later_reaches_back_to_its_day(as_):
    coal = mine()
    visits = [visit_on(f"0{month}-05", coal) for month in range(1, 5)]
    recount([coal.pk])
    sent = {
        "kind": "coal_assurance",
        "held_from": "2026-01-01",
        "value": {"grade": "A"},
        "document": "晋能源安〔2026〕3号",
    }
    answer = as_("bureau").post(f"/api/v1/enterprises/{coal.pk}/facts", sent, format="json")
    assert answer.status_code == 201
    outbox.drain()
    assert remarked(*visits) == [False, False, True, True]


def test_a_case_may_exceed_and_shows_that_it_does():
    coal = mine()
    graded(coal, "A")
    visits = [
        visit_on("01-05", coal),
        visit_on("02-05", coal),
        visit_on("03-05", coal, type="case", source={"kind": "complaint"}),
    ]
    recount([coal.pk])
    year = year_of(coal.pk, "emergency", ON)
    assert not any(remarked(*visits)) and (year["counted"], year["case"], year["beyond_by_case"]) == (2, 1, 1)


def test_supervision_is_counted_by_itself_and_the_fourth_is_over():
    coal = mine()
    graded(coal, "A")
    visits = [visit_on(f"0{month}-05", coal, authority="supervision") for month in range(1, 5)]
    recount([coal.pk])
    assert remarked(*visits) == [False, False, False, True]
    assert (year_of(coal.pk, "emergency", ON)["supervision_ceiling"], numbers(coal)[-1]) == (3, 0)


def test_departments_that_published_none_go_by_our_factors_shown_as_ours():
    shop = unit("兴县某商场", sector="fire_safety", supervision_class="A")
    visits = [visit_on(f"0{month}-05", shop, department="fire_rescue") for month in range(1, 4)]
    recount([shop.pk])
    year = year_of(shop.pk, "", ON)
    assert remarked(*visits) == [False, False, True]
    assert (year["authority"], year["ours"], year["ceiling"], year["key"]) == ("fire_rescue", True, 2, "class")


def test_before_the_published_day_our_factors_bind_the_emergency_department_too():
    coal = mine(supervision_class="A")
    graded(coal, "C", held_from="2024-01-01")
    april, may = (year_of(coal.pk, "emergency", date(2025, *day)) for day in ((4, 22), (4, 23)))
    assert (april["ceiling"], april["ours"], may["ceiling"], may["ours"]) == (4, True, 6, False)
    assert may["source"].startswith("山西省应急管理厅2025年4月23日公布") and may["published_by"] == "山西省应急管理厅"


def test_the_class_of_the_day_of_the_visit_decides_and_not_todays():
    shop = unit("兴县某商场", sector="fire_safety", supervision_class="A", class_on=date(2026, 7, 1))
    Evaluation.objects.create(
        enterprise=shop, on=date(2026, 1, 1), scheme="XX-ABCD-1", facts={}, answer={}, computed="D", score=0, provisional=False,
        effective="D", since=date(2026, 1, 1), step="first",
    )  # fmt: skip
    visits = [visit_on(day, shop, department="fire_rescue") for day in ("02-05", "03-05", "04-05", "08-05")]
    recount([shop.pk])
    assert remarked(*visits) == [False, False, False, True]  # D: twelve until June; A: two from July


LEVELS = [(1, 2), (2, 4), (3, 8)]


@pytest.mark.parametrize("level, times", LEVELS)
def test_a_chemical_works_goes_by_the_certificate_of_the_day(level, times):
    works = unit("兴县某加油站", sector="hazardous_chemicals")
    certified(works, level, "2025-01-01", "2026-05-31")
    before, after = (year_of(works.pk, "emergency", date(2026, *day)) for day in ((5, 31), (6, 1)))
    assert (before["ceiling"], before["grade_document"], after["ceiling"], after["grade"]) == (
        times,
        "MK-1",
        12,
        "none",
    )


def test_a_revoked_certificate_is_none_from_its_day():
    works = unit("兴县某加油站", sector="hazardous_chemicals")
    paper = certified(works, 1, "2025-01-01", "2027-12-31")
    type(paper).objects.filter(pk=paper.pk).update(state="revoked", state_on="2026-03-01")
    found = [year_of(works.pk, "emergency", date(2026, *day))["ceiling"] for day in ((2, 28), (3, 1))]
    assert found == [2, 12]


def test_the_newest_grade_takes_the_place_of_the_one_before():
    coal = mine()
    graded(coal, "A")
    graded(coal, "C", held_from="2026-03-01")
    found = [year_of(coal.pk, "emergency", date(2026, *day))["ceiling"] for day in ((2, 28), (3, 1))]
    assert found == [2, 6]


# --- what happens afterwards ------------------------------------------------------------------------------------------------
def test_a_visit_that_comes_in_is_counted_and_remarked_by_the_worker(as_):
    coal = mine()
    graded(coal, "A")
    for number, day in enumerate(("18", "19", "20")):
        at = {"started_at": f"2026-11-{day}T09:00:00+08:00", "finished_at": f"2026-11-{day}T10:00:00+08:00"}
        key = UUID(int=0xCE11000000 + number)
        answer = as_("bureau").put(f"/api/v1/inspections/{key}", a_visit(coal, hazards=[], **at), format="json")
        assert answer.status_code == 201
    outbox.drain()
    assert numbers(coal)[-1] == 3 and remarked(Inspection.objects.get(pk=key)) == [True]


def test_a_double_that_is_joined_counts_once_and_twice_again_when_separated(people):
    coal, bureau = mine(), people["bureau"]
    graded(coal, "A")
    visits = [visit_on("01-05", coal), visit_on("02-05", coal), visit_on("02-05", coal)]
    recount([coal.pk])
    assert remarked(*visits) == [False, False, True]
    join(visits[2].pk, into=visits[1].pk, by=bureau, reason="同一次")
    assert (numbers(coal)[-1], remarked(*visits)) == (2, [False, False, False])
    separate(visits[2].pk, by=bureau, reason="是两次")
    assert (numbers(coal)[-1], remarked(*visits)) == (3, [False, False, True])
    assert TrailLine.objects.filter(verb="inspection.remark_dropped").count() == 1


def test_a_visit_put_right_to_another_unit_and_year_moves_with_its_count(people):
    coal, other = mine(), elsewhere()
    visit = visit_on("01-05", coal, by_id=people["bureau"].pk)
    recount([coal.pk])
    correct(visit.pk, by=people["bureau"], reason="选错了单位", enterprise=other.pk)
    assert (numbers(coal)[-1], numbers(other)[-1]) == (0, 1)
    ahead = {f"{name}_at": getattr(visit, f"{name}_at").replace(year=2025) for name in ("started", "finished")}
    correct(visit.pk, by=people["bureau"], reason="写错了年份", **ahead)
    assert (numbers(other)[-1], numbers(other, on=date(2025, 12, 31))[-1]) == (0, 1)


def test_a_count_of_one_year_leaves_the_others_as_they_stand():
    coal = mine()
    graded(coal, "A", held_from="2024-01-01")
    old, *visits = [visit_on("2025-05-05", coal), *(visit_on(f"0{month}-05", coal) for month in (1, 2, 3))]
    recount([coal.pk])
    YearCount.objects.filter(year=2025).update(made=7)
    visit_on("04-05", coal)
    assert recount([coal.pk], 2026) == 2  # the figure and its remark
    assert set(YearCount.objects.values_list("year", "made")) == {(2025, 7), (2026, 4)}
    assert remarked(old, *visits) == [False, False, False, True] and number_of(visits[2]) == 3


def test_the_office_names_the_departments_that_a_phone_left_out(people):
    coal = mine()
    visit = visit_on("01-05", coal, kind="joint", by_id=people["bureau"].pk)
    recount([coal.pk])
    correct(visit.pk, by=people["bureau"], reason="漏写能源局", joint_departments=["energy"])
    assert {row.department for row in YearCount.objects.all()} == {"emergency", "energy"}


def test_a_unit_that_moves_takes_its_count_along(people):
    coal = mine()
    visit_on("01-05", coal)
    recount([coal.pk])
    enterprises.update(coal.pk, by=people["bureau"], region="141123101200")
    outbox.drain()
    assert numbers(coal)[-1] == 1


def test_a_unit_of_another_sector_since_then_is_judged_by_the_line_of_each_day(people):
    works = unit("兴县某厂", sector="metallurgy_trade", opened_on=date(2020, 1, 1))  # no certificate: 6
    visits = [visit_on(f"0{month}-05", works) for month in range(1, 9)]
    recount([works.pk])
    assert remarked(*visits) == [False] * 6 + [True] * 2
    enterprises.update(works.pk, by=people["bureau"], sector="hazardous_chemicals", since=date(2026, 7, 1))  # 12
    outbox.drain()
    assert remarked(*visits) == [False] * 8


# --- against a count from nothing ----------------------------------------------------------------------------------------------
def random_visit(chance: Random, units: list[Enterprise]) -> None:
    visit_on(
        f"{chance.choice((2024, 2025, 2026))}-{chance.randint(1, 11):02}-{chance.randint(1, 28):02}",
        chance.choice(units),
        type=chance.choice(("daily", "special", "case", "")),
        kind=chance.choice(("routine", "review", "special")),
        authority=chance.choice(("administrative", "administrative", "supervision", "patrol")),
        department=chance.choice(("emergency", "energy", "")),
        joint_departments=chance.choice(([], ["energy"], ["emergency", "fire_rescue"])),
        source=chance.choice(({}, ABOVE, {"kind": "plan"})),
    )


@pytest.mark.parametrize("seed", range(3))
def test_kept_figures_equal_a_count_from_nothing_in_whatever_order_they_grew(seed):
    chance, units = Random(seed), [mine(supervision_class="B"), elsewhere(supervision_class="D")]
    graded(units[0], "A")
    for _ in range(40):
        random_visit(chance, units)
        if chance.random() < 0.5:
            recount([chance.choice(units).pk])
        if chance.random() < 0.2:
            some = chance.choice(list(Inspection.objects.order_by("pk").values_list("pk", flat=True)))
            Inspection.objects.filter(pk=some).update(enterprise=chance.choice(units))
    recount([each.pk for each in units])
    found = counts_of([each.pk for each in units])
    assert kept([each.pk for each in units]) == found.counts and found.over == found.remarked
    assert said("--check").startswith("差异：0 家单位")


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("rebuild_inspection_counts", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_names_what_differs_and_puts_it_right():
    coal = mine()
    visit_on("01-05", coal)
    YearCount.objects.create(enterprise=coal, year=2026, department="energy", word="daily", made=9, counted=9)
    with pytest.raises(SystemExit):
        said("--check")
    assert "更新：1 家单位，2 处" in said()
    assert said("--check").startswith("差异：0 家单位")


def test_new_law_counts_all_visits_anew_by_the_worker():
    from inspections.following import visits_by_new_law
    from safety_api.loads import Loaded

    coal = mine()
    visit_on("01-05", coal)
    assert visits_by_new_law(Loaded("装载", {"inspection_ceilings": date(2027, 1, 1)}))
    outbox.drain()
    assert numbers(coal)[-1] == 1


@pytest.mark.parametrize("many", [1, 30])
def test_the_years_of_any_number_of_units_take_two_queries(many, django_assert_num_queries):
    units = [unit(f"兴县{n}号煤矿") for n in range(many)]
    for each in units:
        visit_on("01-05", each)
        graded(each, "A")
    recount([each.pk for each in units])
    law.books()
    with django_assert_num_queries(2):
        found = years_of([(each.pk, "emergency") for each in units], ON)
    assert {(year["counted"], year["ceiling"], year["next"]) for year in found.values()} == {(1, 2, 2)}


def test_a_withdrawn_grade_is_no_grade_any_more(people):
    coal = mine()
    fact = graded(coal, "A")
    enterprises.withdraw_fact(coal.pk, "coal_assurance", fact.pk, by=people["bureau"], reason="误登")
    assert year_of(coal.pk, "emergency", ON)["missing"] == ["coal_assurance"]
    assert StatedFact.objects.count() == 1
