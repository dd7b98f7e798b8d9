"""One value of a document changes from a day on by a file of five lines; its neighbours and its past stay."""

import shutil
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from reference import files, law
from reference.models import Document

D = date.fromisoformat
KIND = "zero_accident_policy"
FIVE_LINES = """[[changes]]
at = "/ranking/veto_grade_from"
effective_from = 2027-01-01
value = "major"
source = "兴安委〔2026〕31号"
"""


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(files.DATA, tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def change(folder):
    """`change(text)` puts a file of changes beside the versions of its kind."""

    def put(text, kind=KIND, name="2027.toml"):
        (folder / kind / name).write_text(text, encoding="utf-8")
        return [each for each in files.documents(folder) if each.kind == kind]

    return put


def of(text="", **values):
    """The five lines with other values; None leaves a line out."""
    lines = dict(line.split(" = ", 1) for line in FIVE_LINES.splitlines()[1:]) | values
    return text + "[[changes]]\n" + "".join(f"{name} = {value}\n" for name, value in lines.items() if value is not None)


def test_one_value_changes_from_a_day_on_and_its_neighbours_stay(change):
    before, after = change(FIVE_LINES)
    assert (before.version, before.effective_to) == ("ZA-2021-1", D("2026-12-31"))
    assert (after.version, after.effective_from, after.effective_to) == ("ZA-2021-1@2027-01-01", D("2027-01-01"), None)
    assert (before.body["ranking"].pop("veto_grade_from"), after.body["ranking"].pop("veto_grade_from")) == (
        "larger",
        "major",
    )
    assert before.body == after.body


def test_a_version_of_which_a_value_changes_later_is_still_the_same_version(change, folder):
    [old] = [each for each in files.documents(files.DATA) if each.kind == KIND]
    assert change(FIVE_LINES)[0].digest == old.digest


def test_a_row_of_a_list_is_named_by_its_code(change):
    _, after = change(of(at='"/categories/Z4/min_serious_injuries"', value="1"))
    assert {
        row["code"]: row.get("min_serious_injuries") for row in after.body["categories"] if row["code"] in ("Z3", "Z4")
    } == {
        "Z3": None,
        "Z4": 1,
    }


def test_a_row_more_joins_a_list_from_a_day_on(change):
    added = """[[changes]]
at = "/items/D15-99"
code = "natural_hazard"
effective_from = 2027-01-01
value = { code = "D15-99", severity_hint = "M", text = "监测是否正常？" }
source = "兴应急〔2026〕40号"
"""
    before, after = (each for each in change(added, kind="checklist") if each.code == "natural_hazard")
    *others, joined = after.body["items"]
    assert (len(others), others, after.version) == (15, before.body["items"], "2021-1@2027-01-01")
    assert (joined["code"], joined["source"]) == ("D15-99", "兴应急〔2026〕40号")


def test_changes_of_several_values_follow_one_another_each_with_its_source(change):
    text = of() + of(at='"/min_days_active"', effective_from="2027-07-01", value="30", source='"甲"')
    text += of(effective_from="2028-01-01", value='"extra_major"', source='"乙"')
    held = change(text)
    said = [
        (each.effective_from.year, each.body["min_days_active"], each.body["ranking"]["veto_grade_from"])
        for each in held
    ]
    assert said == [(2021, 0, "larger"), (2027, 0, "major"), (2027, 30, "major"), (2028, 30, "extra_major")]
    assert [[row["source"] for row in each.amended] for each in held] == [
        [],
        ["兴安委〔2026〕31号"],
        ["兴安委〔2026〕31号", "甲"],
        ["甲", "乙"],
    ]
    assert [each.effective_to for each in held[:-1]] == [D("2026-12-31"), D("2027-06-30"), D("2027-12-31")]


def test_a_change_with_a_last_day_gives_the_old_value_back(change):
    held = change(of(effective_to="2027-12-31"))
    assert [each.body["ranking"]["veto_grade_from"] for each in held] == ["larger", "major", "larger"]
    assert [each.amended == [] for each in held] == [True, False, True]


def test_a_change_ends_with_the_version_that_it_changes(change):
    held = change(of(at='"/floor/other/D"', effective_from="2024-01-01", value="8"), kind="frequencies")
    assert [(each.version, each.effective_to) for each in held] == [
        ("XX-FREQ-2021", D("2023-12-31")),
        ("XX-FREQ-2021@2024-01-01", D("2025-01-02")),
        ("XX-FREQ-2025", None),
    ]


@pytest.mark.parametrize(
    ("text", "kind", "why"),
    [
        (of(at='"/rankin/veto_grade_from"'), KIND, r"changes\[0\] /rankin/veto_grade_from：没有 rankin"),
        (of(at='"/ranking/veto_grade"'), KIND, r"changes\[0\] /ranking/veto_grade：body.ranking.veto_grade：没有这一项"),
        (of(at='"/categories/Z9/min_deaths"'), KIND, r"changes\[0\] /categories/Z9/min_deaths：没有 Z9"),
        (of(at='"/categories/Z9"', value='{ code = "Z8" }'), KIND, r"changes\[0\] /categories/Z9：没有 Z9"),
        (of(at='"/min_days_active/more"'), KIND, r"changes\[0\] /min_days_active/more：more 之上不是表"),
        (of(value='"largest"'), KIND, r"changes\[0\] /ranking/veto_grade_from：body.ranking.veto_grade_from：应为"),
        (of(effective_from="2020-12-31"), KIND, r"changes\[0\] /ranking/veto_grade_from：2020-12-31 没有可改的版本"),
        (of(effective_from="2021-01-01"), KIND, r"应晚于 ZA-2021-1 的施行日 2021-01-01"),
        (of(effective_to="2026-12-31"), KIND, r"effective_to 应在 2027-01-01"),
        (of(at='"/floor/other/D"', effective_from="2024-01-01", effective_to="2025-01-03", value="8"), "frequencies", r"末日"),
        (of() + of(value='"general"'), KIND, r"changes\[1\] /ranking/veto_grade_from：与 2027.toml changes\[0\]"),
        (of(effective_to="2027-12-31") + of(effective_from="2027-12-31"), KIND, r"changes\[1\].*有效期重叠"),
        (of() + of(at='"/ranking"', effective_from="2028-01-01"), KIND, r"changes\[1\] /ranking：与 2027.toml changes\[0\]"),
        (of(code='"ZB"'), KIND, r"code 应为 ZA 之一"),
        (of(at='"/items/C09-01/text"'), "checklist", r"code 应为"),
        (of(source=None), KIND, r"changes\[0\].source：缺少这一项"),
        (of(why='"so"'), KIND, r"changes\[0\].why：没有这一项"),
    ],
)  # fmt: skip
def test_a_change_without_exactly_one_place_is_refused_with_file_and_pointer(change, text, kind, why):
    with pytest.raises(files.WrongFile, match=why) as refused:
        change(text, kind)
    assert refused.value.path.parent.name == kind


# --- loaded -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def loaded(db, folder, change):
    """`loaded(text)` loads the folder with this file of changes."""

    def load(text, **options):
        change(text, **options)
        call_command("load_reference", folder, stdout=StringIO())
        law.forget()

    yield load
    law.forget()


def test_the_day_before_answers_with_the_old_value_and_the_day_itself_with_the_new(loaded):
    loaded(FIVE_LINES)
    before, after = law.in_force(KIND, D("2026-12-31")), law.in_force(KIND, D("2027-01-01"))
    assert [each.body["ranking"]["veto_grade_from"] for each in (before, after)] == ["larger", "major"]
    assert after.source_of("/ranking/veto_grade_from") == "兴安委〔2026〕31号"
    assert after.source_of("/ranking") == "兴安委〔2026〕31号"
    assert (
        after.source_of("/ranking/keys")
        == after.source
        == before.source
        == before.source_of("/ranking/veto_grade_from")
    )


def test_what_was_changed_stands_at_the_door_to_the_rules(loaded, as_):
    loaded(FIVE_LINES)
    [rule] = as_("inspector").get(f"/api/v1/rules?kind={KIND}&on=2027-01-01").data["results"]
    assert [dict(each) for each in rule["amended"]] == [
        {"at": "/ranking/veto_grade_from", "effective_from": "2027-01-01", "source": "兴安委〔2026〕31号"}
    ]


def test_a_second_change_is_loaded_beside_the_first_and_changes_no_version_in_force(loaded):
    loaded(of(effective_from="2026-01-01"))
    loaded(of(at='"/min_days_active"', effective_from="2027-01-01", value="30"), name="2028.toml")
    held = Document.objects.filter(kind=KIND).order_by("effective_from")
    assert [(each.version, each.effective_to) for each in held] == [
        ("ZA-2021-1", D("2025-12-31")),
        ("ZA-2021-1@2026-01-01", D("2026-12-31")),
        ("ZA-2021-1@2027-01-01", None),
    ]


def test_a_change_that_has_been_in_force_may_not_be_rewritten(loaded):
    loaded(of(effective_from="2026-01-01"))
    with pytest.raises(CommandError, match="issue a new version"):
        loaded(of(effective_from="2026-01-01", value='"general"'))
