"""Grade, windows and statistics end to end: the law of the accident's own day decides, and leaving statistics needs paper."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import count

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accidents.clock import reminding
from accidents.models import Accident, Decision
from reference import law
from reference.models import Document
from tests.accidents.test_duty_desk import a_call, ago, leg, legs, post, put, recent_accident, refused, send, states
from tests.cast.accidents import PAPER, YEAR, V, at, body, report_accident, url
from tests.cast.figures import broken_keys
from zero_accident.figures import rebuilding

pytestmark = pytest.mark.django_db
DIGESTS = count(1)


@contextmanager
def law_changed(kind: str, **parameters):
    """The county decides otherwise: another body under the same version, as a corrected file would bring."""
    document = Document.objects.get(kind=kind)
    Document.objects.filter(pk=document.pk).update(body={**document.body, **parameters}, digest=f"{next(DIGESTS):064x}")
    law.forget()
    yield
    law.forget()


@pytest.fixture(autouse=True)
def law_as_it_was():
    yield
    law.forget()


def report(client, number=1, **fields):
    return post(client, {"kind": "follow_up", **fields}, "reports", number=number)


# --- the table of the day ------------------------------------------------------------------------------------------------------
def test_an_accident_is_graded_by_the_table_in_force_on_its_day():
    old = Document.objects.get(kind="accident_grades")
    rows = [
        {**row, "deaths_from": row["deaths_from"] - 1 if row["deaths_from"] == 3 else row["deaths_from"]}
        for row in old.body["grades"]
    ]
    Document.objects.filter(pk=old.pk).update(effective_to=date(YEAR, 5, 31))
    Document.objects.create(kind=old.kind, code=old.code, version="next", title=old.title, source="新规定", effective_from=date(YEAR, 6, 1),
                            body={**old.body, "grades": rows}, digest=f"{next(DIGESTS):064x}")  # fmt: skip
    law.forget()
    days = {1: at(5, 31, 23), 2: at(6, 1, 0)}
    assert [report_accident(number, occurred_at=day, deaths=2).grade for number, day in days.items()] == [
        "general",
        "larger",
    ]
    assert rebuilding.rebuild(YEAR, check=True).count == 0


def test_grading_runs_no_query_for_the_law():
    report_accident(1), report_accident(2)  # law is in memory
    with CaptureQueriesContext(connection) as asked:
        rebuilding.rebuild(YEAR, check=True)
    assert not [query for query in asked.captured_queries if "reference_document" in query["sql"]]


# --- the missing ---------------------------------------------------------------------------------------------------------------
def test_missing_persons_count_as_deaths_only_when_the_county_so_sets(as_):
    found = put(as_("duty"), recent_accident(deaths=1, missing=2, call=a_call(80))).json()
    assert (found["grade"], found["missing"], found["deaths"]) == ("general", 2, 1)
    with law_changed("accident_grades", missing_counts_as_death=True):
        assert rebuilding.rebuild(timezone.localdate().year).count > 0
        found = as_("duty").get(url()).json()
        assert (found["grade"], found["missing"], found["deaths"]) == ("larger", 2, 1)
        assert report(as_("duty"), number=1, course="搜救继续").status_code == 201
        assert ("R4", "county", "province") in states(as_("duty"))
        refusal = report(as_("duty"), missing=0)
        assert refused(refusal) == (400, "reason_required", ["/reason"])  # found alive, and the grade falls
        assert report(as_("township"), missing=0, reason="均已找到").status_code == 403
        assert report(as_("township"), missing=0, deaths=3).json()["grade"] == "larger"  # found dead: no fall
        assert report(as_("duty"), deaths=1, reason="两人生还").json()["grade"] == "general"


def test_missing_persons_break_no_village_under_either_setting(as_):
    with law_changed("accident_grades", missing_counts_as_death=True):
        found = put(as_("bureau"), body(nature="production", deaths=0, missing=3)).json()
        assert (found["grade"], found["in_statistics"], broken_keys()) == ("larger", True, set())
        assert report(as_("bureau"), deaths=1, missing=2, held_at=at(3, 6).isoformat()).json()["grade"] == "larger"
        assert broken_keys() == {V}


# --- the windows ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("count_from, last", [("next_day", date(YEAR, 4, 4)), ("same_day", date(YEAR, 4, 3))])
@pytest.mark.parametrize("after, inside", [(0, True), (1, False)])
def test_the_windows_last_day_follows_the_setting_of_its_first_day(as_, count_from, last, after, inside):
    day = datetime.combine(last + timedelta(days=after), at(1, 1).timetz())
    with law_changed("windows", count_from=count_from):
        report_accident(deaths=2, occurred_at=at(3, 5, 23))
        found = report(as_("duty"), deaths=3, held_at=day.isoformat()).json()
    assert (found["grade"], found["deaths"], found["late_deaths"]) == (
        ("larger", 3, 0) if inside else ("general", 2, 1)
    )


@pytest.mark.parametrize("category, days", [("Z1", 30), ("Z2", 7), ("Z4", 7), ("Z5", 7)])
def test_road_and_fire_accidents_have_seven_days_to_the_last_second(as_, category, days):
    report_accident(category=category, occurred_at=at(3, 5, 0))
    last = at(3, 5, 0) + timedelta(days=days + 1)
    assert report(as_("duty"), deaths=2, held_at=(last - timedelta(seconds=1)).isoformat()).json()["deaths"] == 2
    found = report(as_("duty"), deaths=3, held_at=last.isoformat()).json()
    assert (found["deaths"], found["late_deaths"]) == (2, 1)


# --- statistics ----------------------------------------------------------------------------------------------------------------
CODES = {"reason": "reason_required", "document": "paper_required", "approved_by": "paper_required"}


@pytest.mark.parametrize(
    "before, after", [("provisional", "not_counted"), ("counted", "not_counted"), ("counted", "provisional")]
)
@pytest.mark.parametrize(
    "lacks",
    [{"reason"}, {"document"}, {"approved_by"}, {"document", "approved_by"}, {"reason", "document", "approved_by"}],
    ids=sorted,
)
def test_leaving_statistics_needs_a_reason_a_paper_and_an_approver(as_, before, after, lacks):
    report_accident()
    if before == "counted":
        assert post(as_("bureau"), {"stat_status": "counted"}, "decide").status_code == 200
    was, decisions = as_("bureau").get(url()).json(), Decision.objects.count()
    sent = {"stat_status": after, **PAPER, **dict.fromkeys(lacks, "  ")}
    word = CODES["reason" if "reason" in lacks else "document"]
    status, code, pointers = refused(post(as_("bureau"), sent, "decide"))
    assert (status, code, set(pointers)) == (400, word, {f"/{name}" for name in lacks})
    assert (as_("bureau").get(url()).json(), Decision.objects.count()) == (was, decisions)
    found = post(as_("bureau"), {"stat_status": after, **PAPER}, "decide").json()
    last = found["decisions"][-1]
    assert (last["stat_before"], last["stat_status"], last["document"]) == (before, after, PAPER["document"])


@pytest.mark.parametrize(
    "fields",
    [{"category": "Z8"}, {"stat_status": "not_counted"}, {"stat_status": "provisional"}, {"stat_status": "counted"}],
)
def test_a_decision_after_leaving_statistics_needs_no_second_paper(as_, fields):
    report_accident()
    assert post(as_("bureau"), {"stat_status": "not_counted", **PAPER}, "decide").status_code == 200
    assert post(as_("bureau"), fields, "decide").status_code == 200


@pytest.mark.parametrize("status, before, stands", [
    ("not_counted", "provisional", False), ("provisional", "counted", False), ("written_off", "counted", False), ("not_counted", "", False),
    ("not_counted", "not_counted", True), ("counted", "provisional", True), ("provisional", "", True), ("counted", "counted", True),
    ("provisional", "not_counted", True),
])  # fmt: skip
def test_the_database_also_refuses_to_leave_statistics_without_paper(status, before, stands):
    accident = report_accident()
    answered = Decision.objects.get(accident=accident)
    answered.pk, answered._state.adding = None, True
    answered.stat_status, answered.stat_before = status, before
    if stands:
        answered.save(force_insert=True)
    else:
        with pytest.raises(IntegrityError, match="decision_"), transaction.atomic():
            answered.save(force_insert=True)


# --- entering statistics ---------------------------------------------------------------------------------------------------------
ENTRY, COMPLETION = ("S1", "county", "statistics"), ("S2", "county", "statistics")
ALL_STATISTICS_FIELDS = {"deaths": 1, "serious_injuries": 0, "direct_loss_yuan": "1000000.00"}


def limit(client, name, number=1):
    return leg(client, *name, number=number)


@pytest.mark.parametrize("sector", ["coal_mine", "metallurgy_trade"])
def test_statistics_are_entered_within_24_hours_and_complete_within_seven_days(as_, sector):
    desk = as_("duty")
    call = a_call(80)
    put(desk, recent_accident(sector=sector, call=call))
    known_at = datetime.fromisoformat(call["received_at"])
    for name, within in ((ENTRY, timedelta(hours=24)), (COMPLETION, timedelta(days=7))):
        found = limit(desk, name)
        assert (found["state"], found["warning"], datetime.fromisoformat(found["due_at"])) == (
            "open",
            True,
            known_at + within,
        )
    rows = desk.get("/api/v1/report-legs?to=statistics").json()["results"]
    assert [each["code"] for each in rows] == ["S1", "S2"]
    lacks = desk.get(url()).json()["statistics_lacks"]
    assert lacks == ["category", "nature", "deaths", "serious_injuries", "direct_loss_yuan"]


def test_statistics_are_entered_by_the_first_decision_and_completed_by_the_last_data(as_):
    put(as_("duty"), recent_accident(call=a_call(80)))
    found = post(as_("bureau"), {"nature": "production", "category": "Z1"}, "decide").json()
    assert found["statistics_lacks"] == ["deaths", "serious_injuries", "direct_loss_yuan"]
    assert [limit(as_("duty"), name)["state"] for name in (ENTRY, COMPLETION)] == ["in_time", "open"]
    found = report(as_("township"), **ALL_STATISTICS_FIELDS).json()
    assert found["statistics_lacks"] == []
    assert [limit(as_("duty"), name)["state"] for name in (ENTRY, COMPLETION)] == ["in_time", "in_time"]
    assert as_("duty").get("/api/v1/report-legs?to=statistics").json()["results"] == []


def test_a_complete_report_by_the_bureau_meets_entry_and_completion_at_once(as_):
    put(as_("bureau"), recent_accident(nature="production", category="Z1", **ALL_STATISTICS_FIELDS))
    assert [limit(as_("bureau"), name)["state"] for name in (ENTRY, COMPLETION)] == ["in_time", "in_time"]


@pytest.mark.parametrize("late_by, state", [(timedelta(0), "in_time"), (timedelta(seconds=1), "late")])
@pytest.mark.parametrize("name", [ENTRY, COMPLETION])
def test_a_statistics_report_at_the_deadline_is_in_time_and_a_second_later_is_late(as_, name, late_by, state):
    desk, then = as_("duty"), ago(8 * 24 * 60)
    put(
        desk,
        recent_accident(
            occurred_at=then.isoformat(),
            nature=None,
            category="Z1",
            call={**a_call(0), "received_at": then.isoformat()},
            **ALL_STATISTICS_FIELDS,
        ),
    )
    assert limit(desk, ENTRY)["state"] == limit(desk, COMPLETION)["state"] == "overdue"
    Accident.objects.update(nature="production")
    found = limit(desk, name)
    sent = {"channel": "platform", "sent_at": (datetime.fromisoformat(found["due_at"]) + late_by).isoformat()}
    answer = send(desk, found, **sent)
    assert answer.status_code == 200, answer.json()
    assert (answer.json()["state"], answer.json()["warning"]) == (state, True)
    assert "statistics" not in desk.get(url()).json()["heard"]


def test_incomplete_statistics_cannot_be_marked_complete_by_hand(as_):
    desk = as_("duty")
    put(desk, recent_accident(call=a_call(80)))
    assert refused(send(desk, limit(desk, COMPLETION), channel="platform")) == (
        409, "statistics_incomplete", ["/category", "/nature", "/deaths", "/serious_injuries", "/direct_loss_yuan"]
    )  # fmt: skip
    assert send(desk, limit(desk, ENTRY), channel="platform").json()["state"] == "in_time"
    assert refused(send(as_("township"), limit(desk, ENTRY), channel="platform"))[:2] == (403, "not_your_leg")


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "serious_risk_event", "trapped": 3},
        {"already_reported": "国家直报 2026-77"},
        {"nature": "non_production"},
    ],
)
def test_an_accident_outside_statistics_owes_no_statistics_report(as_, fields):
    found = put(as_("bureau"), recent_accident(**fields)).json()
    assert legs(as_("bureau"), to="statistics") == found["statistics_lacks"] == []


def test_an_accident_decided_not_counted_needs_no_completed_statistics(as_):
    put(as_("duty"), recent_accident(call=a_call(80)))
    post(as_("bureau"), {"stat_status": "not_counted", **PAPER}, "decide")
    assert [limit(as_("duty"), name)["state"] for name in (ENTRY, COMPLETION)] == ["in_time", "void"]


def test_reminders_of_statistics_deadlines_are_not_escalated(as_):
    put(as_("duty"), recent_accident(call=a_call(80)))
    reminding.remind(timezone.now() + timedelta(days=2))
    assert [each["stage"] for each in limit(as_("duty"), ENTRY)["reminders"]] == ["overdue"]
    assert limit(as_("duty"), COMPLETION)["reminders"] == []


# --- the clock, read again ---------------------------------------------------------------------------------------------------------
def test_an_accident_of_great_impact_is_telephoned_to_the_province_at_any_grade(as_):
    put(as_("duty"), recent_accident(call=a_call(80)))
    assert ("R4", "county", "province") not in states(as_("duty"))
    found = post(as_("bureau"), {"great_impact": True}, "decide").json()
    assert (found["great_impact"], found["grade"]) == (True, "general")
    assert states(as_("duty"))["R4", "county", "province"] == "overdue"  # the county has known for 80 minutes
    put(as_("duty"), recent_accident(great_impact=True, call=a_call(30)), number=2)
    assert states(as_("duty"), 2)["R4", "county", "province"] == "open"


def test_a_leg_owed_for_a_higher_grade_runs_from_when_the_grade_was_known(as_):
    put(as_("duty"), recent_accident(deaths=2, call=a_call(80)))
    desk = as_("duty")
    report(desk, deaths=3)
    assert leg(desk, "R4", "county", "province")["state"] == "open"
    known_at = ago(85)
    post(desk, {"level": "county", "at": known_at.isoformat(), "reason": "录音"}, "told")
    assert leg(desk, "R4", "county", "province")["state"] == "open"
    assert datetime.fromisoformat(leg(desk, "R2", "county", "city")["due_at"]) == known_at + timedelta(hours=2)


def test_a_stated_time_when_the_unit_knew_is_not_replaced_by_a_presumed_one(as_):
    known_at = ago(95)
    put(as_("duty"), recent_accident(unit_told_at=known_at.isoformat(), call=a_call(35)))
    before = leg(as_("duty"), "R1", "enterprise", "county")
    report(as_("duty"), deaths=1)
    report(as_("enterprise"), course="补充", unit_told_at=ago(40).isoformat())
    found = as_("duty").get(url()).json()["heard"]["enterprise"]
    assert (datetime.fromisoformat(found["at"]), found["presumed"]) == (known_at, False)
    assert leg(as_("duty"), "R1", "enterprise", "county") == before


def test_only_the_countys_report_corrects_a_presumed_time_of_knowledge(as_):
    put(as_("duty"), recent_accident(call=a_call(20)))
    report(as_("enterprise"), course="补充", unit_told_at=ago(70).isoformat())
    assert leg(as_("duty"), "R1", "enterprise", "county")["minutes_late"] in (19, 20)  # a minute may turn meanwhile
    report(as_("duty"), course="核实", unit_told_at=ago(75).isoformat())
    found = leg(as_("duty"), "R1", "enterprise", "county")
    assert (found["minutes_late"], found["presumed"]) == (0, False)


def test_a_higher_grade_brings_the_next_follow_up_deadline_forward(as_):
    desk = as_("duty")
    put(desk, recent_accident(call=a_call(80)))
    send(desk, leg(desk, "R2", "county", "city"))
    once = datetime.fromisoformat(leg(desk, "R5", "county", "city")["due_at"])
    report(desk, deaths=10)
    twice = datetime.fromisoformat(leg(desk, "R5", "county", "city")["due_at"])
    assert twice <= once and twice - timezone.now() <= timedelta(hours=24)


def test_a_unit_named_later_also_owes_its_report(as_):
    put(as_("village"), {"occurred_at": ago(90).isoformat()})
    assert ("R1", "enterprise", "county") not in states(as_("duty"))
    unit = recent_accident()["units"]
    answer = post(as_("bureau"), {"units": unit, "nature": "production", "sector": "metallurgy_trade"}, "decide")
    assert answer.json()["heard"]["enterprise"]["presumed"] is True
    assert states(as_("duty"))["R1", "enterprise", "county"] == "overdue"


def test_a_graded_or_investigated_accident_cannot_become_a_serious_risk_event(as_):
    for number, fields in enumerate(({"light_injuries": 1}, {"direct_loss_yuan": "10000000.00"}), 1):
        report_accident(number, **{"deaths": 0, **fields})
        assert refused(post(as_("bureau"), {"kind": "serious_risk_event"}, "decide", number=number))[:2] == (
            409,
            "wrong_step",
        )
    report_accident(3, deaths=0, sector="metallurgy_trade")
    assert (
        post(as_("bureau"), {"organiser": "县政府", "on": f"{YEAR}-03-06"}, "investigation", number=3).status_code
        == 201
    )
    assert refused(post(as_("bureau"), {"kind": "serious_risk_event"}, "decide", number=3))[:2] == (409, "wrong_step")
    report_accident(4, deaths=0)
    assert post(as_("bureau"), {"kind": "serious_risk_event"}, "decide", number=4).json()["grade"] is None


def test_a_counted_accident_becomes_non_production_only_with_paper(as_):
    report_accident()
    post(as_("bureau"), {"stat_status": "counted"}, "decide")
    sent = {"nature": "non_production"}
    assert refused(post(as_("bureau"), sent, "decide")) == (
        400,
        "reason_required",
        ["/reason", "/document", "/approved_by"],
    )
    assert post(as_("bureau"), {**sent, **PAPER}, "decide").json()["in_statistics"] is False


def test_concealment_cannot_be_found_before_the_reporting_deadline_has_passed(as_):
    put(as_("township"), recent_accident(occurred_at=ago(30).isoformat()))
    sent = {
        "kind": "concealed",
        "level": "enterprise",
        "enterprise": str(mine_key()),
        "evidence": "证人",
        "document": "文",
        "approved_by": "局长",
    }
    answer = post(as_("bureau"), sent, "findings")
    assert refused(answer)[:2] == (409, "wrong_step")
    put(as_("township"), recent_accident(occurred_at=ago(61).isoformat()), number=2)
    assert post(as_("bureau"), sent, "findings", number=2).status_code == 201


def test_the_document_extending_the_approval_is_kept(as_):
    report_accident(deaths=30, sector="metallurgy_trade")
    desk = as_("bureau")

    def step(name, **fields):
        return post(desk, fields, "investigation", *([name] if name else []))

    step("", organiser="国务院事故调查组", on=f"{YEAR}-03-06")
    step("submit", on=f"{YEAR}-05-01", document="报告")
    found = step("extend", of="approval", days=30, document="国办函", approved_by="国务院").json()
    assert (found["approval_due_on"], found["approval_extension_document"]) == (f"{YEAR}-06-30", "国办函")
    assert refused(step("extend", of="approval", days=1, document="国办函", approved_by="国务院")) == (
        400,
        "too_many_days",
        ["/days"],
    )


def mine_key():
    from tests.cast.people import MINE

    return MINE
