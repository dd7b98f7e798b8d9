"""Whatever differs is found, under its kind and with its id: a comparison that cannot fail would prove nothing."""

from __future__ import annotations

import hashlib

import pytest

from chaos.books import Book
from chaos.comparing import _bytes, _told_apart, synced_apart
from chaos.tally import Tally


@pytest.mark.parametrize(
    ("wanted", "found", "said"),
    [
        ({"1": "a"}, [("1", "a")], []),
        ({"1": "a"}, [], ["lost: visit 1"]),
        ({}, [("1", "a")], ["double: visit 1, which no phone made"]),
        ({"1": "a"}, [("1", "a"), ("1", "a")], ["double: visit 1, 2 times"]),
        ({"1": "a"}, [("1", "b")], ["changed: visit 1: b for a"]),
    ],
)
def test_every_difference_is_told_under_its_kind(wanted, found, said):
    assert list(_told_apart("visit", wanted, found)) == said


def test_the_stored_bytes_themselves_are_read(tmp_path):
    content, file = b"evidence", tmp_path / "photo"
    sha256 = hashlib.sha256(content).hexdigest()
    assert list(_bytes(sha256, file)) == [f"lost: the bytes {sha256}"]
    file.write_bytes(content)
    assert list(_bytes(sha256, file)) == []
    file.write_bytes(content + b".")
    assert list(_bytes(sha256, file)) == [f"changed: the bytes {sha256}"]


def test_a_row_that_sync_missed_and_one_that_it_left_are_found():
    mine, fresh = Book("phone", rows={"tasks": {"1": ["1"], "2": ["2"]}}), Book("phone", rows={"tasks": {"1": ["1"], "3": ["3"]}})
    assert sorted(synced_apart(mine, fresh)) == [
        "double: row of tasks 2, which no phone made (sync of phone)", "lost: row of tasks 3 (sync of phone)",
    ]  # fmt: skip


def test_the_longest_time_in_which_nobody_was_served():
    tally = Tally()
    for status, now in ((201, 10.0), (503, 11.0), (0, 12.5), (200, 14.0), (0, 20.0), (201, 21.0)):
        tally.answered("PUT", "/api/v1/inspections/1", status, "", now)
    assert tally.longest_away == 3.0


def test_a_500_is_told_with_its_trace():
    tally = Tally()
    tally.answered("PUT", "/api/v1/inspections/1", 500, "abc", 1.0)
    assert tally.faults == ["500 PUT /api/v1/inspections/1 trace abc"]
