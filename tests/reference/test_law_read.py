"""What a reader makes of a document is made once a load."""

from datetime import date
from types import SimpleNamespace

import pytest

from reference import law

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)
asked = []


def titled(document):
    asked.append(document.version)
    return document.title


def both(one, other):
    return one.title, other and other.title


def test_a_reader_is_asked_once_until_the_next_load():
    asked.clear()
    title = law.in_force("deadlines", DAY).title
    assert [law.read("deadlines", DAY, titled), law.read("deadlines", DAY, titled)] == [title, title]
    assert len(asked) == 1
    law.forget()
    assert law.read("deadlines", DAY, titled) == title
    assert len(asked) == 2


def test_another_version_or_another_reader_is_read_for_itself():
    one = SimpleNamespace(kind="k", code="c", version="2025", digest="a", title="old")
    other = SimpleNamespace(kind="k", code="c", version="2026", digest="b", title="new")
    assert [law.understood(titled, one), law.understood(titled, other)] == ["old", "new"]
    assert [law.understood(both, one, None), law.understood(both, one, other)] == [("old", None), ("old", "new")]
