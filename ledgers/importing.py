"""Lists from Excel: received at once, read by the worker, written whole or not at all, with every faulty cell named.

Always queued, however small: one way, which a slow disk or a list of 50,000 rows does not change. How far it is stands in the cache;
what came of it, in the row.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from enterprises.importing import Outcome, import_grades, import_sites, import_units
from enterprises.sheets import GRADE_COLUMNS, SITE_COLUMNS, UNIT_COLUMNS
from ledgers import checklists
from ledgers.models import Import, ImportFault
from safety_api.actors import Actor
from safety_api.inserts import insert_all
from safety_api.outbox import send
from safety_api.parts import in_parts
from safety_api.problems import FORBIDDEN
from safety_api.roles import DEPARTMENTS, REGISTRARS, Role
from safety_api.sheets import CellFault, Column, WrongFile, check_workbook
from safety_api.trail import SYSTEM, record

BringIn = Callable[..., Outcome]
MOST_WARNINGS = 200
MOST_FAULTS = 10_000  # kept; a list that is wrong everywhere is not better known by more of them
BATCH = 2000
RACED = "录入时与他人的登记冲突（同一代码或同一编号），请重新提交。"
LEFT = "提交人已停用或不再有此权限。"
PROGRESS_KEPT = 3600  # seconds


@dataclass(frozen=True)
class ListKind:
    label: str
    columns: tuple[Column, ...]
    bring_in: BringIn
    roles: frozenset[Role]


KINDS: dict[str, ListKind] = {
    "enterprises": ListKind("单位名册", UNIT_COLUMNS, import_units, REGISTRARS),
    "sites": ListKind("场所名册", SITE_COLUMNS, import_sites, REGISTRARS),
    "grades": ListKind("等级名册", GRADE_COLUMNS, import_grades, DEPARTMENTS),
    "checklists": ListKind(
        "部门检查表", checklists.COLUMNS, checklists.import_checklist, REGISTRARS - {Role.TOWNSHIP_OFFICER}
    ),
}


# --- in at the door ---------------------------------------------------------------------------------------------------
@transaction.atomic
def receive(kind: str, content: bytes, *, by: Actor, dry_run: bool, parameters: Mapping[str, Any]) -> Import:
    """Keeps the file and queues it. Raises FORBIDDEN, BAD_WORKBOOK for what is no workbook at all."""
    if by.role not in KINDS[kind].roles:
        raise FORBIDDEN()
    if kind == "checklists" and not checklists.may_write(by, parameters["sector"], parameters["department"]):
        raise FORBIDDEN()
    check_workbook(content)
    row = Import.objects.create(
        kind=kind, dry_run=dry_run, parameters=_plain(parameters), file=content, size=len(content), **made_by(by),
        sha256=hashlib.sha256(content).hexdigest(),
    )  # fmt: skip
    record(by, "import.receive", row, kind=kind, sha256=row.sha256, dry_run=dry_run)
    send("ledgers.import_received", {"import": str(row.pk)})
    return row


def made_by(by: Actor) -> dict[str, Any]:
    return {"by_id": by.pk, "by_name": by.name, "region": by.region}


def _plain(parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {name: str(value) for name, value in parameters.items()}


def _spoken(parameters: Mapping[str, str]) -> dict[str, Any]:
    return {
        name: date.fromisoformat(value) if name == "effective_from" else value for name, value in parameters.items()
    }


# --- by the worker ----------------------------------------------------------------------------------------------------
@transaction.atomic
def carry_out(key: UUID) -> Import | None:
    """Reads, checks and writes a received list; None when that was done already. Safe to repeat."""
    row = Import.objects.select_for_update().filter(pk=key, state=Import.State.WAITING).first()
    if row is None:
        return None
    outcome = _attempt(row)
    row.rows_read, row.rows_written = outcome.rows, outcome.written
    row.rows_bad = len({fault.row for fault in outcome.faults})
    row.warnings = [each[:200] for each in outcome.warnings[:MOST_WARNINGS]]
    row.state = _state(row, outcome)
    row.file, row.ended_at = None, timezone.now()
    row.save()
    _keep_faults(row, outcome.faults)
    record(_who(row) or SYSTEM, f"import.{row.state}", row, rows=row.rows_read, written=row.rows_written)
    return row


def _attempt(row: Import) -> Outcome:
    """All of it or, whatever goes wrong with the list, nothing of it."""
    by = _who(row)
    if by is None:
        row.fault = LEFT
        return Outcome(0)
    try:
        with transaction.atomic():
            return KINDS[row.kind].bring_in(
                bytes(row.file or b""),
                by=by,
                dry_run=row.dry_run,
                progress=_progress_of(row.pk),
                **_spoken(row.parameters),
            )
    except WrongFile as error:
        row.fault = str(error)[:500]
    except (IntegrityError, DataError):
        row.fault = RACED
    return Outcome(0)


def _state(row: Import, outcome: Outcome) -> str:
    if row.fault or outcome.faults:
        return Import.State.REFUSED
    return Import.State.CHECKED if row.dry_run else Import.State.DONE


def _who(row: Import) -> User | None:
    return User.objects.filter(pk=row.by_id, is_active=True, role__in=KINDS[row.kind].roles).first()


def _keep_faults(row: Import, faults: Iterable[CellFault]) -> None:
    rows = [
        ImportFault(of=row, row=each.row, heading=each.heading[:60], value=each.value[:200], reason=each.reason[:300])
        for each in islice(faults, MOST_FAULTS)
    ]
    for part in in_parts(rows, BATCH):
        insert_all(part)


# --- how far it is ----------------------------------------------------------------------------------------------------
def _progress_of(key: UUID) -> Callable[[str, int], None]:
    """The work is one transaction, so nobody else sees its rows: progress is told beside the database."""
    known: dict[str, int] = {}

    def show(stage: str, rows: int) -> None:
        known[stage] = rows
        cache.set(_progress_key(key), known, PROGRESS_KEPT)

    return show


def progress(key: UUID) -> dict[str, int]:
    """Rows `read`, `checked`, `written` so far; empty when nobody has begun, or the cache is gone."""
    return cache.get(_progress_key(key)) or {}


def _progress_key(key: UUID) -> str:
    return f"ledgers-import-{key}"
