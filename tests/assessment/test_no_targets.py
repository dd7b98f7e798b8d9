"""检查不设指标 (国办发〔2024〕54号): nobody is ranked, judged or praised by how many visits, papers or fines there were.

Every key of rankings, sheets, closings, bulletins, schemes, ledgers and answers is walked. What counts visits, papers or fines stands below
with the reason why it is no merit, or the test is red.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from assessment.bulletins.composing import CHAPTERS
from assessment.yearly.working_out import COUNTS, SHARES, Year, work_out
from hazards.figures.behind import FIGURES
from ledgers.books.enforcement import ACCOUNTABILITY, DISHONESTY, JOINT_PUNISHMENT, LISTED
from ledgers.books.rectification import RECTIFICATION
from ledgers.books.supervision import SUPERVISION
from reference import bodies, files
from reference.terms import RankKey
from tests.cast.yearly import COUNTY
from tests.test_contract import document

pytestmark = pytest.mark.django_db
COUNTING = re.compile(r"visit|inspect|patrol|paper|fine|penal|plan_completion|检查|巡查|督导|文书|罚")
JUDGING = ("zero_accident_policy", "assessment", "closing", "bulletins", "supervision_scheme", "targets")
LEDGERS = (SUPERVISION, RECTIFICATION, LISTED, ACCOUNTABILITY, JOINT_PUNISHMENT, DISHONESTY)

ALLOWED = {  # where: why it is no merit
    "supervision_scheme/risk_control/R2/none_due_inspected": "是否有人看过（是或否，不论几次），关系企业自己的类别；没有到期隐患时别无凭据",
    "supervision_scheme/risk_control/R2/none_due_not_inspected": "同上：没有人看过，只计一部分分",
    "supervision_scheme/risk_control/R3/per_ordinary_penalty": "企业受处罚扣企业自己的分，多罚不给任何人加分",
    "supervision_scheme/risk_control/R3/per_heavy_penalty": "同上",
    "supervision_scheme/risk_control/R3/heavy_fine_yuan_from": "划分轻重的界限，不是数量",
    "ledger supervision/last_inspected_on": "一个日子，供安排下一次检查",
    "ledger supervision/inspected_this_year": "企业本年被检查的次数，对照上限：越多越要少查",
    "ledger dishonesty/penalty_document": "一份文书的文号",
    "api SupervisionLedgerRowOut/inspected_this_year": "同台账：对照上限",
}  # fmt: skip


def leaves(value: Any, at: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from leaves(each, f"{at}/{name}")
    elif isinstance(value, list):
        for each in value:
            yield from leaves(each, at)
    else:
        yield at


def of_documents() -> Iterator[str]:
    for each in files.read().documents:
        if each.kind in JUDGING:
            yield from leaves(each.body, each.kind)


def of_ledgers() -> Iterator[str]:
    for ledger in LEDGERS:
        yield from (f"ledger {ledger.name}/{column.name}" for column in ledger.columns)


def of_answers() -> Iterator[str]:
    """What is a number in any answer of the API."""
    for name, component in document()["components"]["schemas"].items():
        for key, said in component.get("properties", {}).items():
            if not name.endswith("Request") and {"integer", "number"} & {*_types(said)}:
                yield f"api {name}/{key}"


def _types(said: dict[str, Any]) -> list[str]:
    kinds = said.get("type", [])
    return [kinds] if isinstance(kinds, str) else kinds


def test_no_key_counts_visits_papers_or_fines_but_those_named_here_with_their_reason():
    found = {at for at in (*of_documents(), *of_ledgers(), *of_answers()) if COUNTING.search(at.rpartition("/")[2])}
    assert found == set(ALLOWED)


def test_no_ranking_counts_visits_papers_or_fines():
    keys = [
        *RankKey.values,
        *RankKey.labels,
        *FIGURES,
        *(name for name, _ in FIGURES.values()),
        *CHAPTERS,
        *CHAPTERS.values(),
    ]
    assert [key for key in keys if COUNTING.search(key)] == []


@pytest.mark.parametrize("year", [2025, 2026])
def test_no_figure_of_a_years_sheets_counts_visits_papers_or_fines(year, people):
    shown = work_out(Year(COUNTY, year, date(2026, 11, 30)))
    said = {(each["key"], each["name"]) for content in shown.values() for each in content["figures"]}
    assert said and [each for each in said if COUNTING.search("".join(each))] == []


def test_sheets_of_the_years_before_keep_what_they_were_judged_by(people):
    shown = work_out(Year(COUNTY, 2024, date(2026, 11, 30)))
    keys = {each["key"] for content in shown.values() for each in content["figures"]}
    assert {"visits", "patrols", "plan_completion"} <= keys


def test_the_setting_names_every_such_figure_and_none_that_is_not_there():
    keys = {key for key, name, _ in COUNTS} | {key for key, *_ in SHARES}
    named = {key for key, name, *_ in (*COUNTS, *SHARES) if COUNTING.search(key + name)}
    assert bodies.not_counted(date(2025, 1, 3)) == named <= keys
    assert bodies.not_counted(date(2025, 1, 2)) == frozenset()
