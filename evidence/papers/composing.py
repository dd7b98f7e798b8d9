"""Facts into words: one template a kind (templates/*.toml), read the same for PDF and Word, so that the two can never say different things.

A template has `title`, `for_unit` and a list of `blocks`; a block is named by its key:

    to = "{to}："                              the addressee
    p = "…{order_on!d}…"                       a paragraph
    head = "一、…"                              a heading
    each = "problems", item = "{text}"         a numbered list; `item` speaks of one of them
    each = "talk", line = "问：{question}"       the same without numbers
    rows = [["被检查单位", "{to}"], …]           a table of labels and values; with `known = true` without those that say nothing
    table = ["名称", …], each, cells, widths   a numbered table; `cells` speak of one of them
    space = "审批意见", lines = 3               room to write
    signs = ["officer", "unit"]                who signs (Party), in this order; `labels` where one is called otherwise here
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
def template(name: str) -> Template:
    raw = (TEMPLATES / f"{name}.toml").read_bytes()
    body = tomllib.loads(raw.decode())
    return Template(
        f"{name}@{hashlib.sha256(raw).hexdigest()[:12]}", body["title"], body["for_unit"], tuple(body["blocks"])
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


def compose(name: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """{title, blocks}: plain JSON, ready to be frozen and laid out. KeyError means that a gatherer forgot a fact."""
    source = template(name)
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


def _list(name: str):
    return lambda block, facts: {
        "items": [SPEAKER.vformat(block[name], (), {**facts, **each}) for each in facts[block["each"]]]
    }


def _rows(block: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    rows = [[SPEAKER.vformat(cell, (), facts) for cell in row] for row in block["rows"]]
    return {"rows": [row for row in map(_known, rows) if row] if block.get("known") else rows}


def _known(row: list[str]) -> list[str]:
    """The labels that have a value, with it."""
    return [cell for place in range(0, len(row), 2) if row[place + 1] for cell in row[place : place + 2]]


def _table(block: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    rows = [[SPEAKER.vformat(cell, (), {**facts, **each}) for cell in block["cells"]] for each in facts[block["each"]]]
    return {"columns": block["table"], "widths": block["widths"], "rows": rows}


def _seal(block: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    return {"text": SPEAKER.vformat(block["seal"], (), facts), "day": spoken_day(facts["today"])}


BLOCKS = {
    "to": _text("to"),
    "p": _text("p"),
    "head": _text("head"),
    "note": _text("note"),
    "item": _list("item"),
    "line": _list("line"),
    "rows": _rows,
    "table": _table,
    "space": lambda block, facts: {"text": block["space"], "lines": block.get("lines", 3)},
    "signs": lambda block, facts: {
        "parties": block["signs"],
        **({"labels": block["labels"]} if "labels" in block else {}),
    },
    "seal": _seal,
}
