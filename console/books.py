"""台账 Each ledger of the house as a list, what may be shown of it beside one another, and its workbook by the same filters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from console.cells import Cell, day, link, state, text
from console.gate import office
from console.lists import Column, Filter, Listing
from console.names import Names
from console.shown import shown
from ledgers import columns as ledger_columns
from ledgers.books import LEDGERS
from ledgers.columns import ColumnKind
from ledgers.ledger import Ledger
from safety_api.permissions import MAY

# Of a register's many columns the seven that a page has room for, and the one that names the record, with where it leads.
ON_THE_PAGE: dict[str, tuple[tuple[str, ...], str, str]] = {
    "supervision": (("name", "sector", "township", "class", "last_inspected_on", "open", "overdue"), "name", "/enterprises/{id}"),
    "rectification": (("level", "description", "unit", "found_on", "deadline", "state", "overdue"), "description", "/hazards/{id}"),
    "listed-supervision": (("document", "level", "unit", "description", "deadline", "state", "overdue"), "", ""),
    "accountability": (("decided_on", "unit", "case", "person", "authority", "measure", "document"), "", ""),
    "joint-punishment": (("subject_name", "subject_kind", "reason", "document", "held_from", "held_to"), "", ""),
    "dishonesty": (("subject_name", "subject_kind", "state", "facts", "listed_on", "expires_on", "removed_on"), "", ""),
}
LABELS = {
    "q": "单位、文字、拼音", "department": "部门", "sector": "行业领域", "region": "乡镇", "from": "自", "to": "至", "overdue": "逾期",
    "listed": "挂牌督办", "reported": "已报上级", "in_force": "有效",
}  # fmt: skip
FIRST = ("q", "region", "sector", "from", "to")  # the rest behind a fold
NOT_ASKED = frozenset({"format", "contacts"})  # a workbook has a button of its own; people in the clear are asked for by the API, and recorded


def route_of(ledger: Ledger) -> str:
    return f"ledger_{ledger.name.replace('-', '_')}.list"


def listing_of(ledger: Ledger) -> Listing:
    names, first, address = ON_THE_PAGE[ledger.name]
    by_name = {each.name: each for each in ledger.columns}
    columns = tuple(Column(by_name[name].heading, _shows(by_name[name], address if name == first else "")) for name in names)
    fields = {name: field for name, field in ledger.filters().fields.items() if name not in NOT_ASKED}
    filters = {name: Filter(name, LABELS.get(name) or str(field.label)) for name, field in fields.items()}
    return Listing(
        ledger.title, f"ledgers/{ledger.name}", route_of(ledger), columns,
        tuple(filters[name] for name in FIRST if name in filters), tuple(each for name, each in filters.items() if name not in FIRST),
        workbook=True,
    )  # fmt: skip


def _shows(column: ledger_columns.Column, address: str) -> Callable[[dict[str, Any], Names], Cell]:
    def show(row: dict[str, Any], _: Names) -> Cell:
        said = row[column.name]
        if column.kind is ColumnKind.DAY:
            return day(said)
        if column.kind is ColumnKind.FLAG:
            return state(column.heading) if said else text("")
        if column.kind is ColumnKind.WORD:
            return text(column.words.get(said or "", said))
        return link(said, address.format(id=row["id"])) if address else text(said)

    return show


BOOKS = {f"ledgers/{name}": listing_of(ledger) for name, ledger in LEDGERS.items()}


@require_safe
@office("ledger_rectification.list")
def books(request: HttpRequest) -> HttpResponse:
    """Those that open to whoever looks."""
    user: Any = request.user
    mine = [(f"/{path}", each) for path, each in BOOKS.items() if user.role in MAY[each.route]]
    return shown(request, "console/books.html", books=mine)


