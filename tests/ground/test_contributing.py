"""CONTRIBUTING.md names files, tests and words that the code has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`([\w./]+/[\w./]*)`", PAGE)))
TO_COME = {"pages/", "reference/data/deadlines/2027.toml", "reference/data/papers/2027.toml"}
ROOMS = {"management/commands/"}  # of any app
TESTS = sorted(set(re.findall(r"`(test_\w+)`", PAGE)))
SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py"))


def test_the_floors_are_those_of_the_settings():
    assert PAGE.split("```")[1].split() == settings.OUR_APPS


@pytest.mark.parametrize("path", [each for each in NAMED if each not in TO_COME | ROOMS])
def test_a_named_file_exists(path):
    assert (ROOT / path).exists()


@pytest.mark.parametrize("name", TESTS)
def test_a_named_test_exists(name):
    assert f"def {name}" in SOURCES or list((ROOT / "tests").rglob(f"{name}.py"))
