"""Law as its files say it, read as the loader reads it, without a database."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from functools import cache
from typing import Any

from reference import files
from reference.versions import Version

TODAY = date(2026, 11, 23)


@cache
def _documents() -> list[Version]:
    return files.documents(files.DATA)


def document(kind: str, on: date = TODAY, code: str | None = None) -> Version:
    """The version in force; `code` may be left out where the kind has only one."""
    held = [each for each in _documents() if each.kind == kind and code in (None, each.code) and holds(each, on)]
    assert len(held) == 1, f"{kind} {code or ''} on {on}: {[each.name for each in held]}"
    return held[0]


def body(kind: str, on: date = TODAY, code: str | None = None) -> dict[str, Any]:
    """Its body, to change at will."""
    return deepcopy(document(kind, on, code).body)


def holds(version: Version, on: date) -> bool:
    return version.effective_from <= on and (version.effective_to is None or on <= version.effective_to)
