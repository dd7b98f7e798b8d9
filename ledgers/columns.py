"""What a column of a ledger is: its heading, where its value stands in a row, and how much of a person it shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from operator import itemgetter
from typing import Any

from accounts.masking import mask_mobile, mask_name
from safety_api.shapes import COUNTY_TIME

Row = dict[str, Any]
Read = Callable[[Row], Any]


class ColumnKind(StrEnum):
    TEXT = "text"
    DAY = "day"
    WHOLE = "whole"
    YUAN = "yuan"
    FLAG = "flag"
    WORD = "word"  # a code with a Chinese label


@dataclass(frozen=True)
class Column:
    """`width` as Excel counts: digits, a Chinese sign takes two. `read` takes a row; without it the value stands under `name`.

    `hidden` reads what of a person everybody may see, where the value is not for everybody.
    """

    name: str
    heading: str
    width: int
    kind: ColumnKind = ColumnKind.TEXT
    read: Read | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    hidden: Read | None = None

    def value(self, *, contacts: bool) -> Read:
        """How the column's value is read from a row, with people masked unless `contacts`."""
        read = self.read or itemgetter(self.name)
        return read if contacts or self.hidden is None else self.hidden

    def shown(self, *, contacts: bool) -> Read:
        """The value as it stands in a cell of the workbook: labels for codes, 是 for true, nothing for nothing."""
        read, words = self.value(contacts=contacts), self.words
        if self.kind is ColumnKind.WORD:
            return lambda row: words.get(read(row) or "", read(row))
        if self.kind is ColumnKind.FLAG:
            return lambda row: "是" if read(row) else ""
        return read


def of(path: str) -> Read:
    """The value that the query gave under this path."""
    return itemgetter(path)


def day_of(path: str) -> Read:
    """The county's day of a moment."""

    def read(row: Row) -> date | None:
        moment: datetime | None = row[path]
        return moment.astimezone(COUNTY_TIME).date() if moment else None

    return read


def first_of(*paths: str) -> Read:
    """The first of these that says something: a unit, else its site, else the place in words."""
    return lambda row: next((row[path] for path in paths if row[path]), "")


def person(name: str, heading: str, path: str = "") -> Column:
    return Column(name, heading, 10, read=of(path or name), hidden=lambda row: mask_name(row[path or name]))


def phone(name: str, heading: str, path: str = "") -> Column:
    return Column(name, heading, 14, read=of(path or name), hidden=lambda row: mask_mobile(row[path or name]))


def subject(name: str, heading: str) -> Column:
    """A unit by its name, a person masked; the row says which in `subject_kind`."""
    return Column(
        name, heading, 26, hidden=lambda row: mask_name(row[name]) if row["subject_kind"] == "person" else row[name]
    )
