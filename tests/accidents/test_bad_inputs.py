"""Bad input, one table a door: who sends what → status, word, pointers; and nothing is half stored."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from enterprises.models import Enterprise
from evidence.models import Photo
from geo.actions import load_edition
from geo.models import Region
from safety_api.models import OutboxMessage
from tests.cast.accidents import OTHER_TOWN, PAPER, TOWN, V2, YEAR, V, W, at, body, key, occurring, report_accident, url
from tests.cast.people import MINE
from tests.cast.units import elsewhere, mine, unit
from tests.cast.visits import a_photo

pytestmark = pytest.mark.django_db
AWAY = "00000000-0000-4000-8000-000000000002"  # the unit of another township
FAR_UNIT, FAR = "00000000-0000-4000-8000-0000000000fa", "141124100200"  # of another county
FUTURE, LONG_AGO = "2099-01-01T00:00:00+08:00", "2000-01-01T00:00:00+08:00"
MY = str(MINE)


def refused(answer) -> tuple[int, str, list[str]]:
    found = answer.json()
    return answer.status_code, found["code"], sorted({error["pointer"] for error in found.get("errors", [])})


def stored_rows() -> list[tuple[str, str]]:
    """Every row of ours, and what is told to others about it: in the database's own words, in one question."""
    rooms = (apps.get_app_config(name) for name in ("accidents", "zero_accident"))
    ours = [model for room in rooms for model in room.get_models() if model._meta.managed]
    tables = [model._meta.db_table for model in (*ours, OutboxMessage, Photo)]
    rows = [f"SELECT '{table}', {table}::text FROM {table}" for table in tables]
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join([*rows, "SELECT 'trail', verb FROM safety_trail_line WHERE verb LIKE 'accident%'"])
        )
        return sorted(cursor.fetchall())


@pytest.fixture
def units(db):
    mine(), elsewhere()
    for code, level in ((f"{FAR[:6]}000000", "county"), (f"{FAR[:9]}000", "township"), (FAR, "village")):
        Region.objects.create(code=code, name=f"临县{level}", level=level)
    unit("临县某矿", region=FAR, id=FAR_UNIT)


def named(key: Any, **more: Any) -> list[dict[str, Any]]:
    return [{"enterprise": key, **more}]


def check(send, status: int, code: str, pointers: list[str]) -> None:
    before = stored_rows()
    assert refused(send()) == (status, code, pointers)
    assert stored_rows() == before


# --- the first report ----------------------------------------------------------------------------------------------------------
FIRST: list[tuple[dict[str, Any], str, str]] = [
    # moments
    ({"occurred_at": "2025-03-05T09:00:00"}, "invalid", "/occurred_at"),
    ({"occurred_at": "2025-03-05"}, "invalid", "/occurred_at"),
    ({"occurred_at": "2025-03-05T25:00:00+08:00"}, "invalid", "/occurred_at"),
    ({"occurred_at": "2025-03-05T24:00:00+08:00"}, "invalid", "/occurred_at"),
    ({"occurred_at": "2025-06-30T23:59:60+08:00"}, "invalid", "/occurred_at"),
    ({"occurred_at": "2025-02-29T09:00:00+08:00"}, "invalid", "/occurred_at"),
    ({"occurred_at": "2025-03-05T09:00:00+25:00"}, "invalid", "/occurred_at"),
    ({"occurred_at": "昨天上午九点"}, "invalid", "/occurred_at"),
    ({"occurred_at": ""}, "invalid", "/occurred_at"),
    ({"occurred_at": 1741136400}, "invalid", "/occurred_at"),
    ({"occurred_at": True}, "invalid", "/occurred_at"),
    ({"occurred_at": ["2025-03-05T09:00:00+08:00"]}, "invalid", "/occurred_at"),
    ({"occurred_at": None}, "invalid", "/occurred_at"),
    ({"held_at": "2025-03-06T09:00:00"}, "invalid", "/held_at"),
    # counts
    *[
        ({"deaths": wrong}, "invalid", "/deaths")
        for wrong in (-1, 1.0, 1e3, "1", "一", True, False, 10**12, 100_001, [], {}, [1])
    ],
    *[
        ({name: -1}, "invalid", f"/{name}")
        for name in (
            "serious_injuries",
            "acute_poisonings",
            "light_injuries",
            "missing",
            "endangered",
            "trapped",
            "evacuated",
        )
    ],
    # money
    *[
        ({"direct_loss_yuan": wrong}, "invalid", "/direct_loss_yuan")
        for wrong in (
            1200000.0,
            1200000,
            0,
            True,
            "-1.00",
            "-0.01",
            "1.005",
            "1.",
            ".5",
            "NaN",
            "Infinity",
            "-Infinity",
            "1e5",
            "1E+3",
            "1" * 15,
            "1" * 400,
            "1,200.00",
            "１２００",
            "٣",
            "1 000",
            "1_000",
            "+1",
            "",
            "  ",
            "十万",
            "0x10",
            [],
            {},
        )
    ],
    # words
    ({"category": "Z9"}, "invalid", "/category"),
    ({"category": ""}, "invalid", "/category"),
    ({"category": ["Z1"]}, "invalid", "/category"),
    ({"category": {"code": "Z1"}}, "invalid", "/category"),
    ({"nature": "private"}, "invalid", "/nature"),
    ({"kind": "miracle"}, "invalid", "/kind"),
    ({"dangers": ["boredom"]}, "invalid", "/dangers/0"),
    ({"dangers": "other"}, "invalid", "/dangers"),
    ({"sector": "space_travel"}, "unknown_sector", "/sector"),
    ({"sector": "  "}, "invalid", "/sector"),
    ({"on_trunk_road": "maybe"}, "invalid", "/on_trunk_road"),
    ({"on_trunk_road": None}, "invalid", "/on_trunk_road"),
    ({"great_impact": 2}, "invalid", "/great_impact"),
    # places
    ({"region": "141123100999"}, "unknown_region", "/region"),
    ({"region": "141123"}, "unknown_region", "/region"),
    ({"region": "141123000000"}, "unknown_region", "/region"),  # the county is neither village nor township
    ({"region": "village"}, "unknown_region", "/region"),
    ({"region": "１４１１２３１００２００"}, "unknown_region", "/region"),
    ({"region": 141123100200}, "invalid", "/region"),
    ({"region": W}, "unknown_region", "/region"),  # of another township
    ({"region": FAR}, "unknown_region", "/region"),  # of another county
    ({"region": "  "}, "invalid", "/region"),
    ({"location": {"lon": 111.1, "lat": 38.4}}, "crs_required", "/location/crs"),
    ({"location": {"lon": 11.1, "lat": 38.4, "crs": "wgs84"}}, "outside_china", "/location"),
    ({"location": {"lon": "111.1", "lat": 38.4, "crs": "wgs84"}}, "not_a_number", "/location/lon"),
    ({"location": {"lon": 111.1, "lat": 138.4, "crs": "wgs84"}}, "outside_china", "/location"),
    ({"location": {"lon": 111.1, "lat": 38.4, "crs": "wgs84", "height": 3}}, "unknown_field", "/location/height"),
    ({"location": [111.1, 38.4]}, "invalid", "/location"),
    # units
    ({"units": named(str(key(5)))}, "unknown_enterprise", "/units/0/enterprise"),
    ({"units": named(AWAY)}, "unknown_enterprise", "/units/0/enterprise"),
    ({"units": named(FAR_UNIT)}, "unknown_enterprise", "/units/0/enterprise"),
    ({"units": [*named(MY), *named(MY)]}, "twice", "/units/1/enterprise"),
    ({"units": [*named(MY), *named(MY.replace("-", "").upper(), role="owner")]}, "twice", "/units/1/enterprise"),
    ({"units": named(MY, role="victim")}, "invalid", "/units/0/role"),
    ({"units": named(MY, responsible="perhaps")}, "invalid", "/units/0/responsible"),
    ({"units": named(MY, share=0.5)}, "unknown_field", "/units/0/share"),
    ({"units": named("mine")}, "invalid", "/units/0/enterprise"),
    ({"units": named(None)}, "invalid", "/units/0/enterprise"),
    ({"units": [MY]}, "invalid", "/units/0"),
    ({"units": {"enterprise": MY}}, "invalid", "/units"),
    ({"units": None}, "invalid", "/units"),
    ({"units": named(MY) * 51}, "invalid", "/units"),
    # text
    *[({name: "退\x08格"}, "nul", f"/{name}") for name in ("description", "place", "course", "measures")],
    ({"description": "长" * 4001}, "invalid", "/description"),
    ({"place": "长" * 201}, "invalid", "/place"),
    ({"description": ["a"]}, "invalid", "/description"),
    ({"description": 5}, "invalid", "/description"),
    # what is not ours to be told
    ({"stat_status": "counted"}, "unknown_field", "/stat_status"),
    ({"grade": "general"}, "unknown_field", "/grade"),
    ({"id": str(key(7))}, "unknown_field", "/id"),
    ({"reported_by": str(key(7))}, "unknown_field", "/reported_by"),
    # photos, calls
    ({"photos": [{**a_photo(1), "sha256": "abc"}]}, "invalid", "/photos/0/sha256"),
    ({"call": {"caller": "enterprise"}}, "invalid", "/call/received_at"),
    ({"call": {"caller": "ghost", "received_at": at(3, 5).isoformat()}}, "invalid", "/call/caller"),
    (
        {"call": {"caller": "enterprise", "received_at": at(3, 5).isoformat(), "channel": "app"}},
        "invalid",
        "/call/channel",
    ),
    (
        {"call": {"caller": "enterprise", "received_at": at(3, 5).isoformat(), "phone": "1" * 21}},
        "invalid",
        "/call/phone",
    ),
    (
        {"call": {"caller": "enterprise", "received_at": at(3, 5).isoformat(), "recording": "x"}},
        "unknown_field",
        "/call/recording",
    ),
    ({"call": "enterprise"}, "invalid", "/call"),
]


@pytest.mark.parametrize("fields, code, pointer", FIRST, ids=lambda each: str(each)[:60])
def test_an_invalid_first_report_is_refused_and_nothing_is_stored(as_, units, fields, code, pointer):
    phone = as_("township")
    check(lambda: phone.put(url(), body(**fields), format="json"), 400, code, [pointer])


@pytest.mark.parametrize(
    "who, fields, status, code, pointers",
    [
        ("duty", {"region": None}, 400, "place_required", ["/region"]),
        ("duty", {"region": None, "location": {"lon": 100.0, "lat": 30.0, "crs": "wgs84"}}, 400, "place_required", ["/region"]),
        ("bureau", {"region": FAR}, 400, "unknown_region", ["/region"]),
        ("bureau", {"units": named(FAR_UNIT)}, 400, "unknown_enterprise", ["/units/0/enterprise"]),
        ("enterprise", {"units": named(AWAY)}, 400, "unknown_enterprise", ["/units/0/enterprise"]),
        ("township", {"already_reported": "直报 7 号"}, 403, "forbidden", []),
        ("enterprise", {"call": {"caller": "enterprise", "received_at": at(3, 5).isoformat()}}, 403, "no_calls_here", []),
        ("village", {"call": {"caller": "public", "received_at": at(3, 5).isoformat()}}, 403, "no_calls_here", []),
        ("committee", {}, 403, "forbidden", []),
        (None, {}, 401, "unauthenticated", []),
        ("bureau", {"deaths": -1, "direct_loss_yuan": 5.0, "category": "Z9", "occurred_at": "x"}, 400, "invalid",
         ["/category", "/deaths", "/direct_loss_yuan", "/occurred_at"]),
    ],
)  # fmt: skip
def test_a_first_report_without_place_or_jurisdiction_is_refused(as_, units, who, fields, status, code, pointers):
    phone = as_(who)
    check(lambda: phone.put(url(), body(**fields), format="json"), status, code, pointers)


@pytest.mark.parametrize(
    "raw, code",
    [(b'{"description": "\\u0000"}', "nul"), (b'{"description": "\\ud83d"}', "broken_json"), (b'{"\\u0000": 1}', "nul"), (b"", "invalid"), (b"[]", "invalid"), (b"null", "invalid"), (b'"accident"', "invalid"), (b"5", "invalid"), (b"{", "broken_json"), (b"\xff\xfe", "broken_json"),
     (b'{"occurred_at": NaN}', "broken_json"), (b'{"deaths": Infinity}', "broken_json"), (b'{"a":' * 2000 + b"1" + b"}" * 2000, "broken_json")],
)  # fmt: skip
def test_a_body_that_is_no_json_object_is_refused(as_, raw, code):
    phone = as_("bureau")
    before = stored_rows()
    answer = phone.put(url(), raw, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, code), answer.json()
    assert stored_rows() == before


def test_a_number_too_large_to_store_is_refused_with_400_not_500(as_):
    raw = json.dumps(body()).replace('"deaths": 1', '"deaths": ' + "9" * 400)
    answer = as_("bureau").put(url(), raw, content_type="application/json")
    assert answer.status_code == 400, answer.json()


@pytest.mark.parametrize(
    "about, occurred_at, region, good",
    [
        ("a successor before its birth", (6, 30), "141123100999", False), ("a successor from its birth", (7, 1), "141123100999", True),
        ("a predecessor to its end", (6, 30), V, True), ("a predecessor after its end", (7, 1), V, False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("door", ["put", "decide", "override"])
def test_a_village_must_exist_on_the_day_of_the_accident(as_, about, occurred_at, region, good, door):
    rows = [
        {"code": code, "name": name} for code, name in Region.objects.today().values_list("code", "name") if code != V
    ]
    load_edition([*rows, {"code": "141123100999", "name": "新并村"}], label="并村", cut_off=date(YEAR, 7, 1),
                 successors=[{"predecessor": V, "successor": "141123100999"}])  # fmt: skip
    when, phone = at(*occurred_at), as_("bureau")
    if door == "put":
        answer = phone.put(url(), body(occurred_at=when.isoformat(), region=region), format="json")
    else:
        report_accident(occurred_at=when, region=V2)
        sent = (
            {"region": region}
            if door == "decide"
            else {**PAPER, "subject": "village", "effect": "charge", "village": region}
        )
        answer = phone.post(url(1, "decide" if door == "decide" else "overrides"), sent, format="json")
    told = door == "put" and region == V and not good  # an old list on a phone: kept under the successor, and told
    assert (answer.status_code < 300) is (good or told), answer.json()
    if told:
        assert (answer.json()["region"], answer.json()["warnings"]) == ("141123100999", ["ended_region"])
    elif not good:
        assert refused(answer) == (400, "unknown_region", ["/village" if door == "override" else "/region"])


def test_an_accident_id_cannot_be_reused_for_other_content_or_by_another_person(as_):
    phone = as_("township")
    assert phone.put(url(), body(), format="json").status_code == 201
    check(lambda: phone.put(url(), body(deaths=2), format="json"), 409, "id_reused", [])
    check(lambda: as_("duty").put(url(), body(), format="json"), 409, "id_reused", [])


# --- further steps ---------------------------------------------------------------------------------------------------------------
REPORT, DECIDE, WRITE_OFF, OVERRIDE, FIND = "reports", "decide", "write-off", "overrides", "findings"
FURTHER_REPORT = {"kind": "follow_up"}
VILLAGE = {**PAPER, "subject": "village", "effect": "charge", "village": V2}
UNIT = {**PAPER, "subject": "unit", "effect": "charge", "enterprise": MY}
FOUND = {
    "kind": "omitted",
    "level": "enterprise",
    "evidence": "调度记录",
    "document": "兴应急认〔2025〕4号",
    "approved_by": "局长办公会",
    "enterprise": MY,
}
BLANK = ("", "  ", "\u3000", "\t\n")

STEPS: list[tuple[str, str, dict[str, Any], int, str, list[str]]] = [
    # further reports
    (REPORT, "bureau", {}, 400, "invalid", ["/kind"]),
    (REPORT, "bureau", {"kind": "rumour"}, 400, "invalid", ["/kind"]),
    (REPORT, "bureau", {"kind": "first", "deaths": 5}, 400, "invalid", ["/kind"]),  # there is one already
    (REPORT, "bureau", FURTHER_REPORT, 400, "invalid", [""]),  # nothing told
    (REPORT, "bureau", {**FURTHER_REPORT, "note": " ", "dangers": [], "reason": "续报"}, 400, "invalid", [""]),
    (REPORT, "bureau", {**FURTHER_REPORT, "deaths": 0}, 400, "reason_required", ["/reason"]),
    (REPORT, "bureau", {**FURTHER_REPORT, "deaths": 0, "reason": "  "}, 400, "reason_required", ["/reason"]),
    (REPORT, "bureau", {**FURTHER_REPORT, "direct_loss_yuan": "1.00"}, 400, "reason_required", ["/reason"]),
    (REPORT, "bureau", {**FURTHER_REPORT, "serious_injuries": 1}, 400, "reason_required", ["/reason"]),
    (REPORT, "township", {**FURTHER_REPORT, "deaths": 0, "reason": "误报"}, 403, "forbidden", []),
    (REPORT, "enterprise", {**FURTHER_REPORT, "direct_loss_yuan": "1.00", "reason": "核定"}, 403, "forbidden", []),
    (REPORT, "bureau", {**FURTHER_REPORT, "deaths": 2, "held_at": "2025-03-06T09:00:00"}, 400, "invalid", ["/held_at"]),
    (REPORT, "bureau", {**FURTHER_REPORT, "deaths": 2, "held_at": "2025-03-06"}, 400, "invalid", ["/held_at"]),
    *[
        (REPORT, "bureau", {**FURTHER_REPORT, "deaths": wrong}, 400, "invalid", ["/deaths"])
        for wrong in (-1, True, "2", 2.0, 10**12)
    ],
    *[
        (REPORT, "bureau", {**FURTHER_REPORT, "direct_loss_yuan": wrong}, 400, "invalid", ["/direct_loss_yuan"])
        for wrong in (5.0, "NaN", "9.999", "1e9")
    ],
    (REPORT, "bureau", {**FURTHER_REPORT, "note": "\x00"}, 400, "nul", []),
    (REPORT, "bureau", {**FURTHER_REPORT, "region": V2}, 400, "unknown_field", ["/region"]),
    (REPORT, "inspector2", {**FURTHER_REPORT, "deaths": 2}, 404, "not_found", []),
    (REPORT, "committee", {**FURTHER_REPORT, "deaths": 2}, 403, "forbidden", []),
    # deciding
    (DECIDE, "bureau", {}, 400, "invalid", [""]),
    (DECIDE, "bureau", {"reason": "无", "on": "2025-04-01"}, 400, "invalid", [""]),
    (DECIDE, "bureau", {"stat_status": "written_off"}, 400, "invalid", ["/stat_status"]),
    (DECIDE, "bureau", {"stat_status": None}, 400, "invalid", ["/stat_status"]),
    (DECIDE, "bureau", {"category": "Z0"}, 400, "invalid", ["/category"]),
    (DECIDE, "bureau", {"nature": "none"}, 400, "invalid", ["/nature"]),
    (DECIDE, "bureau", {"sector": "space_travel"}, 400, "unknown_sector", ["/sector"]),
    (DECIDE, "bureau", {"region": "141123100999"}, 400, "unknown_region", ["/region"]),
    (DECIDE, "bureau", {"region": FAR}, 400, "unknown_region", ["/region"]),
    (DECIDE, "bureau", {"region": ""}, 400, "invalid", ["/region"]),
    (DECIDE, "bureau", {"units": named(str(key(9)))}, 400, "unknown_enterprise", ["/units/0/enterprise"]),
    (DECIDE, "bureau", {"units": named(FAR_UNIT)}, 400, "unknown_enterprise", ["/units/0/enterprise"]),
    (DECIDE, "bureau", {"units": named(MY) * 2}, 400, "twice", ["/units/1/enterprise"]),
    (DECIDE, "bureau", {"units": None}, 400, "invalid", ["/units"]),
    (DECIDE, "bureau", {"category": "Z1", "on": "2099-01-01"}, 400, "in_the_future", ["/on"]),
    (DECIDE, "bureau", {"category": "Z1", "on": f"{YEAR}-03-04"}, 400, "before_the_accident", ["/on"]),
    (DECIDE, "bureau", {"category": "Z1", "on": "0001-01-01"}, 400, "before_the_accident", ["/on"]),
    (DECIDE, "bureau", {"category": "Z1", "on": "9999-12-31"}, 400, "in_the_future", ["/on"]),
    (DECIDE, "bureau", {"category": "Z1", "on": "2025-02-30"}, 400, "invalid", ["/on"]),
    (DECIDE, "bureau", {"category": "Z1", "on": at(4, 1).isoformat()}, 400, "invalid", ["/on"]),
    (DECIDE, "bureau", {"category": "Z1", "deaths": 0}, 400, "unknown_field", ["/deaths"]),
    (DECIDE, "bureau", {"kind": "serious_risk_event"}, 409, "wrong_step", []),  # somebody has died
    (DECIDE, "township", {"nature": "non_production"}, 403, "forbidden", []),
    # writing off
    (WRITE_OFF, "bureau", {}, 400, "invalid", ["/approved_by", "/document", "/reason"]),
    *[
        (WRITE_OFF, "bureau", {**PAPER, "reason": blank}, 400, "reason_required", ["/reason"])
        for blank in (*BLANK, None)
    ],
    *[
        (WRITE_OFF, "bureau", {**PAPER, "document": blank}, 400, "paper_required", ["/document"])
        for blank in (*BLANK, None)
    ],
    *[
        (WRITE_OFF, "bureau", {**PAPER, "approved_by": blank}, 400, "paper_required", ["/approved_by"])
        for blank in (*BLANK, None)
    ],
    (WRITE_OFF, "bureau", {**PAPER, "reason": 5}, 400, "invalid", ["/reason"]),
    (WRITE_OFF, "bureau", {**PAPER, "document": "文\x00号"}, 400, "nul", []),
    (WRITE_OFF, "bureau", {**PAPER, "document": "长" * 201}, 400, "invalid", ["/document"]),
    (WRITE_OFF, "bureau", {**PAPER, "on": "2099-01-01"}, 400, "in_the_future", ["/on"]),
    (WRITE_OFF, "bureau", {**PAPER, "on": f"{YEAR}-03-04"}, 400, "before_the_accident", ["/on"]),
    (WRITE_OFF, "bureau", {**PAPER, "stat_status": "counted"}, 400, "unknown_field", ["/stat_status"]),
    (WRITE_OFF, "duty", PAPER, 403, "forbidden", []),
    # overriding
    (OVERRIDE, "bureau", {**VILLAGE, "village": "141123100999"}, 400, "unknown_region", ["/village"]),
    (OVERRIDE, "bureau", {**VILLAGE, "village": FAR}, 400, "unknown_region", ["/village"]),
    (OVERRIDE, "bureau", {**VILLAGE, "village": TOWN}, 400, "unknown_region", ["/village"]),  # a township is no village
    (OVERRIDE, "bureau", {**VILLAGE, "village": OTHER_TOWN[:9]}, 400, "unknown_region", ["/village"]),
    (OVERRIDE, "bureau", {**VILLAGE, "village": None}, 400, "unknown_region", ["/village"]),
    (OVERRIDE, "bureau", {**VILLAGE, "village": "东关村"}, 400, "unknown_region", ["/village"]),
    (OVERRIDE, "bureau", {**VILLAGE, "village": 141123100201}, 400, "invalid", ["/village"]),
    (OVERRIDE, "bureau", {**VILLAGE, "enterprise": MY}, 400, "invalid", ["/enterprise"]),  # of a village, not of a unit
    (OVERRIDE, "bureau", {**UNIT, "enterprise": str(key(9))}, 400, "unknown_enterprise", ["/enterprise"]),
    (OVERRIDE, "bureau", {**UNIT, "enterprise": FAR_UNIT}, 400, "unknown_enterprise", ["/enterprise"]),
    (OVERRIDE, "bureau", {**UNIT, "enterprise": None}, 400, "unknown_enterprise", ["/enterprise"]),
    (OVERRIDE, "bureau", {**UNIT, "village": V2}, 400, "invalid", ["/village"]),
    (OVERRIDE, "bureau", {**PAPER, "subject": "accident", "effect": "charge"}, 400, "invalid", ["/effect"]),
    (
        OVERRIDE,
        "bureau",
        {**PAPER, "subject": "accident", "effect": "exclude", "village": V2},
        400,
        "invalid",
        ["/village"],
    ),
    (OVERRIDE, "bureau", {**PAPER, "subject": "county", "effect": "exclude"}, 400, "invalid", ["/subject"]),
    (OVERRIDE, "bureau", {**VILLAGE, "effect": "ignore"}, 400, "invalid", ["/effect"]),
    (
        OVERRIDE,
        "bureau",
        {"subject": "village", "effect": "charge", "village": V2, "reason": "越界"},
        400,
        "paper_required",
        ["/approved_by", "/document"],
    ),
    *[
        (OVERRIDE, "bureau", {**VILLAGE, name: "\u3000 "}, 400, word, [f"/{name}"])
        for name, word in (
            ("reason", "reason_required"),
            ("document", "paper_required"),
            ("approved_by", "paper_required"),
        )
    ],
    (OVERRIDE, "bureau", {**VILLAGE, "on": f"{YEAR}-03-04"}, 400, "before_the_accident", ["/on"]),
    (OVERRIDE, "leader", VILLAGE, 403, "forbidden", []),
    # wrongful reports
    (FIND, "bureau", {**FOUND, "evidence": " "}, 400, "invalid", ["/evidence"]),
    (FIND, "bureau", {**FOUND, "document": None}, 400, "paper_required", ["/document"]),
    (FIND, "bureau", {**FOUND, "approved_by": "\u3000"}, 400, "paper_required", ["/approved_by"]),
    (FIND, "bureau", {**FOUND, "kind": "rude"}, 400, "invalid", ["/kind"]),
    (FIND, "bureau", {**FOUND, "level": "street"}, 400, "invalid", ["/level"]),
    (FIND, "bureau", {**FOUND, "enterprise": AWAY}, 400, "unknown_enterprise", ["/enterprise"]),
    (FIND, "bureau", {**FOUND, "enterprise": None}, 400, "unknown_enterprise", ["/enterprise"]),
    (FIND, "bureau", {**FOUND, "on": "2099-01-01"}, 400, "in_the_future", ["/on"]),
    (FIND, "bureau", {**FOUND, "on": f"{YEAR}-03-04"}, 400, "before_the_accident", ["/on"]),
    (FIND, "township", FOUND, 403, "forbidden", []),
    # the clock
    ("told", "duty", {"level": "enterprise", "at": "2025-03-05T10:00:00", "reason": "录音"}, 400, "invalid", ["/at"]),
    ("told", "duty", {"level": "enterprise", "at": FUTURE, "reason": "录音"}, 400, "in_the_future", ["/at"]),
    ("told", "duty", {"level": "enterprise", "at": LONG_AGO, "reason": "录音"}, 400, "before_the_accident", ["/at"]),
    (
        "told",
        "duty",
        {"level": "statistics", "at": at(3, 5, 10).isoformat(), "reason": "录音"},
        400,
        "invalid",
        ["/level"],
    ),
    (
        "told",
        "duty",
        {"level": "county", "at": at(3, 5, 10).isoformat(), "reason": " "},
        400,
        "reason_required",
        ["/reason"],
    ),
    ("rescue-ended", "duty", {"at": FUTURE}, 400, "in_the_future", ["/at"]),
    ("rescue-ended", "duty", {"at": LONG_AGO}, 400, "before_the_accident", ["/at"]),
    ("rescue-ended", "duty", {}, 400, "invalid", ["/at"]),
    # duplicates
    ("join", "duty", {"into": str(key(1)), "reason": "同"}, 400, "twice", ["/into"]),
    ("join", "duty", {"into": str(key(9)), "reason": "同"}, 404, "not_found", []),
    ("join", "duty", {"into": "that one", "reason": "同"}, 400, "invalid", ["/into"]),
    ("separate", "duty", {"reason": "两起"}, 409, "wrong_step", []),
    # investigation
    ("investigation", "bureau", {"organiser": " "}, 400, "invalid", ["/organiser"]),
    ("investigation", "bureau", {"organiser": "县政府", "on": f"{YEAR}-03-04"}, 400, "before_the_accident", ["/on"]),
    ("investigation", "bureau", {"organiser": "县政府", "on": "2099-01-01"}, 400, "in_the_future", ["/on"]),
    ("investigation", "bureau", {"organiser": "县政府", "level": "village"}, 400, "invalid", ["/level"]),
    ("investigation/submit", "bureau", {"on": f"{YEAR}-04-01", "document": "报告"}, 404, "no_investigation", []),
    (
        "investigation/extend",
        "bureau",
        {"days": True, "document": "文", "approved_by": "县政府"},
        400,
        "invalid",
        ["/days"],
    ),
    (
        "investigation/extend",
        "bureau",
        {"days": 0, "document": "文", "approved_by": "县政府"},
        400,
        "invalid",
        ["/days"],
    ),
    (
        "investigation/extend",
        "bureau",
        {"days": 61, "document": "文", "approved_by": "县政府"},
        400,
        "invalid",
        ["/days"],
    ),
]


@pytest.mark.parametrize("step, who, fields, status, code, pointers", STEPS, ids=lambda each: str(each)[:60])
def test_an_invalid_step_is_refused_and_nothing_is_stored(as_, units, step, who, fields, status, code, pointers):
    report_accident(units=occurring(Enterprise.objects.get(pk=MINE)), serious_injuries=2, sector="metallurgy_trade")
    phone = as_(who)
    check(lambda: phone.post(url(1, step), fields, format="json"), status, code, pointers)


STEPS_ON_WRITTEN_OFF = [
    (REPORT, {**FURTHER_REPORT, "deaths": 2}), (DECIDE, {"category": "Z8"}), (WRITE_OFF, PAPER), (OVERRIDE, VILLAGE),
    ("investigation", {"organiser": "县政府"}), ("join", {"into": str(key(2)), "reason": "同一起"}),
]  # fmt: skip


@pytest.mark.parametrize("step, fields", STEPS_ON_WRITTEN_OFF, ids=lambda each: str(each)[:20])
def test_a_written_off_accident_accepts_no_further_step(as_, units, step, fields):
    report_accident(1), report_accident(2)
    assert as_("bureau").post(url(1, WRITE_OFF), PAPER, format="json").json()["stat_status"] == "written_off"
    phone = as_("bureau")
    check(lambda: phone.post(url(1, step), fields, format="json"), 409, "wrong_step", [])


@pytest.mark.parametrize("step, fields", STEPS_ON_WRITTEN_OFF[1:], ids=lambda each: str(each)[:20])
def test_a_joined_duplicate_report_accepts_no_decision_of_its_own(as_, units, step, fields):
    report_accident(1), report_accident(2), report_accident(3)
    assert as_("duty").post(url(1, "join"), {"into": str(key(3)), "reason": "同一起"}, format="json").status_code == 200
    phone = as_("bureau")
    check(lambda: phone.post(url(1, step), fields, format="json"), 409, "wrong_step", [])


def test_a_report_on_a_duplicate_of_a_written_off_accident_is_refused(as_, units):
    report_accident(1), report_accident(2)
    as_("duty").post(url(1, "join"), {"into": str(key(2)), "reason": "同一起"}, format="json")
    as_("bureau").post(url(2, WRITE_OFF), PAPER, format="json")
    phone = as_("township")
    check(lambda: phone.post(url(1, REPORT), {**FURTHER_REPORT, "deaths": 2}, format="json"), 409, "wrong_step", [])


def test_a_finding_cannot_be_revoked_on_a_day_before_it_was_made(as_, units):
    report_accident(units=occurring(Enterprise.objects.get(pk=MINE)))
    phone = as_("bureau")
    [found] = phone.post(url(1, FIND), {**FOUND, "on": f"{YEAR}-05-01"}, format="json").json()
    address = url(1, FIND, str(found["id"]), "revoke")
    for fields, code, pointer in (({**PAPER, "on": f"{YEAR}-04-30"}, "out_of_order", "/on"), ({**PAPER, "document": " "}, "paper_required", "/document"),
                                ({**PAPER, "reason": "\t"}, "reason_required", "/reason")):  # fmt: skip
        check(lambda fields=fields: phone.post(address, fields, format="json"), 400, code, [pointer])
    check(lambda: phone.post(url(1, FIND, "999", "revoke"), PAPER, format="json"), 404, "not_found", [])


@pytest.mark.parametrize(
    "fields, code, pointer",
    [
        ({"channel": "drum"}, "invalid", "/channel"), ({"sent_at": FUTURE}, "in_the_future", "/sent_at"), ({"sent_at": LONG_AGO}, "before_the_accident", "/sent_at"),
        ({"sent_at": "2025-03-05T10:00:00"}, "invalid", "/sent_at"), ({"told_to": "退\x08格"}, "nul", "/told_to"), ({"late": False}, "unknown_field", "/late"),
    ],
)  # fmt: skip
def test_an_invalid_sending_of_a_leg_is_refused(as_, units, fields, code, pointer):
    report_accident()
    phone = as_("duty")
    leg = next(each for each in phone.get(url(1, "clock")).json() if each["to"] == "city")
    check(
        lambda: phone.post(url(1, "legs", str(leg["id"]), "send"), {"channel": "telephone", **fields}, format="json"),
        400,
        code,
        [pointer],
    )


def test_a_leg_cannot_be_received_before_it_is_sent_or_through_another_accident(as_, units):
    report_accident(1), report_accident(2)
    phone = as_("duty")
    leg = next(each for each in phone.get(url(1, "clock")).json() if each["to"] == "city")
    receive = ("legs", str(leg["id"]), "receive")
    check(lambda: phone.post(url(1, *receive), {}, format="json"), 409, "wrong_step", [])
    check(lambda: phone.post(url(2, *receive), {}, format="json"), 404, "not_found", [])
    sent = timezone.now() - timedelta(minutes=10)
    assert (
        phone.post(
            url(1, "legs", str(leg["id"]), "send"), {"channel": "telephone", "sent_at": sent.isoformat()}, format="json"
        ).status_code
        == 200
    )
    early = {"received_at": (sent - timedelta(minutes=1)).isoformat()}
    check(lambda: phone.post(url(1, *receive), early, format="json"), 400, "out_of_order", ["/received_at"])


@pytest.mark.parametrize("headers, status, code", [
    ({"HTTP_IF_MATCH": '"nonsense"'}, 412, "stale"), ({"HTTP_IDEMPOTENCY_KEY": "not a uuid"}, 400, "bad_key"),
])  # fmt: skip
def test_an_invalid_precondition_or_idempotency_header_is_refused(as_, units, headers, status, code):
    report_accident()
    phone = as_("bureau")
    check(lambda: phone.post(url(1, DECIDE), {"category": "Z8"}, format="json", **headers), status, code, [])


@pytest.mark.parametrize(
    "address", ["/api/v1/accidents/nonsense", "/api/v1/accidents/0", f"/api/v1/accidents/{key(1)}0"]
)
def test_an_address_without_a_valid_accident_id_is_not_found(as_, address):
    assert as_("bureau").put(address, body(), format="json").status_code == 404
