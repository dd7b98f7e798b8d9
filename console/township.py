"""一个乡镇的排名 A township's figure taken apart: how it stands, its villages and units one by one, the accident, the line of the policy.

What may be read of a place of others is the API's affair: its villages by name, its units and accidents as numbers.
"""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from console import names
from console.asking import Answer, ask
from console.cells import day_of
from console.gate import office
from console.ranking import WHEN, Row, day_asked, report_of, township_rows
from console.shown import shown
from geo.codes import prefix_of
from safety_api.problems import NOT_FOUND

ROUTE = "zero_accident.ranking"
AT_ONCE = 200  # rows of a list on a page; all of them stand on the list's own


class Asked(NamedTuple):
    """A township, one of how many, and a day, as the address asks for them."""

    row: Row
    of: int
    day: date
    when: dict[str, str]


# --- one township ------------------------------------------------------------------------------------------------------------
@require_safe
@office(ROUTE)
def township(request: HttpRequest, code: str) -> HttpResponse:
    asked = _asked(request, code)
    if isinstance(asked, Answer):
        return _refused(request, asked)
    told = asked.row.told
    ratios = ask(request, "zero-accident/ratios", region=code, **asked.when).told
    facts: dict[str, Any] = {
        "parts": [_part(asked, ratios, kind) for kind in KINDS],
        "accidents": _accidents(request, asked),
        "months": [_month(each) for each in reversed(asked.row.points)],
        "paper": report_of(request.user, code, asked.when),
        "lines": _policy(told["policy"]),
    }
    return shown(request, "console/township.html", asked=asked, row=asked.row, **facts)


def _asked(request: HttpRequest, code: str) -> Asked | Answer:
    """Raises NOT_FOUND for what the ranking does not list."""
    when = {name: str(request.GET[name]) for name in WHEN if request.GET.get(name)}
    answer = ask(request, "zero-accident/ranking", **when)
    if not answer.ok:
        return answer
    day = day_asked(when)
    row = next((each for each in township_rows(request, answer.told, day, when) if each.told["region"] == code), None)
    if row is None:
        raise NOT_FOUND()
    return Asked(row, len(answer.told), day, when)


def _refused(request: HttpRequest, answer: Answer) -> HttpResponse:
    return shown(request, "console/refused.html", answer.status, sentence=answer.told["detail"], errors=answer.told["errors"])


class Kind(NamedTuple):
    """`word`: of the API; `part`: its name in the ratios, and in the address of its page."""

    word: str
    label: str
    unit: str
    part: str


VILLAGE, UNIT = Kind("village", "村", "个", "villages"), Kind("unit", "单位", "家", "units")
KINDS = (VILLAGE, UNIT)


def _part(asked: Asked, ratios: dict[str, Any], kind: Kind) -> dict[str, Any]:
    """A ratio against its line with what makes it up, each number a link."""
    told, page = ratios[kind.part], asked.row.links[kind.part]
    counts = [("零事故", told["zero"], "#zero"), ("破零", told["broken"], "#broken"), ("未达创建标准", told["short"], "#short")]
    return {
        "kind": kind, "told": told, "strip": getattr(asked.row, kind.part),
        "counts": [(label, number, f"{page}{anchor}") for label, number, anchor in counts if number or anchor != "#short"],
    }  # fmt: skip


def _month(point: dict[str, Any]) -> dict[str, Any]:
    return {**point, "day": day_of(str(point["as_of"]))}


def _policy(version: str, line: str = "") -> str:
    return f"/policy?{urlencode({'version': version})}{f'#{line}' if line else ''}"


# --- accidents that count ------------------------------------------------------------------------------------------------------
def _accidents(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    """Those that may be read, with whom they broke and by which line; `others`: how many may not."""
    href = asked.row.links["accidents"]
    answer = ask(request, "accidents", **dict(parse_qsl(urlsplit(href).query)), limit=AT_ONCE)
    rows = answer.told["results"] if answer.ok else []
    broke = _broke(_rows(request, "broken", asked)) if rows else {}
    named = names.Names(rows)
    shown_rows = [{**row, "where": named.place(row["region"]), "broke": broke.get(str(row["id"]), [])} for row in rows]
    return {"rows": shown_rows, "others": max(asked.row.told["accidents"] - len(rows), 0), "href": href}


def _broke(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Accident → whom it broke, with the line."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        for each in row["accidents"]:
            found.setdefault(str(each["accident"]), []).append({**row, "why": each, "line": _line(row, each)})
    return found


def _with_lines(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "whys": [{**each, "line": _line(row, each)} for each in row["accidents"]]}


def _line(row: dict[str, Any], why: dict[str, Any]) -> dict[str, Any]:
    known = why["parameter"] or {"name": why["line"], "said": "", "source": ""}
    return {**known, "href": _policy(row["policy"], why["line"])}


# --- its villages, its units ---------------------------------------------------------------------------------------------------
@require_safe
@office(ROUTE)
def villages(request: HttpRequest, code: str) -> HttpResponse:
    return _one_by_one(request, code, VILLAGE)


@require_safe
@office(ROUTE)
def units(request: HttpRequest, code: str) -> HttpResponse:
    return _one_by_one(request, code, UNIT)


def _one_by_one(request: HttpRequest, code: str, kind: Kind) -> HttpResponse:
    """Who is zero and who not, and why: broken ones by their accident, the others by the standards they lack."""
    asked = _asked(request, code)
    if isinstance(asked, Answer):
        return _refused(request, asked)
    counts = {word: asked.row.told[f"{kind.word}_{word}"] for word in ("zero", "total", "broken", "short")}
    facts: dict[str, Any] = {
        "broken": [_with_lines(row) for row in _rows(request, "broken", asked, kind)],
        "short": _short(request, asked, kind) if counts["short"] else [],
        "zero": [_named(row) for row in _rows(request, "zero", asked, kind)],
        "all": {word: f"/{page}?{urlencode(_chosen(asked, kind))}" for word, page in (("broken", "broken"), ("zero", "zero"))},
        "other": [(each, asked.row.links[each.part]) for each in KINDS],
    }
    return shown(request, "console/one_by_one.html", asked=asked, row=asked.row, kind=kind, counts=counts, **facts)


def _rows(request: HttpRequest, door: str, asked: Asked, kind: Kind | None = None) -> list[dict[str, Any]]:
    answer = ask(request, f"zero-accident/{door}", **_chosen(asked, kind), limit=AT_ONCE)
    return answer.told["results"] if answer.ok else []


def _chosen(asked: Asked, kind: Kind | None) -> dict[str, str]:
    return {**asked.when, "region": prefix_of(asked.row.told["region"]), **({"kind": kind.word} if kind else {})}


def _short(request: HttpRequest, asked: Asked, kind: Kind) -> list[dict[str, Any]]:
    """The standards are asked for to the end of the period, whatever the day."""
    chosen = {"year": str(asked.day.year), "region": asked.row.told["region"], "kind": kind.word, "limit": AT_ONCE}
    answer = ask(request, "zero-accident/short", **chosen)
    rows = answer.told["results"] if answer.ok else []
    return [{**row, "href": _policy(row["policy"], row["line"])} for row in rows]


def _named(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "sector_name": names.sector(row["sector"])}
