"""Facts into words: one template a kind (templates/*.toml), read the same for PDF and Word, so that the two can never say different things.

A template has `title`, `for_unit` and a list of `blocks`; a block is named by its key:

    to = "{to}："                              the addressee
    p = "…{order_on!d}…"                       a paragraph
    head = "一、…"                              a heading
    each = "problems", item = "{text}"         a numbered list; `item` speaks of one of them
    rows = [["被检查单位", "{to}"], …]           a table of labels and values
    space = "审批意见", lines = 3               room to write
    signs = ["officer", "unit"]                who signs (Party), in this order
    seal = "{organ}"                           the organ's name and the day, where the seal goes
    note = "…"                                 small print

`when = "fact"` keeps a block only if the fact is there, `when = "!fact"` only if it is not. `!d` speaks a day, `!t` a moment.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

TEMPLATES = Path(__file__).parent / "templates"
COUNTY_TIME = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Template:
    version: str  # name and the first digits of the file's own hash
    title: str
    for_unit: bool
    blocks: tuple[dict[str, Any], ...]


@cache
def template(kind: str) -> Template:
    raw = (TEMPLATES / f"{kind}.toml").read_bytes()
    body = tomllib.loads(raw.decode())
    return Template(
        f"{kind}@{hashlib.sha256(raw).hexdigest()[:12]}", body["title"], body["for_unit"], tuple(body["blocks"])
    )


def spoken_day(day: date | str) -> str:
    """2026-11-30 → 2026年11月30日"""
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{day.year}年{day.month}月{day.day}日"


def spoken_time(moment: datetime | str) -> str:
    """2026-11-30T09:05:00+08:00 → 2026年11月30日9时05分, in county time"""
    moment = (datetime.fromisoformat(moment) if isinstance(moment, str) else moment).astimezone(COUNTY_TIME)
    return f"{spoken_day(moment.date())}{moment.hour}时{moment.minute:02}分"


class Speaker(Formatter):
    """Names of facts in braces; what is null says nothing. A fact's own braces are never read."""

    def convert_field(self, value: Any, conversion: str | None) -> Any:
        if value is None or value == "":
            return ""
        if conversion == "d":
            return spoken_day(value)
        return spoken_time(value) if conversion == "t" else str(value)

    def format_field(self, value: Any, spec: str) -> str:
        return "" if value is None else str(value)


SPEAKER = Speaker()


def compose(kind: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """{title, blocks}: plain JSON, ready to be frozen and laid out. KeyError means that a gatherer forgot a fact."""
    source = template(kind)
    blocks = [_block(each, facts) for each in source.blocks if _wanted(each.get("when"), facts)]
    return {"title": SPEAKER.vformat(source.title, (), facts), "blocks": blocks}


def _wanted(when: str | None, facts: Mapping[str, Any]) -> bool:
    if when is None:
        return True
    return not facts[when[1:]] if when.startswith("!") else bool(facts[when])


def _block(block: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    kind = next(name for name in BLOCKS if name in block)
    return {"is": kind, **BLOCKS[kind](block, facts)}


def _text(name: str):
    return lambda block, facts: {"text": SPEAKER.vformat(block[name], (), facts)}


def _items(block: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    return {"items": [SPEAKER.vformat(block["item"], (), {**facts, **each}) for each in facts[block["each"]]]}


def _rows(block: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    return {"rows": [[SPEAKER.vformat(cell, (), facts) for cell in row] for row in block["rows"]]}


def _seal(block: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    return {"text": SPEAKER.vformat(block["seal"], (), facts), "day": spoken_day(facts["today"])}


BLOCKS = {
    "to": _text("to"),
    "p": _text("p"),
    "head": _text("head"),
    "note": _text("note"),
    "item": _items,
    "rows": _rows,
    "space": lambda block, facts: {"text": block["space"], "lines": block.get("lines", 3)},
    "signs": lambda block, facts: {"parties": block["signs"]},
    "seal": _seal,
}
