"""Days that follow from days: pure functions, the day is an argument."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import count
from typing import Any

from enforcement.kinds import MONTHS, Every
from reference.rules import add_months
from reference.terms import Consent


def next_report_due(listed_on: date, every: str, *, after: date) -> date:
    """The first of the days 1, 2, 3 … intervals after the listing that lies behind `after`."""
    step = MONTHS[Every(every)]
    return next(day for n in count(1) if (day := add_months(listed_on, step * n)) > after)


def consents_missing(steps: Mapping[str, Any], given: Iterable[str]) -> list[Consent]:
    """In the order of the document `hazard_steps` (煤矿安全生产条例 第四十八条)."""
    have = set(given)
    return [Consent(each) for each in steps["coal_stop"]["consents"] if each not in have]


BRACKETS = str.maketrans("[]【】［］()（）", "〔〕" * 5)


def as_number(document: str) -> str:
    """A number of a document however it is typed: full or half width, any brackets, with or without spaces."""
    return "".join(unicodedata.normalize("NFKC", document).split()).translate(BRACKETS).upper()


def listing_dates(listed_on: date, body: Mapping[str, Any]) -> tuple[date, date | None]:
    """(last day on the list, first day of an early removal or None) under a regime."""
    early = body.get("early_removal_from_months")
    return add_months(listed_on, body["months"]), add_months(listed_on, early) if early else None


def in_scope(sector: str, body: Mapping[str, Any]) -> bool:
    return not body["scope"] or sector in body["scope"]


def late(due_on: date | None, done_on: date | None, *, on: date) -> bool:
    """Not done by its day, or not done yet and the day has passed."""
    return due_on is not None and (done_on or on) > due_on
