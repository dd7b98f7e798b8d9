"""Self-checks as a phone sends them, and how far the duty to look was met."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.timezone import make_aware

from enterprises.models import Condition
from risks import duties, rules
from risks.actions import methods
from risks.models import SelfCheck
from tests.cast.people import MINE
from tests.cast.risk_points import checked, risk
from tests.cast.units import elsewhere, mine, unit

pytestmark = pytest.mark.django_db
URL = "/api/v1/self-checks"
DUTY = f"/api/v1/enterprises/{MINE}/self-check-duty"
CHECK = UUID("00000000-0000-4000-8000-00000000c001")


def now() -> str:
    return timezone.localtime().isoformat()


def put(client, key=CHECK, **fields):
    return client.put(f"{URL}/{key}", {"level": "team", "checked_at": now(), **fields}, format="json")


@pytest.fixture
def officer(as_):
    return as_("enterprise")


@pytest.fixture
def home(db):
    return mine()


# --- sending ----------------------------------------------------------------------------------------------------------
def test_a_self_check_counts_the_risk_points_its_level_controls(home, officer):
    for level in (1, 3, 4):  # the last is the post's alone
        risk(home, level=level)
    answer = put(officer)
    answered = answer.json()
    assert (answer.status_code, len(answered["points"]), answered["counted"], answered["in_time"]) == (201, 2, 2, True)
    assert (answered["period_from"], answered["due_on"], answered["shift"]) == (
        str(timezone.localdate()),
        str(timezone.localdate()),
        0,
    )


def test_a_self_check_sent_twice_is_stored_once(home, officer):
    risk(home, level=3)
    sent = {"checked_at": now(), "note": "正常"}
    assert [put(officer, **sent, device={"n": n}).status_code for n in (1, 2)] == [201, 200]
    assert put(officer, **{**sent, "note": "不正常"}).json()["code"] == "id_reused"
    assert SelfCheck.objects.count() == 1


def test_the_id_of_another_units_self_check_is_refused_without_revealing_it(home, officer, as_, people):
    sent = {"checked_at": now(), "note": "正常"}
    put(officer, **sent)
    other = elsewhere()
    people["principal"].enterprise_id = other.pk
    people["principal"].save(update_fields=["enterprise_id"])
    answer = put(as_("principal"), **sent)
    assert (answer.status_code, answer.json()["code"]) == (409, "id_reused")
    assert as_("principal").get(f"{URL}/{CHECK}").status_code == 404


def test_a_second_self_check_in_a_period_counts_only_the_remaining_points(home, officer):
    points = [risk(home, level=3) for _ in range(3)]
    first = put(officer, UUID(int=1), points=[str(points[0].pk)]).json()
    second = put(officer, UUID(int=2)).json()
    third = put(officer, UUID(int=3)).json()
    assert [each["counted"] for each in (first, second, third)] == [1, 2, 0]


def test_self_checks_of_different_levels_count_separately(home, officer):
    risk(home, level=3)
    assert [
        put(officer, UUID(int=n), level=level).json()["counted"] for n, level in enumerate(("team", "post", "company"), 1)
    ] == [1, 1, 0]


def test_a_self_check_sent_too_late_is_kept_but_not_counted(home, officer):
    risk(home, level=3)
    answered = put(officer, checked_at=(timezone.now() - timedelta(hours=73)).isoformat()).json()
    assert (answered["in_time"], answered["counted"], len(answered["points"])) == (False, 0, 1)


def test_a_risk_point_entered_today_is_due_for_checks_from_tomorrow(home, officer):
    officer.post(
        "/api/v1/risk-points",
        {"name": "锅炉", "hazard_factors": "超压", "method": "ls", "inherent": {"likelihood": "2", "severity": "2"}},
        format="json",
    )
    answered = put(officer, level="post").json()
    assert (len(answered["points"]), answered["counted"]) == (1, 0)


def test_a_unit_suspended_when_the_period_began_owes_no_checks(home, officer):
    risk(home, level=3)
    Condition.objects.filter(enterprise=home).update(status="suspended")
    assert put(officer).json()["counted"] == 0


REFUSED = [
    ({"checked_at": "2026-01-01T00:00:00"}, "offset"),
    ({"level": "county"}, "invalid_choice"),
    ({"points": ["00000000-0000-4000-8000-00000000dead"]}, "unknown_risk_point"),
    ({"hazards": ["x"]}, "invalid"),
    ({"photo": "x"}, "unknown_field"),
]


@pytest.mark.parametrize("fields, code", REFUSED, ids=[row[1] for row in REFUSED])
def test_an_invalid_self_check_is_refused_and_not_stored(fields, code, home, officer):
    answer = put(officer, **fields)
    words = {answer.json()["code"], *(each["code"] for each in answer.json()["errors"])}
    assert code in words and answer.status_code in (400, 422)
    assert SelfCheck.objects.count() == 0


def test_a_risk_point_named_twice_or_of_another_unit_is_refused(home, officer):
    own, theirs = str(risk(home, level=3).pk), str(risk(elsewhere(), level=3).pk)
    assert put(officer, points=[own, own]).json()["code"] == "twice"
    assert put(officer, points=[own, theirs]).json()["code"] == "unknown_risk_point"


def test_a_self_check_names_the_hazards_found_by_their_ids(home, officer):
    found = str(UUID(int=77))
    assert put(officer, hazards=[found]).json()["hazards"] == [found]


# --- reading ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "query, found",
    [("", [2, 1, 0]), ("level=company", [2]), ("since=2026-03-05", [2, 1]), ("until=2026-03-04", [0]), ("until=9999-12-31", [2, 1, 0]), ("region=141123101", [2]),
     (f"enterprise={MINE}", [1, 0]), ("sector=fire_safety", [])],
)  # fmt: skip
def test_self_checks_are_filtered_by_unit_place_level_and_days(query, found, home, as_):
    made = [
        checked(home, "2026-03-04"),
        checked(home, "2026-03-05"),
        checked(elsewhere(), "2026-03-06", level="company"),
    ]
    assert [row["id"] for row in as_("bureau").get(f"{URL}?{query}").json()["results"]] == [
        str(made[n].pk) for n in found
    ]


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_takes_three_statements_at_any_length(rows, home, as_):
    for n in range(rows):
        checked(home, f"2026-03-{n % 28 + 1:02}", shift=n)
    client = as_("bureau")
    client.get(URL)
    with CaptureQueriesContext(connection) as asked:
        assert len(client.get(URL).json()["results"]) == rows
    assert len(asked) == 3  # token · tag · checks with unit


# --- tasks ------------------------------------------------------------------------------------------------------------
def counts(of, first, last):
    found = duties.tasks([of.pk], date.fromisoformat(first), date.fromisoformat(last)).get(of.pk, {})
    return {level: (each.due, each.done) for level, each in found.items()}


def test_each_level_owes_its_own_periods_for_each_risk_point(home):
    risk(home, level=1, since="2026-01-01")
    risk(home, level=3, since="2026-01-01")
    assert counts(home, "2026-03-01", "2026-03-31") == {
        "company": (1, 0), "workshop": (5, 0), "team": (62, 0), "post": (186, 0),  # a mine has three shifts; five Sundays
    }  # fmt: skip


def test_a_check_counts_on_the_day_its_period_ended(home):
    risk(home, level=3, since="2026-01-01")
    checked(home, "2026-03-04", level="team"), checked(home, "2026-03-05", level="team", in_time=False)
    checked(home, "2026-02-28", level="team"), checked(home, "2026-03-04", level="post", shift=2)
    assert counts(home, "2026-03-01", "2026-03-10") == {"team": (10, 1), "post": (30, 1)}


def test_after_a_change_of_level_checks_are_due_from_its_day_without_a_gap(home):
    risk(home, {"level": 4, "since": "2026-03-01", "until": "2026-03-11"}, {"level": 3, "since": "2026-03-11"})
    assert counts(home, "2026-03-01", "2026-03-31") == {"team": (21, 0), "post": (93, 0)}


def test_a_unit_owes_no_checks_for_days_of_suspension(home):
    risk(home, level=3, since="2026-01-01")
    condition = Condition.objects.get(enterprise=home)
    Condition.objects.filter(pk=condition.pk).update(held_to=date(2026, 3, 11))
    condition.pk, condition.status, condition.held_from = None, "suspended", date(2026, 3, 11)
    condition.save(force_insert=True)
    assert counts(home, "2026-03-01", "2026-03-31") == {"team": (10, 0), "post": (30, 0)}


def test_a_retired_risk_point_needs_no_checks_after_its_day(home):
    risk(home, level=4, since="2026-03-01", until="2026-03-03")
    assert counts(home, "2026-03-01", "2026-03-31") == {"post": (6, 0)}


def test_no_more_checks_count_as_done_than_were_due(home):
    risk(home, level=4, since="2026-03-01", until="2026-03-02")
    checked(home, "2026-03-01", counted=9)
    assert counts(home, "2026-03-01", "2026-03-31") == {"post": (3, 3)}


def test_check_tasks_of_thirty_units_take_as_many_queries_as_of_one(home):
    for wanted in (1, 30):
        units = [unit(f"第{wanted}之{n}家") for n in range(wanted)]
        for each in units:
            risk(each, level=1)
        with CaptureQueriesContext(connection) as asked:
            assert len(duties.tasks([each.pk for each in units], date(2026, 3, 1), date(2026, 3, 31))) == wanted
        assert len(asked) == 2  # spans · done


# --- the door -----------------------------------------------------------------------------------------------------------
def test_the_self_check_duty_of_a_month_is_listed_by_level(home, as_):
    risk(home, level=3, since="2026-01-01")
    for n in range(1, 31):
        checked(home, f"2026-03-{n:02}", level="team")
    checked(home, "2026-02-01", "2026-02-28", level="company", counted=0)
    answered = as_("township").get(f"{DUTY}?from=2026-02-01&to=2026-03-31").json()
    assert (answered["from"], answered["to"], answered["due"], answered["done"], answered["rate"]) == (
        "2026-02-01",
        "2026-03-31",
        59 * 4,
        30,
        "12.71",
    )
    assert answered["levels"] == [
        {"level": "team", "every": "day", "due": 59, "done": 30, "rate": "50.84"},
        {"level": "post", "every": "shift", "due": 177, "done": 0, "rate": "0.00"},
    ]
    assert answered["months"] == [
        {"month": "2026-02", "done": True, "over": True},
        {"month": "2026-03", "done": False, "over": True},
    ]
    assert answered["monthly"] == {"due": 2, "done": 1, "rate": "50.00"}


def test_the_checks_due_now_decrease_as_they_are_done(home, officer):
    for _ in range(2):
        risk(home, level=3, since="2026-01-01")
    before = officer.get(DUTY).json()["now"]
    assert [(each["level"], each["points"], each["checked"]) for each in before] == [("team", 2, 0), ("post", 2, 0)]
    put(officer)
    after = officer.get(DUTY).json()["now"]
    assert [(each["level"], each["checked"]) for each in after] == [("team", 2), ("post", 0)]


def test_a_unit_without_risk_points_owes_only_the_monthly_check(home, officer):
    answered = officer.get(DUTY).json()
    assert (answered["due"], answered["rate"], answered["levels"], answered["now"], len(answered["months"])) == (
        0,
        None,
        [],
        [],
        1,
    )
    put(officer, level="company")
    assert officer.get(DUTY).json()["months"][0]["done"] is True


@pytest.mark.parametrize("query", ["from=2026-03-02&to=2026-03-01", "from=2024-01-01&to=2026-03-01"])
def test_a_reversed_or_too_long_span_of_days_is_refused(query, home, officer):
    answer = officer.get(f"{DUTY}?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_span")


def test_the_self_check_duty_of_another_unit_is_not_found(officer, home):
    assert officer.get(f"/api/v1/enterprises/{elsewhere().pk}/self-check-duty").status_code == 404


# --- once a month, all units ------------------------------------------------------------------------------------------
RATES = "/api/v1/self-check-rates"


def test_monthly_self_check_rates_are_grouped_by_township_or_sector(home, as_):
    checked(home, "2026-03-01", "2026-03-31", level="company")
    (
        elsewhere(),
        unit("停产的", status="suspended", status_on=date(2026, 3, 15)),
        unit("村委会", unit_type="village_body"),
    )
    unit("四月开业", opened_on=date(2026, 3, 2))
    answered = as_("inspector").get(f"{RATES}?month=2026-03").json()
    assert (answered["due"], answered["done"], answered["rate"], answered["over"]) == (2, 1, "50.00", True)
    assert [(row["code"], row["name"], row["due"], row["done"]) for row in answered["results"]] == [
        ("141123100000", "蔚汾镇", 1, 1), ("141123101000", "魏家滩镇", 1, 0),
    ]  # fmt: skip
    by_sector = as_("inspector").get(f"{RATES}?month=2026-03&group_by=sector").json()["results"]
    assert [(row["code"], row["name"], row["rate"]) for row in by_sector] == [("coal_mine", "煤矿", "50.00")]


def test_self_check_rates_over_several_months_add_up(home, as_):
    (
        checked(home, "2026-03-01", "2026-03-31", level="company"),
        checked(home, "2026-01-01", "2026-01-31", level="company", in_time=False),
    )
    answered = as_("leader").get(f"{RATES}?month=2026-03&months=3").json()
    assert (answered["due"], answered["done"], answered["rate"]) == (3, 1, "33.33")


def test_a_check_at_post_level_does_not_count_as_the_units_monthly_check(home, as_):
    checked(home, "2026-03-04", level="post")
    assert as_("bureau").get(f"{RATES}?month=2026-03").json()["done"] == 0


@pytest.mark.parametrize("query", ["month=2026-13", "month=2026-3", "month=x", "group_by=village", "months=13"])
def test_invalid_rate_parameters_are_refused(query, as_):
    assert as_("bureau").get(f"{RATES}?{query}").status_code == 400


def test_rates_of_a_future_month_are_refused(as_):
    assert as_("bureau").get(f"{RATES}?month=2099-01").json()["code"] == "in_future"


def test_rates_of_the_running_month_are_marked_as_not_over(home, as_):
    answered = as_("bureau").get(RATES).json()
    assert (answered["month"], answered["over"], answered["due"]) == (f"{timezone.localdate():%Y-%m}", False, 1)


def test_a_check_just_before_midnight_counts_in_its_month_in_county_time(db):
    last = make_aware(datetime(2026, 3, 31, 23, 59))
    period = rules.period_of(rules.every(methods(last.date()).body, "company"), timezone.localtime(last), 3)
    assert (str(period.first), str(period.last)) == ("2026-03-01", "2026-03-31")


# --- times --------------------------------------------------------------------------------------------------------------
TIMES = [  # stated, the clock as the phone sends it, counted, remark
    ("2999-01-01T00:00:00+08:00", None, 1, "in_the_future"),
    ("1970-01-01T00:05:00+08:00", "1970-01-01T00:06:00+08:00", 1, "clock_shifted"),
    (
        "2020-01-01T00:00:00+08:00",
        None,
        0,
        "told_long_ago",
    ),  # late by what it states itself: kept, and counts for nothing
]


@pytest.mark.parametrize("stated, clock, counted, remark", TIMES)
def test_a_self_check_is_never_refused_for_its_time(home, officer, stated, clock, counted, remark):
    risk(home, level=3)
    answer = put(officer, checked_at=stated, device={"clock": clock} if clock else {})
    assert answer.status_code == 201, answer.json()
    shown = answer.json()
    assert (shown["counted"], shown["warnings"], shown["period_from"]) == (counted, [remark], str(timezone.localdate()))
    assert (shown["checked_at"], shown["counts_at"] is None) == (stated, False)
    listed = officer.get(URL, {"warning": remark}).json()["results"]
    assert [row["id"] for row in listed] == [str(CHECK)]
    assert officer.get(URL, {"warning": "clock_wrong"}).json()["results"] == []
