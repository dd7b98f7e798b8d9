"""A department's own checklist from Excel: a dated document like every other, named by sector and department, with its own source."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from enterprises.importing import Outcome, Progress, progress_not_shown
from reference import law
from reference.actions import NotLater, SilentChange, publish
from reference.models import Document
from reference.terms import SeverityHint
from reference.versions import Version
from safety_api.actors import Actor
from safety_api.sheets import Column, Row, Source, WrongFile, one_of, read_rows, short, text
from safety_api.trail import SYSTEM

CODE = re.compile(r"[A-Z0-9]{1,8}(-[A-Z0-9]{1,8}){1,2}")


def item_code(cell: Any) -> str:
    code = text(cell).upper()
    if not CODE.fullmatch(code) or len(code) > 20:
        raise ValueError("应为大写字母、数字和连字符，如 MK-001，至多 20 字")
    return code


COLUMNS = (
    Column("code", "编号", item_code, True, "如 MK-001；不与其他检查表重复"),
    Column("text", "检查项", short(300), True, "写成问句，一行一条"),
    Column("severity_hint", "性质", one_of(SeverityHint.choices), note="、".join(SeverityHint.labels) + "；不填为一般"),
    Column("source", "依据", short(200), note="法规、标准条款；不填为本表的依据"),
)


@transaction.atomic
def import_checklist(
    file: Source, *, by: Actor, sector: str, department: str, version: str, effective_from: date, source: str, title: str = "",
    dry_run: bool = False, progress: Progress = progress_not_shown,
) -> Outcome:  # fmt: skip
    """Raises WrongFile. From `effective_from` on the list holds in the place of the department's last one for this sector."""
    rows = read_rows(file, COLUMNS)
    progress("read", len(rows))
    if not rows:
        raise WrongFile("表中没有检查项。")
    code = law.own_code(sector, department)
    _refuse_doubles(rows, code)
    progress("checked", len(rows))
    outcome = Outcome(len(rows), faults=[fault for row in rows for fault in row.faults])
    if outcome.faults:
        return outcome
    title = title or f"{law.department(department).name}{law.sector(sector).name}检查表"
    items = [{"severity_hint": SeverityHint.GENERAL.value, "source": source, **row.values} for row in rows]
    made = Version(
        Path(f"{code}.xlsx"), "checklist", code, version, title, effective_from, None, source, {"items": items}
    )
    with transaction.atomic():
        _publish(made, by)
        if dry_run:
            transaction.set_rollback(True)
    outcome.written = 0 if dry_run else len(rows)
    progress("written", outcome.written)
    return outcome


def _publish(made: Version, by: Actor) -> None:
    try:
        publish(made, by=by)
    except SilentChange:
        raise WrongFile(f"版本 {made.version} 已有，内容不同：请另取版本号。") from None
    except NotLater as error:
        raise WrongFile(f"施行日{error}。") from None


def _refuse_doubles(rows: list[Row], own: str) -> None:
    """Within the list, and against the items of all other lists: a hazard names its item by this code alone."""
    bodies = Document.objects.filter(kind="checklist").exclude(code=own).values_list("title", "body")
    taken = {item["code"]: title for title, body in bodies for item in body["items"]}
    seen: set[str] = set()
    for row in rows:
        code = row.values.get("code")
        if code in seen:
            row.fault(COLUMNS[0], "在本表中重复")
        elif code in taken:
            row.fault(COLUMNS[0], f"已用于《{taken[code]}》")
        seen.add(code or "")


def may_write(by: Actor, sector: str, department: str) -> bool:
    """A department's officer writes the own department's list, for the sectors that are theirs."""
    if by is SYSTEM or not by.department_id:
        own = True
    else:
        own = by.department_id == department
    return own and (by is SYSTEM or not by.sectors or sector in by.sectors)
