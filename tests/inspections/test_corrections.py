"""更正 A visit entered wrongly is put right with a reason; the original stands beside it and can always be sent again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from enterprises.models import Enterprise
from hazards.models import Hazard
from hazards.states import State
from inspections.models import Inspection
from safety_api.models import TrailLine
from safety_api.outbox import drain
from tests.cast.people import MINE
from tests.cast.units import a_unit, another_unit
from tests.cast.visits import HAZARD, a_visit

pytestmark = pytest.mark.django_db
KEY = "5f0c1b1e-6d58-4a54-9a57-0d5f3f6e0b22"
VISIT = f"/api/v1/inspections/{KEY}"


def correct(client, **body):
    return client.post(f"{VISIT}/correct", {"reason": "选错了同名的单位", **body}, format="json")


@pytest.fixture
def visit(as_):
    body = a_visit(a_unit())
    assert as_("inspector").put(VISIT, body, format="json").status_code == 201
    return body


@pytest.fixture
def right():
    return another_unit(region_code="141123100201", name="演示另一煤矿")


def test_the_row_says_what_holds_and_the_original_stands_beside_it(visit, right, as_):
    answer = correct(as_("inspector"), enterprise=str(right.pk), answers=[])
    assert (answer.status_code, answer.json()["enterprise"], answer.json()["answers"]) == (200, str(right.pk), [])
    assert "corrected" in answer.json()["warnings"]
    line = as_("bureau").get(f"{VISIT}/corrections").json()[0]
    assert (line["before"]["enterprise_id"], line["after"]["enterprise_id"]) == (str(MINE), str(right.pk))
    assert line["before"]["answers"] == [{"item": "C09-12", "result": "fail", "note": "间距过大"}]
    assert (line["reason"], line["by_name"]) == ("选错了同名的单位", "张巡")
    assert TrailLine.objects.get(verb="inspection.correct").details["reason"] == "选错了同名的单位"


def test_a_correction_holds_the_unit_before_the_visit_as_a_recount_does(visit, as_, django_assert_max_num_queries):
    """Else the two wait for each other, and one of them is a 503."""
    with django_assert_max_num_queries(80) as asked:
        assert correct(as_("inspector"), kind="joint").status_code == 200
    held = [
        each["sql"].split(" FROM ")[1].split()[0] for each in asked.captured_queries if " UPDATE" in each["sql"][-40:]
    ]
    tables = [each.strip('"') for each in held]
    assert tables.index("enterprises_enterprise") < tables.index("inspections_inspection")


def test_the_phones_original_can_always_be_sent_again(visit, right, as_):
    phone = as_("inspector")
    before = Inspection.objects.get(pk=KEY).content_sha256
    correct(phone, enterprise=str(right.pk))
    assert phone.put(VISIT, visit, format="json").status_code == 200
    receipt = {"receipts": [{"id": KEY, "content_sha256": before}]}
    assert phone.post("/api/v1/receipts/check", receipt, format="json").json()[0]["state"] == "held"
    assert phone.put(VISIT, visit | {"kind": "joint"}, format="json").json()["code"] == "id_reused"
    assert Inspection.objects.get(pk=KEY).enterprise_id == right.pk


def test_what_the_visit_found_goes_along_until_it_is_confirmed(visit, right, as_):
    correct(as_("inspector"), enterprise=str(right.pk))
    hazard = Hazard.objects.get(pk=HAZARD)
    assert (hazard.enterprise_id, hazard.region_code, hazard.steps.latest("id").step) == (
        right.pk,
        right.region_code,
        "correct",
    )
    Hazard.objects.filter(pk=HAZARD).update(state=State.CONFIRMED)
    refused = correct(as_("inspector"), enterprise=str(MINE))
    assert (refused.status_code, refused.json()["code"]) == (409, "hazards_under_way")
    assert Inspection.objects.get(pk=KEY).enterprise_id == right.pk
    assert correct(as_("inspector"), kind="joint").json()["kind"] == "joint"  # its place is not in question


REFUSED = [
    ("inspector", {"reason": ""}, 400, "reason_required"), ("inspector", {}, 400, "nothing_to_correct"),
    ("inspector", {"kind": "routine"}, 400, "nothing_to_correct"), ("inspector", {"hazards": []}, 400, "unknown_field"),
    ("inspector", {"finished_at": "2026-11-20T08:00:00+08:00"}, 400, "invalid"), ("inspector", {"finished_at": "2036-11-20T08:00:00+08:00"}, 400, "in_the_future"), ("inspector", {"authority": "self_check"}, 400, "authority_not_yours"),
    ("inspector", {"answers": [{"item": "X1", "result": "fail"}]}, 400, "item_of_other_checklist"),
    ("inspector", {"enterprise": "00000000-0000-4000-8000-00000000000f"}, 400, "unknown_enterprise"),
    ("village", {"kind": "joint"}, 404, "not_found"), ("inspector2", {"kind": "joint"}, 404, "not_found"),
    ("enterprise", {"kind": "joint"}, 403, "forbidden"), ("leader", {"kind": "joint"}, 403, "forbidden"),
]  # fmt: skip


@pytest.mark.parametrize("who, body, status, code", REFUSED)
def test_a_correction_that_does_not_hold_is_refused(who, body, status, code, visit, as_):
    answer = correct(as_(who), **body)
    if who == "village":  # sees it only when it lies in the village
        assert answer.status_code in (403, 404)
        return
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.json()
    assert not Inspection.objects.get(pk=KEY).corrections.exists()


def test_an_office_of_the_place_puts_another_ones_visit_right(visit, as_):
    assert correct(as_("township"), started_at="2026-11-20T09:10:00+08:00").status_code == 200
    assert correct(as_("bureau"), kind="joint").json()["kind"] == "joint"
    assert [line["by_role"] for line in as_("inspector").get(f"{VISIT}/corrections").json()] == [
        "township_officer",
        "bureau_officer",
    ]


def test_a_correction_against_a_stale_tag_is_refused(visit, as_):
    answer = as_("inspector").post(
        f"{VISIT}/correct", {"reason": "x", "kind": "joint"}, format="json", headers={"If-Match": '"0-0"'}
    )
    assert (answer.status_code, answer.json()["code"]) == (412, "stale")


def test_the_last_visit_of_both_units_follows(visit, right, as_):
    drain()
    assert str(Enterprise.objects.get(pk=MINE).last_visit_on) == "2026-11-20"
    correct(as_("inspector"), enterprise=str(right.pk))
    drain()
    assert Enterprise.objects.get(pk=MINE).last_visit_on is None
    assert str(Enterprise.objects.get(pk=right.pk).last_visit_on) == "2026-11-20"


# --- its times -----------------------------------------------------------------------------------------------------------
def wrong_clock(as_, **fields) -> dict:
    clock = timezone.now() - timedelta(days=2)
    sent = {
        "started_at": (clock - timedelta(hours=2)).isoformat(), "finished_at": (clock - timedelta(hours=1)).isoformat(),
        "device": {"clock": clock.isoformat()}, "hazards": [],
    }  # fmt: skip
    answer = as_("inspector").put(VISIT, a_visit(a_unit(), **sent, **fields), format="json")
    assert "clock_shifted" in answer.json()["warnings"]
    return answer.json()


def test_the_times_an_office_states_count_and_the_told_ones_stay_on_record(as_):
    told = wrong_clock(as_)
    stated = {
        "started_at": (timezone.localtime() - timedelta(hours=5)).isoformat(),
        "finished_at": (timezone.localtime() - timedelta(hours=4)).isoformat(),
    }
    shown = correct(as_("inspector"), **stated).json()
    assert (shown["started_at"], shown["finished_at"], shown["counts_at"]) == (*stated.values(), None)
    assert "clock_shifted" not in shown["warnings"] and "corrected" in shown["warnings"]
    line = as_("bureau").get(f"{VISIT}/corrections").json()[0]
    for column, shown_as in (("started_told_at", "started_at"), ("started_at", "counts_at")):
        kept, before = (datetime.fromisoformat(each) for each in (line["before"][column], told[shown_as]))
        assert abs(kept - before) < timedelta(milliseconds=2)
    visit = Inspection.objects.get(pk=KEY)
    assert (visit.started_told_at, visit.finished_told_at) == (None, None)


@pytest.mark.parametrize("which", ["started_at", "counts_at"])
def test_an_office_may_bear_out_what_was_told_or_what_counts(as_, which):
    told = wrong_clock(as_)
    shown = correct(as_("inspector"), started_at=told[which]).json()
    assert (shown["started_at"], shown["counts_at"]) == (told[which], None)
    assert "clock_shifted" in shown["warnings"], "the end still counts by its shifted time"


# --- receipts of every kind ------------------------------------------------------------------------------------------
def test_receipts_know_hazards_and_accidents_as_they_know_visits(visit, as_):
    phone = as_("inspector")
    hazard = {
        "place": "东关村口",
        "region": "141123100200",
        "description": "杂物堵塞",
        "found_at": "2026-11-20T09:00:00+08:00",
    }
    accident = {"occurred_at": "2026-11-20T08:10:00+08:00", "region": "141123100200", "description": "一人被埋"}
    keys = {
        "hazards": "7a2f6c39-5b44-4be5-9a38-6f3f1f1cb0aa", "accidents": "7a2f6c39-5b44-4be5-9a38-6f3f1f1cb0ab",
        "inspections": "7a2f6c39-5b44-4be5-9a38-6f3f1f1cb0ac",
    }  # fmt: skip
    bodies = {"hazards": hazard, "accidents": accident, "inspections": visit | {"hazards": []}}
    prints = {}
    for kind, key in keys.items():
        answer = phone.put(f"/api/v1/{kind}/{key}", bodies[kind], format="json")
        assert answer.status_code == 201, answer.json()
        prints[key] = answer.json()["content_sha256"]
    asked = [{"id": key, "content_sha256": sha} for key, sha in prints.items()]
    asked += [{"id": key, "content_sha256": "0" * 64} for key in prints] + [
        {"id": MINE.__str__(), "content_sha256": "0" * 64}
    ]
    states = [row["state"] for row in phone.post("/api/v1/receipts/check", {"receipts": asked}, format="json").json()]
    assert states == ["held"] * 3 + ["differs"] * 3 + ["missing"]
    others = as_("bureau").post("/api/v1/receipts/check", {"receipts": asked}, format="json").json()
    assert {row["state"] for row in others} == {"missing"}


def test_the_duty_desk_checks_what_it_reported(as_):
    answer = as_("duty").post(
        "/api/v1/receipts/check", {"receipts": [{"id": KEY, "content_sha256": "0" * 64}]}, format="json"
    )
    assert answer.json()[0]["state"] == "missing"


# --- lists of visits -------------------------------------------------------------------------------------------------
def test_mine_are_visits_i_made_and_those_i_went_along_to(visit, people, as_):
    body = visit | {"hazards": [], "companions": [str(people["inspector"].pk)]}
    other = VISIT.replace("0b22", "0b23")
    assert as_("bureau").put(other, body, format="json").status_code == 201

    def shown(who: str, query: str) -> set[str]:
        return {row["id"][-4:] for row in as_(who).get(f"/api/v1/inspections?{query}").json()["results"]}

    assert shown("inspector", "mine=true") == {"0b22", "0b23"}
    assert shown("bureau", "mine=true") == {"0b23"} and shown("bureau", "mine=false") == {"0b22"}
    assert shown("bureau", "kind=joint,routine&started_from=2026-11-20&started_before=2026-11-21") == {"0b22", "0b23"}
    assert shown("bureau", "started_from=2026-11-21") == set() == shown("bureau", "received_before=2026-11-01")
    assert shown("bureau", "received_since=2026-11-20&sort=-received_at") == {"0b22", "0b23"}
