"""What is stated amounts to facts of a class: tables a safety officer can check."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace as Row

import pytest

from enterprises import class_facts
from enterprises.actions import listing_ends
from enterprises.class_facts import Book, Stated
from tests import law

ON = date(2026, 11, 23)
BOOK = Book(
    minimums={"coal_mine_producing": 2, "non_coal_mine_above_scale": 2, "tailings_pond": 2, "other_high_risk": 3},
    high_risk_sectors={"coal_mine", "non_coal_mine", "hazardous_chemicals", "road_transport", "urban_construction"},
    high_risk_traits={"fireworks", "metal_smelting", "construction", "civil_explosives"},
    heavy_fine_from=Decimal("100000.00"),
    window_months=12,
    duties=law.body("unit_duties", ON),
)


def unit(sector="coal_mine", **fields) -> Row:
    known = {
        "status": "operating",
        "producing": False,
        "above_scale": False,
        "special_geology": False,
        "traits": [],
        "held_from": date(2010, 1, 1),
    }
    return Row(sector_id=sector, **{**known, **fields})


def paper(level=2, held_from=date(2024, 1, 1), held_to=date(2027, 1, 1), state="valid", state_on=None, **fields) -> Row:
    return Row(level=level, held_from=held_from, held_to=held_to, state=state, state_on=state_on, **fields)


def fact(kind, held_from, held_to=None, **value) -> Row:
    return Row(kind=kind, held_from=held_from, held_to=held_to, value=value)


def stated(*facts, opened_on=date(2016, 5, 1), **lists) -> Stated:
    return Stated(opened_on, conditions=[unit()], facts=sorted(facts, key=lambda each: each.held_from), **lists)


@pytest.mark.parametrize(
    ("since", "on", "months"),
    [
        (date(2026, 1, 31), date(2026, 2, 28), 1), (date(2026, 1, 31), date(2026, 3, 1), 1), (date(2025, 11, 23), ON, 12),
        (date(2025, 11, 24), ON, 11), (date(2024, 2, 29), date(2025, 2, 28), 12), (ON, ON, 0),
    ],
)  # fmt: skip
def test_months_are_counted_as_whole_months(since, on, months):
    assert class_facts.whole_months(since, on) == months


@pytest.mark.parametrize(
    ("of", "minimum"),
    [  # 兴政发〔2021〕11号（十八）
        (unit("coal_mine", producing=True), 2), (unit("coal_mine"), None),  # under construction
        (unit("non_coal_mine", above_scale=True), 2), (unit("non_coal_mine"), 3), (unit("hazardous_chemicals"), 3),
        (unit("metallurgy_trade"), None), (unit("metallurgy_trade", traits=["metal_smelting"]), 3),
        (unit("non_coal_mine", traits=["tailings_pond"]), 2), (unit("fire_safety"), None), (unit("fire_safety", traits=["fireworks"]), 3),
        (unit("road_transport"), 3), (unit("special_equipment", above_scale=True), None),
    ],
)  # fmt: skip
def test_the_minimum_level_follows_the_notice(of, minimum):
    assert class_facts.minimum_level(of, BOOK) == minimum


MINE, SHOP = unit("coal_mine", producing=True), unit("fire_safety")


@pytest.mark.parametrize(
    ("of", "papers", "expected"),
    [
        (MINE, [paper(2)], (True, 2, 2, 0)),
        (MINE, [], (True, None, 2, 0)),
        (SHOP, [], (False, None, None, 0)),
        (SHOP, [paper(3)], (True, 3, None, 0)),  # voluntary
        (MINE, [paper(2, held_to=date(2026, 11, 23))], (True, 2, 2, 0)),  # its last day
        (MINE, [paper(2, held_to=date(2026, 11, 22))], (True, 2, 2, 1)),
        (MINE, [paper(2, held_to=date(2026, 8, 25))], (True, 2, 2, 90)),
        (MINE, [paper(1, held_to=date(2026, 1, 1)), paper(3)], (True, 3, 2, 0)),  # in time before better
        (MINE, [paper(3), paper(1)], (True, 1, 2, 0)),
        (MINE, [paper(2, state="revoked", state_on=date(2026, 11, 23))], (True, None, 2, 0)),
        (MINE, [paper(2, state="revoked", state_on=date(2026, 11, 24))], (True, 2, 2, 0)),  # not yet
        (MINE, [paper(1, state="lowered", state_on=date(2026, 3, 1)), paper(2, date(2026, 3, 1))], (True, 2, 2, 0)),
        (MINE, [paper(2, held_to=None)], (True, 2, 2, 0)),
    ],
)
def test_the_best_certificate_in_force_counts(of, papers, expected):
    found = class_facts.standardization(of, papers, ON, BOOK)
    assert (found["applicable"], found["level"], found["minimum"], found["expired_days"]) == expected


@pytest.mark.parametrize(
    ("value", "held_from", "expected"),
    [
        ({"severity": "ordinary"}, date(2026, 1, 1), (1, 0)), ({"severity": "heavy"}, date(2026, 1, 1), (0, 1)),
        ({"severity": "ordinary", "fine_yuan": "99999.99"}, date(2026, 1, 1), (1, 0)),
        ({"severity": "ordinary", "fine_yuan": "100000.00"}, date(2026, 1, 1), (0, 1)),  # 以上 includes
        ({"severity": "heavy"}, date(2025, 11, 23), (0, 0)), ({"severity": "heavy"}, date(2025, 11, 24), (0, 1)),
    ],
)  # fmt: skip
def test_penalties_count_for_less_than_twelve_months(value, held_from, expected):
    found = class_facts.penalties([fact("penalty", held_from, **value)], ON, BOOK)
    assert (found["ordinary_12m"], found["heavy_12m"]) == expected


@pytest.mark.parametrize(
    ("checks", "rate"),
    [
        ([], 0), ([(12, 12)], 100), ([(12, 11), (12, 12)], 95), ([(3, 2)], 66), ([(0, 0)], 0),
    ],
)  # fmt: skip
def test_the_self_check_rate_is_rounded_down(checks, rate):
    rows = [fact("self_check", date(2026, 6, 1), due=due, done=done) for due, done in checks]
    assert class_facts.self_check_rate(rows, ON, BOOK) == rate


@pytest.mark.parametrize(
    ("of", "drilled", "opened", "on_time"),
    [
        (MINE, date(2026, 5, 24), date(2016, 1, 1), True), (MINE, date(2026, 5, 23), date(2016, 1, 1), False),  # half a year
        (SHOP, date(2025, 11, 24), date(2016, 1, 1), True), (SHOP, date(2025, 11, 23), date(2016, 1, 1), False),
        (unit("fire_safety", traits=["crowded_place"]), date(2026, 1, 1), date(2016, 1, 1), False),
        (MINE, None, date(2026, 8, 1), True), (MINE, None, date(2026, 5, 1), False), (MINE, None, None, False),
    ],
)  # fmt: skip
def test_a_drill_is_on_time_within_the_legal_interval(of, drilled, opened, on_time):
    rows = [fact("drill", drilled, scope="comprehensive")] if drilled else []
    assert class_facts.drill_on_time(of, stated(*rows, opened_on=opened), ON, BOOK) is on_time


def test_insurance_is_required_only_where_it_is_compulsory():
    policy = Row(held_from=date(2026, 1, 1), held_to=date(2026, 12, 31))
    assert class_facts.emergency(SHOP, stated(), ON, BOOK)["insured"] is True
    assert class_facts.emergency(MINE, stated(), ON, BOOK)["insured"] is False
    assert class_facts.emergency(MINE, stated(insurances=[policy]), ON, BOOK)["insured"] is True


LICENCE = {"licence": "work_safety"}


@pytest.mark.parametrize(
    ("papers", "invalid"),
    [
        ([], False), ([paper(**LICENCE)], False), ([paper(**LICENCE, held_to=date(2026, 11, 22))], True),
        ([paper(**LICENCE, held_to=date(2026, 1, 1)), paper(**LICENCE)], False),  # renewed
        ([paper(**LICENCE, state="suspended", state_on=ON)], True), ([paper(licence="mining", held_to=date(2020, 1, 1))], False),
        ([paper(**LICENCE), paper(licence="road_transport", held_to=date(2026, 1, 1))], True),
    ],
)  # fmt: skip
def test_a_lapsed_safety_licence_makes_the_licence_invalid(papers, invalid):
    assert class_facts.licence_invalid(papers, ON) is invalid


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("stop_order", "stopped_by_order"),
        ("dishonesty_listing", "dishonesty_listed"),
        ("refusal", "refused_inspection"),
    ],
)
def test_a_fact_with_an_end_counts_until_its_last_day(kind, name):
    for held_to, expected in ((None, True), (ON, True), (date(2026, 11, 22), False)):
        found = class_facts.class_facts(stated(fact(kind, date(2026, 1, 1), held_to)), ON, BOOK)
        assert found[name] is expected


def test_stopped_months_count_from_the_first_day_whoever_ordered_the_stop():
    days = [("operating", date(2016, 1, 1)), ("suspended", date(2026, 3, 1)), ("stopped_by_order", date(2026, 9, 1))]
    rows = [unit(status=status, held_from=since) for status, since in days]
    assert class_facts.stopped_months(rows, ON) == 8
    assert class_facts.stopped_months(rows[:1], ON) == 0


@pytest.mark.parametrize(
    ("of", "missing"),
    [
        (stated(), ["standardization", "risk_control"]),
        (stated(fact("no_standardization", date(2026, 1, 1)), fact("self_check", date(2026, 1, 1), due=1, done=1)), []),
        (stated(opened_on=None), ["safe_period", "standardization", "risk_control"]),
    ],
)
def test_a_basis_without_any_stated_fact_is_named_as_missing(of, missing):
    assert class_facts.missing_bases(MINE, of, ON, BOOK) == missing


@pytest.mark.parametrize(
    ("listed", "last"),
    [
        (date(2016, 3, 1), date(2017, 3, 1)),
        (date(2023, 9, 30), date(2024, 9, 30)),
        (date(2023, 10, 1), date(2026, 10, 1)),
        (date(2024, 2, 29), date(2027, 2, 28)),
    ],
)
def test_a_dishonesty_listing_ends_by_the_rule_of_its_day(listed, last, db):
    assert listing_ends(listed) == last


def test_the_facts_have_the_names_of_the_contract():
    found = class_facts.class_facts(stated(), ON, BOOK)
    assert set(found) == {
        "sector", "months_operating", "standardization", "risk_control", "penalties", "emergency", "stopped_by_order",
        "licence_invalid", "dishonesty_listed", "months_since_concealment", "refused_inspection", "stopped_months",
        "special_geology", "missing_bases",
    }  # fmt: skip
    assert set(found["emergency"]) == {"plan_filed", "drill_on_time", "people_certified", "training_done", "insured"}
