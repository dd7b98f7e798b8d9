"""A ledger's rows under the headings of a superior's workbook (safety_api/filling.py writes it)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evidence.papers.signs import plain
from ledgers.columns import ColumnKind
from ledgers.ledger import Ledger
from readers.sheet_parts import letters_of
from safety_api.filling import Cell, Form

SERIAL, KEY = "serial", "id"  # besides the ledger's columns: 序号, our own number


def form_of(template: Any, ledger: Ledger, places: Mapping[int, str], *, contacts: bool) -> Form:
    """`template` has `sheet`, `first_row` and `words` (their word → our code)."""
    said = {code: word for word, code in template.words.items()}
    read = {each.name: _cell(each, said, contacts) for each in ledger.columns}
    read |= {SERIAL: lambda number, row: number, KEY: lambda number, row: str(row["id"])}
    return Form(template.sheet, template.first_row, {letters_of(at + 1): read[name] for at, name in places.items()})


def _cell(column: Any, said: Mapping[str, str], contacts: bool) -> Cell:
    show, code_of = column.shown(contacts=contacts), column.value(contacts=contacts)
    if column.kind is ColumnKind.WORD:
        return lambda number, row: said.get(code_of(row) or "") or show(row)
    return lambda number, row: _plain(show(row))


def _plain(cell: Any) -> Any:
    """What a superior's system reads on is no paper: only invisible signs and odd line ends are put right."""
    return plain(cell) if isinstance(cell, str) else cell
