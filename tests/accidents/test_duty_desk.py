"""Stories of the duty desk over the API: the clock, reminders, duplicates, wrongful reports, events, investigations."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accidents import tasks
from accidents.clock import reminding
from accidents.duplicates import proposing
from accidents.models import Accident, AccidentReport, DuplicatePair, Finding, Receipt
from enterprises.models import Enterprise, StatedFact
from inbox.models import Message, Seen
from safety_api.models import OutboxMessage, TrailLine
from tests.accidents.test_doors import post, put, refused
from tests.cast.accidents import PAPER, V2, YEAR, V, W, at, body, key, occurring, report_accident, url
from tests.cast.figures import broken_keys, township_figures
from tests.cast.people import MINE
from tests.cast.units import mine
from tests.cast.visits import a_photo
from zero_accident.figures import rebuilding

pytestmark = pytest.mark.django_db
LEGS, REMINDERS, DUPLICATES = "/api/v1/report-legs", "/api/v1/report-reminders", "/api/v1/accident-twins"


def ago(minutes: int) -> datetime:
    return timezone.now().replace(second=0, microsecond=0) - timedelta(minutes=minutes)


def legs(client, number=1, **wanted) -> list[dict]:
    found = client.get(url(number, "clock")).json()
    return [each for each in found if all(each[name] == value for name, value in wanted.items())]


def leg(client, code, level, to, number=1) -> dict:
    [found] = legs(client, number, code=code, level=level, to=to)
    return found


def states(client, number=1) -> dict[tuple, str]:
    return {(each["code"], each["level"], each["to"]): each["state"] for each in legs(client, number)}


def a_call(minutes_ago: int, caller="enterprise", **more):
    return {
        "caller": caller,
        "name": "调度员",
        "phone": "13812345678",
        "received_at": ago(minutes_ago).isoformat(),
        **more,
    }


def recent_accident(**fields):
    unit = Enterprise.objects.filter(pk=MINE).first() or mine()
    return {"occurred_at": ago(100).isoformat(), "region": V, "units": occurring(unit), **fields}


def send(client, found, number=1, **fields):
    return post(client, {"channel": "telephone", **fields}, "legs", str(found["id"]), "send", number=number)


# --- the clock -----------------------------------------------------------------------------------------------------------------
def test_a_unit_reports_by_telephone_and_the_duty_officer_enters_the_call(as_):
    sent = recent_accident(description="一人被埋", unit_told_at=ago(95).isoformat(), call=a_call(35))
    answer = put(as_("duty"), sent)
    assert answer.status_code == 201, answer.json()
    found = answer.json()
    assert [(each["caller"], each["caller_phone"], each["by_name"]) for each in found["calls"]] == [
        ("enterprise", "13812345678", "冯值")
    ]
    assert as_("leader").get(url()).json()["calls"][0]["caller_phone"] == "138****5678"
    assert found["reports"][0]["channel"] == "telephone"
    own = leg(as_("duty"), "R1", "enterprise", "county")
    assert (own["state"], own["minutes_late"], own["told_to"], own["presumed"]) == (
        "in_time",
        0,
        "冯值",
        False,
    )  # 60 minutes sharp
    assert (
        leg(as_("duty"), "L1", "enterprise", "county")["state"] == "late"
    )  # half an hour by telephone: only a warning
    assert leg(as_("duty"), "L1", "enterprise", "county")["warning"] is True
    assert states(as_("duty")) == {
        ("R1", "enterprise", "county"): "in_time", ("L1", "enterprise", "county"): "late", ("L2", "enterprise", "county"): "overdue",
        ("L3", "enterprise", "township"): "overdue", ("R2", "county", "city"): "open", ("R2", "county", "government"): "open",
        ("R3", "county", "organs"): "open", ("R2", "county", "mine_safety"): "open",
        ("S1", "county", "statistics"): "open", ("S2", "county", "statistics"): "open",
    }  # fmt: skip


def test_a_written_supplement_meets_the_written_leg_after_a_call(as_):
    put(as_("duty"), recent_accident(unit_told_at=ago(95).isoformat(), call=a_call(90)))
    assert leg(as_("duty"), "L2", "enterprise", "county")["state"] == "overdue"
    sent = {"kind": "supplement", "course": "顶板冒落", "measures": "已组织救援", "call": a_call(40, channel="written")}
    assert post(as_("duty"), sent, "reports").status_code == 201
    assert leg(as_("duty"), "L2", "enterprise", "county")["state"] == "in_time"
    assert (
        leg(as_("duty"), "R1", "enterprise", "county")["sent_at"]
        == ago(90).astimezone(timezone.get_default_timezone()).isoformat()
    )


def test_a_report_by_app_counts_as_the_units_report_to_county_and_township(as_):
    put(as_("enterprise"), recent_accident(region=None, occurred_at=ago(50).isoformat()))
    found = states(as_("enterprise"))
    assert found["R1", "enterprise", "county"] == found["L2", "enterprise", "county"] == "in_time"
    assert (
        found["L1", "enterprise", "county"] == "overdue"
    )  # the telephone is the legal first report, and it has not rung
    assert ("R2", "township", "county") not in found  # the county has heard already
    assert leg(as_("duty"), "R1", "enterprise", "county")["presumed"] is True


@pytest.mark.parametrize("late_by, state, minutes", [(0, "in_time", 0), (1, "late", 1), (12, "late", 12)])
def test_a_report_after_exactly_sixty_minutes_is_in_time(as_, late_by, state, minutes):
    put(as_("duty"), recent_accident(unit_told_at=ago(90).isoformat(), call=a_call(30 - late_by)))
    own = leg(as_("duty"), "R1", "enterprise", "county")
    assert (own["state"], own["minutes_late"]) == (state, minutes)


def test_the_reporting_chain_ends_at_the_highest_level_the_grade_requires(as_):
    put(as_("duty"), recent_accident(deaths=3, call=a_call(80)))
    desk = as_("duty")
    assert leg(desk, "R4", "county", "province")["state"] == "overdue"
    assert ("R2", "city", "province") not in states(desk)
    answer = send(desk, leg(desk, "R2", "county", "city"), sent_at=ago(40).isoformat(), told_to="市局值班室")
    assert answer.status_code == 200, answer.json()
    assert (answer.json()["state"], answer.json()["told_to"]) == ("in_time", "市局值班室")
    assert leg(desk, "R2", "city", "province")["received_at"] == answer.json()["sent_at"]
    assert leg(desk, "R5", "county", "city")["state"] == "open"
    send(desk, leg(desk, "R2", "city", "province"))
    assert ("R2", "province", "state") not in states(desk)  # 较大: the province is enough


def test_a_later_death_raises_the_grade_and_opens_the_legs_of_that_grade(as_):
    put(as_("duty"), recent_accident(deaths=2, call=a_call(80)))
    desk = as_("duty")
    assert ("R4", "county", "province") not in states(desk)
    assert post(desk, {"kind": "follow_up", "deaths": 3}, "reports").json()["grade"] == "larger"
    quick = leg(desk, "R4", "county", "province")
    assert quick["state"] == "open" and quick["minutes_left"] in (59, 60)
    fallen = {"kind": "supplement", "deaths": 2, "reason": "一人经抢救生还"}
    assert post(desk, fallen, "reports").json()["grade"] == "general"
    assert leg(desk, "R4", "county", "province")["state"] == "void"


def test_follow_up_reports_are_due_daily_until_the_rescue_ends(as_):
    put(as_("duty"), recent_accident(call=a_call(80)))
    desk = as_("duty")
    send(desk, leg(desk, "R2", "county", "city"))
    first = leg(desk, "R5", "county", "city")
    assert datetime.fromisoformat(first["due_at"]).hour == 0
    assert send(desk, first, channel="written").status_code == 200
    assert [each["state"] for each in legs(desk, code="R5")].count("open") == 1
    answer = post(desk, {"at": ago(1).isoformat()}, "rescue-ended")
    assert answer.json()["rescue_ended_at"]
    assert [each["state"] for each in legs(desk, code="R5")] == ["in_time", "void"]


def test_a_receipt_names_the_person_and_each_level_receives_only_its_own_legs(as_):
    put(as_("duty"), recent_accident(call=a_call(80)))
    desk, township = as_("duty"), as_("township")
    shown = leg(desk, "L3", "enterprise", "township")
    receive = ("legs", str(shown["id"]), "receive")
    assert refused(post(township, {}, *receive))[:2] == (409, "wrong_step")  # nobody has told it yet
    assert send(township, shown, sent_at=ago(70).isoformat()).status_code == 200
    found = post(as_("leader"), {}, *receive).json()
    assert [(each["person"], each["by_role"]) for each in found["receipts"]] == [("钱镇", "township_leader")]
    city = leg(desk, "R2", "county", "city")
    send(desk, city)
    assert refused(post(township, {}, "legs", str(city["id"]), "receive"))[:2] == (403, "not_your_leg")
    found = post(desk, {"person": "市局 李"}, "legs", str(city["id"]), "receive").json()
    assert found["receipts"][0]["person"] == "市局 李"
    assert Receipt.objects.count() == 2


def test_correcting_a_recorded_sending_time_needs_a_reason_and_is_logged(as_):
    put(as_("duty"), recent_accident(call=a_call(80)))
    desk = as_("duty")
    city = leg(desk, "R2", "county", "city")
    assert send(desk, city, sent_at=ago(5).isoformat()).status_code == 200
    assert refused(send(desk, city, sent_at=ago(15).isoformat())) == (400, "reason_required", ["/reason"])
    assert send(desk, city, sent_at=ago(15).isoformat(), reason="录音核对").status_code == 200
    line = TrailLine.objects.filter(verb="accident.send_leg").order_by("-id").first()
    assert datetime.fromisoformat(line.details["before"]["sent_at"]) == ago(5)


def test_a_leg_that_requires_the_telephone_cannot_be_met_in_writing(as_):
    put(as_("duty"), recent_accident(deaths=3, call=a_call(80)))
    found = leg(as_("duty"), "R4", "county", "province")
    assert refused(send(as_("duty"), found, channel="written")) == (400, "wrong_channel", ["/channel"])


def test_correcting_when_a_unit_knew_moves_its_reporting_deadline(as_):
    put(as_("duty"), recent_accident(call=a_call(20)))
    desk = as_("duty")
    assert leg(desk, "R1", "enterprise", "county")["minutes_late"] == 20
    sent = {"level": "enterprise", "at": ago(75).isoformat(), "reason": "调度台录音"}
    assert post(desk, sent, "told").json()["heard"]["enterprise"]["presumed"] is False
    assert leg(desk, "R1", "enterprise", "county")["state"] == "in_time"
    assert refused(post(desk, {**sent, "reason": ""}, "told"))[:2] == (400, "reason_required")
    assert post(as_("township"), sent, "told").status_code == 403


def test_an_accident_reported_elsewhere_or_not_of_production_owes_no_reports(as_):
    put(as_("bureau"), recent_accident(already_reported="国家直报 2026-77"))
    put(as_("bureau"), recent_accident(nature="non_production"), number=2)
    assert states(as_("bureau")) == states(as_("bureau"), 2) == {}
    put(as_("bureau"), recent_accident(), number=3)
    assert legs(as_("bureau"), 3, state="open")
    post(as_("bureau"), {"nature": "non_production"}, "decide", number=3)
    assert set(states(as_("bureau"), 3).values()) == {"void"}


def test_completeness_of_a_report_grows_with_each_supplement(as_):
    found = put(as_("village"), {"occurred_at": ago(20).isoformat()}).json()["completeness"]
    assert (found["complete"], found["of"]) == (0, 6)
    sent = {"kind": "supplement", "unit_overview": "某砖厂", "scene": "窑顶", "course": "塌落", "measures": "已撤人", "other": "无",
            "deaths": 1, "serious_injuries": 0, "missing": 0, "direct_loss_yuan": "1.00"}  # fmt: skip
    found = post(as_("township"), sent, "reports").json()["completeness"]
    assert {each["code"]: each["missing"] for each in found["groups"] if not each["complete"]} == {"scene": ["place"]}
    assert found["complete"] == 5


# --- what is due ---------------------------------------------------------------------------------------------------------------
def test_the_list_of_legs_due_is_ordered_by_deadline(as_):
    put(as_("duty"), recent_accident(call=a_call(80)))
    rows = as_("duty").get(LEGS).json()["results"]
    assert [each["due_at"] for each in rows] == sorted(each["due_at"] for each in rows)
    assert {each["accident"] for each in rows} == {str(key(1))}
    overdue = as_("duty").get(f"{LEGS}?due=overdue&warning=false").json()["results"]
    assert overdue == []
    soon = as_("duty").get(f"{LEGS}?due=soon&within=45").json()["results"]
    assert {each["to"] for each in soon} == {"city", "government", "organs", "mine_safety"}
    assert as_("duty").get(f"{LEGS}?region=141123101").json()["results"] == []
    assert as_("inspector2").get(LEGS).json()["results"] == []
    assert refused(as_("duty").get(f"{LEGS}?due=never"))[0] == 400


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_of_legs_due_takes_four_queries_at_any_length(as_, rows, django_assert_num_queries):
    unit = occurring(mine())
    for number in range(rows):
        put(as_("duty"), {"occurred_at": ago(100).isoformat(), "region": V, "units": unit}, number=number)
    phone = as_("duty")
    with django_assert_num_queries(4):  # token · legs with their accidents · receipts · reminders
        assert len(phone.get(f"{LEGS}?limit=30").json()["results"]) == min(30, rows * 10)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_of_reminders_takes_seven_queries_at_any_length(as_, rows, django_assert_num_queries):
    for number in range(rows):
        put(as_("duty"), recent_accident(call=a_call(80)), number=number)
    reminding.remind(timezone.now() + timedelta(hours=1))
    phone = as_("duty")
    with django_assert_num_queries(7):  # token · whose deputy · done and not done, to the person and to the post · their legs
        assert phone.get(f"{REMINDERS}?limit=30").json()["results"]


def test_a_leg_is_warned_before_reminded_after_and_escalated_long_after_its_deadline(as_):
    put(as_("duty"), recent_accident(call=a_call(80)))
    city = leg(as_("duty"), "R2", "county", "city")
    due = datetime.fromisoformat(city["due_at"])

    def reminded_at(moment) -> list[str]:
        tasks.watch_clocks(moment.isoformat())
        return [each["stage"] for each in leg(as_("duty"), "R2", "county", "city")["reminders"]]

    assert reminded_at(due - timedelta(minutes=16)) == []
    assert reminded_at(due - timedelta(minutes=15)) == ["before"]
    assert reminded_at(due - timedelta(minutes=15)) == ["before"]  # repeating changes nothing
    assert reminded_at(due) == ["before"]  # equality is in time
    assert reminded_at(due + timedelta(seconds=1)) == ["before", "overdue"]
    assert reminded_at(due + timedelta(minutes=31)) == ["before", "overdue", "escalated"]
    said = Message.objects.filter(kind="accident.clock", details__leg=city["id"]).values_list("pk", flat=True)
    brought = [number for each in OutboxMessage.objects.filter(topic="inbox.sent") for number in each.payload["messages"]]
    assert len(said) == 3 and set(said) <= set(brought)


def test_a_leg_checked_hours_late_gets_one_reminder_at_its_highest_stage(as_):
    put(as_("duty"), recent_accident(call=a_call(80)))
    city = leg(as_("duty"), "R2", "county", "city")
    reminding.remind(datetime.fromisoformat(city["due_at"]) + timedelta(hours=3))
    assert [each["stage"] for each in leg(as_("duty"), "R2", "county", "city")["reminders"]] == ["escalated"]
    assert reminding.remind(datetime.fromisoformat(city["due_at"]) + timedelta(hours=4)) == 0


def test_local_deadlines_bring_one_overdue_reminder_and_no_escalation(as_):
    put(as_("duty"), recent_accident(call=a_call(80)))
    reminding.remind(timezone.now() + timedelta(days=1))
    assert {each["stage"] for each in leg(as_("duty"), "L2", "enterprise", "county")["reminders"]} == {"overdue"}


def test_reminders_reach_only_those_who_owe_the_report_and_are_acknowledged_once(as_):
    put(as_("duty"), recent_accident(call=a_call(80)))
    reminding.remind(timezone.now())
    assert as_("committee").get(REMINDERS).json()["results"] == []
    [own, *_] = as_("enterprise").get(f"{REMINDERS}?unseen=true").json()["results"]
    seen = as_("enterprise").post(f"{REMINDERS}/{own['id']}/seen", {}, format="json").json()
    assert seen["seen_name"] == "陈矿"
    assert own["id"] not in {each["id"] for each in as_("enterprise").get(f"{REMINDERS}?unseen=true").json()["results"]}
    assert as_("inspector2").post(f"{REMINDERS}/{own['id']}/seen", {}, format="json").status_code == 404
    assert Seen.objects.get(message=own["id"]).name == "陈矿"


# --- serious-risk events -------------------------------------------------------------------------------------------------------
def test_a_serious_risk_event_has_no_grade_breaks_nobody_and_owes_reports(as_):
    sent = recent_accident(kind="serious_risk_event", trapped=3, evacuated=20, category="Z1", dangers=["pollution"])
    found = put(as_("duty"), sent).json()
    assert (found["kind"], found["grade"], found["risk_reasons"]) == (
        "serious_risk_event",
        None,
        ["trapped_or_missing", "pollution"],
    )
    assert ("R2", "county", "city") in states(as_("duty"))
    assert broken_keys() == set() and found["in_statistics"] is False
    assert rebuilding.rebuild(timezone.localdate().year, check=True).count == 0


def test_a_serious_risk_event_with_a_casualty_becomes_an_accident(as_):
    put(as_("duty"), recent_accident(kind="serious_risk_event", trapped=3, category="Z1"))
    found = post(as_("duty"), {"kind": "follow_up", "deaths": 1, "trapped": 2}, "reports").json()
    assert (found["kind"], found["grade"], found["deaths"]) == ("accident", "general", 1)
    assert refused(post(as_("bureau"), {"kind": "serious_risk_event"}, "decide"))[:2] == (409, "wrong_step")


# --- duplicates -----------------------------------------------------------------------------------------------------------------
HERE = {"lon": 111.127486, "lat": 38.461818, "crs": "wgs84"}
NEAR = {"lon": 111.1350, "lat": 38.4650, "crs": "wgs84"}  # 760 m off
FAR = {"lon": 111.1800, "lat": 38.4618, "crs": "wgs84"}  # 4.6 km off


@pytest.mark.parametrize(
    "other, proposed",
    [
        ({"location": NEAR}, True), ({"location": FAR}, False), ({"location": NEAR, "occurred_at": at(3, 5, 15)}, True),
        ({"location": NEAR, "occurred_at": at(3, 5, 16)}, False), ({"location": None, "region": V2}, True),
        ({"location": None, "category": "Z4"}, False), ({"location": None, "region": W}, False), ({"location": NEAR, "region": W}, True),
    ],
)  # fmt: skip
def test_duplicate_reports_are_proposed_by_distance_and_time(as_, other, proposed):
    report_accident(1, location=HERE)
    report_accident(2, **other)
    rows = as_("duty").get(DUPLICATES).json()["results"]
    assert [(each["first"]["id"], each["second"]["id"]) for each in rows] == (
        [(str(key(1)), str(key(2)))] if proposed else []
    )
    assert len(as_("duty").get(url(1, "twins")).json()) == int(proposed)


def test_duplicate_reports_are_proposed_once_using_the_spatial_index(as_):
    from django.db import connection

    report_accident(1, location=HERE), report_accident(2, location=NEAR)
    DuplicatePair.objects.all().delete()
    assert proposing.propose([key(1)]) == 1
    assert proposing.propose([key(1)]) == 0
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT 1 FROM zero_accident_accident o, (SELECT point FROM zero_accident_accident WHERE id = %s) me"
                       " WHERE o.point && ST_Expand(me.point, 0.03, 0.02)", [key(1)])  # fmt: skip
        assert "accident_point" in str(cursor.fetchall())


def join(client, number=2, into=1, **fields):
    return post(client, {"into": str(key(into)), "reason": "同一起", **fields}, "join", number=number)


def two_duplicate_reports(as_, **second):
    unit = mine()
    put(as_("township"), body(occurred_at=ago(100).isoformat(), units=occurring(unit), deaths=1))
    sent = body(
        occurred_at=ago(98).isoformat(),
        region=None,
        units=[],
        deaths=1,
        unit_told_at=ago(90).isoformat(),
        photos=[a_photo(1)],
        **second,
    )
    answer = put(as_("enterprise"), sent, number=2)
    assert answer.status_code == 201, answer.json()
    return unit


def test_joined_duplicate_reports_count_once_and_all_reports_are_kept(as_):
    two_duplicate_reports(as_)
    year = timezone.localdate().year
    assert township_figures(year=year).accidents == 2
    answer = join(as_("duty"))
    assert answer.status_code == 200, answer.json()
    assert (answer.json()["joined_to"], answer.json()["in_statistics"]) == (str(key(1)), False)
    assert (township_figures(year=year).accidents, township_figures(year=year).deaths) == (1, 1)
    remaining = as_("leader").get(url(1)).json()
    [duplicate] = remaining["twins"]
    assert (duplicate["id"], len(duplicate["reports"]), len(duplicate["photos"])) == (str(key(2)), 1, 1)
    assert as_("enterprise").get(url(2)).status_code == 200
    assert [each["id"] for each in as_("duty").get("/api/v1/accidents").json()["results"]] == [str(key(1))]
    assert len(as_("duty").get("/api/v1/accidents?joined=true").json()["results"]) == 2
    assert DuplicatePair.objects.get().state == "joined"
    assert rebuilding.rebuild(year, check=True).count == 0


def test_a_units_report_in_time_on_a_duplicate_counts_for_the_remaining_record(as_):
    two_duplicate_reports(as_)
    assert leg(as_("duty"), "R1", "enterprise", "county")["sent_at"] is None
    own = leg(as_("duty"), "R1", "enterprise", "county", 2)
    join(as_("duty"))
    assert leg(as_("duty"), "R1", "enterprise", "county")["sent_at"] == own["sent_at"]
    assert {each["state"] for each in legs(as_("duty"), 2)} <= {"void", "late", "in_time"}
    assert post(as_("duty"), {"reason": "经核实为两起"}, "separate", number=2).json()["joined_to"] is None
    assert leg(as_("duty"), "R1", "enterprise", "county")["sent_at"] is None
    assert township_figures(year=timezone.localdate().year).accidents == 2
    assert legs(as_("duty"), 2, state="open")
    assert rebuilding.rebuild(timezone.localdate().year, check=True).count == 0


def test_a_report_on_a_joined_duplicate_is_applied_to_the_remaining_record(as_):
    two_duplicate_reports(as_)
    join(as_("duty"))
    assert post(as_("enterprise"), {"kind": "follow_up", "deaths": 2}, "reports", number=2).status_code == 201
    remaining = as_("duty").get(url(1)).json()
    assert (remaining["deaths"], remaining["reports"][-1]["through"]) == (2, str(key(2)))
    assert refused(post(as_("bureau"), {"nature": "production"}, "decide", number=2))[:2] == (409, "wrong_step")
    assert refused(post(as_("bureau"), PAPER, "write-off", number=2))[:2] == (409, "wrong_step")


def test_a_duplicate_with_higher_casualties_cannot_be_joined(as_):
    two_duplicate_reports(as_)
    post(as_("enterprise"), {"kind": "follow_up", "deaths": 2}, "reports", number=2)
    assert refused(join(as_("duty"))) == (409, "twin_tells_more", ["/deaths"])
    post(as_("duty"), {"kind": "supplement", "deaths": 2}, "reports")
    assert join(as_("duty")).status_code == 200


def test_joins_cannot_be_chained_and_can_be_undone_only_once(as_):
    report_accident(1), report_accident(2), report_accident(3)
    assert join(as_("duty"), 2, 1).status_code == 200
    assert refused(join(as_("duty"), 2, 3))[:2] == (409, "wrong_step")
    assert refused(join(as_("duty"), 3, 2))[:2] == (409, "wrong_step")
    assert refused(join(as_("duty"), 1, 3))[:2] == (409, "wrong_step")
    assert post(as_("duty"), {"reason": "两起"}, "separate", number=2).status_code == 200
    assert refused(post(as_("duty"), {"reason": "两起"}, "separate", number=2))[:2] == (409, "wrong_step")


def test_a_dismissed_duplicate_pair_is_not_proposed_again(as_):
    report_accident(1), report_accident(2)
    [pair] = as_("duty").get(DUPLICATES).json()["results"]
    address = f"{DUPLICATES}/{pair['id']}/dismiss"
    assert as_("duty").post(address, {"reason": "相邻两矿"}, format="json").json()["state"] == "dismissed"
    assert as_("duty").post(address, {"reason": "相邻两矿"}, format="json").status_code == 409
    assert proposing.propose([key(1), key(2)]) == 0
    assert as_("duty").get(DUPLICATES).json()["results"] == []


@pytest.mark.parametrize("rows", [2, 9])
def test_the_list_of_duplicate_pairs_takes_two_queries_at_any_length(as_, rows, django_assert_num_queries):
    for number in range(rows):
        report_accident(number)
    phone = as_("duty")
    with django_assert_num_queries(2):  # token · pairs with both records
        assert len(phone.get(DUPLICATES).json()["results"]) == rows * (rows - 1) // 2


# --- wrongful reports ----------------------------------------------------------------------------------------------------------
FOUND = {
    "kind": "concealed",
    "level": "enterprise",
    "evidence": "入井人员定位证实",
    "document": "兴应急认〔2025〕4号",
    "approved_by": "局长办公会",
}


def test_a_concealment_finding_becomes_a_fact_of_the_unit_and_can_be_revoked(as_):
    unit = mine()
    report_accident(units=occurring(unit))
    answer = post(as_("bureau"), {**FOUND, "enterprise": str(MINE)}, "findings")
    assert answer.status_code == 201, answer.json()
    [finding] = answer.json()
    fact = StatedFact.objects.get(kind="concealment")
    assert (fact.enterprise_id, fact.value, fact.document) == (MINE, {"accident": str(key(1))}, FOUND["document"])
    assert finding["in_force"] is True
    paper = {"reason": "复核已按时电话报告", "document": "兴应急复〔2025〕1号", "approved_by": "局长办公会"}
    both = post(as_("bureau"), paper, "findings", str(finding["id"]), "revoke").json()
    assert [(each["in_force"], each["revokes"]) for each in both] == [(False, None), (False, finding["id"])]
    fact.refresh_from_db()
    assert fact.known_to is not None
    assert refused(post(as_("bureau"), paper, "findings", str(finding["id"]), "revoke"))[:2] == (409, "wrong_step")
    assert as_("enterprise").get(url(1, "findings")).json() == both


def test_concealment_cannot_be_found_against_a_unit_that_reported_in_time(as_):
    put(as_("duty"), recent_accident(unit_told_at=ago(95).isoformat(), call=a_call(60)))
    assert refused(post(as_("bureau"), {**FOUND, "enterprise": str(MINE)}, "findings"))[:2] == (409, "reported_in_time")
    assert not Finding.objects.exists()


@pytest.mark.parametrize("kind", ["late", "omitted", "mistaken"])
def test_late_omitted_or_mistaken_reports_are_recorded_but_are_no_fact_of_the_unit(as_, kind):
    report_accident(units=occurring(mine()))
    assert post(as_("bureau"), {**FOUND, "kind": kind, "enterprise": str(MINE)}, "findings").status_code == 201
    assert not StatedFact.objects.exists()


# --- investigations ------------------------------------------------------------------------------------------------------------
def step(client, name: str, number=1, **fields):
    return post(client, fields, "investigation", *([name] if name else []), number=number)


def test_an_investigation_runs_from_its_group_to_the_assessment_a_year_later(as_):
    report_accident(units=occurring(mine()), sector="metallurgy_trade")
    desk = as_("bureau")
    assert refused(desk.get(url(1, "investigation")))[:2] == (404, "no_investigation")
    found = step(desk, "", organiser="兴县人民政府", on=f"{YEAR}-03-06").json()
    assert (found["level"], found["state"], found["report_due_on"]) == ("county", "open", f"{YEAR}-05-04")
    found = step(
        desk, "appraise", what="材料检验", begun_on=f"{YEAR}-04-01", ended_on=f"{YEAR}-04-10", document="委托书"
    ).json()
    assert (found["appraisal_days"], found["report_due_on"]) == (10, f"{YEAR}-05-14")
    assert refused(step(desk, "extend", days=60, document="批文"))[:2] == (400, "paper_required")
    found = step(desk, "extend", days=60, document="批文", approved_by="县政府").json()
    assert found["report_due_on"] == f"{YEAR}-07-13"
    assert refused(step(desk, "extend", days=1, document="批文", approved_by="县政府"))[:2] == (400, "too_many_days")
    assert refused(step(desk, "approve", on=f"{YEAR}-07-01", document="批复"))[:2] == (409, "wrong_step")
    found = step(desk, "submit", on=f"{YEAR}-07-01", document="调查报告").json()
    assert (found["approval_due_on"], found["report_overdue"]) == (f"{YEAR}-07-16", False)
    assert refused(step(desk, "approve", on=f"{YEAR}-06-30", document="批复")) == (400, "out_of_order", ["/on"])
    found = step(desk, "approve", on=f"{YEAR}-07-16", document="批复").json()
    assert (found["approval_overdue"], found["assessment_due_on"]) == (False, f"{YEAR + 1}-07-16")
    for name in ("cause", "responsible", "measures"):
        assert step(desk, "mark", mark=name, on=f"{YEAR}-08-01", document="依据").status_code == 200
    refusal = step(desk, "close", on=f"{YEAR}-09-01").json()
    assert (refusal["code"], [each["detail"] for each in refusal["errors"]]) == ("marks_missing", ["educated"])
    step(desk, "mark", mark="educated", on=f"{YEAR}-08-01", document="依据")
    assert step(desk, "close", on=f"{YEAR}-09-01").json()["state"] == "closed"
    found = step(desk, "assess", on=f"{YEAR + 1}-07-10", document="评估报告", assessment="已落实").json()
    assert (found["assessed_on"], found["assessment_overdue"]) == (f"{YEAR + 1}-07-10", False)
    assert as_("leader").get(url(1, "investigation")).json()["state"] == "closed"


@pytest.mark.parametrize(
    "fields, level, status",
    [
        ({}, None, 201), ({}, "city", 201), ({}, "unit", 400), ({"deaths": 0}, "unit", 201), ({"deaths": 3}, "county", 400),
        ({"deaths": 3}, "city", 201), ({"sector": "coal_mine"}, "county", 400), ({"sector": "coal_mine"}, "mine_safety", 201),
        ({"sector": "coal_mine"}, None, 201),
    ],
)  # fmt: skip
def test_the_investigation_level_follows_the_grade_and_coal_mines_go_to_mine_safety(as_, fields, level, status):
    report_accident(units=occurring(mine()), **{"sector": "metallurgy_trade", **fields})
    answer = step(as_("bureau"), "", organiser="调查组", on=f"{YEAR}-03-06", **({"level": level} if level else {}))
    assert answer.status_code == status, answer.json()
    if status == 400:
        assert answer.json()["code"] == "not_the_level"
    elif fields.get("sector") == "coal_mine":
        assert answer.json()["level"] == "mine_safety"


def test_a_higher_government_takes_over_the_investigation_when_the_grade_rises(as_):
    report_accident(units=occurring(mine()), sector="metallurgy_trade")
    desk = as_("bureau")
    step(desk, "", organiser="兴县人民政府", on=f"{YEAR}-03-06")
    post(desk, {"kind": "supplement", "deaths": 3, "held_at": at(3, 20).isoformat()}, "reports")
    found = desk.get(url(1, "investigation")).json()
    assert (found["level"], found["level_due"], found["level_holds"]) == ("county", "city", False)
    assert (
        step(desk, "take-over", level="city", organiser="吕梁市人民政府", document="函").json()["level_holds"] is True
    )


def test_non_production_accidents_have_no_investigation(as_):
    report_accident(nature="non_production", category="Z2")
    assert refused(step(as_("bureau"), "", organiser="调查组"))[:2] == (409, "wrong_step")
    assert step(as_("township"), "", organiser="调查组").status_code == 403


# --- what the database keeps ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("doomed", [Accident, AccidentReport, Finding])
def test_the_database_refuses_to_delete_accidents_reports_and_findings(as_, doomed):
    report_accident(units=occurring(mine()))
    post(as_("bureau"), {**FOUND, "enterprise": str(MINE)}, "findings")
    with pytest.raises(DatabaseError), transaction.atomic():
        doomed.objects.all()._raw_delete(using="default")
