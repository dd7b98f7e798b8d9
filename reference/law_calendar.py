"""法规日历 Every dated document, and every law that is only named: its day of force, its source, how sure we are of it. Pure but for `entries`.

A document's certainty is not in its file, which may not change once in force, but in the register `law_certainty`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from reference import law
from reference.bodies import LIST
from reference.models import Document
from reference.terms import Certainty, ReadOf
from safety_api.days import ONE_DAY

NAMED = "law_calendar"
HOLIDAYS = "holidays"
UNTIL_THE_NEXT = frozenset({LIST})  # of these the one begun last holds, whatever its code
SOON_DAYS = 60
UNSURE = (Certainty.SECONDARY, Certainty.MEMORY)
WORDS = (  # of a source, where the register says nothing of its document
    ("凭记忆", Certainty.MEMORY),
    ("默认建议", Certainty.OWN),
    ("系统设计", Certainty.OWN),
)
READ = {  # how much was seen of a text that says so itself; titles and topics are no more than a catalogue has
    ReadOf.WHOLE: Certainty.FULL,
    ReadOf.PART: Certainty.EXCERPT,
    ReadOf.METADATA: Certainty.SECONDARY,
    ReadOf.TITLE: Certainty.SECONDARY,
}


@dataclass(frozen=True)
class Entry:
    """`version` is empty where the law is only named. `year`: all that is known of its first day."""

    kind: str
    code: str
    version: str
    title: str
    number: str
    effective_from: date | None
    effective_to: date | None
    year: int | None
    source: str
    source_url: str
    certainty: str
    ends: Sequence[str] = ()
    touches: Sequence[str] = ()
    checklists: Sequence[str] = ()
    paper_sectors: Sequence[str] = ()

    @property
    def first(self) -> date:
        """The day it counts from: of a year alone its first, of what began before our records the first of all."""
        return self.effective_from or (date(self.year, 1, 1) if self.year else date.min)

    @property
    def latest_first(self) -> date:
        return self.effective_from or (date(self.year, 12, 31) if self.year else date.min)

    def holds(self, on: date) -> bool:
        return self.first <= on and (self.effective_to is None or on <= self.effective_to)

    def begins_between(self, first: date | None, last: date | None) -> bool:
        return (first is None or first <= self.latest_first) and (last is None or self.first <= last)

    @property
    def name(self) -> str:
        return f"{self.title}（{self.number}）" if self.number and self.number not in self.title else self.title


def entries(on: date) -> list[Entry]:
    """By first day. The laws only named and the register are those in force on `on`; documents of all days."""
    documents = [each for one in law.books().documents.values() for each in one]
    named, register = law.books().documents.get(NAMED, []), law.books().documents.get("law_certainty", [])
    found = law.understood(_read, _held(named, on), _held(register, on), *documents)
    return sorted([*found, *_notices(law.books().notices)], key=lambda each: (each.first, each.kind, each.code))


def _held(versions: Iterable[Document], on: date) -> Document | None:
    return next((each for each in versions if each.holds(on)), None)


def _read(named: Document | None, register: Document | None, *documents: Document) -> list[Entry]:
    rows = register.body["documents"] if register else []
    return [
        *(_document(each, rows, documents) for each in documents if each.kind != NAMED),
        *(_named(each) for each in (named.body["laws"] if named else [])),
    ]


def certainty_of(document: Document, on: date) -> str:
    """How sure we are of one document, by the register of a day."""
    here = (document.kind, document.code, document.version)
    return next(each.certainty for each in entries(on) if (each.kind, each.code, each.version) == here)


def _named(row: Mapping[str, Any]) -> Entry:
    return Entry(
        kind=NAMED, code=row["code"], version="", title=row["title"], number=row.get("number", ""),
        effective_from=_day(row.get("from")), effective_to=_day(row.get("until")), year=row.get("year"),
        source=row["source"], source_url=row.get("source_url", ""), certainty=row["certainty"], ends=row["ends"],
        touches=row["touches"], checklists=row.get("checklists", ()), paper_sectors=row.get("paper_sectors", ()),
    )  # fmt: skip


def _day(said: str | None) -> date | None:
    return date.fromisoformat(said) if said else None


def _document(each: Document, rows: Iterable[Mapping[str, Any]], documents: Iterable[Document]) -> Entry:
    """What the body says of itself (criteria do: number, address, how much was read, what it ends) needs no row of the register."""
    row, own = _row_of(each, rows), each.body
    changed = [
        change["source"] for change in each.amended if change["effective_from"] == each.effective_from.isoformat()
    ]
    noted = [own[name] for name in ("effective_note", "read_note") if own.get(name)]
    ended = [f"{other.title} {other.version}" for other in documents if _ends(each, other, documents)]
    return Entry(
        kind=each.kind, code=each.code, version=each.version, title=each.title, number=own.get("number", ""),
        effective_from=each.effective_from, effective_to=_last_day(each, documents), year=None,
        source="；".join([*(changed or [each.source]), *noted]), source_url=row.get("source_url") or own.get("source_url", ""),
        certainty=row.get("certainty") or READ.get(own.get("read", "")) or certainty_in(each.source),
        ends=[one["number"] for one in own.get("ends", [])] or ended, touches=row.get("touches", ()),
    )  # fmt: skip


def _row_of(each: Document, rows: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The row that names most of it; a version with single values changed is said by the version that it changes."""
    here = {"kind": each.kind, "code": each.code, "version": each.version.partition("@")[0]}
    fitting = [row for row in rows if all(row.get(name, value) == value for name, value in here.items())]
    return max(fitting, key=lambda row: len(row.keys() & here.keys()), default={})


def certainty_in(source: str) -> str:
    """What nobody said to be read is not taken for read."""
    return next((certainty for word, certainty in WORDS if word in source), Certainty.SECONDARY)


def _last_day(each: Document, documents: Iterable[Document]) -> date | None:
    if each.kind not in UNTIL_THE_NEXT:
        return each.effective_to
    later = (
        one.effective_from for one in documents if one.kind == each.kind and each.effective_from < one.effective_from
    )
    return min((first - ONE_DAY for first in later), default=each.effective_to)


def _ends(each: Document, other: Document, documents: Iterable[Document]) -> bool:
    follows = other.kind == each.kind and (each.kind in UNTIL_THE_NEXT or other.code == each.code)
    return follows and _last_day(other, documents) == each.effective_from - ONE_DAY


def _notices(notices: Mapping[int, str]) -> list[Entry]:
    return [
        Entry(
            kind=HOLIDAYS, code=str(year), version=str(year), title=f"{year}年节假日安排", number="", effective_from=date(year, 1, 1),
            effective_to=date(year, 12, 31), year=None, source=source, source_url="", certainty=Certainty.FULL,
        )
        for year, source in notices.items()
    ]  # fmt: skip


# --- what of it is told ---------------------------------------------------------------------------------------------------
def beginning(found: Iterable[Entry], today: date) -> list[Entry]:
    """Within SOON_DAYS of today, which is over for whatever begins on it."""
    return [
        each
        for each in found
        if each.effective_from and today < each.effective_from <= today + timedelta(days=SOON_DAYS)
    ]


def unsure(found: Iterable[Entry], today: date, certainty: str) -> list[Entry]:
    """In force, and known in no better way than this."""
    return [each for each in found if each.certainty == certainty and each.holds(today)]


def cited(basis: str, sector: str, on: date) -> str:
    """The basis that a paper of this sector prints, with the laws that its papers name on the day."""
    return "、".join(
        [basis, *(f"《{each.title}》" for each in entries(on) if sector in each.paper_sectors and each.holds(on))]
    )


def of_sector(code: str, on: date) -> list[Entry]:
    """Laws only named that stand behind a sector's checklists on a day."""
    return [each for each in entries(on) if code in each.checklists and each.holds(on)]
