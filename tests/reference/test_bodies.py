"""检查主体 Who may inspect on a day: the proposed list, the county's after it, each as of its own time."""

from __future__ import annotations

from datetime import date

import pytest

from reference import bodies, files, law
from reference.versions import WrongFile

pytestmark = pytest.mark.django_db
TODAY, BEFORE = date(2026, 11, 30), date(2025, 1, 2)
FILE = """
kind = "inspection_bodies"
code = "2025-06-27"
version = "1"
title = "行政检查主体名单"
effective_from = 2025-06-27
source = "兴政公告〔2025〕4号"

[body]
bodies = [{{ body = "{body}", scope = "安全生产", sectors = ["{sector}"] }}]
"""

PROPOSED = [  # who, on which day, for which sector: whether it counts as listed
    ("emergency", TODAY, None, True), ("emergency", TODAY, "fire_safety", True), ("mine_safety", TODAY, "coal_mine", True),
    ("development_zone", TODAY, None, False), ("safety_committee", TODAY, None, False), ("agriculture", TODAY, None, False),
    ("public_utilities", TODAY, None, False), ("141123100", TODAY, None, False), ("141123100000", TODAY, None, False),
    ("", TODAY, None, False), ("nobody", TODAY, None, False), ("safety_committee", BEFORE, None, True), ("", BEFORE, None, True),
]  # fmt: skip


@pytest.mark.parametrize("code, on, sector, listed", PROPOSED)
def test_departments_of_a_sector_stand_as_proposed_until_the_countys_list(code, on, sector, listed):
    assert bodies.is_listed(code, on, sector) is listed


def test_the_proposed_list_shows_each_department_once_with_its_sectors():
    held = bodies.list_on(TODAY)
    shown = {each.code: each for each in bodies.bodies(held, TODAY)}
    assert len(shown) == len(list(bodies.bodies(held, TODAY))) and not {"development_zone", "safety_committee"} & set(
        shown
    )
    assert "煤矿" in shown["emergency"].scope and all(
        each.proposed and each.published_on is None for each in shown.values()
    )


OFFERED = [  # who, on which day: whether an administrative visit is offered
    ("emergency", TODAY, True), ("development_zone", TODAY, False), ("development_zone", date(2025, 6, 30), True),
    ("141123100", date(2025, 7, 1), False), ("safety_committee", date(2025, 1, 3), False), ("safety_committee", BEFORE, True),
]  # fmt: skip


@pytest.mark.parametrize("code, on, offered", OFFERED)
def test_from_a_day_on_a_body_not_listed_is_offered_no_administrative_visit(code, on, offered):
    assert bodies.is_offered(code, on) is offered


def a_folder(tmp_path, text: str):
    for name in ("sectors.toml", "departments.toml", "sector_departments.toml"):
        (tmp_path / name).write_text((files.DATA / name).read_text())
    (tmp_path / "inspection_bodies").mkdir()
    (tmp_path / "inspection_bodies" / "2025.toml").write_text(text)
    return tmp_path


def test_the_countys_list_is_loaded_as_a_file_too(tmp_path):
    found = files.read(a_folder(tmp_path, FILE.format(body="141123100", sector="coal_mine")))
    assert found.documents[0].body["bodies"][0]["sectors"] == ["coal_mine"]


@pytest.mark.parametrize(
    "body, sector",
    [("safety_committee", "coal_mine"), ("nobody", "coal_mine"), ("emergency", "mine"), ("1411231", "coal_mine")],
)
def test_a_file_that_lists_who_cannot_be_listed_is_refused(tmp_path, body, sector):
    with pytest.raises(WrongFile):
        files.read(a_folder(tmp_path, FILE.format(body=body, sector=sector)))


def test_who_coordinates_does_so_from_2025_on():
    found = [bodies.is_coordinating("safety_committee", on) for on in (BEFORE, law.first_day("inspecting"))]
    assert found == [False, True] and not bodies.is_coordinating(None, TODAY)
