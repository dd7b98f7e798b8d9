"""A month from its opening to its freeze, and what comes after; what stands in the way has its word."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any
from uuid import UUID

import pytest
import rfc8785
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accidents.reports import deciding, reporting
from accounts.models import User
from assessment.closings import actions as closings
from assessment.closings.content import drafting
from assessment.models import Closing, ClosingStep
from assessment.tasks import open_closings
from safety_api.models import OutboxMessage, TrailLine
from tests.cast.accidents import PAPER, TOWN, YEAR, V, W, at, bureau, key, occurring, report_accident
from tests.cast.closings import (
    CLOSINGS,
    COUNTY,
    DIFFERENCES,
    LISTS,
    MONTH,
    OBJECTIONS,
    ROWS,
    a_list,
    done,
    nil,
    nothing_to_reconcile,
    open_month,
    post,
    refused,
    row,
    time_passed,
    townships,
)
from tests.cast.people import MINE
from tests.cast.units import elsewhere, mine
from tests.conftest import tries
from zero_accident.attribution import actions
from zero_accident.figures import keeping, query, rebuilding
from zero_accident.figures import ranking as township_ranking

pytestmark = pytest.mark.django_db


def url(closing: int, *step: str) -> str:
    return "/".join([f"{CLOSINGS}/{closing}", *step])


def show(client: Any, closing: int) -> dict[str, Any]:
    return done(client.get(url(closing)))


def ready(with_, month: int = MONTH) -> int:
    """Opened by the bureau, reconciled, with nobody left to object."""
    closing = open_month(with_("bureau"), month)
    time_passed(closing)
    nothing_to_reconcile(with_("bureau"), month)
    return closing


def signed(with_, month: int = MONTH) -> int:
    closing = ready(with_, month)
    done(post(with_("committee"), url(closing, "sign")))
    return closing


def frozen(with_, month: int = MONTH) -> int:
    closing = signed(with_, month)
    done(post(with_("bureau"), url(closing, "freeze")))
    return closing


# --- the whole way ---------------------------------------------------------------------------------------------------
def test_a_month_is_opened_reconciled_objected_to_signed_and_frozen_over_the_api(with_):
    """A pit accident of ours, a private car only the police know, an objection upheld, a township's word, two signatures."""
    unit = mine()
    pit = report_accident(1, deaths=1, units=occurring(unit))
    closing = open_month(with_("bureau"))
    waiting = {each["code"] for each in show(with_("bureau"), closing)["waiting"]}
    assert waiting == {"source_list_missing", "objection_period_runs"}

    rows = done(post(with_("traffic"), LISTS, a_list(row(region=W))), 201)["rows"]
    done(post(with_("brigade"), LISTS, nil("fire")), 201)
    done(post(with_("bureau"), f"{ROWS}/{rows[0]['id']}/add", {"nature": "non_production"}), 201)
    assert done(with_("bureau").get(f"{DIFFERENCES}?year={YEAR}&month={MONTH}"))["open"] == 0

    sent = {"about": "unit", "enterprise": str(unit.pk), "reason": "只是场地出租", "evidence": ["租赁合同"]}
    objection = done(post(with_("leader"), f"/api/v1/accidents/{pit.pk}/objections", sent), 201)["id"]
    time_passed(closing)
    assert refused(post(with_("committee"), url(closing, "sign"))) == (409, "objections_open")
    remedy = {"subject": "unit", "effect": "exclude", "enterprise": str(unit.pk)}
    paper = {"document": "兴应急〔2025〕9号", "approved_by": "县安委办"}
    body = {"upheld": True, "answer": "经查属实", **paper, "override": remedy}
    done(post(with_("bureau"), f"{OBJECTIONS}/{objection}/answer", body))

    sent = done(post(with_("committee"), url(closing, "sign")))
    assert (sent["state"], sent["signed_name"]) == ("signed", "王安")
    assert refused(post(with_("committee"), url(closing, "freeze"))) == (403, "own_signature")
    sent = done(post(with_("bureau"), url(closing, "freeze")))
    assert (sent["state"], sent["frozen_name"], sent["waiting"]) == ("frozen", "郑应", None)

    content = Closing.objects.get(pk=closing).content
    assert hashlib.sha256(rfc8785.dumps(content)).hexdigest() == sent["content_sha256"]
    assert {each["region"] for each in content["broken"]} == {V, W}
    assert {each["kind"] for each in content["broken"]} == {"village"}  # the unit was let off
    assert [each["answer"] for each in content["objections"]] == ["经查属实"]
    assert [(each["kind"], each["external_number"]) for each in content["differences"]] == [("created", "K1")]
    assert len(content["accidents"]) == 2 and content["sources"][0]["edition"] == 1
    assert any("异议成立" in each["reason"] for each in content["reasons"])
    assert content["ratios"]["villages"]["broken"] == 2 and len(content["ranking"]) == len(townships())
    assert content["policy"]["version"] == "ZA-2021-1" and content["figures_revision"] >= 3

    ranking = done(with_("township").get(url(closing, "ranking")))
    assert (ranking["closing"], ranking["number"]) == (closing, 1) and ranking["rows"] == content["ranking"]
    verbs = ["open", "sign", "freeze"]
    assert list(ClosingStep.objects.order_by("id").values_list("verb", flat=True)) == verbs
    assert set(TrailLine.objects.values_list("verb", flat=True)) >= {f"closing.{verb}" for verb in verbs} | {
        "objection.answer"
    }
    assert {"closing.signed", "closing.frozen", "objection.answered"} <= set(
        OutboxMessage.objects.values_list("topic", flat=True)
    )


def test_a_ranking_is_compared_with_the_frozen_one_of_the_previous_month(with_):
    report_accident(1, occurred_at=at(2, 5))
    february = frozen(with_, 2)
    report_accident(2, region=W, deaths=2)
    content = Closing.objects.get(pk=signed(with_)).content
    assert content["before"] == {"as_of": f"{YEAR}-02-28", "closing": february, "number": 1}
    rows = {each["region"]: each for each in content["ranking"]}
    assert rows[TOWN]["before"]["rank"] is not None and rows[TOWN]["moved"] >= 0
    assert rows["141123101000"]["before"]["rank"] == 1 and rows["141123101000"]["moved"] < 0


def test_january_is_compared_with_nothing_and_an_unclosed_month_is_computed(with_):
    assert Closing.objects.get(pk=signed(with_, 1)).content["before"] is None
    assert Closing.objects.get(pk=signed(with_, 3)).content["before"] == {
        "as_of": f"{YEAR}-02-28",
        "closing": None,
        "number": None,
    }


# --- opening ---------------------------------------------------------------------------------------------------------
def test_the_monthly_task_opens_the_previous_month_once_per_county_with_figures(people):
    report_accident()
    keeping.refresh_year(2026, reason="试")
    assert closings.open_due(date(2026, 11, 1)) == 1
    assert closings.open_due(date(2026, 11, 2)) == 0
    row = Closing.objects.get()
    assert (row.region_code, row.year, row.month, row.opened_by, row.opened_name) == (COUNTY, 2026, 10, None, "系统")


def test_the_january_task_also_opens_the_previous_year(people):
    report_accident()
    assert closings.open_due(date(2026, 1, 1)) == 2
    assert set(Closing.objects.values_list("year", "month")) == {(2025, 12), (2025, 0)}
    assert open_closings() >= 0


def test_no_closing_is_opened_for_a_county_without_figures(people):
    assert closings.open_due(date(2026, 11, 1)) == 0


def test_opening_a_month_again_returns_the_same_closing(with_):
    first = post(with_("bureau"), CLOSINGS, {"year": YEAR, "month": MONTH})
    again = post(with_("bureau"), CLOSINGS, {"year": YEAR, "month": MONTH})
    assert (first.status_code, again.status_code, first.json()["id"]) == (201, 200, again.json()["id"])
    assert ClosingStep.objects.count() == 1


@pytest.mark.parametrize(
    "body, status, word",
    [
        ({"year": 2099, "month": 1}, 409, "month_not_over"),
        ({"year": 2020, "month": 1}, 400, "invalid"),
        ({"year": YEAR, "month": 13}, 400, "invalid"),
        ({"year": YEAR, "month": 3.0}, 400, "invalid"),
        ({"year": "2025", "month": 3}, 400, "invalid"),
        ({"month": 3}, 400, "invalid"),
        ({"year": YEAR, "month": 3, "region": "141124"}, 400, "unknown_region"),
        ({"year": YEAR, "month": 3, "state": "frozen"}, 400, "unknown_field"),
    ],
)
def test_a_month_that_is_not_over_or_invalid_cannot_be_opened(with_, body, status, word):
    assert refused(post(with_("bureau"), CLOSINGS, body)) == (status, word)
    assert not Closing.objects.exists()


@pytest.mark.parametrize("names", [("year", "month"), ("year",)])
def test_the_month_and_the_year_of_today_are_not_over(with_, names):
    today = timezone.localdate()
    body = {name: getattr(today, name) for name in names}
    assert refused(post(with_("bureau"), CLOSINGS, body)) == (409, "month_not_over")


# --- signing ---------------------------------------------------------------------------------------------------------
def test_signing_is_refused_with_every_missing_item_listed(with_):
    report_accident(1, category="Z2", nature="non_production")
    closing = open_month(with_("bureau"))
    done(post(with_("traffic"), LISTS, a_list(row(region=W))), 201)
    answer = post(with_("committee"), url(closing, "sign"))
    assert refused(answer) == (409, "source_list_missing")
    assert [each["code"] for each in answer.json()["errors"]] == [
        "source_list_missing", "differences_open", "differences_open", "objection_period_runs",
    ]  # fmt: skip
    assert "蔚汾镇" in answer.json()["errors"][-1]["detail"]
    assert Closing.objects.get().content == {}


def test_signing_early_needs_every_townships_statement_of_no_objection(with_, closers):
    closing = open_month(with_("bureau"))
    nothing_to_reconcile(with_("bureau"))
    for code in townships()[1:]:
        officer = User(pk=UUID(int=int(code)), name="乡镇", role="township_officer", region=code[:9])
        closings.no_objection(closing, by=officer)
    assert refused(post(with_("committee"), url(closing, "sign"))) == (409, "objection_period_runs")
    for _ in range(2):
        done(post(with_("township"), url(closing, "no-objection")))
    assert townships()[0] == TOWN and len(show(with_("bureau"), closing)["no_objection"]) == len(townships())
    done(post(with_("committee"), url(closing, "sign")))


def test_the_objection_period_is_five_working_days_after_the_opening(with_):
    closing = open_month(with_("bureau"))
    Closing.objects.filter(pk=closing).update(opened_at="2026-11-02T00:40:00+08:00")  # a Monday
    answered = show(with_("bureau"), closing)
    assert (answered["objections_until"], answered["terms"]) == ("2026-11-09", "2021-1")


@pytest.mark.parametrize(
    "who, status, word",
    [("committee", 200, None), ("director", 200, None), ("bureau", 403, "leaders_only"), ("township", 403, "forbidden"),
     ("duty", 403, "forbidden"), ("next county", 404, "not_found")],
)  # fmt: skip
def test_only_the_committee_or_a_bureau_leader_may_sign_a_closing(with_, who, status, word):
    closing = ready(with_)
    answer = post(with_(who), url(closing, "sign"))
    assert (answer.status_code, answer.json().get("code")) == (status, word)


def test_whoever_opened_a_closing_cannot_sign_it(with_):
    opened = done(post(with_("director"), CLOSINGS, {"year": YEAR, "month": MONTH}), 201)["id"]
    time_passed(opened)
    nothing_to_reconcile(with_("bureau"))
    assert refused(post(with_("director"), url(opened, "sign"))) == (403, "own_preparation")


def test_whoever_settled_differences_of_a_closing_cannot_sign_it(with_):
    closing = open_month(with_("bureau"))
    time_passed(closing)
    rows = done(post(with_("bureau"), LISTS, a_list(row())), 201)["rows"]
    done(post(with_("bureau"), LISTS, nil("fire")), 201)
    done(post(with_("director"), f"{ROWS}/{rows[0]['id']}/set-aside", {"reason": "邻县"}), 201)
    assert refused(post(with_("director"), url(closing, "sign"))) == (403, "own_preparation")
    done(post(with_("committee"), url(closing, "sign")))


def test_withdrawing_a_signature_needs_a_reason_and_keeps_the_signed_digest(with_):
    closing = signed(with_)
    digest = Closing.objects.get().content_sha256
    assert refused(post(with_("committee"), url(closing, "withdraw"), {})) == (400, "reason_required")
    answered = done(post(with_("committee"), url(closing, "withdraw"), {"reason": "交警补来一起"}))
    assert (answered["state"], answered["content_sha256"], answered["signed_at"]) == ("open", "", None)
    step = answered["steps"][-1]
    assert (step["verb"], step["reason"], step["content_sha256"]) == ("withdraw", "交警补来一起", digest)
    done(post(with_("committee"), url(closing, "sign")))


# --- steps out of turn -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "state, who, step, word",
    [
        ("open", "bureau", "freeze", "not_signed"),
        ("open", "committee", "withdraw", "wrong_step"),
        ("open", "bureau", "revise", "wrong_step"),
        ("signed", "committee", "sign", "wrong_step"),
        ("signed", "township", "no-objection", "wrong_step"),
        ("signed", "bureau", "revise", "wrong_step"),
        ("frozen", "committee", "sign", "wrong_step"),
        ("frozen", "committee", "withdraw", "wrong_step"),
        ("frozen", "bureau", "freeze", "wrong_step"),
        ("frozen", "township", "no-objection", "wrong_step"),
    ],
)
def test_a_step_out_of_turn_is_refused_and_changes_nothing(with_, state, who, step, word):
    closing = {"open": ready, "signed": signed, "frozen": frozen}[state](with_)
    client = with_(who)
    before = (Closing.objects.values().get(), ClosingStep.objects.count(), TrailLine.objects.count())
    body = {"reason": "更正"} if step in ("withdraw", "revise") else {}
    assert refused(post(client, url(closing, step), body)) == (409, word)
    assert (Closing.objects.values().get(), ClosingStep.objects.count(), TrailLine.objects.count()) == before


def test_a_signature_is_stale_and_freezing_refused_once_figures_have_changed(with_):
    closing = signed(with_)
    report_accident(7)
    assert refused(post(with_("bureau"), url(closing, "freeze"))) == (409, "signature_stale")
    done(post(with_("committee"), url(closing, "withdraw"), {"reason": "补报一起"}))
    done(post(with_("committee"), url(closing, "sign")))
    done(post(with_("bureau"), url(closing, "freeze")))


def test_a_signed_or_frozen_month_takes_no_new_source_list(with_):
    closing = signed(with_)
    assert refused(post(with_("traffic"), LISTS, a_list(row()))) == (409, "wrong_step")
    done(post(with_("bureau"), url(closing, "freeze")))
    assert refused(post(with_("traffic"), LISTS, a_list(row()))) == (409, "month_frozen")
    done(post(with_("bureau"), url(closing, "revise"), {"reason": "交警补报"}), 201)
    done(post(with_("traffic"), LISTS, a_list(row())), 201)


def test_signing_with_a_stale_etag_is_refused(with_):
    closing = ready(with_)
    client = with_("committee")
    tag = client.get(url(closing))["ETag"]
    Closing.objects.filter(pk=closing).update(opened_name="别人")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE assessment_closing SET xid = xid")
    tags = {tag, client.get(url(closing))["ETag"]}
    answer = client.post(url(closing, "sign"), {}, format="json", HTTP_IF_MATCH='W/"of another time"')
    assert (answer.status_code, answer.json()["code"]) == (412, "stale") and tags


def test_signing_twice_with_one_idempotency_key_signs_once(with_):
    closing = ready(with_)
    headers = {"HTTP_IDEMPOTENCY_KEY": str(key(1))}
    first, again = (post(with_("committee"), url(closing, "sign"), {}, **headers) for _ in range(2))
    assert done(first) == done(again) and again["Idempotent-Replay"] == "true"
    assert ClosingStep.objects.filter(verb="sign").count() == 1


# --- frozen for ever -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE assessment_closing SET content = '{}'",
        "UPDATE assessment_closing SET state = 'open'",
        "UPDATE assessment_closing SET frozen_name = 'x'",
        "UPDATE assessment_closing SET reason = 'x'",
        "DELETE FROM assessment_closing",
        "UPDATE assessment_closing_step SET reason = 'x'",
        "DELETE FROM assessment_closing_step",
    ],
)
def test_the_database_refuses_to_change_a_frozen_closing(with_, statement):
    frozen(with_)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "column",
    [
        "content = '{}'",
        "content_sha256 = 'x'",
        "signed_name = 'x'",
        "signed_at = now()",
        "known_at = now()",
        "month = 4",
    ],
)
def test_the_database_refuses_to_change_a_signed_closing(with_, column):
    signed(with_)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE assessment_closing SET {column}")


def test_the_database_refuses_to_freeze_an_unsigned_closing(with_):
    ready(with_)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE assessment_closing SET state = 'frozen', frozen_at = now(), signed_at = now(), content_sha256 = 'x'"
        )


def test_a_later_fact_is_shown_as_a_change_and_leads_to_a_second_revision(with_):
    accident = report_accident(1)
    closing = frozen(with_)
    assert show(with_("bureau"), closing)["changed_since"] == {
        "changed": [], "reasons": [], "figures_revision": show(with_("bureau"), closing)["content"]["figures_revision"],
    }  # fmt: skip
    deciding.write_off(accident.pk, by=bureau(), **PAPER)
    answered = show(with_("bureau"), closing)["changed_since"]
    assert {(each["what"], each["field"]) for each in answered["changed"]} >= {
        ("county", "zero"), ("township", "village_zero"), ("broken", ""), ("accident", "stat_status"),
    }  # fmt: skip
    assert [each["reason"] for each in answered["reasons"]] == [f"核销：{PAPER['reason']}"]

    second = done(post(with_("bureau"), url(closing, "revise"), {"reason": "经认定为刑事案件，已核销"}), 201)
    assert (second["number"], second["state"], second["reason"]) == (2, "open", "经认定为刑事案件，已核销")
    assert refused(post(with_("bureau"), url(closing, "revise"), {"reason": "又一次"})) == (409, "wrong_step")
    time_passed(second["id"])
    done(post(with_("committee"), url(second["id"], "sign")))
    done(post(with_("bureau"), url(second["id"], "freeze")))
    old, new = (Closing.objects.get(number=number).content for number in (1, 2))
    assert (len(old["broken"]), len(new["broken"])) == (1, 0)
    assert [each["reason"] for each in new["reasons"]] == [f"核销：{PAPER['reason']}"]
    rows = done(with_("village").get(f"{CLOSINGS}?year={YEAR}&month={MONTH}"))["results"]
    assert [(each["number"], each["state"]) for each in rows] == [(2, "frozen"), (1, "frozen")]
    assert len(done(with_("bureau").get(url(closing, "broken")))["rows"]) == 1


def test_frozen_figures_equal_the_figures_as_known_at_the_signature(with_):
    accident = report_accident(1, units=occurring(mine()))
    closing = Closing.objects.get(pk=frozen(with_))
    deciding.write_off(accident.pk, by=bureau(), **PAPER)
    report_accident(2, region=W)
    then = query.figure_query(YEAR, closing.last_day, known_at=closing.known_at)
    rows = {each["region"]: each for each in township_ranking.ranking_rows(then, "141123")}
    for fields in closing.content["ranking"]:
        assert {name: rows[fields["region"]][name] for name in KEYS_OF_RANK} == {
            name: fields[name] for name in KEYS_OF_RANK
        }
    now = {
        each["region"]: each
        for each in township_ranking.ranking_rows(query.figure_query(YEAR, closing.last_day), "141123")
    }
    assert any(now[code]["village_zero"] != rows[code]["village_zero"] for code in rows)


KEYS_OF_RANK = ("rank", "village_zero", "village_total", "unit_zero", "unit_total", "deaths", "accidents")
LATER = st.lists(
    st.one_of(
        st.tuples(st.just("tell"), st.integers(2, 5), st.sampled_from([V, W]), st.integers(0, 3), st.integers(1, 12)),
        st.tuples(st.just("deaths"), st.just(1), st.integers(0, 12)),
        st.tuples(st.just("decide"), st.just(1), st.sampled_from(["Z1", "Z2", "Z8"]), st.sampled_from(["production", "non_production"])),
        st.tuples(st.just("override"), st.just(1), st.sampled_from(["charge", "exclude"])),
        st.tuples(st.just("write_off"), st.just(1)),
        st.tuples(st.just("close unit")),
        st.tuples(st.just("refresh")),
    ),
    max_size=6,
)  # fmt: skip


def carry_out(what: str, *said: Any) -> None:
    by = bureau()
    if what == "tell":
        number, region, deaths, month = said
        report_accident(number, region=region, deaths=deaths, occurred_at=at(month, 9))
    elif what == "deaths":
        reporting.add_report(key(1), by=by, kind="follow_up", held_at=at(3, 7), deaths=said[1], reason="核实")
    elif what == "decide":
        deciding.decide(key(1), by=by, category=said[1], nature=said[2], reason="认定")
    elif what == "override":
        actions.override(key(1), by=by, subject="village", effect=said[1], village=V, **PAPER)
    elif what == "write_off":
        deciding.write_off(key(1), by=by, **PAPER)
    elif what == "refresh":
        rebuilding.rebuild(YEAR)
    else:
        from enterprises.actions import set_status

        set_status(MINE, by=by, status="closed", on=date(YEAR, 12, 1), reason="注销")


def test_a_frozen_revision_never_changes_whatever_facts_follow(with_):
    report_accident(1, units=occurring(mine()))
    elsewhere()
    closing = frozen(with_)
    before = Closing.objects.values("content", "content_sha256", "state", "xid").get(pk=closing)
    seen: list[int] = []

    @settings(max_examples=tries(25), suppress_health_check=list(HealthCheck), database=None, derandomize=True)
    @given(LATER)
    def whatever_comes(facts):
        with transaction.atomic():
            for fact in facts:
                try:
                    with transaction.atomic():
                        carry_out(*fact)
                        seen.append(1)
                except Exception as refusal:  # a fact that is refused is no fact
                    assert getattr(refusal, "kind", None) is not None or "ValidationError" in type(refusal).__name__, (
                        refusal
                    )
            assert Closing.objects.values("content", "content_sha256", "state", "xid").get(pk=closing) == before
            transaction.set_rollback(True)

    whatever_comes()
    assert len(seen) > 20
    content = before["content"]
    assert hashlib.sha256(rfc8785.dumps(content)).hexdigest() == before["content_sha256"]


# --- reading ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", ["open", "signed"])
def test_figures_of_an_open_or_signed_month_are_not_published(with_, state):
    report_accident(1)
    closing = {"open": ready, "signed": signed}[state](with_)
    for who in ("township", "department", "duty", "village"):
        answered = show(with_(who), closing)
        assert (answered["state"], answered["content"], answered["waiting"], answered["changed_since"]) == (
            state,
            None,
            None,
            None,
        )
        for what in ("ranking", "broken"):
            assert refused(with_(who).get(url(closing, what))) == (409, "not_published")
    for who in ("bureau", "committee"):
        answered = show(with_(who), closing)
        assert len(answered["content"]["broken"]) == 1 and answered["waiting"] == []
        assert len(done(with_(who).get(url(closing, "broken")))["rows"]) == 1


def test_published_figures_mask_the_records_of_other_jurisdictions(with_):
    unit, others = mine(), elsewhere()
    report_accident(1, units=occurring(unit))
    report_accident(2, region=W, units=occurring(others))
    closing = frozen(with_)
    rows = {
        (each["kind"], each["region"]): each for each in done(with_("township").get(url(closing, "broken")))["rows"]
    }
    own, other = rows["unit", unit.region_code], rows["unit", others.region_code]
    assert own["name"] and own["accidents"][0]["sentence"]
    assert (other["name"], other["enterprise"], other["key"]) == (None, None, None)
    assert other["accidents"] == [{"accident": None, "line": other["accidents"][0]["line"], "sentence": None}]
    assert rows["village", W]["name"]  # places are no secret
    content = show(with_("township"), closing)["content"]
    assert [each["region"] for each in content["accidents"]] == [V]
    assert len(content["ranking"]) == len(townships()) and "reasons" not in content and "overdue_major" not in content
    assert len(show(with_("bureau"), closing)["content"]["accidents"]) == 2


def test_a_closing_of_another_county_is_not_found(with_):
    closing = frozen(with_)
    assert with_("next county").get(url(closing)).status_code == 404
    assert done(with_("next county").get(CLOSINGS))["results"] == []


def test_the_closing_list_is_filtered_and_answers_304(with_):
    for month in (1, 2):
        open_month(with_("bureau"), month)
    client = with_("leader")
    assert [each["month"] for each in done(client.get(f"{CLOSINGS}?year={YEAR}"))["results"]] == [2, 1]
    assert [each["month"] for each in done(client.get(f"{CLOSINGS}?month=1&state=open&region=141123"))["results"]] == [
        1
    ]
    assert done(client.get(f"{CLOSINGS}?state=frozen"))["results"] == []
    assert client.get(f"{CLOSINGS}?state=done").status_code == 400
    tag = client.get(CLOSINGS)["ETag"]
    assert client.get(CLOSINGS, HTTP_IF_NONE_MATCH=tag).status_code == 304


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_costs_a_fixed_number_of_queries(with_, count, django_assert_max_num_queries):
    for number in range(count):
        Closing.objects.create(region_code=COUNTY, year=2021 + number // 12, month=1 + number % 12, number=1)
    client = with_("township")
    client.get(CLOSINGS)
    with django_assert_max_num_queries(5):
        assert len(done(client.get(CLOSINGS))["results"]) == count


@pytest.mark.parametrize("count", [1, 12])
def test_reading_a_frozen_closing_takes_a_fixed_number_of_queries(with_, count, django_assert_max_num_queries):
    for number in range(count):
        report_accident(number + 1, occurred_at=at(3, number + 1), region=[V, W][number % 2])
    closing = frozen(with_)
    client = with_("township")
    show(client, closing)
    with django_assert_max_num_queries(9):
        show(client, closing)


@pytest.mark.parametrize("count", [1, 12])
def test_drafting_the_content_of_a_closing_takes_a_fixed_number_of_queries(with_, count, django_assert_max_num_queries):
    for number in range(count):
        report_accident(number + 1, occurred_at=at(3, number + 1), region=[V, W][number % 2])
    closing = Closing.objects.get(pk=ready(with_))
    drafting.draft(closing)
    with django_assert_max_num_queries(80):
        drafting.draft(closing)


# --- the year --------------------------------------------------------------------------------------------------------
def test_closing_a_year_requires_the_source_lists_of_all_its_months(with_):
    report_accident(1)
    answered = done(post(with_("bureau"), CLOSINGS, {"year": YEAR}), 201)
    time_passed(answered["id"])
    assert (answered["month"], answered["said"]) == (0, f"{YEAR}年度")
    assert len(post(with_("committee"), url(answered["id"], "sign")).json()["errors"]) == 24
    for month in range(1, 13):
        nothing_to_reconcile(with_("bureau"), month)
    done(post(with_("committee"), url(answered["id"], "sign")))
    done(post(with_("bureau"), url(answered["id"], "freeze")))
    content = Closing.objects.get().content
    assert (content["period"]["last_day"], len(content["accidents"]), content["before"]) == (f"{YEAR}-12-31", 1, None)
