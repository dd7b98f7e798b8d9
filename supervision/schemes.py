"""The dated documents a class is computed by: the scheme in force on a day, and the frequencies that go with it."""

from __future__ import annotations

from datetime import date
from typing import Any

from reference import files, law
from reference.models import Document
from safety_api.problems import Problem
from supervision.rules import CLASSES, Scheme, read_scheme

KIND = "supervision_scheme"


def document_on(day: date) -> Document:
    """Raises NO_RULE."""
    return law.in_force(KIND, day)


def scheme_on(day: date) -> Scheme:
    """Raises NO_RULE."""
    return law.read(KIND, day, _read)


def scheme_called(version: str) -> Scheme | None:
    """By its version, whatever the day: what an old evaluation was made by."""
    known = (each for each in law.books().documents.get(KIND, []) if each.version == version)
    document = next(known, None)
    return law.understood(_read, document) if document else None


@files.carries_out(KIND)
def _read(document: Document) -> Scheme:
    return read_scheme(document.body, document.version)


# --- shown at the door ----------------------------------------------------------------------------------------------
def schemes_shown(day: date | None, today: date) -> list[dict[str, Any]]:
    """All versions, the newest first; with a day, the one in force on it. Each with the frequencies of that day."""
    schemes = law.books().documents.get(KIND, [])
    wanted = [each for each in schemes if day is None or each.holds(day)]
    newest_first = sorted(wanted, key=lambda each: each.effective_from, reverse=True)
    return [_shown(each, day or min(today, each.effective_to or today)) for each in newest_first]


def _shown(document: Document, day: date) -> dict[str, Any]:
    body = dict(document.body)
    frequencies = _frequencies(body.pop("frequencies", None), day)
    return {**_head(document), **body, "frequencies": frequencies}


def _head(document: Document) -> dict[str, Any]:
    names = ("code", "version", "title", "source", "effective_from", "effective_to")
    return {name: getattr(document, name) for name in names}


def _frequencies(code: str | None, day: date) -> dict[str, Any] | None:
    """Visits a year by the competent department: at least `floor`, at most `ceiling` (null: no ceiling then), but for the departments
    that `published` their own.
    """
    try:
        document = law.in_force("frequencies", day, code)
    except Problem:
        return None
    body = dict(document.body)
    times = body.pop("ceiling_times_floor")
    ceiling = {
        kind: {each: floor[each] * times[each] if each in times else None for each in CLASSES}
        for kind, floor in body["floor"].items()
    }
    published = [{"authority": each.code, **_head(each)} for each in law.all_in_force(day, "inspection_ceilings")]
    return {**_head(document), **body, "ceiling": ceiling, "published": published}
