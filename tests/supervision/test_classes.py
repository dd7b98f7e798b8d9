"""From facts to the class a unit stands in: down at once, up at reviews, nothing written twice, the past readable."""

import shutil
from datetime import date, timedelta
from io import StringIO
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import InternalError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from enterprises import actions as registry
from enterprises.models import Enterprise
from reference import files, law
from safety_api import outbox
from safety_api.models import OutboxMessage, TrailLine
from safety_api.problems import Problem
from supervision import actions, rules
from supervision.models import CurrentClass, Evaluation
from supervision.schemes import scheme_on
from tests.cast.class_facts import ON, accident, certified, good_mine, hazard, mine_without_facts, stated, visited
from tests.cast.people import MINE
from tests.cast.units import unit

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def evaluated(*days: str | date) -> list[str]:
    """The effective class after each of these days."""
    return [class_on_day(day).effective for day in days]


def class_on_day(day: str | date) -> CurrentClass:
    actions.evaluate([MINE], date.fromisoformat(day) if isinstance(day, str) else day)
    return CurrentClass.objects.get(pk=MINE)


def shown() -> tuple[str, date, bool]:
    return Enterprise.objects.values_list("supervision_class", "class_on", "class_provisional").get(pk=MINE)


def verbs(verb: str) -> list[dict]:
    return list(TrailLine.objects.filter(verb=verb).order_by("id").values_list("details", flat=True))


# --- one evaluation --------------------------------------------------------------------------------------------------------
def test_a_mine_without_deductions_is_class_a_with_100_points():
    good_mine()
    current = class_on_day(ON)
    assert (current.effective, current.since, current.computed, current.next_upgrade_on) == ("A", ON, "A", None)
    assert str(current.evaluation.score) == "100.0"
    assert shown() == ("A", ON, False)


def test_an_evaluation_stores_its_facts_scheme_and_answer():
    good_mine(level=2)
    row = class_on_day(ON).evaluation
    again = rules.evaluate(rules.read_facts(row.facts), scheme_on(ON))
    assert row.answer == again.answer()
    assert (row.on, row.scheme, row.computed, row.score, row.d_reason) == (ON, "XX-ABCD-1", again.class_, again.score, "")


def test_evaluating_twice_with_the_same_facts_writes_one_evaluation():
    good_mine()
    first = actions.evaluate([MINE], ON)
    assert (first.units, first.written, first.changed) == (1, 1, 1)
    assert actions.evaluate([MINE], ON) == actions.Outcome(units=1)
    assert Evaluation.objects.count() == 1


def test_a_new_day_that_changes_no_point_writes_no_evaluation():
    good_mine()
    actions.evaluate([MINE], ON)
    assert actions.evaluate([MINE], date(2026, 4, 20)) == actions.Outcome(units=1)  # the 122nd month of operation


def test_a_point_lost_by_the_passing_of_time_writes_another_evaluation():
    good_mine()
    actions.evaluate([MINE], ON)
    assert actions.evaluate([MINE], date(2026, 6, 1)).written == 1  # the drill of December is half a year old


def test_a_new_fact_writes_another_evaluation_even_if_the_class_stays():
    good_mine()
    class_on_day(ON)
    stated(Enterprise.objects.get(pk=MINE), "penalty", "2026-03-04", severity="ordinary")
    assert actions.evaluate([MINE], ON + DAY) == actions.Outcome(units=1, written=1)
    assert shown() == ("A", ON, False)


def test_a_closed_unit_keeps_its_last_class_and_is_not_evaluated_again():
    good_mine()
    class_on_day(ON)
    registry.set_status(MINE, by=actions.SYSTEM, status="closed", on=date(2026, 3, 10), reason="关闭")
    accident(Enterprise.objects.get(pk=MINE), "2026-03-09", deaths=1)
    assert actions.evaluate([MINE], date(2026, 3, 10)) == actions.Outcome()
    assert actions.evaluate([MINE], date(2026, 3, 9)).units == 1


def test_the_database_refuses_to_change_or_delete_an_evaluation():
    good_mine()
    class_on_day(ON)
    for write in (lambda: Evaluation.objects.update(computed="D"), lambda: Evaluation.objects.all()._raw_delete("default")):
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
            write()


def test_evaluating_a_day_before_the_first_scheme_is_refused():
    good_mine()
    with pytest.raises(Problem, match="no_rule"):
        actions.evaluate([MINE], date(2020, 1, 1))


# --- down at once, up at reviews -------------------------------------------------------------------------------------------
def test_an_overdue_major_hazard_is_class_d_at_once_and_recovery_needs_acceptance(people):
    mine = good_mine()
    assert evaluated("2026-02-01") == ["A"]
    hazard(mine, ("confirmed", "2026-01-06"), ("review_requested", "2026-03-10"), ("closed", "2026-03-20"), due="2026-03-02", level="major")
    fallen = class_on_day("2026-03-03")
    assert (fallen.effective, fallen.since, fallen.evaluation.d_reason) == ("D", date(2026, 3, 3), "cap:K06")
    assert fallen.next_upgrade_on == date(2026, 7, 1)
    renew(mine)
    assert evaluated("2026-04-01", "2026-06-15", "2026-07-01") == ["D", "D", "D"]  # nobody has been there to accept
    actions.accept(MINE, by=people["chief"], on=date(2026, 7, 5), document="兴应急验〔2026〕3号")
    assert evaluated("2026-07-06", "2026-09-30", "2026-10-01", "2026-10-02") == ["D", "D", "C", "C"]  # one step a review
    assert [(row.step, row.effective, row.since) for row in Evaluation.objects.order_by("id").exclude(step="kept")] == [
        ("first", "A", date(2026, 2, 1)), ("down", "D", date(2026, 3, 3)), ("up", "C", date(2026, 10, 1)),
    ]  # fmt: skip
    assert shown() == ("C", date(2026, 10, 1), False)


def renew(mine) -> None:
    """What would have run out in the year is done again in time."""
    stated(mine, "drill", "2026-05-20", scope="comprehensive"), stated(mine, "drill", "2026-09-20", scope="special")


def test_a_missed_review_day_counts_at_the_next_run():
    mine = good_mine(level=3)  # K14: C
    assert evaluated("2025-12-20") == ["C"]
    certified(mine, 1, held_from="2026-01-15")
    assert evaluated("2026-02-01", "2026-04-01") == ["C", "C"]  # three months and twelve days in C
    renew(mine)
    risen = class_on_day("2026-07-06")  # the worker stood still from 30 June to 5 July
    assert (risen.effective, risen.since, risen.evaluation.step) == ("B", date(2026, 7, 1), "up")
    assert evaluated("2026-08-01") == ["B"]


def test_a_downgrade_is_never_backdated_to_a_missed_review():
    mine = good_mine()
    assert evaluated("2026-02-01") == ["A"]
    accident(mine, "2026-04-03", deaths=1)
    fallen = class_on_day("2026-04-03")
    assert (fallen.effective, fallen.since) == ("C", date(2026, 4, 3))


def test_a_review_is_refused_on_a_day_that_is_no_review_day():
    with pytest.raises(Problem, match="not_a_review_day"):
        actions.review(date(2026, 4, 2))
    good_mine()
    assert actions.review(date(2026, 4, 1)).units == 1


def test_a_provisional_first_class_is_recomputed_until_its_data_are_complete():
    mine = mine_without_facts()
    made = class_on_day("2026-03-01")
    assert (made.effective, made.provisional) == ("D", True)  # hardly any point, and two bases missing
    certified(mine, 1), stated(mine, "risk_review", "2025-11-01", red_orange_controlled=True)
    stated(mine, "self_check", "2026-02-01", due=50, done=49), stated(mine, "people_certified", "2025-01-01", principal=True, safety_officers=True)
    visited(mine, "2026-01-10")
    settled = class_on_day("2026-03-05")
    assert (settled.effective, settled.since, settled.step, settled.provisional) == ("A", date(2026, 3, 5), "first", False)
    assert shown() == ("A", date(2026, 3, 5), False)


def test_facts_entered_on_the_same_day_still_change_the_first_class():
    mine = good_mine(level=3)
    assert evaluated("2026-03-03") == ["C"]
    certified(mine, 1)
    assert evaluated("2026-03-03", "2026-03-04") == ["A", "A"]


def test_facts_entered_the_next_day_are_an_upgrade_that_waits_for_review():
    mine = good_mine(level=3)
    assert evaluated("2026-03-03") == ["C"]
    certified(mine, 1)
    assert evaluated("2026-03-04") == ["C"]
    assert CurrentClass.objects.get(pk=MINE).evaluation.reason.startswith("计算为A类，执行类别保持C类")


# --- the past --------------------------------------------------------------------------------------------------------------
def test_evaluating_a_past_day_with_later_facts_does_not_change_the_class():
    mine = good_mine()
    assert evaluated("2026-03-03", "2026-06-01") == ["A", "A"]
    accident(mine, "2026-03-10", deaths=1)
    assert actions.evaluate([MINE], date(2026, 4, 2)) == actions.Outcome(units=1, written=1)
    stated = Evaluation.objects.in_force(date(2026, 4, 2)).first()
    assert (stated.on, stated.computed, stated.effective, stated.since) == (date(2026, 4, 2), "C", "A", ON)
    assert (CurrentClass.objects.get(pk=MINE).effective, shown()[0]) == ("A", "A")
    assert Evaluation.objects.in_force(date(2026, 4, 1)).first().computed == "A"
    assert actions.evaluate([MINE], date(2026, 4, 2)).written == 0


def test_a_day_before_the_first_evaluation_is_evaluated_without_changing_the_class():
    good_mine()
    class_on_day(ON)
    assert actions.evaluate([MINE], date(2026, 2, 1)).written == 1
    assert Evaluation.objects.in_force(date(2026, 2, 1)).first().effective == "A"
    assert CurrentClass.objects.get(pk=MINE).since == ON


# --- what people decide ----------------------------------------------------------------------------------------------------
def test_an_acceptance_is_only_for_class_d_and_by_a_leader(people):
    good_mine()
    class_on_day(ON)
    for who, word in (("department", "leaders_only"), ("chief", "wrong_step")):
        with pytest.raises(Problem, match=word):
            actions.accept(MINE, by=people[who], on=ON, document="验收")


def test_a_manual_class_is_shown_until_its_last_day(people):
    good_mine()
    class_on_day(ON)
    today = localdate()
    actions.set_manual(MINE, by=people["chief"], effective="C", until=today, reason="节日期间重点监管", document="兴安办〔2026〕9号")
    assert shown() == ("C", today, False)
    assert CurrentClass.objects.get(pk=MINE).effective == "A"
    actions.evaluate([MINE], today + DAY)
    assert shown()[0] == CurrentClass.objects.get(pk=MINE).effective != "C"


# --- law is loaded ---------------------------------------------------------------------------------------------------------
def test_loading_a_scheme_that_holds_today_evaluates_all_units_and_says_so(tmp_path):
    good_mine()
    outbox.drain()
    folder = shutil.copytree(files.DATA, tmp_path / "data")
    change = '[[changes]]\nat = "/change/objection_working_days"\neffective_from = 2026-11-01\nvalue = 15\nsource = "兴安办〔2026〕40号"\n'
    (folder / "supervision_scheme" / "2026.toml").write_text(change, encoding="utf-8")
    out = StringIO()
    call_command("load_reference", folder, replace=True, stdout=out)
    assert "分类监管：已交后台重新评定全部在营单位" in out.getvalue()
    outbox.drain()
    assert Evaluation.objects.latest("pk").scheme == "XX-ABCD-1@2026-11-01"
    law.forget()


# --- events ----------------------------------------------------------------------------------------------------------------
def test_a_stop_order_makes_class_d_once_its_message_is_processed(people):
    good_mine()
    actions.evaluate([MINE], localdate())
    registry.state_fact(MINE, by=people["department"], kind="stop_order", held_from=localdate(), value={"reason": "停产整顿"})
    outbox.drain()
    assert shown()[:2] == ("D", localdate())
    assert Evaluation.objects.order_by("-id")[0].answer["caps"][0]["id"] in {"K08", "K14", "K16"}
    assert not OutboxMessage.objects.exclude(parked_at=None).exists()


@pytest.mark.parametrize(
    ("topic", "payload", "evaluates"),
    [
        ("enterprise.created", {"enterprise": str(MINE)}, True),
        ("enterprise.fact_stated", {"enterprise": str(MINE), "kind": "drill"}, True),
        ("enterprise.changed", {"enterprise": str(MINE), "what": ["status"]}, True),
        ("enterprise.changed", {"enterprise": str(MINE), "what": ["principal_phone"]}, False),
        ("inspection.received", {"inspection": str(MINE), "enterprise": str(MINE)}, True),
        ("inspection.received", {"inspection": str(MINE), "enterprise": ""}, False),
        ("accident.changed", {"accident": str(MINE), "enterprises": [str(MINE)]}, True),
        ("hazard.moved", {"hazard": "00000000-0000-4000-8000-00000000dead", "step": "confirm"}, False),
    ],
)
def test_only_topics_that_may_change_a_class_start_an_evaluation(topic, payload, evaluates):
    mine_without_facts()
    OutboxMessage.objects.all().delete()
    outbox.send(topic, payload)
    assert outbox.drain() == 1
    assert Evaluation.objects.filter(enterprise=MINE, on=localdate()).exists() is evaluates


def test_a_step_of_a_hazard_evaluates_its_unit():
    found = hazard(mine_without_facts(), ("confirmed", "2026-01-06"), level="major")
    outbox.send("hazard.moved", {"hazard": str(found.pk), "step": "confirm"})
    outbox.drain()
    assert Evaluation.objects.get(on=localdate()).facts["hazards"]["major_overdue"] == 1


# --- all of them -----------------------------------------------------------------------------------------------------------
def many(number: int, first: int = 0) -> list[UUID]:
    return [unit(f"第{n}家", id=UUID(int=1000 + n)).pk for n in range(first, first + number)]


def test_thirty_units_cost_as_many_statements_as_two():
    costs = []
    for ids in (many(2), many(30, 100)):
        with CaptureQueriesContext(connection) as asked:
            assert actions.evaluate(ids, ON).changed == len(ids)
        costs.append(len(asked))
    assert costs[0] == costs[1]


def test_a_run_without_changes_takes_as_many_queries_for_30_units_as_for_one():
    costs = []
    for ids in (many(1), many(30, 100)):
        actions.evaluate(ids, ON)
        with CaptureQueriesContext(connection) as asked:
            actions.evaluate(ids, ON + DAY)
        costs.append(len(asked))
    assert costs == [12, 12]  # begin and end · current classes · 9 of facts · and nothing is written


def test_the_nightly_run_is_processed_in_batches_through_the_outbox(monkeypatch):
    monkeypatch.setattr(actions, "BATCH", 4)
    many(10)
    OutboxMessage.objects.all().delete()
    actions.begin_run(ON)
    assert outbox.drain() == 5  # 4 + 2 units in one lane, 4 in the other, and in each the message that finds none
    assert CurrentClass.objects.exclude(effective="").count() == 10
    assert sorted(line["units"] for line in verbs("supervision.evaluate")) == [2, 4, 4]
    assert not OutboxMessage.objects.exists()


def test_a_changed_class_writes_a_trail_line_for_its_unit():
    good_mine()
    class_on_day(ON)
    accident(Enterprise.objects.get(pk=MINE), "2026-03-04", deaths=1)
    class_on_day(ON + DAY)
    assert [(line["before"], line["after"]) for line in verbs("enterprise.set_class")] == [("", "A"), ("A", "C")]
    line = TrailLine.objects.filter(verb="supervision.evaluate").first()
    assert (line.object_id, line.region_code, line.details["changed"]) == (str(MINE), "141123100200", 1)


# --- the command -----------------------------------------------------------------------------------------------------------
def command(*words: str) -> str:
    said = StringIO()
    call_command("evaluate_classes", *words, stdout=said)
    return said.getvalue()


def test_the_command_evaluates_reviews_and_checks_classes():
    good_mine()
    assert "1 家单位，新评定 1 条" in command("--on", "2026-03-03", "--enterprise", str(MINE))
    assert "1 家单位" in command("--on", "2026-04-01", "--review")
    assert "相符" in command("--check")
    for words in (["--on", "2026-04-02", "--review"], ["--on", "2020-01-01"], ["--on", "2099-01-01"]):
        with pytest.raises(CommandError):
            command(*words)


def test_the_check_reports_a_class_that_its_facts_do_not_support():
    good_mine()
    class_on_day(ON)
    CurrentClass.objects.update(effective="B")
    Enterprise.objects.update(supervision_class="B")
    with pytest.raises(CommandError, match="1 处"):
        command("--check")
