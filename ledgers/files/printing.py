"""A file on A4, by the same font as the papers: particulars, then every section as a table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from evidence.papers.printing import typeset
from evidence.papers.signs import Fitting
from ledgers.files.words import spoken

LAYOUT = Path(__file__).parent / "templates" / "file.typ"
TIMELINE = {"at": "时间", "who": "人员", "did": "做了什么", "rule": "依据", "details": "内容", "proof": "留痕"}
KNEW = {"since": "最早知悉", "who": "人员", "role": "岗位", "by": "因何知悉"}
RULES = {"title": "规则", "version": "版本", "source": "依据"}
WIDEST, NARROWEST = 24, 6  # characters that a column's share is reckoned by


def pdf(file: Mapping[str, Any]) -> bytes:
    """Raises NO_FONT."""
    fit = Fitting()
    drawn = fit(_drawn(file))
    noted = drawn | {"end": [*drawn["end"], *filter(None, [fit.note])]}
    return typeset(LAYOUT, noted, moment=int(file["made_at"].timestamp()))


def _drawn(file: Mapping[str, Any]) -> dict[str, Any]:
    proof = file.get("proof")
    return {
        "title": file["title"],
        "under": f"编号 {file['subject']['id']}　制作 {_said(file['made_at'])}",
        "foot": f"档案摘要 SHA-256 {file['sha256']}" if "sha256" in file else file["title"],
        "particulars": [[each["name"], each["value"]] for each in file["particulars"]],
        "sections": [_section(each) for each in (*_of_duty(file), *file["sections"])],
        "end": [_proven(proof)] if proof else [],
    }


def _of_duty(file: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What only a file of duty has, as sections like the others."""
    parts = (("rules", "当时有效的规则", RULES), ("knew", "谁在何时知悉", KNEW), ("timeline", "经过", TIMELINE))
    return [
        {"name": name, "title": title, "columns": columns, "rows": file[name], "total": len(file[name])}
        for name, title, columns in parts
        if name in file
    ]


def _section(section: Mapping[str, Any]) -> dict[str, Any]:
    rows = [[_said(row[name]) for name in section["columns"]] for row in section["rows"]]
    headings = list(section["columns"].values())
    return {
        "title": section["title"], "headings": headings, "rows": rows, "widths": _widths([headings, *rows]),
        "more": f"共 {section['total']} 条，列最近 {len(rows)} 条" if section["total"] > len(rows) else "",
    }  # fmt: skip


def _widths(rows: list[list[str]]) -> list[int]:
    return [min(WIDEST, max(NARROWEST, *(len(row[place]) for row in rows))) for place in range(len(rows[0]))]


def _said(value: Any) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return spoken(value) or "—"
    return "、".join(map(_said, value)) if isinstance(value, (list, tuple)) else str(value)


def _proven(proof: Mapping[str, Any]) -> str:
    seals = "、".join(map(str, proof["seals"])) or "无"
    found = ("均与封存一致" if proof["sealed"] else "待下次封存") if proof["whole"] else "有与封存不符之处"
    return f"留痕 {proof['lines']} 条，其中已封存 {proof['sealed']} 条（封存号 {seals}），{found}。封存成链，异地留有摘要，可用 verify_trail 核验。"
