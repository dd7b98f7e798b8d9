"""A slip of the pen in a data file is named by file and key, and nothing else happens."""

import shutil
from pathlib import Path

import pytest

from reference import files

OK = files.DATA


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(OK, tmp_path / "data", ignore=files_of_changes)
    return tmp_path / "data"


def files_of_changes(folder, names):
    """Left out: whoever renames a list here shall hear of the list, not of what the county changed in it since."""
    paths = [path for path in map(Path(folder).joinpath, names) if path.suffix == ".toml"]
    return {path.name for path in paths if "[[changes]]" in path.read_text(encoding="utf-8")}


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("path", "old", "new", "key"),
    [
        ("checklist/coal_mine.2021-1.toml", 'severity_hint = "S"', 'severity_hint = "X"', "body.items[0].severity_hint"),
        ("checklist/coal_mine.2021-1.toml", "C09-02", "C09-01", "body.items"),
        ("checklist/coal_mine.2021-1.toml", "C09-02", "C9-02", "body.items[1].code"),
        ("checklist/hazardous_waste.2021-1.toml", '"H10-07"', '"H10-99"', "body.include"),
        ("checklist/coal_mine.2021-1.toml", 'code = "coal_mine"', 'code = "coal"', "body"),
        ("targets/2021.toml", "target = 85", "target = 850", "body.village.target"),
        ("targets/2021.toml", "target = 85", "target = 85.0", "body.village.target"),
        ("targets/2021.toml", "village", "vilage", "body.vilage"),
        ("targets/2021.toml", "effective_from = 2021-01-01", 'effective_from = "2021-01-01"', "effective_from"),
        ("targets/2021.toml", 'kind = "targets"', 'kind = "windows"', "kind"),
        ("supervision_scheme/XX-ABCD-1.toml", "score_from = 75", "score_from = 95", "body.bands"),
        ("supervision_scheme/XX-ABCD-1.toml", 'at_best = "D"', 'at_best = "E"', "body.caps[1].at_best"),
        ("supervision_scheme/XX-ABCD-1.toml", '"01-01"', '"13-01"', "body.change.review_days[0]"),
        ("supervision_scheme/XX-ABCD-1.toml", 'sectors = ["coal_mine"]', 'sectors = ["coal"]', "body"),
        ("supervision_scheme/XX-ABCD-1.toml", '"stopped_by_order"', '"stopped_by_whim"', "body"),  # no fact that the rules know
        ("supervision_scheme/XX-ABCD-1.toml", '"plan_filed"', '"tea_served"', "body"),
        ("supervision_scheme/XX-ABCD-1.toml", "score_from = 0", "score_from = 1", "body"),  # whoever has less is in no class
        ("frequencies/XX-FREQ-2021.toml", "effective_to = 2025-01-02", "effective_to = 2025-01-03", "effective_from"),
        ("sectors.toml", "is_priority = true", 'is_priority = "yes"', "sectors.sectors[0].is_priority"),
        ("sector_departments.toml", 'department = "emergency"', 'department = "emergncy"', "rows"),
        ("holidays/2026.toml", "2026-10-10", "2026-10-09", "国庆节"),
        ("holidays/2026.toml", "last = 2026-10-07", "last = 2026-09-07", "国庆节"),
        ("windows/order493.toml", "days = 30", "days = ", ""),
    ],
)  # fmt: skip
def test_a_typo_is_refused_with_its_file_and_key(folder, path, old, new, key):
    edit(folder / path, old, new)
    with pytest.raises(files.WrongFile) as refused:
        files.read(folder)
    assert refused.value.key.endswith(key)
    assert refused.value.path.suffix == ".toml"


def test_a_folder_may_hold_one_document_only(tmp_path):
    (tmp_path / "targets").mkdir()
    shutil.copy(OK / "targets" / "2021.toml", tmp_path / "targets")
    found = files.read(tmp_path)
    assert [each.name for each in found.documents] == ["targets zero_accident 2021-1"]
    assert not found.sectors and not found.holidays


def test_a_documents_digest_covers_everything_except_its_last_day(folder):
    path = folder / "targets" / "2021.toml"

    def digest():
        [found] = [each for each in files.documents(folder) if each.kind == "targets"]
        return found.digest

    first = digest()
    edit(path, "effective_from = 2021-01-01", "effective_from = 2021-01-01\neffective_to = 2026-12-31")
    assert digest() == first
    edit(path, "target = 85", "target = 86")
    assert digest() != first
