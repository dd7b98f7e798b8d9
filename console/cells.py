"""What stands in a field of a page: a word with the way it is drawn. Levels have shape and colour, lateness is black, states have a border."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import localtime


class Cell(NamedTuple):
    """`kind`: text, level, state, late, class — a class of parts.css; `href`: the record it names; `note`: the smaller word beside it."""

    text: str
    kind: str = "text"
    href: str = ""
    note: str = ""
    mark: str = ""


Fact = tuple[str, Cell]  # its label beside it
NOTHING = Cell("—")
LEVELS = {"major": "重大", "general": "一般"}
DONE = frozenset({"closed", "unit_closed", "rejected", "void", "transferred"})


def text(said: Any, note: str = "") -> Cell:
    return Cell(str(said), note=note) if said not in (None, "") else NOTHING


def link(said: Any, href: str, note: str = "") -> Cell:
    return Cell(str(said), href=href, note=note) if said else NOTHING


def level(code: str) -> Cell:
    return Cell(LEVELS.get(code, code), "level", mark=code)


def state(name: str, code: str = "") -> Cell:
    return Cell(name, "state", mark="done" if code in DONE else "")


def late(said: str) -> Cell:
    return Cell(said, "state", mark="late")


def day(said: Any) -> Cell:
    """A day of this year without its year: `11月6日`; from a date or a moment as the API tells them."""
    found = day_of(said)
    if found is None:
        return NOTHING
    return Cell(_written(found))


def moment(said: Any) -> Cell:
    found = moment_of(said)
    return Cell(f"{_written(found.date())} {found:%H:%M}") if found else NOTHING


def day_of(said: Any) -> date | None:
    if isinstance(said, str):
        said = parse_datetime(said) if "T" in said else parse_date(said)
    return localtime(said).date() if isinstance(said, datetime) else said


def moment_of(said: Any) -> datetime | None:
    found = parse_datetime(said) if isinstance(said, str) else said
    return localtime(found) if found else None


def span(minutes: int) -> str:
    hours, rest = divmod(max(minutes, 0), 60)
    return f"{hours // 24} 天 {hours % 24} 小时" if hours >= 48 else f"{hours} 小时 {rest} 分" if hours else f"{rest} 分钟"


def _written(found: date) -> str:
    ours = found.year == localtime().year
    return f"{found.month}月{found.day}日" if ours else f"{found.year}年{found.month}月{found.day}日"
