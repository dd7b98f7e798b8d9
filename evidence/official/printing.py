"""The sheet on A4 as PDF. The same sheet gives the same bytes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from evidence.official.sheet import Sheet, fitted, shown
from evidence.papers.printing import qr, typeset

TEMPLATES = Path(__file__).parent / "templates"
LAYOUT = TEMPLATES / "official.typ"
LONG_RUN = re.compile(r"[!-~]{9,}")  # an address or a code has no place to break by itself
NUMBERS = re.compile(r"[-+0-9./%:,年月日〔〕第号\s]*")
SOFT = "\u200b"


def pdf(sheet: Sheet) -> bytes:
    """Raises NO_FONT."""
    return typeset(LAYOUT, _drawn(fitted(sheet)), moment=sheet.moment)


def _drawn(sheet: Sheet) -> dict[str, Any]:
    text = sheet.text
    return {
        **{name: text.get(name, "") for name in ("style", "mast", "title", "lead", "to", "organ", "day")},
        "ending": text.get("ending", []), "blocks": [_block(each) for each in text["blocks"]],
        "number": sheet.number, "watermark": sheet.watermark, "notice": sheet.notice, "note": sheet.note,
        "code": sheet.code, "sha256": sheet.sha256, "qr": qr(sheet.address) if sheet.address else "",
    }  # fmt: skip


def _block(block: dict[str, Any]) -> dict[str, Any]:
    if "rows" not in block:
        return block | {"text": _soft(block["text"])}
    rows = [[{"text": _soft(shown(cell)), "middle": _is_short(cell)} for cell in row] for row in block["rows"]]
    return block | {"rows": rows}


def _is_short(cell: Any) -> bool:
    """Numbers, ratios and marks stand in the middle, words on the left."""
    return not isinstance(cell, str) or len(cell) <= 6 or NUMBERS.fullmatch(cell) is not None


def _soft(text: str) -> str:
    return LONG_RUN.sub(lambda found: _broken(found[0]), text)


def _broken(run: str) -> str:
    """A share is broken at its stroke, anything else wherever it must be."""
    return run.replace("/", f"/{SOFT}") if NUMBERS.fullmatch(run) else SOFT.join(re.findall(r".{1,4}", run))
