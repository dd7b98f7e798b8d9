"""时间: the first word of an accident is never refused for its time; its time is never replaced, and a doubtful one is provisional."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from accidents.models import Accident, ReportLeg
from safety_api import outbox
from tests.cast.accidents import at, body, key, occurring, url
from tests.cast.units import mine
from zero_accident.models import AccidentEffect

pytestmark = pytest.mark.django_db
AS_TOLD_TODAY = True
DOUBTFUL = "occurred_at_doubtful"


def put(client, number=1, **fields):
    return client.put(url(number), body(**fields), format="json")


def minutes_ago(n: float) -> str:
    return (timezone.now() - timedelta(minutes=n)).isoformat()


def clock(days_slow: float = 0) -> dict:
    return {"clock": (timezone.now() - timedelta(days=days_slow)).isoformat()}


def near(text: str, moment: datetime) -> bool:
    return abs(datetime.fromisoformat(text) - moment) < timedelta(minutes=1)


STATED = {  # what a phone states; whether it is doubtful
    "200 seconds ahead": (lambda: {"occurred_at": minutes_ago(-200 / 60)}, False),
    "an hour ahead": (lambda: {"occurred_at": minutes_ago(-60)}, True),
    "1970": (lambda: {"occurred_at": "1970-01-01T00:00:00+08:00"}, True),
    "2036": (lambda: {"occurred_at": "2036-05-01T00:00:00+08:00", "device": clock()}, True),
    "a clock two days slow": (lambda: {"occurred_at": minutes_ago(2 * 1440), "device": clock(2)}, True),
    "forty days late": (lambda: {"occurred_at": minutes_ago(40 * 1440), "device": clock()}, False),
}


@pytest.mark.parametrize("case", STATED)
def test_the_first_word_of_an_accident_is_never_refused_for_its_time(as_, case):
    stated, doubtful = STATED[case][0](), STATED[case][1]
    answer = put(as_("village"), **stated)
    assert answer.status_code == 201, answer.json()
    shown = answer.json()
    assert (DOUBTFUL in shown["warnings"]) is doubtful
    assert (shown["counts_at"] is not None) is doubtful
    if doubtful:
        assert shown["occurred_at"] == timezone.localtime(datetime.fromisoformat(stated["occurred_at"])).isoformat()
        assert near(shown["counts_at"], timezone.now())
    assert put(as_("village"), **stated).status_code == 200  # sent again, word for word


@pytest.mark.parametrize("who", ["village", "bureau"])
@pytest.mark.parametrize("told", ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-12:00"])
def test_a_time_beyond_every_calendar_is_doubtful_and_not_refused(as_, told, who):
    answer = put(as_(who), occurred_at=told, photos=[])
    assert (answer.status_code, answer.json()["warnings"]) == (201, [DOUBTFUL])
    assert near(answer.json()["counts_at"], timezone.now())


def test_the_bureaus_own_phone_with_a_clock_nobody_set_is_not_taken_at_its_word(as_):
    never_set = {"occurred_at": "1970-01-01T00:00:00+08:00", "device": {"clock": "1970-01-01T02:00:00+08:00"}}
    assert put(as_("bureau"), **never_set).json()["warnings"] == [DOUBTFUL]
    assert put(as_("bureau"), 2, occurred_at="1985-05-01T00:00:00+08:00").json()["warnings"] == []  # entered on purpose


def test_late_reporting_stays_visible(as_):
    answer = put(as_("enterprise"), occurred_at=minutes_ago(40 * 1440), units=occurring(mine()), device=clock())
    assert True in [leg["late"] for leg in answer.json()["legs"] if leg["level"] == "enterprise"]


MOMENTS = ["held_at", "told_at", "unit_told_at"]


@pytest.mark.parametrize("name", MOMENTS)
@pytest.mark.parametrize(
    "stated, remark", [("2036-01-01T00:00:00Z", "in_the_future"), ("1970-01-01T00:00:00Z", "time_out_of_order")]
)
def test_other_times_of_a_first_report_are_taken_too_and_what_was_stated_stays(as_, name, stated, remark):
    answer = put(as_("township"), units=occurring(mine()), **{name: stated})
    assert answer.status_code == 201, answer.json()
    assert answer.json()["warnings"] == [remark]
    assert datetime.fromisoformat(answer.json()["reports"][0]["told_times"][name]) == datetime.fromisoformat(stated)


@pytest.mark.parametrize("stated", ["2036-01-01T00:00:00Z", "1970-01-01T00:00:00Z"])
def test_the_time_of_a_call_and_of_a_further_report_refuses_neither(as_, stated):
    answer = put(as_("duty"), call={"caller": "enterprise", "received_at": stated})
    assert answer.status_code == 201, answer.json()
    further = as_("township").post(
        url(1, "reports"), {"kind": "follow_up", "deaths": 2, "held_at": stated}, format="json"
    )
    assert further.status_code == 201, further.json()
    assert set(further.json()["warnings"]) <= {"in_the_future", "time_out_of_order"}
    assert 2 in [report["deaths"] for report in further.json()["reports"]]


def test_a_further_report_sent_twice_with_another_clock_is_the_same_report(as_):
    put(as_("township"))
    statuses = [
        as_("township").post(url(1, "reports"), {"kind": "follow_up", "note": "情况没有变化", "device": clock(n)}, format="json",
                             HTTP_IDEMPOTENCY_KEY="0d3c1b1e-6d58-4a54-9a57-0d5f3f6e0a11").status_code for n in (0, 1)
    ]  # fmt: skip
    assert statuses == [201, 201]
    assert Accident.objects.get().reports.count() == 2


# --- provisional --------------------------------------------------------------------------------------------------------------
def years() -> list[int]:
    return sorted(AccidentEffect.objects.values_list("year", flat=True).distinct())


def test_a_doubtful_accident_counts_from_receipt_until_the_bureau_states_its_time(as_):
    this_year = timezone.localdate().year
    assert put(as_("enterprise"), occurred_at="1970-01-01T00:00:00+08:00", units=occurring(mine())).status_code == 201
    outbox.drain()
    assert years() == [this_year]
    happened = at(3, 5, year=this_year - 1)
    answer = as_("bureau").post(url(1, "decide"), {"occurred_at": happened.isoformat()}, format="json")
    assert answer.status_code == 200, answer.json()
    shown = answer.json()
    assert (shown["occurred_at"], shown["counts_at"]) == (timezone.localtime(happened).isoformat(), None)
    assert DOUBTFUL not in shown["warnings"]
    assert datetime.fromisoformat(shown["occurred_told_at"]).year == 1970  # what was reported stays
    assert years() == [this_year - 1]
    assert ReportLeg.objects.filter(level="enterprise", void_at=None).first().late  # concealed for a year: visible now


def test_a_plausible_time_is_put_right_only_with_a_reason(as_):
    put(as_("township"))
    changed = {"occurred_at": at(3, 6).isoformat()}
    assert as_("bureau").post(url(1, "decide"), changed, format="json").json()["code"] == "reason_required"
    answer = as_("bureau").post(url(1, "decide"), {**changed, "reason": "按监控录像"}, format="json")
    assert (answer.status_code, answer.json()["occurred_at"]) == (200, timezone.localtime(at(3, 6)).isoformat())
    future = {"occurred_at": minutes_ago(-60), "reason": "误"}
    assert as_("bureau").post(url(1, "decide"), future, format="json").json()["code"] == "in_the_future"


def test_an_accident_of_2036_leads_no_list(as_):
    put(as_("township"), occurred_at="2036-05-01T00:00:00+08:00")
    put(as_("township"), 2, occurred_at=minutes_ago(-1))
    rows = as_("bureau").get("/api/v1/accidents").json()["results"]
    assert [row["id"] for row in rows] == [str(key(2)), str(key(1))]
