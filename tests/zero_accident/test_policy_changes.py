"""One value of the policy changes from a day on: the questions before and after answer with the old and the new one."""

import shutil
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from reference import files, law
from zero_accident.policies import lookup

FIVE_LINES = """[[changes]]
at = "/categories/Z4/min_deaths"
effective_from = 2027-01-01
value = 0
source = "兴安委〔2026〕31号"
"""


@pytest.fixture
def changed(db, tmp_path):
    shutil.copytree(files.DATA, tmp_path / "data")
    (tmp_path / "data" / "zero_accident_policy" / "2027.toml").write_text(FIVE_LINES, encoding="utf-8")
    call_command("load_reference", tmp_path / "data", stdout=StringIO())
    law.forget()
    yield
    law.forget()


def test_the_day_before_is_judged_by_the_old_value_and_the_day_itself_by_the_new(changed):
    before, after = lookup.policy_on(date(2026, 12, 31)), lookup.policy_on(date(2027, 1, 1))
    assert [each.category("Z4").min_deaths for each in (before, after)] == [1, 0]
    others = [name for name in vars(before) if getattr(before, name) != getattr(after, name)]
    assert others == ["version", "categories", "amended"]
    assert [each.code for each in before.categories if each not in after.categories] == ["Z4"]


def test_a_changed_value_of_a_policy_shows_its_own_source(changed, as_):
    answer = as_("committee").get("/api/v1/zero-accident/policies").json()
    new, old = [{line["code"]: line for line in each["parameters"]} for each in answer]
    assert [(each["version"], each["effective_from"], each["effective_to"]) for each in answer] == [
        ("ZA-2021-1@2027-01-01", "2027-01-01", None),
        ("ZA-2021-1", "2021-01-01", "2026-12-31"),
    ]
    assert {code: (line["value"], line["source"]) for code, line in new.items() if line != old[code]} == {
        "min_deaths.Z4": (0, "兴安委〔2026〕31号")
    }


def test_a_version_holds_accidents_without_a_category_to_what_holds_when_it_begins(changed, tmp_path, as_):
    more = FIVE_LINES.replace("/categories/Z4/min_deaths", "/min_deaths").replace("value = 0", "value = 3")
    (tmp_path / "data" / "unnamed_category" / "2027.toml").write_text(more, encoding="utf-8")
    call_command("load_reference", tmp_path / "data", stdout=StringIO())
    law.forget()
    before, after = lookup.policy_on(date(2026, 12, 31)), lookup.policy_on(date(2027, 1, 1))
    assert [each.unnamed.min_deaths for each in (before, after)] == [1, 3]
    new, _ = as_("committee").get("/api/v1/zero-accident/policies?line=min_deaths.*").json()
    [line] = new["parameters"]
    assert (line["value"], line["said"], line["source"]) == (3, "3人及以上即破零", "兴安委〔2026〕31号")
