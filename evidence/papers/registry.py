"""Which records papers are made from, and how each gives a paper its facts: declared by the app that owns the record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet

from evidence.papers.kinds import Issuer
from safety_api.actors import Actor
from safety_api.problems import NOT_FOUND, PAPER_NOT_FOR_THIS
from safety_api.shapes import Shape


@dataclass(frozen=True)
class Subject:
    """A kind of record. Its rows have region_code, sector_id and perhaps department_id; `unit` is the column with the unit's id."""

    kind: str
    model: type[Model]
    rows: Callable[[Any], QuerySet]
    unit: str
    day: Callable[[Any], date | None]


@dataclass(frozen=True)
class Sheet:
    """What is known of a paper before its facts are gathered."""

    by: Actor
    issuer: Issuer
    at: datetime
    day: date  # of issue, in Asia/Shanghai
    form_of: date  # the day that it speaks of: the set of that day says how it reads
    officers: list[dict[str, str]]  # [{id, name, certificate}]
    corrects: bool = False  # it takes the place of a paper with a mistake


@dataclass(frozen=True)
class PaperSource:
    """Where the facts of a kind of paper come from, for one kind of record."""

    shape: type[Shape]
    gather: Callable[..., dict[str, Any]]
    leader: bool
    agrees: Callable[..., None]
    takes: Callable[..., bool]
    numbered: Callable[..., None]
    day: Callable[..., date | None]


def _as_issued(record: Any, **stated: Any) -> date | None:
    """Its papers speak of the day of issue."""
    return None


def _always(record: Any, sheet: Sheet, **stated: Any) -> None:
    """No state of this record contradicts the paper."""


def _no_step(record: Any, **stated: Any) -> bool:
    return False


def _noted_nowhere(record: Any, paper: Any, by: Actor) -> None:
    """The record does not carry the number itself."""


class NoFields(Shape):
    pass


SUBJECTS: dict[str, Subject] = {}
SOURCES: dict[tuple[str, str], PaperSource] = {}


def gives_papers(
    kind: str, model: type[Model], *, unit: str = "enterprise_id", day: Callable[[Any], date | None] = _as_issued
) -> Callable:
    """Declared in an app's `papers.py`: `@gives_papers("hazard", Hazard) def rows(user): return Hazard.objects.visible_to(user)`.

    `day(record)`: the record's own day, whose set its papers are of; None where that is the day of issue.
    """

    def declare(rows: Callable[[Any], QuerySet]) -> Callable[[Any], QuerySet]:
        SUBJECTS[kind] = Subject(kind, model, rows, unit, day)
        return rows

    return declare


def gathers(
    kind: str, *, of: str, fields: type[Shape] = NoFields, leader: bool = False, agrees: Callable[..., None] = _always,
    takes: Callable[..., bool] = _no_step, numbered: Callable[..., None] = _noted_nowhere,
    day: Callable[..., date | None] = _as_issued,
) -> Callable:  # fmt: skip
    """`@gathers("rectify_order", of="hazard", fields=Order) def f(hazard, sheet, *, deadline): return {…}`.

    `fields` is the shape of what the officer states; the facts are plain JSON with the names that the kind's template uses, among them
    `to`, the addressee. `leader`: only a leader of the department may issue it.

    `agrees(record, sheet, **stated)` raises PAPER_CONTRADICTS when the record's state says otherwise, NOT_OF_THE_STEP or NOT_OF_THE_VISIT
    for officers who were not part of it. `takes(record, by=, officers=, **stated)` takes the step whose consequence the paper is, where it
    is still to be taken, and says whether it did. `numbered(record, paper, by)` notes the number in the record. `day(record, **stated)`:
    where this kind speaks of another day than the record's own.
    """

    def declare(gather: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
        SOURCES[kind, of] = PaperSource(fields, gather, leader, agrees, takes, numbered, day)
        return gather

    return declare


def find(kind: str, key: UUID, *, by: Actor) -> Any:
    """The record, if this person may see it. Raises NOT_FOUND."""
    subject = SUBJECTS.get(kind)
    record = subject.rows(by).filter(pk=key).first() if subject else None
    if record is None:
        raise NOT_FOUND()
    return record


def subject_of(record: Any) -> Subject:
    return next(each for each in SUBJECTS.values() if isinstance(record, each.model))


def source_of(kind: str, subject: Subject) -> PaperSource:
    """Raises PAPER_NOT_FOR_THIS."""
    try:
        return SOURCES[kind, subject.kind]
    except KeyError:
        raise PAPER_NOT_FOR_THIS() from None


# --- verification ------------------------------------------------------------------------------------------------------------
VERIFIERS: list[Callable[[str], dict[str, Any] | None]] = []


def verifies(find: Callable[[str], dict[str, Any] | None]) -> Callable[[str], dict[str, Any] | None]:
    """Declared by whoever prints codes: from a code to what the open door may tell of the document, None for one that is not theirs."""
    VERIFIERS.append(find)
    return find
