"""追责问责、联合惩戒、严重失信主体名单."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.models import User
from enforcement.actions import dishonesty
from enforcement.models import Accountability, Dishonesty, JointPunishment
from enterprises.facts import stated_facts
from enterprises.models import StatedFact
from safety_api.models import TrailLine
from tests.cast.enforcement import done, post, refused
from tests.cast.units import elsewhere, mine

pytestmark = pytest.mark.django_db


# --- 追责问责 -------------------------------------------------------------------------------------------------------------
def a_case(**fields) -> dict:
    return {
        "sector": "coal_mine", "case": "挂牌隐患逾期，监管不到位", "person_name": "丁某某", "person_unit": "演示·某所", "person_post": "所长",
        "authority": "县纪委监委", "measure": "admonition", "document": "兴纪诫〔2026〕7号", "decided_on": "2026-11-10", **fields,
    }  # fmt: skip


@pytest.fixture
def departments():
    User.objects.filter(username__in=["department", "chief"]).update(department="emergency")


def test_names_in_the_accountability_register_are_shown_by_role_and_department(as_, departments):
    done(post(as_("committee"), "accountability", **a_case(department="emergency")), 201)
    done(post(as_("bureau"), "accountability", **a_case(department="energy", document="二")), 201)
    seen = {
        who: [each["person_name"] for each in done(as_(who).get("/api/v1/accountability"))["results"]]
        for who in ("committee", "bureau", "chief", "department")
    }
    assert seen == {"committee": ["丁某某"] * 2, "bureau": ["丁某某"] * 2, "chief": ["丁某某"], "department": ["丁*某"]}
    for who in ("enterprise", "principal", "township", "leader", "village", "inspector", "duty"):
        assert as_(who).get("/api/v1/accountability").status_code == 403


def test_the_trail_of_accountability_names_no_person(as_):
    key = done(post(as_("bureau"), "accountability", **a_case()), 201)["id"]
    line = TrailLine.objects.get(object_id=key)
    assert line.verb == "accountability.enter" and "丁" not in str(line.details)


def test_a_department_enters_only_its_own_accountability_cases(as_, departments):
    own = done(post(as_("department"), "accountability", **a_case()), 201)
    assert (own["department"], own["person_name"]) == ("emergency", "丁某某")
    answer = post(as_("department"), "accountability", **a_case(department="energy"))
    refused(answer, "not_your_department", 403)


def test_an_officer_without_a_department_sees_and_enters_no_cases(as_):
    User.objects.filter(username="department").update(department=None)
    done(post(as_("bureau"), "accountability", **a_case(department="emergency")), 201)
    assert done(as_("department").get("/api/v1/accountability"))["results"] == []
    refused(post(as_("department"), "accountability", **a_case()), "not_your_department", 403)


def test_a_case_entered_in_error_is_voided_once_and_kept(as_):
    key = done(post(as_("bureau"), "accountability", **a_case()), 201)["id"]
    done(post(as_("committee"), f"accountability/{key}/void", reason="录入重复"))
    refused(post(as_("bureau"), f"accountability/{key}/void", reason="录入重复"), "ended_already")
    assert Accountability.objects.standing().count() == 0 and Accountability.objects.count() == 1
    assert done(as_("bureau").get("/api/v1/accountability?voided=false"))["results"] == []


# --- 联合惩戒 -------------------------------------------------------------------------------------------------------------
def a_punishment(**fields) -> dict:
    return {
        "reason": "拒不执行停产指令", "document": "兴安委联惩〔2026〕1号", "measures": ["more_inspections"], "departments": ["approval"],
        "held_from": "2026-11-02", "held_to": "2026-11-20", **fields,
    }  # fmt: skip


def test_a_joint_punishment_holds_from_first_to_last_day_or_until_lifted(as_):
    unit = str(mine().pk)
    done(post(as_("committee"), "joint-punishments", **a_punishment(enterprise=unit)), 201)
    endless = done(post(as_("committee"), "joint-punishments", **a_punishment(enterprise=unit, held_to=None)), 201)
    count = lambda day: JointPunishment.objects.in_force(on=day).count()  # noqa: E731
    assert [count(date(2026, 11, day)) for day in (1, 2, 20, 21)] == [0, 2, 2, 1]
    lift = {"document": "x", "reason": "已履行", "on": "2026-11-22"}
    done(post(as_("committee"), f"joint-punishments/{endless['id']}/lift", **lift))
    assert [count(date(2026, 11, day)) for day in (21, 22)] == [1, 0]
    refused(post(as_("committee"), f"joint-punishments/{endless['id']}/lift", **lift), "ended_already")
    assert done(as_("department").get("/api/v1/joint-punishments?in_force=true"))["results"] == []
    assert len(done(as_("department").get("/api/v1/joint-punishments?carried_out_by=approval"))["results"]) == 2


@pytest.mark.parametrize(
    "change, pointer, code",
    [
        ({"measures": []}, "/measures", "min_length"),
        ({"measures": ["more_inspections", "more_inspections"]}, "/measures", "twice"),
        ({"measures": ["hanging"]}, "/measures/0", "invalid_choice"),
        ({"departments": ["nobody"]}, "/departments/0", "unknown_department"),
        ({"held_to": "2026-11-01"}, "/held_to", "ends_before_start"),
        ({"subject_kind": "person", "sector": "coal_mine"}, "/subject_name", "unknown_enterprise"),
    ],
)
def test_a_joint_punishment_needs_subject_measures_and_executing_departments(as_, change, pointer, code):
    about = {} if "subject_kind" in change else {"enterprise": str(mine().pk)}
    answer = post(as_("committee"), "joint-punishments", **a_punishment(**about, **change))
    assert answer.status_code == 400, answer.content.decode()
    found = [(each["pointer"], each["code"]) for each in answer.json()["errors"]]
    assert found in ([(pointer, code)], [(pointer.rsplit("/", 1)[0], code)]), found


def test_a_persons_name_is_masked_except_for_keepers_of_the_register(as_):
    body = a_punishment(subject_kind="person", subject_name="丁某某", enterprise=str(mine().pk))
    done(post(as_("bureau"), "joint-punishments", **body), 201)
    names = {who: done(as_(who).get("/api/v1/joint-punishments"))["results"][0]["subject_name"]
             for who in ("bureau", "department", "township", "enterprise")}  # fmt: skip
    assert names == {"bureau": "丁某某", "department": "丁某某", "township": "丁*某", "enterprise": "丁*某"}


# --- 严重失信 -------------------------------------------------------------------------------------------------------------
def a_notice(**fields) -> dict:
    return {
        "clause": "7-1", "facts": "暂扣许可期间组织生产", "penalty_document": "兴应急罚〔2026〕9号", "notified_on": "2026-10-12", **fields,
    }  # fmt: skip


def notified(as_, unit, **fields) -> str:
    return done(post(as_("bureau"), "dishonesty-list", **a_notice(enterprise=str(unit.pk), **fields)), 201)["id"]


def enlisted(as_, unit, on: str = "2026-10-20") -> str:
    key = notified(as_, unit)
    done(post(as_("bureau"), f"dishonesty-list/{key}/enlist", document="兴应急信列〔2026〕1号", on=on))
    return key


def on_list(unit, day: date) -> bool:
    return stated_facts([unit.pk], day)[unit.pk]["dishonesty_listed"]


def test_a_unit_is_notified_heard_listed_for_three_years_and_its_class_follows(as_):
    unit = mine()
    notice = done(post(as_("bureau"), "dishonesty-list", **a_notice(enterprise=str(unit.pk))), 201)
    at = f"dishonesty-list/{notice['id']}"
    assert (notice["state"], notice["regime"], notice["objection_due_on"]) == ("notified", "2023", "2026-10-19")
    refused(post(as_("bureau"), f"{at}/enlist", document="x", on="2026-10-19"), "objection_time_runs")
    done(post(as_("bureau"), f"{at}/object", objection="仅为维修", on="2026-10-15"))
    refused(post(as_("bureau"), f"{at}/enlist", document="x", on="2026-10-20"), "objection_unanswered")
    row = done(post(as_("bureau"), f"{at}/enlist", document="列〔1〕", objection_answer="与事实不符", on="2026-10-20"))
    assert (row["expires_on"], row["early_removal_from"]) == ("2029-10-20", "2027-10-20")
    assert row["in_force"]
    days = [date(2026, 10, 19), date(2026, 10, 20), date(2029, 10, 20), date(2029, 10, 21)]
    assert [on_list(unit, day) for day in days] == [False, True, True, False]  # K09; nobody has to do anything
    assert [Dishonesty.objects.in_force(on=day).count() for day in days] == [0, 1, 1, 0]
    done(post(as_("bureau"), f"{at}/publish", where="国家企业信用信息公示系统", on="2026-10-22"))
    refused(post(as_("bureau"), f"{at}/publish", where="国家企业信用信息公示系统"), "already_published")


def test_early_removal_is_possible_after_12_months_and_undone_for_fraud(as_, people):
    unit, bureau = mine(), people["bureau"]
    key = enlisted(as_, unit)
    refused(post(as_("principal"), f"dishonesty-list/{key}/apply-removal", application="已整改"), "too_early_to_remove")
    day = date(2027, 10, 20)
    principal = people["principal"]
    dishonesty.apply_removal(key, by=principal, on=day, application="已整改")
    dishonesty.remove(key, by=bureau, on=day + timedelta(days=9), kind="early", document="移〔1〕", reason="符合条件")
    days = [date(2027, 10, 28), date(2027, 10, 29)]
    assert [on_list(unit, each) for each in days] == [True, False]
    assert [Dishonesty.objects.in_force(on=each).count() for each in days] == [1, 0]
    dishonesty.restore(key, by=bureau, on=date(2027, 12, 1), document="复〔1〕", reason="弄虚作假")
    row = Dishonesty.objects.get()
    assert (row.state, row.expires_on, row.removed_on) == ("listed", date(2029, 10, 20), None)
    assert on_list(unit, date(2028, 1, 1)) and not on_list(unit, date(2029, 10, 21))


def test_a_revoked_dishonesty_listing_counts_as_never_listed(as_):
    unit = mine()
    key = enlisted(as_, unit)
    body = {"kind": "revoked", "document": "撤〔1〕", "reason": "处罚决定被撤销"}
    assert done(post(as_("bureau"), f"dishonesty-list/{key}/remove", **body))["state"] == "removed"
    assert not on_list(unit, date(2026, 10, 25))
    assert (
        StatedFact.objects.filter(kind="dishonesty_listing").count() == 1
    )  # still there for whoever asks what was known
    restore = {"document": "复〔1〕", "reason": "x"}
    refused(post(as_("bureau"), f"dishonesty-list/{key}/restore", **restore), "wrong_step")


@pytest.mark.parametrize("kind, code", [("expired", "too_early_to_remove"), ("early", "wrong_step")])
def test_removal_from_the_dishonesty_list_before_its_time_is_refused(as_, kind, code):
    key = enlisted(as_, mine())
    refused(post(as_("bureau"), f"dishonesty-list/{key}/remove", kind=kind, document="x"), code)


def test_removal_after_expiry_does_not_change_the_listed_period(as_, people):
    unit = mine()
    key = enlisted(as_, unit)
    dishonesty.remove(key, by=people["bureau"], on=date(2029, 10, 21), kind="expired", document="移〔2〕")
    assert on_list(unit, date(2029, 10, 20)) and not on_list(unit, date(2029, 10, 21))


@pytest.mark.parametrize(
    "change, code",
    [
        ({"clause": "9-9"}, "unknown_clause"),
        ({"clause": "B1"}, "unknown_clause"),  # of the old regime
        ({"sector": "urban_construction", "subject_name": "演示·某建筑公司"}, "outside_list_scope"),
        ({"sector": "coal_mine"}, "unknown_enterprise"),
        ({"sector": "coal_mine", "subject_name": "某", "notified_on": "2016-01-01"}, "no_rule"),
    ],
)
def test_a_dishonesty_notice_of_wrong_clause_scope_or_date_is_refused(as_, change, code):
    about = {} if "sector" in change else {"enterprise": str(mine().pk)}
    answer = post(as_("bureau"), "dishonesty-list", **a_notice(**about, **change))
    refused(answer, code, 422 if code == "no_rule" else 400)


def test_a_dishonesty_listing_of_the_2017_rules_lasts_one_year(as_):
    unit = mine()
    key = notified(as_, unit, clause="B2", notified_on="2022-05-09")
    row = done(post(as_("bureau"), f"dishonesty-list/{key}/enlist", document="列", on="2022-05-10"))
    assert (row["regime"], row["expires_on"], row["early_removal_from"]) == ("2017", "2023-05-10", None)
    assert row["in_force"] is False


def test_a_listed_person_does_not_lower_the_class_of_a_unit(as_):
    unit = mine()
    key = notified(as_, unit, subject_kind="person", subject_name="丁某某", person_post="矿长")
    done(post(as_("bureau"), f"dishonesty-list/{key}/enlist", document="列", on="2026-10-20"))
    assert not on_list(unit, date(2026, 11, 1))


def test_a_dishonesty_notice_is_visible_only_to_its_keepers_and_the_unit(as_):
    key = notified(as_, mine())
    found = {who: as_(who).get(f"/api/v1/dishonesty-list/{key}").status_code
             for who in ("bureau", "committee", "department", "enterprise", "township", "inspector", "duty")}  # fmt: skip
    assert found == {
        "bureau": 200, "committee": 200, "department": 200, "enterprise": 200, "township": 404, "inspector": 404, "duty": 404,
    }  # fmt: skip
    done(post(as_("bureau"), f"dishonesty-list/{key}/drop", reason="申辩成立"))
    assert as_("township").get(f"/api/v1/dishonesty-list/{key}").status_code == 404
    refused(post(as_("bureau"), f"dishonesty-list/{key}/enlist", document="x"), "wrong_step")


# --- all three --------------------------------------------------------------------------------------------------------------
BODIES = {"accountability": a_case, "joint-punishments": a_punishment, "dishonesty-list": a_notice}


@pytest.mark.parametrize("address", BODIES)
@pytest.mark.parametrize("rows", [1, 30])
def test_the_lists_take_three_queries_at_any_length(as_, rows, address, django_assert_max_num_queries):
    unit, client = mine(), as_("bureau")
    for _ in range(rows):
        done(post(client, address, **{**BODIES[address](), "enterprise": str(unit.pk)}), 201)
    with django_assert_max_num_queries(3):  # token · stamps · rows with their unit
        assert len(done(client.get(f"/api/v1/{address}"))["results"]) == rows


@pytest.mark.parametrize("address", ["joint-punishments", "dishonesty-list"])
def test_a_unit_sees_only_its_own_rows(as_, address):
    for unit in (mine(), elsewhere()):
        done(post(as_("bureau"), address, **{**BODIES[address](), "enterprise": str(unit.pk)}), 201)
    assert len(done(as_("enterprise").get(f"/api/v1/{address}"))["results"]) == 1
    assert len(done(as_("department").get(f"/api/v1/{address}"))["results"]) == 2
