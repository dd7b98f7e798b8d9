"""列表 Any list of the API as a page: its filters as a form, its rows as a table (cards on a phone), its order, its pages.

What is listed and how stands in listings.py. The address of a page holds the parameters of the API's list and nothing else, so a link from
anywhere opens exactly those rows; what a form left empty is not asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import resolve
from django.views.decorators.http import require_safe
from rest_framework import serializers

from console import names
from console.asking import API, ask
from console.cells import Cell
from console.gate import office
from console.shown import shown
from reference.serializers import DepartmentParam, SectorParam
from safety_api.parameters import DayOrMoment, Several, WaitingFor
from safety_api.shapes import shared

ROWS = 50
PAGING = frozenset({"cursor", "sort", "limit", "count"})
ALL = "all"  # `?all=`: asked for, but nothing of it left out
YES, NO = ("true", "是"), ("false", "否")


class Column(NamedTuple):
    """`show(row, names)` → a cell; `sort`: the word by which the API's list is sorted by it."""

    label: str
    show: Callable[[dict[str, Any], names.Names], Cell]
    sort: str = ""


class Filter(NamedTuple):
    """A parameter that the form offers; what it may be follows from the door's own declaration. `yes`: what a flag means when it is set."""

    name: str
    label: str
    yes: str = ""


class Listing(NamedTuple):
    """`asks`: the path of the API's list, `route` its line of MAY. `start`: what is asked where the address asks nothing at all.
    `empty`: what to say where there is nothing and nothing was filtered. `more`: filters behind a fold. `workbook`: its door gives one too.
    `makes`: label and address of the page on which another is made."""

    title: str
    asks: str
    route: str
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...]
    more: tuple[Filter, ...] = ()
    start: tuple[tuple[str, str], ...] = ()
    unit: str = "条"
    empty: str = "还没有记录。"
    workbook: bool = False
    makes: tuple[str, str] | None = None


class Asked(NamedTuple):
    """A filter in the form: `kind` words, choice, flag, day; `value` as it stands in the address; `said` what it means, for its chip."""

    name: str
    label: str
    kind: str
    choices: tuple[tuple[str, str], ...]
    value: str
    said: str


def page_of(listing: Listing) -> Callable[..., HttpResponse]:
    @require_safe
    @office(listing.route)
    def view(request: HttpRequest) -> HttpResponse:
        wanted = {name: str(value) for name, value in request.GET.items() if value}
        if len(wanted) < len(request.GET) and request.GET.keys() != {ALL}:  # a form sends its empty fields too: the address is the shorter one
            return HttpResponseRedirect(f"{request.path}{_with(wanted)}")
        return _list(request, listing, wanted if request.GET else dict(listing.start))

    return view


def _list(request: HttpRequest, listing: Listing, wanted: dict[str, str]) -> HttpResponse:
    answer = ask(request, listing.asks, **{"limit": ROWS, "count": "true", **wanted})
    asked = _filters(request, listing, wanted)
    if not answer.ok:
        return shown(request, "console/list.html", answer.status, listing=listing, problem=answer.told, **_form(asked, listing, wanted))
    rows = answer.told["results"]
    named = names.Names(rows)
    table = [[(column.label, column.show(row, named)) for column in listing.columns] for row in rows]
    facts: dict[str, Any] = {**_pages(answer.told, wanted), **_form(asked, listing, wanted), "heads": _heads(listing, wanted)}
    first = _with(wanted) if "cursor" in wanted else ""
    return shown(request, "console/list.html", listing=listing, table=table, total=answer.told.get("total"), first=first, **facts)


# --- the form ------------------------------------------------------------------------------------------------------------
def _form(asked: list[Asked], listing: Listing, wanted: dict[str, str]) -> dict[str, Any]:
    chips = [(each, _with(wanted, **{each.name: ""})) for each in asked if each.value]
    told = {each.name for each in asked} | PAGING
    others = [(name, _with(wanted, **{name: ""})) for name in wanted if name not in told]
    plain = len(listing.filters)
    book = f"/{API.strip('/')}/{listing.asks}{_with({name: value for name, value in wanted.items() if name not in PAGING}, format='xlsx')}"
    return {
        "asked": asked[:plain], "folded": asked[plain:], "chips": chips, "others": others, "sort": wanted.get("sort", ""),
        "workbook": book if listing.workbook else "",
    }  # fmt: skip


def _filters(request: HttpRequest, listing: Listing, wanted: dict[str, str]) -> list[Asked]:
    fields = _declared(listing.asks)
    return [_asked(each, fields[each.name], wanted.get(each.name, ""), request.user) for each in (*listing.filters, *listing.more)]


def _declared(path: str) -> dict[str, serializers.Field]:
    door: Any = resolve(f"{API}{path}").func.cls()  # type: ignore[attr-defined]  # a view set's
    door.action = "list"
    return shared(door.filters_of_action()).fields


def _asked(each: Filter, field: serializers.Field, value: str, user: Any) -> Asked:
    kind, choices = _kind(each, field, user)
    return Asked(each.name, each.label, kind, tuple(choices), value, each.yes if kind == "flag" else _said(each.name, choices, value))


def _said(name: str, choices: Iterable[tuple[str, str]], value: str) -> str:
    """What a value is called; a place also where there is none to choose."""
    return dict(choices).get(value) or (names.place(value) if name == "region" else value)


def _kind(each: Filter, field: serializers.Field, user: Any) -> tuple[str, Iterable[tuple[str, str]]]:
    """How a declared parameter is asked for by hand."""
    within = field.child if isinstance(field, Several) else field
    if isinstance(within, serializers.BooleanField | WaitingFor):
        return ("flag", [("me" if isinstance(within, WaitingFor) else "true", each.yes)]) if each.yes else ("choice", [YES, NO])
    if each.name == "region":
        return "choice", names.townships(user)
    if isinstance(within, SectorParam):
        return "choice", names.sectors()
    if isinstance(within, DepartmentParam):
        return "choice", names.departments()
    if isinstance(within, serializers.ChoiceField):
        return "choice", [(str(code), str(label)) for code, label in within.choices.items()]
    if isinstance(within, serializers.DateField | DayOrMoment):
        return "day", ()
    return "words", ()


# --- order and pages -----------------------------------------------------------------------------------------------------
def _with(wanted: dict[str, str], **changes: str) -> str:
    """The same list asked differently, from its first page; `?all=` where nothing is left to ask."""
    kept = {name: value for name, value in {**wanted, "cursor": "", **changes}.items() if value}
    return f"?{urlencode(kept)}" if kept else f"?{ALL}="


def _heads(listing: Listing, wanted: dict[str, str]) -> list[tuple[str, str, str]]:
    """Label, address that sorts by it, and which way it is sorted now."""
    now = wanted.get("sort", "")
    heads = []
    for column in listing.columns:
        way = {column.sort: "ascending", f"-{column.sort}": "descending"}.get(now, "") if column.sort else ""
        turned = f"-{column.sort}" if way == "ascending" else column.sort
        heads.append((column.label, _with(wanted, sort=turned) if column.sort else "", way))
    return heads


def _pages(told: dict[str, Any], wanted: dict[str, str]) -> dict[str, str]:
    return {name: _with(wanted, cursor=_cursor(told[name])) if told.get(name) else "" for name in ("next", "previous")}


def _cursor(address: str) -> str:
    return parse_qs(urlsplit(address).query)["cursor"][0]
