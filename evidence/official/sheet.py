"""What stands on a sheet: blocks of plain JSON that every form draws, and what is known of the document beside its words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evidence.papers.signs import Fitting

Block = dict[str, Any]
Cell = str | int | None
DRAFT, CORRECTED = "草稿", "已更正"
NOTHING = "—"
NUMERALS = "一二三四五六七八九"


@dataclass(frozen=True)
class Sheet:
    """`text`: style (document | brief), mast, title (a line break where it should be broken), lead, to, blocks, organ, day, ending."""

    text: Mapping[str, Any]
    number: str
    moment: int  # the file's own date, seconds since 1970
    watermark: str = ""
    notice: str = ""  # that another stands in its place
    address: str = ""  # where the code is verified; "" for a draft
    code: str = ""
    sha256: str = ""
    note: str = ""  # of signs that no font has


def fitted(sheet: Sheet) -> Sheet:
    """The same in signs that can be drawn: what every form draws."""
    fit = Fitting()
    text, number, notice = (fit(each) for each in (dict(sheet.text), sheet.number, sheet.notice))
    return replace(sheet, text=text, number=number, notice=notice, note=fit.note)


# --- blocks ----------------------------------------------------------------------------------------------------------
def chapter(text: str) -> Block:
    """一、…"""
    return {"is": "chapter", "text": text}


def part(text: str) -> Block:
    """（一）…"""
    return {"is": "part", "text": text}


def p(text: str) -> Block:
    return {"is": "p", "text": text}


def table(
    name: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[Cell]], *, titled: bool = True
) -> Block:
    """`columns`: (heading, width as a share). Whole numbers stay numbers in the workbook. `titled`: its name stands above it."""
    return {
        "is": "table", "name": name, "titled": titled, "headings": [heading for heading, _ in columns],
        "widths": [width for _, width in columns], "rows": [list(row) for row in rows],
    }  # fmt: skip


def particulars(rows: Iterable[tuple[str, str]]) -> Block:
    """A table of labels and values."""
    return {"is": "particulars", "rows": [list(row) for row in rows]}


# --- words -----------------------------------------------------------------------------------------------------------
def shown(cell: Cell) -> str:
    return NOTHING if cell in (None, "") else str(cell)


def percent(ratio: str | None) -> str:
    return f"{ratio}%" if ratio is not None else NOTHING


def numeral(number: int) -> str:
    """1 → 一, 11 → 十一; up to 99."""
    tens, ones = divmod(number, 10)
    return (NUMERALS[tens - 1] if tens > 1 else "") + ("十" if tens else "") + (NUMERALS[ones - 1] if ones else "")


def lines_of(text: Mapping[str, Any]) -> Iterator[str]:
    """Every word of a content in the order in which it is read: what PDF, Word and workbook must all say."""
    for name in ("mast", "lead", "title", "to"):
        if text.get(name):
            yield text[name]
    for block in text["blocks"]:
        yield from _lines_of_block(block)
    yield from filter(None, (text.get("organ"), text.get("day")))
    yield from text.get("ending", ())


def _lines_of_block(block: Block) -> Iterator[str]:
    if block["is"] == "table":
        yield from [block["name"]] if block["titled"] else []
        yield from block["headings"]
    if "text" in block:
        yield block["text"]
    for row in block.get("rows", ()):
        yield from map(shown, row)
