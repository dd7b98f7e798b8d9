"""Every write about superiors' templates: kept, mapped once, filled, marked as reported, reconciled."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hazards.actions.superior import mark_reported, set_external_number
from ledgers import forms, reconciling
from ledgers.books import LEDGERS
from ledgers.columns import Row
from ledgers.filters import in_words
from ledgers.importing import made_by
from ledgers.ledger import Ledger
from ledgers.models import HandedUp, Reconciliation, ReportTemplate
from safety_api import filling
from safety_api.actors import Actor
from safety_api.doors import Filters
from safety_api.problems import BAD_MAPPING, NOT_FOUND, NOT_MAPPED, TOO_MANY_ROWS, WRONG_STEP
from safety_api.sheets import MOST_ROWS, WrongFile, check_workbook, refused
from safety_api.trail import record
from safety_api.writing import Fresh, locked, read_back

MOST_TEMPLATE_BYTES = 5 * 1024 * 1024
HAZARDS = "rectification"  # the ledger whose rows know what the superior's platform calls them


# --- templates --------------------------------------------------------------------------------------------------------
@transaction.atomic
def keep_template(*, name: str, ledger: str, content: bytes, by: Actor) -> ReportTemplate:
    """Raises BAD_WORKBOOK."""
    check_workbook(content, MOST_TEMPLATE_BYTES)
    row = ReportTemplate.objects.create(
        name=name, ledger=ledger, file=content, sha256=hashlib.sha256(content).hexdigest(), **made_by(by)
    )
    record(by, "report_template.create", row, name=name, ledger=ledger, sha256=row.sha256)
    return row


def sheets_of(template: ReportTemplate) -> list[dict[str, Any]]:
    """Each sheet with its first rows. Raises BAD_MAPPING when the file cannot be read."""
    try:
        return filling.sheets_of(bytes(template.file))
    except WrongFile as error:
        raise refused(error, BAD_MAPPING) from None


@transaction.atomic
def map_columns(
    key: UUID, *, by: Actor, sheet: str, heading_row: int, first_row: int, columns: dict[str, str], words: dict[str, str],
    fresh: Fresh = None,
) -> ReportTemplate:  # fmt: skip
    """Says once which heading is which column. Raises NOT_FOUND, STALE by `fresh`, BAD_MAPPING."""
    template = locked(ReportTemplate.objects.visible_to(by), key, fresh, no_key=True)
    _check_columns(LEDGERS[template.ledger], columns)
    try:
        filling.places_of(filling.lines_of(bytes(template.file), sheet), heading_row, columns)
        filling.check_fitting(bytes(template.file), sheet, first_row)
    except WrongFile as error:
        raise refused(error, BAD_MAPPING) from None
    template.sheet, template.heading_row, template.first_row = sheet, heading_row, first_row
    template.columns, template.words = columns, words
    template.save()
    record(by, "report_template.map", template, columns=len(columns))
    read_back(template)
    return template


def _check_columns(ledger: Ledger, columns: Mapping[str, str]) -> None:
    known = {each.name for each in ledger.columns} | {forms.SERIAL, forms.KEY}
    unknown = sorted(set(columns.values()) - known)
    if unknown:
        raise BAD_MAPPING(detail=f"没有这样的字段：{'、'.join(unknown[:5])}；可用：{'、'.join(sorted(known))}。")
    if len(set(columns.values())) < len(columns):
        raise BAD_MAPPING(detail="同一字段对应了两列。")


def _mapped(template: ReportTemplate) -> ReportTemplate:
    if not template.columns:
        raise NOT_MAPPED()
    return template


# --- handing up -------------------------------------------------------------------------------------------------------
@transaction.atomic
def hand_up(
    template: ReportTemplate,
    target: Path,
    shape: Filters,
    filters: Mapping[str, Any],
    day: date,
    *,
    by: Actor,
    contacts: bool,
) -> HandedUp:
    """Our rows in a copy of their workbook, at `target`; which rows those were is kept. Raises NOT_MAPPED, TOO_MANY_ROWS, BAD_MAPPING."""
    ledger = LEDGERS[_mapped(template).ledger]
    keys: list[UUID] = []

    def counted() -> Iterator[Row]:
        for row in ledger.stream(by, day, filters):
            if len(keys) == MOST_ROWS:
                raise TOO_MANY_ROWS(most=MOST_ROWS)
            keys.append(row["id"])
            yield row

    try:
        theirs = bytes(template.file)
        places = filling.places_of(
            filling.lines_of(theirs, template.sheet), template.heading_row or 1, template.columns
        )
        filling.fill(theirs, target, forms.form_of(template, ledger, places, contacts=contacts), counted())
    except WrongFile as error:
        raise refused(error, BAD_MAPPING) from None
    said = in_words(shape, filters)
    made = HandedUp.objects.create(template=template, filters=said[:500], rows=keys, **made_by(by))
    record(
        by, "report_template.fill", template, rows=len(keys), filters=said, contacts=contacts, handed_up=str(made.pk)
    )
    return made


@transaction.atomic
def mark(template: ReportTemplate, *, by: Actor, on: date, handed_up: UUID | None = None) -> int:
    """Marks the rows of one's last filled workbook (or of that one) as reported. Raises NOT_FOUND, WRONG_STEP when that was done already."""
    if template.ledger != HAZARDS:
        raise WRONG_STEP(detail="只有问题整改清单记有“已报上级”。")
    made = HandedUp.objects.select_for_update(of=("self",)).filter(template=template, by_id=by.pk)
    made = made.filter(pk=handed_up) if handed_up else made
    last = made.order_by("-made_at").first()
    if last is None:
        raise NOT_FOUND()
    if last.marked_on:
        raise WRONG_STEP(detail=f"已于 {last.marked_on} 标记。")
    last.marked_on = on
    last.save(update_fields=["marked_on"])
    marked = mark_reported(last.rows, on=on, by=by)
    record(by, "report_template.mark", template, rows=marked, on=str(on), handed_up=str(last.pk))
    return marked


# --- reconciling ------------------------------------------------------------------------------------------------------
@transaction.atomic
def reconcile(
    template: ReportTemplate, content: bytes, shape: Filters, filters: Mapping[str, Any], day: date, *, by: Actor
) -> Reconciliation:
    """Their list of today against our rows by these filters; kept. Raises BAD_WORKBOOK, NOT_MAPPED, BAD_MAPPING, TOO_MANY_ROWS."""
    check_workbook(content)
    if _mapped(template).ledger != HAZARDS or not {forms.KEY, reconciling.NUMBER} & set(template.columns.values()):
        raise BAD_MAPPING(detail=f"对账需要对应 {reconciling.NUMBER}（上级平台编号）或 {forms.KEY}（我方编号）一列。")
    ledger = LEDGERS[template.ledger]
    ours = _ours(ledger, day, filters, by)
    book = reconciling.Book({each.name: each for each in ledger.columns}, template.words)
    found = reconciling.reconcile(_theirs(template, content), ours, book)
    row = Reconciliation.objects.create(
        template=template, sha256=hashlib.sha256(content).hexdigest(), filters=in_words(shape, filters)[:500],
        **vars(found), **made_by(by),
    )  # fmt: skip
    record(by, "reconciliation.create", row, theirs=found.theirs, ours=found.ours, matched=found.matched)
    return row


def _ours(ledger: Ledger, day: date, filters: Mapping[str, Any], by: Actor) -> list[Row]:
    rows = list(ledger.chosen(by, day, filters).order_by(*ledger.in_book)[: MOST_ROWS + 1])
    if len(rows) > MOST_ROWS:
        raise TOO_MANY_ROWS(most=MOST_ROWS)
    return ledger.completed(rows, day)


def _theirs(template: ReportTemplate, content: bytes) -> list[tuple[int, Row]]:
    """Their rows by number; a line with one cell (a total, a remark) is none."""
    try:
        lines = filling.lines_of(content, template.sheet)
        places = filling.places_of(lines, template.heading_row or 1, template.columns)
    except WrongFile as error:
        raise refused(error, BAD_MAPPING) from None
    found = []
    for number, line in enumerate(lines[(template.first_row or 2) - 1 :], start=template.first_row or 2):
        cells = {name: line[at] for at, name in places.items() if at < len(line) and str(line[at]).strip()}
        if len(cells.keys() - {forms.SERIAL}) > 1:
            found.append((number, cells))
    return found


@transaction.atomic
def take_numbers(key: UUID, *, by: Actor) -> Reconciliation:
    """Writes the superior's numbers, that a reconciliation found, at our hazards. Raises NOT_FOUND, WRONG_STEP when that was done already."""
    row = locked(Reconciliation.objects.visible_to(by), key, no_key=True)
    if row.numbers_taken_at:
        raise WRONG_STEP(detail="已补记过。")
    written = set_external_number({UUID(each): number for each, number in row.numbers.items()}, by=by)
    row.numbers_taken_at = timezone.now()
    row.save(update_fields=["numbers_taken_at"])
    record(by, "reconciliation.take_numbers", row, written=written)
    return row
