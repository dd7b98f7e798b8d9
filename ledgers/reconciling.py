"""Theirs against ours: what the superior's list has and ours has not, the other way round, and where both differ. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ledgers.columns import Column, ColumnKind, Row
from ledgers.forms import KEY
from safety_api.sheets import day, shown

NUMBER = "external_number"
COMPARED = ("state", "level", "deadline", "closed_on")
SHOWN = ("unit", "description", "state", "deadline", NUMBER, "reported_up_on")


@dataclass
class Found:
    theirs: int = 0
    ours: int = 0
    matched: int = 0
    only_theirs: list[dict[str, Any]] = field(default_factory=list)
    only_ours: list[dict[str, Any]] = field(default_factory=list)
    differences: list[dict[str, Any]] = field(default_factory=list)
    numbers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Book:
    """Our columns by name, and what their words mean: (column, their word) → our code."""

    columns: Mapping[str, Column]
    words: Mapping[str, str]

    def ours(self, name: str, row: Row) -> Any:
        return self.columns[name].value(contacts=False)(row)

    def said(self, name: str, row: Row) -> str:
        found = self.columns[name].shown(contacts=False)(row)
        return "" if found is None else str(found)

    def theirs(self, name: str, cell: Any) -> Any:
        """Their cell as our value; ValueError for a word or a day that we cannot read."""
        column, word = self.columns[name], shown(cell)
        if not word:
            return None if column.kind is ColumnKind.DAY else ""
        if column.kind is ColumnKind.DAY:
            return day(cell)
        labels = {label: code for code, label in column.words.items()}
        found = self.words.get(word) or labels.get(word) or (word if word in column.words else None)
        if found is None:
            raise ValueError("不认识的用词")
        return found


def reconcile(theirs: Iterable[tuple[int, Row]], ours: Iterable[Row], book: Book) -> Found:
    """`theirs`: rows of their sheet by number, cells under our columns' names; ours as the ledger gives them."""
    found = Found()
    by_key = {str(row["id"]): row for row in ours}
    by_number = {row[NUMBER]: row for row in by_key.values() if row[NUMBER]}
    found.ours, met = len(by_key), set()
    for number, cells in theirs:
        found.theirs += 1
        row = by_key.get(shown(cells.get(KEY, "")).lower()) or by_number.get(shown(cells.get(NUMBER, "")))
        if row is None or row["id"] in met:
            found.only_theirs.append(_their_row(number, cells, "在对方表中重复" if row else "我方没有"))
            continue
        met.add(row["id"])
        _compare(found, number, cells, row, book)
    found.matched = len(met)
    found.only_ours = [_our_row(row, book) for row in by_key.values() if row["id"] not in met]
    return found


def _compare(found: Found, number: int, cells: Row, row: Row, book: Book) -> None:
    theirs = shown(cells.get(NUMBER, ""))
    if theirs and not row[NUMBER]:
        found.numbers[str(row["id"])] = theirs[:60]
    for name in COMPARED:
        if name in cells and (reason := _difference(name, cells[name], row, book)):
            found.differences.append(
                {"row": number, "id": str(row["id"]), NUMBER: theirs or row[NUMBER], "field": name,
                 "theirs": shown(cells[name])[:100], "ours": book.said(name, row), "reason": reason}
            )  # fmt: skip


def _difference(name: str, cell: Any, row: Row, book: Book) -> str:
    try:
        return "" if book.theirs(name, cell) == book.ours(name, row) else "不一致"
    except ValueError as error:
        return str(error)


def _their_row(number: int, cells: Row, reason: str) -> dict[str, Any]:
    return {"row": number, "reason": reason, "cells": {name: shown(cell)[:200] for name, cell in cells.items()}}


def _our_row(row: Row, book: Book) -> dict[str, Any]:
    return {"id": str(row["id"]), **{name: book.said(name, row)[:200] for name in SHOWN}}
