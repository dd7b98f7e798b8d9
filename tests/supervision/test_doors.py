"""The doors of classes: who may, whose rows, a past day, reasons in Chinese, what it costs; and what-if against hostile input."""

import json
from copy import deepcopy
from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate

from enterprises.models import Enterprise
from hazards.models import Hazard
from supervision import actions
from supervision.models import CurrentClass, Evaluation
from supervision.rules import FACTS as TABLE
from supervision.serializers import FactsShape
from supervision.views import FACTS
from tests.cast.class_facts import ON, accident, good_mine, hazard
from tests.cast.people import MINE
from tests.cast.units import AWAY, elsewhere

pytestmark = pytest.mark.django_db
URL = f"/api/v1/enterprises/{MINE}/supervision-class"
WHAT_IF, SCHEMES = "/api/v1/supervision/what-if", "/api/v1/supervision/schemes"
OFFICE = ("inspector", "township", "leader", "village", "department", "chief", "bureau", "committee", "duty")


def get_json(client, url=URL, status=200, **parameters):
    response = client.get(url, parameters)
    assert response.status_code == status, response.content
    return response.json()


def refused(response) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


# --- reading ---------------------------------------------------------------------------------------------------------------
def test_a_class_is_answered_with_its_facts_parts_and_reasons(as_):
    good_mine(level=2)
    actions.evaluate([MINE], ON)
    answered = get_json(as_("inspector"))
    stored = Evaluation.objects.get()
    assert answered == {
        **stored.answer, "enterprise": str(MINE), "class": "A", "since": "2026-03-03", "computed": "A", "d_reason": None,
        "decision": {"class": "A", "since": "2026-03-03", "step": "first", "reason": "首次评定为A类"}, "manual": None,
        "next_upgrade_on": None, "accepted_on": None, "facts": stored.facts, "scheme": "XX-ABCD-1", "on": str(localdate()),
        "evaluated_on": "2026-03-03", "evaluated_at": answered["evaluated_at"], "stored": True, "risk_colour": "",
    }  # fmt: skip
    assert (answered["score"], answered["by_score"], answered["parts"]) == (
        "94.0", "A", {"S": "30.0", "T": "24.0", "R": "40.0", "R1": "10.0", "R2": "15.0", "R3": "10.0", "R4": "5.0"},
    )  # fmt: skip


def test_the_reasons_are_complete_chinese_sentences(as_):
    mine = good_mine()
    hazard(mine, ("confirmed", "2026-01-06"), level="major")
    actions.evaluate([MINE], ON)
    answered = get_json(as_("leader"))
    assert (answered["class"], answered["d_reason"], answered["caps"]) == (
        "D", "cap:K06", [{"id": "K06", "class": "D", "reason": "重大事故隐患逾期未整改"}],
    )  # fmt: skip
    assert answered["reasons"] == [
        "安全生产周期：从未发生负有责任的死亡事故（不低于15分），已运营120个月，得30分（满分30分）",
        "安全标准化一级，得30分（满分30分）",
        "双重预防：近12个月已评审风险辨识计4分，红色橙色风险的措施和责任人齐全计3分，自查任务完成率98%计3分，得10分（满分10分）",
        "近12个月到期隐患1条，按期整改0条，得0分（满分15分）",
        "近12个月没有处罚，得10分（满分10分）",
        "应急与人员5项，各项达到、不适用或不详，得5分（满分5分）",
        "总分30＋30＋25＝85.0分，按分数为B类，距A类差5分",
        "K06：重大事故隐患逾期未整改（1条），最高为D类",
        "按K06封顶，评定为D类",
    ]


@pytest.mark.parametrize("who", OFFICE)
def test_the_office_reads_the_classes_of_its_jurisdiction(who, as_):
    good_mine()
    actions.evaluate([MINE], ON)
    assert get_json(as_(who))["class"] == "A"


@pytest.mark.parametrize("who", ["enterprise", "principal"])
def test_a_unit_reads_only_its_own_class(who, as_):
    good_mine(), elsewhere()
    actions.evaluate([MINE, AWAY], ON)
    assert get_json(as_(who))["class"] == "A"
    assert get_json(as_(who), URL.replace(str(MINE), str(AWAY)), 404)["code"] == "not_found"


def test_a_unit_of_another_township_is_answered_like_an_unknown_one(as_):
    elsewhere()
    actions.evaluate([AWAY], ON)
    theirs = URL.replace(str(MINE), str(AWAY))
    assert get_json(as_("inspector"), theirs, 404)["code"] == "not_found"
    assert get_json(as_("inspector"), theirs, 404, on="2026-03-03")["code"] == "not_found"
    assert get_json(as_("inspector"), URL, 404)["code"] == "not_found"
    assert get_json(as_("inspector2"), theirs)["enterprise"] == str(AWAY)


@pytest.mark.parametrize("who", ["sysadmin", "secadmin", "auditor"])
def test_administrators_never_see_classes(who, as_):
    for url in (URL, SCHEMES):
        assert as_(who).get(url).status_code == 403
    assert as_(who).post(WHAT_IF, FACTS, format="json").status_code == 403
    assert as_(None).get(URL).status_code == 401


# --- a past day ------------------------------------------------------------------------------------------------------------
def test_a_past_day_is_answered_by_the_evaluation_in_force_then(as_):
    unit = good_mine()
    actions.evaluate([MINE], date(2026, 2, 1))
    accident(unit, "2026-02-15", deaths=3, grade="larger")
    actions.evaluate([MINE], date(2026, 2, 15))
    client = as_("bureau")
    then, after, now = (get_json(client, on=day) for day in ("2026-02-14", "2026-02-15", str(localdate())))
    assert (then["class"], then["evaluated_on"], then["facts"]["months_since_fatal"]) == ("A", "2026-02-01", None)
    assert [(each["class"], each["since"]) for each in (after, now)] == [("D", "2026-02-15")] * 2
    assert after["next_upgrade_on"] == "2026-07-01"
    assert get_json(client, on="2026-01-31", status=404)["code"] == "no_class_yet"


def test_a_future_or_invalid_day_is_refused(as_):
    client = as_("bureau")
    assert get_json(client, status=400, on=str(localdate() + timedelta(days=1)))["code"] == "in_future"
    assert get_json(client, status=400, on="gestern")["errors"][0]["pointer"] == "/on"
    assert get_json(client, status=400, day="2026-01-01")["code"] == "bad_parameter"


def test_a_unit_never_evaluated_is_computed_on_request_and_not_stored(as_):
    good_mine()
    answered = get_json(as_("inspector"), on="2026-03-03")
    assert (answered["class"], answered["stored"], answered["evaluated_on"], answered["evaluated_at"]) == ("A", False, "2026-03-03", None)
    assert get_json(as_("inspector"))["stored"] is False
    assert not Evaluation.objects.exists() and not CurrentClass.objects.exists()
    assert get_json(as_("inspector"), status=422, on="2020-01-01")["code"] == "no_rule"


def test_a_unit_had_no_class_before_it_opened(as_):
    good_mine(opened_on=date(2025, 5, 1))
    assert get_json(as_("inspector"), status=404, on="2025-04-30")["code"] == "no_class_yet"
    assert get_json(as_("inspector"), on="2025-05-01")["facts"]["months_operating"] == 0


def test_a_class_that_is_not_stored_has_no_etag(as_):
    good_mine()
    assert "ETag" not in as_("inspector").get(URL)


# --- cost ------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("parameters", "cost"), [({}, 4), ({"on": "2026-03-10"}, 5)])
def test_a_class_takes_four_queries_and_that_of_a_past_day_five(parameters, cost, as_, django_assert_num_queries):
    good_mine()
    actions.evaluate([MINE], ON)
    client = as_("inspector")
    client.get(URL)
    # token · stamps · whose it is · evaluation with what people decided · the colour of the past day
    with django_assert_num_queries(cost):
        get_json(client, **parameters)


def test_an_unchanged_answer_is_a_304(as_, django_assert_num_queries):
    good_mine()
    actions.evaluate([MINE], ON)
    client = as_("inspector")
    tag = client.get(URL)["ETag"]
    with django_assert_num_queries(2):  # token · stamps
        assert client.get(URL, HTTP_IF_NONE_MATCH=tag).status_code == 304
    assert client.get(URL, {"on": "2026-03-10"}, HTTP_IF_NONE_MATCH=tag).status_code == 200


# --- deciding --------------------------------------------------------------------------------------------------------------
def mine_in_class_d():
    unit = good_mine()
    hazard(unit, ("confirmed", "2026-01-06"), level="major")
    actions.evaluate([MINE], ON)
    return unit


def test_a_leader_accepts_a_unit_in_d(as_):
    mine_in_class_d()
    body = {"on": "2026-06-20", "document": "兴应急验〔2026〕3号"}
    answered = as_("chief").post(f"{URL}/acceptance", body, format="json")
    assert (answered.status_code, answered.json()["accepted_on"], answered.json()["class"]) == (201, "2026-06-20", "D")


@pytest.mark.parametrize(
    ("who", "body", "answer"),
    [
        ("inspector", {}, (403, "forbidden")),
        ("enterprise", {}, (403, "forbidden")),
        ("department", {}, (403, "leaders_only")),
        ("chief", {"on": "2026-03-02"}, (400, "before_the_class")),
        ("chief", {"on": "2099-01-01"}, (400, "in_future")),
        ("chief", {"document": ""}, (400, "invalid")),
        ("chief", {"extra": 1}, (400, "unknown_field")),
    ],
)
def test_an_acceptance_of_wrong_role_day_or_state_is_refused(who, body, answer, as_):
    mine_in_class_d()
    sent = {"on": "2026-06-20", "document": "验", **body}
    assert refused(as_(who).post(f"{URL}/acceptance", sent, format="json")) == answer


def test_accepting_a_unit_without_class_or_of_another_place_is_not_found(as_):
    good_mine()
    sent = {"on": "2026-06-20", "document": "验"}
    assert refused(as_("chief").post(f"{URL}/acceptance", sent, format="json")) == (404, "no_class_yet")
    assert refused(as_("chief").post(URL.replace(str(MINE), str(AWAY)) + "/acceptance", sent, format="json")) == (404, "not_found")


def test_a_manual_class_is_shown_everywhere_with_the_class_it_replaces(as_):
    good_mine()
    actions.evaluate([MINE], ON)
    today = str(localdate())
    sent = {"class": "C", "until": today, "reason": "节日期间重点监管", "document": "兴安办〔2026〕9号"}
    answered = as_("chief").post(f"{URL}/manual", sent, format="json").json()
    assert (answered["class"], answered["since"], answered["decision"]["class"], answered["manual"]["approver_name"]) == ("C", today, "A", "吴长")
    assert as_("bureau").get("/api/v1/enterprises", {"class": "C"}).json()["results"][0]["id"] == str(MINE)
    assert get_json(as_("bureau"), on="2026-03-10")["class"] == "A"


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"until": "2026-01-01"}, "in_past"), ({"class": "E"}, "invalid"), ({"reason": " "}, "invalid"), ({"document": None}, "invalid")],
)
def test_a_manual_class_needs_reason_document_and_end_date(changes, code, as_):
    good_mine()
    actions.evaluate([MINE], ON)
    sent = {"class": "C", "until": "2099-01-01", "reason": "x", "document": "y", **changes}
    assert refused(as_("chief").post(f"{URL}/manual", sent, format="json")) == (400, code)


def by_hand(client, **changes):
    sent = {
        "class": "A",
        "until": "2099-01-01",
        "reason": "整改到位，风险可控",
        "document": "兴安办〔2026〕9号",
        **changes,
    }
    return client.post(f"{URL}/manual", sent, format="json")


def mine_under_a_cap():
    """Else good; of a special geology: at best B (K15)."""
    good_mine(special_geology=True)
    actions.evaluate([MINE], ON)


LIFTED = {"cap": "K15", "document": "晋矿安监〔2026〕3号", "date": "2026-02-27"}


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({}, 400, "cap_not_lifted"),
        ({"class": "B"}, 201, None),
        ({"class": "D"}, 201, None),
        ({"lifts": [LIFTED]}, 201, None),
        ({"lifts": [LIFTED | {"cap": "K07"}]}, 400, "cap_not_lifted"),
        ({"lifts": [LIFTED | {"cap": "K99"}]}, 400, "unknown_cap"),
        ({"lifts": [LIFTED | {"date": "2099-01-01"}]}, 400, "in_future"),
        ({"lifts": [LIFTED | {"document": ""}]}, 400, "invalid"),
        ({"lifts": [{"cap": "K15"}]}, 400, "invalid"),
    ],
)
def test_a_manual_class_above_a_cap_needs_the_paper_that_lifts_it(as_, changes, status, code):
    mine_under_a_cap()
    answer = by_hand(as_("chief"), **changes)
    assert (answer.status_code, answer.json().get("code")) == (status, code)


def test_the_refusal_of_a_manual_class_names_each_cap_in_its_way(as_):
    mine_under_a_cap()
    said = by_hand(as_("chief")).json()["errors"][0]
    assert said["pointer"] == "/lifts"
    assert "K15（煤与瓦斯突出、冲击地压或水文地质类型极复杂的煤矿，最高B类）" in said["detail"]


def test_a_cap_that_comes_later_suspends_a_manual_class_above_it(as_):
    mine_under_a_cap()
    assert by_hand(as_("chief"), lifts=[LIFTED]).json()["class"] == "A"
    hazard(Enterprise.objects.get(), ("confirmed", "2026-01-06"), level="major")
    actions.evaluate([MINE], localdate())
    answered = get_json(as_("chief"))
    assert (answered["class"], answered["manual"]["effective"]) == ("D", "A")
    assert "K06" in {cap["id"] for cap in answered["manual"]["capped_by"]}
    assert as_("bureau").get("/api/v1/enterprises", {"class": "D"}).json()["results"][0]["id"] == str(MINE)
    assert not list(actions.differences())


# --- what if ---------------------------------------------------------------------------------------------------------------
def test_what_if_answers_the_example_of_the_contract(as_):
    answer = as_("enterprise").post(WHAT_IF, FACTS, format="json")
    assert answer.status_code == 200, answer.content
    answered = answer.json()
    assert set(answered) == {"class", "score", "by_score", "parts", "caps", "provisional", "reasons"}
    assert (answered["class"], answered["score"], answered["by_score"]) == ("B", "89.5", "B")
    assert answered["parts"] == {"S": "30.0", "T": "24.0", "R": "35.5", "R1": "10.0", "R2": "13.5", "R3": "7.0", "R4": "5.0"}
    assert not Evaluation.objects.exists()


def test_what_if_equals_the_stored_evaluation_of_the_same_facts(as_):
    unit = good_mine(level=3)
    accident(unit, "2024-12-20", deaths=1), hazard(unit, ("confirmed", "2026-01-06"))
    actions.evaluate([MINE], ON)
    answered = get_json(as_("bureau"))
    answer = as_("bureau").post(WHAT_IF, answered["facts"], format="json").json()
    assert answer == {**{name: answered[name] for name in answer}, "class": answered["computed"]}


def sent(changes: dict) -> dict:
    body = deepcopy(FACTS)
    for path, value in changes.items():
        *outer, last = path.split("/")
        place = body
        for name in outer:
            place = place[name]
        place[last] = value
    return body


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        ({"months_since_fatal": -1}, {"/months_since_fatal": "out_of_range"}),
        ({"months_since_fatal": "40"}, {"/months_since_fatal": "not_an_integer"}),
        ({"months_since_fatal": True}, {"/months_since_fatal": "not_an_integer"}),
        ({"standardization/level": 4}, {"/standardization/level": "out_of_range"}),
        ({"standardization": None, "hazards": []}, {"/standardization": "not_an_object", "/hazards": "not_an_object"}),
        ({"hazards/on_time_12m": 21}, {"/hazards/on_time_12m": "more_than_due"}),
        ({"stopped_by_order": 1}, {"/stopped_by_order": "not_a_boolean"}),
        ({"on": "2026-02-30"}, {"/on": "not_a_date"}),
        ({"sector": "space"}, {"/sector": "unknown_sector"}),
        ({"missing_bases": "all"}, {"/missing_bases": "not_a_list"}),
        ({"extra": 1}, {"/extra": "unknown_field"}),
    ],
)
def test_what_if_names_every_invalid_fact(changes, pointers, as_):
    answer = as_("bureau").post(WHAT_IF, sent(changes), format="json")
    assert answer.status_code == 400, answer.content
    assert {each["pointer"]: each["code"] for each in answer.json()["errors"]} == pointers


HOSTILE = [
    b"", b"null", b"[]", b'"A"', b"7", b"{", b"[" * 10_000 + b"]" * 10_000, b'{"on": ' + b"9" * 400 + b"}", b'{"a": NaN}',
    b'{"on": "\\u0000"}', b"\xff\xfe", b'{"on": 1e400}', json.dumps({**FACTS, "months_operating": 10**30}).encode(),
    json.dumps({**FACTS, "missing_bases": ["x"] * 5000}).encode(), json.dumps({**FACTS, "sector": "煤" * 500_000}).encode(),
    json.dumps({**FACTS, "risk_control": {"reviewed_12m": None, "red_orange_controlled": None, "self_check_rate": 1e308}}).encode(),
    json.dumps({**FACTS, "missing_bases": [["x"]]}).encode(), json.dumps({**FACTS, "on": "0000-01-01"}).encode(),
    json.dumps({str(n): n for n in range(5000)}).encode(),
]  # fmt: skip


@pytest.mark.parametrize("raw", HOSTILE, ids=range(len(HOSTILE)))
def test_what_if_refuses_hostile_input_and_never_fails(raw, as_):
    answer = as_("bureau").post(WHAT_IF, raw, content_type="application/json")
    assert 400 <= answer.status_code < 500, answer.content
    assert answer.json()["code"] and answer.json()["trace_id"]


@pytest.mark.parametrize(("on", "status"), [("0001-01-01", 422), ("2021-03-28", 422), ("2021-03-29", 200), ("9999-12-31", 200)])
def test_what_if_uses_the_scheme_of_the_given_day(on, status, as_):
    assert as_("bureau").post(WHAT_IF, {**FACTS, "on": on}, format="json").status_code == status


def test_what_if_takes_only_the_query_for_the_token(as_, django_assert_num_queries):
    client = as_("bureau")
    client.post(WHAT_IF, FACTS, format="json")
    with django_assert_num_queries(1):
        client.post(WHAT_IF, FACTS, format="json")


def names_of(shape, path=""):
    for name, inner in shape.items():
        yield f"{path}{name}"
        if isinstance(inner, dict):
            yield from names_of(inner, f"{path}{name}/")


def fields_of(serializer, path=""):
    for name, field in serializer.fields.items():
        yield f"{path}{name}"
        if hasattr(field, "fields"):
            yield from fields_of(field, f"{path}{name}/")


def test_the_documented_fields_of_the_facts_equal_those_of_the_rules():
    assert set(fields_of(FactsShape())) == set(names_of(TABLE))
    shape = FactsShape(data=FACTS)
    assert shape.is_valid(), shape.errors


# --- schemes ---------------------------------------------------------------------------------------------------------------
def test_schemes_list_points_caps_and_frequencies_with_floor_and_ceiling(as_):
    answered = get_json(as_("inspector"), SCHEMES)["results"]
    assert [(each["version"], each["effective_from"]) for each in answered] == [("XX-ABCD-1", "2021-03-29")]
    assert [band["class"] for band in answered[0]["bands"]] == ["A", "B", "C", "D"] and len(answered[0]["caps"]) == 16
    frequencies = answered[0]["frequencies"]
    assert (frequencies["version"], frequencies["floor"]["high_risk"]) == ("XX-FREQ-2025", {"A": 2, "B": 4, "C": 12, "D": 24})
    assert frequencies["ceiling"] == {"high_risk": {"A": 4, "B": 8, "C": 12, "D": 24}, "other": {"A": 2, "B": 4, "C": 4, "D": 12}}


def test_schemes_of_a_past_day_show_the_frequencies_of_that_day(as_):
    then = get_json(as_("inspector"), SCHEMES, on="2022-01-01")["results"]
    assert (then[0]["frequencies"]["version"], then[0]["frequencies"]["ceiling"]["other"]["A"]) == ("XX-FREQ-2021", None)
    assert get_json(as_("inspector"), SCHEMES, on="2020-01-01")["results"] == []


def test_schemes_answer_304_when_unchanged(as_, django_assert_num_queries):
    client = as_("enterprise")
    tag = client.get(SCHEMES)["ETag"]
    with django_assert_num_queries(2):
        assert client.get(SCHEMES, HTTP_IF_NONE_MATCH=tag).status_code == 304


# --- the whole way -----------------------------------------------------------------------------------------------------------
def test_a_mine_falls_from_a_to_c_over_the_api_alone(as_, people):
    """A leader confirms a major hazard; the worker hears of it; the list and the class say so. It is overdue only after the term that
    begins with the confirmation, however long it lay unconfirmed."""
    from safety_api import outbox

    found = hazard(good_mine(), level="major")
    actions.evaluate([MINE], ON)
    step = as_("chief").post(
        f"/api/v1/hazards/{found.pk}/confirm", {"level": "major", "standard_clause": "煤矿重大事故隐患判定标准 第四条"}, format="json"
    )  # fmt: skip
    assert step.status_code == 200, step.content
    outbox.drain()
    answered = get_json(as_("chief"))
    assert (answered["class"], answered["since"], answered["facts"]["hazards"]["major_overdue"]) == ("C", str(localdate()), 0)
    listed = as_("chief").get("/api/v1/enterprises", {"class": "C"}).json()["results"]
    assert [each["id"] for each in listed] == [str(MINE)]


def test_a_fall_whose_ground_falls_away_is_taken_back_at_once_with_its_reason(as_, people):
    from safety_api import outbox

    found = hazard(good_mine(), level="major")
    actions.evaluate([MINE], ON)
    confirm = {"level": "major", "standard_clause": "煤矿重大事故隐患判定标准 第四条"}
    assert as_("chief").post(f"/api/v1/hazards/{found.pk}/confirm", confirm, format="json").status_code == 200
    outbox.drain()
    assert get_json(as_("chief"))["class"] == "C"
    assert as_("chief").post(f"/api/v1/hazards/{found.pk}/void", {"reason": "wrong_unit"}, format="json").status_code == 200
    outbox.drain()
    answered = get_json(as_("chief"))
    assert (answered["class"], answered["since"], answered["decision"]["step"]) == ("A", str(ON), "back")
    assert answered["decision"]["reason"] == f"{localdate()}降为C类的依据已不存在，撤回降级，恢复为A类"
    assert [each["id"] for each in as_("chief").get("/api/v1/enterprises", {"class": "A"}).json()["results"]] == [str(MINE)]


def test_a_fall_that_was_put_right_the_same_day_is_not_taken_back(as_, people):
    from safety_api import outbox

    ours = good_mine()
    wrong, right = hazard(ours, level="major"), hazard(ours, level="major")
    actions.evaluate([MINE], ON)
    for each in (wrong, right):
        confirm = {"level": "major", "standard_clause": "煤矿重大事故隐患判定标准 第四条"}
        assert as_("chief").post(f"/api/v1/hazards/{each.pk}/confirm", confirm, format="json").status_code == 200
    outbox.drain()
    Hazard.objects.filter(pk=right.pk).update(state="closed", closed_on=localdate())
    assert as_("chief").post(f"/api/v1/hazards/{wrong.pk}/void", {"reason": "duplicate"}, format="json").status_code == 200
    outbox.drain()
    answered = get_json(as_("chief"))
    assert (answered["class"], answered["decision"]["step"]) == ("C", "kept")  # the other one was a ground too
