"""What the pages name is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PAGES = sorted(path.relative_to(PROJECT) for path in (*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md")))


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_test_that_a_page_names_is_there(page):
    named = set(re.findall(r"tests/[\w/]+\.py", (PROJECT / page).read_text(encoding="utf-8")))
    assert not [each for each in sorted(named) if not (PROJECT / each).is_file()]


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_link_of_a_page_leads_somewhere(page):
    linked = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", (PROJECT / page).read_text(encoding="utf-8"))
    assert not [each for each in linked if not ((PROJECT / page).parent / each).exists()]
