"""停产停业与复产: a coal mine is stopped and comes back; other units have it shorter."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest
from django.utils.timezone import localdate

from accounts.models import User
from enforcement.models import StopOrder
from enterprises.facts import stated_facts
from enterprises.models import StatedFact
from evidence.papers.models import Paper
from hazards.actions.history import CONSENTED, UNDOES_CONSENT, history_of
from hazards.models import Hazard
from hazards.states import State
from safety_api.models import OutboxMessage
from tests.cast.enforcement import OTHER, a_major, done, post, refused
from tests.cast.hazards import OFFICERS, certify
from tests.cast.units import elsewhere, mine

pytestmark = pytest.mark.django_db
CONSENTS = (
    ("chief", "郑某", "兴应急签〔2026〕1号", "2026-11-17"),
    ("mine_safety", "马某", "晋矿安监函〔2026〕8号", "2026-11-18"),
    ("government", "高某", "兴政批〔2026〕3号", "2026-11-19"),
)


def an_order(unit, *hazards, **fields) -> dict:
    return {
        "enterprise": str(unit.pk), "hazards": [str(each.pk) for each in hazards], "extent": "whole", "reason": "通风系统不可靠",
        "document": "兴应急停〔2026〕2号", "issued_on": "2026-11-02", **fields,
    }  # fmt: skip


def issued(as_, unit, *hazards, **fields) -> str:
    return done(post(as_("department"), "stop-orders", **an_order(unit, *hazards, **fields)), 201)["id"]


def stopped(unit, on: date) -> bool:
    return stated_facts([unit.pk], on)[unit.pk]["stopped_by_order"]


def consented(as_, at: str) -> None:
    for kind, person, document, on in CONSENTS:
        done(post(as_("department"), f"{at}/consent", kind=kind, person=person, document=document, on=on))


def accepted(as_, key: str) -> None:
    done(post(as_("principal"), f"stop-orders/{key}/apply", application="申请复产", on="2026-11-10"))
    done(post(as_("department"), f"stop-orders/{key}/accept", acceptance="逐项合格", on="2026-11-16"))


# --- the story ----------------------------------------------------------------------------------------------------------
def test_a_stopped_coal_mine_resumes_only_with_all_consents(as_):
    unit = mine()
    hazard = a_major(unit, found_at="2026-11-01T09:00:00+08:00")
    order = done(post(as_("department"), "stop-orders", **an_order(unit, hazard)), 201)
    at = f"stop-orders/{order['id']}"
    assert (order["publication_due_on"], order["consents_missing"]) == (
        "2026-11-09", ["chief", "mine_safety", "government"],
    )  # fmt: skip
    hazard.refresh_from_db()
    assert hazard.production_stopped
    assert [stopped(unit, date(2026, 11, day)) for day in (1, 2, 19)] == [False, True, True]  # K08 from its first day
    done(post(as_("department"), f"{at}/publish", where="县政府网站", on="2026-11-06"))

    applied = done(post(as_("principal"), f"{at}/apply", application="整改完成，申请复产", on="2026-11-10"))
    assert applied["acceptance_due_on"] == "2026-11-30"  # 20 days, 第四十八条
    done(
        post(as_("department"), f"{at}/accept", acceptance="逐项合格", document="兴应急验〔2026〕5号", on="2026-11-16")
    )
    refused(post(as_("chief"), f"{at}/resume", document="x", on="2026-11-20"), "hazards_open")

    assert not history_of(hazard).stands(CONSENTED, UNDOES_CONSENT)
    consented(as_, at)
    assert history_of(hazard).stands(CONSENTED, UNDOES_CONSENT)  # so the hazard itself may pass its review
    Hazard.objects.update(state=State.CLOSED, closed_on=date(2026, 11, 19))

    resumed = done(post(as_("chief"), f"{at}/resume", document="兴应急复〔2026〕2号", on="2026-11-20"))
    assert (resumed["state"], resumed["resumption_publication_due_on"]) == ("resumed", "2026-11-27")
    hazard.refresh_from_db()
    assert not hazard.production_stopped
    assert [stopped(unit, date(2026, 11, day)) for day in (2, 19, 20)] == [True, True, False]
    assert StatedFact.objects.known().get(kind="stop_order").held_to == date(2026, 11, 19)
    done(post(as_("department"), f"{at}/publish", what="resumption", where="县政府网站", on="2026-11-20"))
    said = OutboxMessage.objects.filter(topic="stop_order.changed").values_list("payload__step", flat=True)
    assert list(said) == [
        "issue", "publish", "apply", "accept", "consent", "consent", "consent", "resume", "publish",
    ]  # fmt: skip


# --- its papers ----------------------------------------------------------------------------------------------------------
def today(**fields) -> dict:
    """An order decided now, without a number of its own."""
    return {"document": "", "issued_on": str(localdate()), **fields}


def test_a_stop_order_without_a_number_issues_its_decision_and_bears_its_number(as_, people):
    certify(*OFFICERS)
    unit = mine()
    hazard = a_major(unit)
    said = an_order(unit, hazard, **today(companion=str(people["bureau"].pk)))
    order = done(post(as_("department"), "stop-orders", **said), 201)
    paper = Paper.objects.get()
    assert (order["document"], order["paper"]) == (paper.number, str(paper.pk))
    assert (paper.kind, {each["name"] for each in paper.officers}) == (
        "onsite_decision", {people["department"].name, people["bureau"].name},
    )  # fmt: skip
    assert "暂时停产停业" in str(paper.text) and "探放水设计与现场不符" in str(paper.text)
    assert [each["number"] for each in order["papers"]] == [paper.number]
    assert StatedFact.objects.known().get(kind="stop_order").document == paper.number


def test_a_stop_order_without_a_certificate_waits_as_a_draft_until_numbered(as_, people):
    unit = mine()
    order = done(post(as_("department"), "stop-orders", **an_order(unit, **today())), 201)
    assert (order["document"], order["paper"], order["papers"][0]["reason"]) == ("", None, "certificate_required")
    assert [each["code"] for each in order["remarks"]] == order["warnings"] == ["paper_drafted"]
    assert stopped(unit, localdate()) and not Paper.objects.exists()
    certify(*OFFICERS)
    at = f"/api/v1/papers/drafts/{order['papers'][0]['id']}/issue"
    paper = done(as_("bureau").post(at, {"officers": [str(people["inspector"].pk)]}, format="json"), 201)
    shown = done(as_("department").get(f"/api/v1/stop-orders/{order['id']}"))
    assert (shown["document"], shown["paper"], shown["warnings"]) == (paper["number"], paper["id"], [])
    assert StatedFact.objects.known().get(kind="stop_order").document == paper["number"]


def test_resuming_without_a_number_issues_the_opinion_that_lets_it(as_, people):
    certify(*OFFICERS)
    shop = mine(sector="hazardous_chemicals", producing=False)
    User.objects.filter(username__in=["chief", "department"]).update(sectors=[])
    order = done(post(as_("bureau"), "stop-orders", **an_order(shop)), 201)
    at = f"stop-orders/{order['id']}"
    done(post(as_("principal"), f"{at}/apply", application="申请", on="2026-11-10"))
    done(post(as_("bureau"), f"{at}/accept", acceptance="合格", on="2026-11-16"))
    resumed = done(post(as_("chief"), f"{at}/resume", companion=str(people["bureau"].pk)))
    paper = Paper.objects.get()
    assert (paper.kind, resumed["resumption_document"]) == ("review_opinion", paper.number)
    assert "恢复生产经营" in str(paper.text) and "予以销号" not in str(paper.text)


@pytest.mark.parametrize(
    "typed", ["兴应急停〔2026〕2号", "兴应急停[2026]2号", " 兴应急停（2026） ２号", "兴应急停【2026】2号"]
)
def test_a_stop_order_is_recorded_once_a_document_and_unit(as_, typed):
    unit = mine()
    first = issued(as_, unit)
    refused(post(as_("department"), "stop-orders", **an_order(unit, document=typed)), "stop_order_stands")
    issued(as_, unit, document="兴应急停〔2026〕3号")
    done(post(as_("chief"), f"stop-orders/{first}/withdraw", note="有误"))
    issued(as_, unit, document=typed)


AGAIN = [  # a second order without a number; whether it is taken
    ({}, {}, False), ({}, {"scope": "全矿井"}, False),
    ({"extent": "partial", "scope": "3号 采煤工作面"}, {"extent": "partial", "scope": " ３号采煤工作面"}, False),
    ({"extent": "partial", "scope": "3号采煤工作面"}, {"extent": "partial", "scope": "5号采煤工作面"}, True),
    ({"extent": "partial", "scope": "3号采煤工作面"}, {}, True),
    ({"document": "兴应急停〔2026〕2号"}, {}, False),
]  # fmt: skip


@pytest.mark.parametrize("first, second, taken", AGAIN)
def test_an_order_without_a_number_is_decided_once_for_a_unit_and_scope(as_, first, second, taken):
    unit, client = mine(), as_("department")
    at, bodies = "/api/v1/stop-orders", [an_order(unit, **today(**each)) for each in (first, second)]
    orders = [client.post(at, body, format="json", headers={"Idempotency-Key": str(uuid4())}) for body in bodies]
    assert [each.status_code for each in orders] == [201, 201 if taken else 409]
    assert taken or orders[1].json()["code"] == "stop_order_stands"
    assert StopOrder.objects.count() == 1 + taken


def test_a_unit_is_stopped_again_without_a_number_once_the_first_order_is_over(as_):
    unit = mine()
    first = issued(as_, unit, **today())
    done(post(as_("chief"), f"stop-orders/{first}/withdraw", note="有误"))
    issued(as_, unit, **today())


NUMBERS = [  # a number is needed for what was decided before; a paper must be the unit's own, of that number
    ({"document": "", "issued_on": "2026-11-02"}, 400, "/document", "required"),
    ({"paper": str(UUID(int=9))}, 409, "/paper", "paper_contradicts"),
    ({"document": "", "issued_on": str(localdate()), "companion": str(UUID(int=9))}, 400, "/companion", "companion_not_here"),
    ({"document": "", "issued_on": str(localdate()), "issue": "never"}, 400, "/issue", "invalid_choice"),
]  # fmt: skip


@pytest.mark.parametrize("change, status, pointer, word", NUMBERS)
def test_a_stop_order_whose_paper_is_in_doubt_is_refused(as_, change, status, pointer, word):
    answer = post(as_("department"), "stop-orders", **an_order(mine(), **change))
    assert answer.status_code == status, answer.json()
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [(pointer, word)]
    assert not StopOrder.objects.exists()


def test_a_second_decision_about_one_stop_order_is_refused(as_, people):
    certify(*OFFICERS)
    key = issued(as_, mine())
    said = {
        "kind": "onsite_decision",
        "subject": {"kind": "stop_order", "id": key},
        "officers": [str(people["bureau"].pk)],
    }
    refused(post(as_("department"), "papers", **said), "paper_contradicts")
    refused(post(as_("department"), "papers", **{**said, "kind": "review_opinion"}), "paper_contradicts")


# --- what cannot be -------------------------------------------------------------------------------------------------------
def test_a_coal_mine_cannot_resume_while_a_consent_is_missing(as_):
    key = issued(as_, mine())
    accepted(as_, key)
    kind, person, document, on = CONSENTS[0]
    done(post(as_("department"), f"stop-orders/{key}/consent", kind=kind, person=person, document=document, on=on))
    said = refused(post(as_("chief"), f"stop-orders/{key}/resume", document="x"), "consents_missing")
    assert "矿山安全监察机构审核同意" in said["detail"] and "签字" not in said["detail"]
    again = post(as_("department"), f"stop-orders/{key}/consent", kind=kind, person=person, document=document, on=on)
    refused(again, "consent_recorded")


def test_consents_of_a_refused_application_no_longer_count(as_):
    key = issued(as_, mine())
    accepted(as_, key)
    consented(as_, f"stop-orders/{key}")
    StopOrder.objects.update(state="applied")
    done(post(as_("department"), f"stop-orders/{key}/refuse", acceptance="复查发现问题", on="2026-11-20"))
    done(post(as_("principal"), f"stop-orders/{key}/apply", application="再次申请", on="2026-11-20"))
    shown = done(post(as_("department"), f"stop-orders/{key}/accept", acceptance="合格", on="2026-11-21"))
    assert (shown["round"], shown["consents_missing"]) == (2, ["chief", "mine_safety", "government"])


def test_only_a_leader_ends_a_stop_order(as_):
    key = issued(as_, mine())
    accepted(as_, key)
    consented(as_, f"stop-orders/{key}")
    for name in ("resume", "withdraw", "close"):
        body = {"document": "x"} if name == "resume" else {"note": "x"}
        refused(post(as_("department"), f"stop-orders/{key}/{name}", **body), "leaders_only", 403)


def test_resumption_cannot_be_dated_before_the_last_consent(as_):
    key = issued(as_, mine())
    accepted(as_, key)
    consented(as_, f"stop-orders/{key}")
    refused(post(as_("chief"), f"stop-orders/{key}/resume", document="x", on="2026-11-18"), "before_last_step", 400)


STEPS = {
    "apply": ("principal", {"application": "申请"}),
    "accept": ("department", {"acceptance": "合格"}),
    "refuse": ("department", {"acceptance": "不合格"}),
    "consent": ("department", {"kind": "chief", "person": "郑某", "document": "x"}),
    "resume": ("chief", {"document": "x"}),
    "withdraw": ("chief", {"note": "x"}),
    "close": ("chief", {"note": "x"}),
    "publish": ("department", {"where": "网站"}),
}


@pytest.mark.parametrize(
    "state, possible",
    [
        ("stopped", {"apply", "withdraw", "close", "publish"}),
        ("applied", {"accept", "refuse", "withdraw", "close", "publish"}),
        ("accepted", {"consent", "resume", "withdraw", "close", "publish"}),
        ("resumed", {"publish"}),
        ("withdrawn", set()),
        ("closed", set()),
    ],
)
def test_steps_out_of_order_are_refused_with_the_state(as_, state, possible):
    key = issued(as_, mine())
    StopOrder.objects.update(state=state)
    for name in STEPS.keys() - possible:
        who, body = STEPS[name]
        assert refused(post(as_(who), f"stop-orders/{key}/{name}", **body), "wrong_step")["state"] == state


@pytest.mark.parametrize(
    "change, pointer, code",
    [
        ({"enterprise": None}, "/enterprise", "unknown_enterprise"),
        ({"enterprise": str(UUID(int=9))}, "/enterprise", "unknown_enterprise"),
        ({"site": str(UUID(int=9))}, "/site", "unknown_site"),
        ({"hazards": [str(UUID(int=9))]}, "/hazards", "unknown_hazard"),
        ({"extent": "partial"}, "/scope", "required"),
        ({"issued_on": "2099-01-01"}, "/issued_on", "in_future"),
        ({"department": "nobody"}, "/department", "unknown_department"),
    ],
)
def test_an_incomplete_stop_order_is_refused(as_, change, pointer, code):
    answer = post(as_("department"), "stop-orders", **an_order(mine(), **change))
    assert answer.status_code == 400, answer.content.decode()
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [(pointer, code)]


def test_a_stop_order_cannot_name_a_closed_hazard_or_one_of_another_unit(as_):
    unit = mine()
    strangers = a_major(elsewhere())
    closed = a_major(unit, OTHER, state=State.CLOSED, closed_on=date(2026, 11, 1))
    for hazard in (strangers, closed):
        refused(post(as_("department"), "stop-orders", **an_order(unit, hazard)), "unknown_hazard", 400)


# --- the other ways -------------------------------------------------------------------------------------------------------
def test_a_partial_stop_marks_its_hazards_but_does_not_stop_the_unit(as_):
    unit = mine()
    hazard = a_major(unit)
    issued(as_, unit, hazard, extent="partial", scope="二采区")
    hazard.refresh_from_db()
    assert hazard.production_stopped and not stopped(unit, date(2026, 11, 20))


def test_a_hazard_in_two_stop_orders_stays_stopped_until_both_end(as_):
    unit = mine()
    hazard = a_major(unit)
    first, second = issued(as_, unit, hazard), issued(as_, unit, hazard, document="兴应急停〔2026〕3号")
    done(post(as_("chief"), f"stop-orders/{first}/withdraw", note="重复"))
    hazard.refresh_from_db()
    assert hazard.production_stopped and stopped(unit, date(2026, 11, 20))
    done(post(as_("chief"), f"stop-orders/{second}/withdraw", note="有误"))
    hazard.refresh_from_db()
    assert not hazard.production_stopped and not stopped(unit, date(2026, 11, 20))  # it was never so


def test_a_stop_order_of_a_shop_needs_no_consents_and_no_publication(as_):
    shop = mine(sector="hazardous_chemicals", producing=False)
    order = done(post(as_("bureau"), "stop-orders", **an_order(shop)), 201)
    assert (order["publication_due_on"], order["consents_missing"]) == (None, [])
    key = order["id"]
    done(post(as_("principal"), f"stop-orders/{key}/apply", application="申请", on="2026-11-10"))
    done(post(as_("bureau"), f"stop-orders/{key}/accept", acceptance="合格", on="2026-11-16"))
    refused(
        post(as_("bureau"), f"stop-orders/{key}/consent", kind="chief", person="郑某", document="x"),
        "no_consent_needed",
    )
    refused(post(as_("bureau"), f"stop-orders/{key}/resume", document="x"), "leaders_only", 403)


def test_a_unit_closed_by_the_government_stays_stopped(as_):
    unit = mine()
    key = issued(as_, unit)
    assert done(post(as_("chief"), f"stop-orders/{key}/close", note="兴政关〔2026〕1号"))["state"] == "closed"
    assert stopped(unit, date(2026, 11, 23))


def test_a_stop_order_is_active_from_its_first_day_until_resumption(as_):
    key = issued(as_, mine())
    StopOrder.objects.filter(pk=key).update(state="resumed", resumed_on=date(2026, 11, 20))
    in_force = [StopOrder.objects.standing(on=date(2026, 11, day)).count() for day in (1, 2, 19, 20)]
    assert in_force == [0, 1, 1, 0]


def test_a_stop_order_of_another_jurisdiction_is_not_found(as_):
    key = issued(as_, elsewhere())
    for who in ("inspector", "township", "enterprise"):
        assert as_(who).get(f"/api/v1/stop-orders/{key}").status_code == 404
    assert post(as_("principal"), f"stop-orders/{key}/apply", application="x").status_code == 404


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_takes_five_queries_at_any_length(as_, rows, django_assert_max_num_queries):
    unit = mine()
    hazard = a_major(unit)
    for number in range(rows):
        issued(as_, unit, hazard, document=f"兴应急停〔2026〕{number}号")
    client = as_("bureau")
    with django_assert_max_num_queries(5):  # token · stamps · orders with unit and site · hazards · consents
        assert len(done(client.get("/api/v1/stop-orders?active=true"))["results"]) == rows
