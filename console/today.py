"""今日 What an officer would say aloud in the morning: clocks that run, what is late, what waits for whoever looks; then how it stands.

Each figure is one of the API's own, asked within the process, and leads to the rows that make it up.
"""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from console import charts, names
from console.asking import ask
from console.cells import day_of, moment, span
from console.gate import office
from console.shown import shown
from enterprises.models import Enterprise
from hazards.states import State
from safety_api.permissions import MAY
from safety_api.roles import ADMINS, TOWNSHIP

LATE_SHOWN, LEGS_SHOWN, MESSAGES_SHOWN, MONTHS = 5, 4, 8, 12
CLASSES = ("A", "B", "C", "D")


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """`/`: the day of whoever is signed in, for everybody else the ways in. Asks no table for a stranger."""
    user: Any = request.user
    if not user.is_authenticated:
        return shown(request, "console/welcome.html")
    return HttpResponseRedirect("/admin/") if user.role in ADMINS else today(request)


@office("inbox.list")
def today(request: HttpRequest) -> HttpResponse:
    on = timezone.localdate()
    facts: dict[str, Any] = {
        "legs": _running(request),
        "mine": _waiting(request),
        "late": _late(request),
        "ratios": _ratios(request),
        "trend": _trend(request, on),
        "classes": _classes(request),
        "notices": _messages(request),
    }
    return shown(request, "console/today.html", says=_says(facts), on=on, **facts)


def _may(request: HttpRequest, route: str) -> bool:
    user: Any = request.user
    return user.role in MAY[route]


# --- the sentence ----------------------------------------------------------------------------------------------------------
class Part(NamedTuple):
    before: str
    figure: str
    href: str
    after: str


def _says(facts: dict[str, Any]) -> list[Part]:
    """Clocks before lateness before what waits; only what there is."""
    parts = []
    if legs := facts["legs"]:
        parts.append(Part("", f"{legs['total']} 条报告", "#clocks", "还没有报出" if not legs["late"] else f"还没有报出，{legs['late']} 条已超时"))
    if (late := facts["late"]) and late["major"]:
        parts.append(Part("", f"{late['major']} 条", "/hazards?overdue=true&level=major", "重大隐患逾期"))
    elif late and late["total"]:
        parts.append(Part("", f"{late['total']} 条", "/hazards?overdue=true", "隐患逾期"))
    if count := sum(each["count"] for each in facts["mine"]):
        parts.append(Part("", f"{count} 件", "#mine", "等您办"))
    return parts


# --- clocks that run ---------------------------------------------------------------------------------------------------------
def _running(request: HttpRequest) -> dict[str, Any] | None:
    if not _may(request, "report_legs.list"):
        return None
    answer = ask(request, "report-legs", due="open", limit=LEGS_SHOWN, count="true")
    if not answer.ok or not answer.told["results"]:
        return None
    rows = [_leg(each) for each in answer.told["results"]]
    return {"rows": rows, "total": answer.told["total"], "late": sum(each["late"] for each in rows)}


def _leg(row: dict[str, Any]) -> dict[str, Any]:
    left = row["minutes_left"]
    says = f"已超 {span(-left)}" if left < 0 else f"还有 {span(left)}"
    return {**row, "says": says, "late": left < 0, "due": moment(row["due_at"]).text}


# --- what waits for whoever looks ----------------------------------------------------------------------------------------------
class Queue(NamedTuple):
    """`asks` with these parameters: the API's list, which the page of the same name shows."""

    label: str
    asks: str
    route: str
    parameters: tuple[tuple[str, str], ...]
    page: str = ""


QUEUES = (
    *(
        Queue(label, "hazards", "hazards.list", (("waiting_for", "me"), ("state", state)))
        for label, state in (
            ("待确认", State.REPORTED), ("待责令", State.CONFIRMED), ("待签收整改", State.ORDERED), ("整改中", State.RECTIFYING),
            ("待复查", State.REVIEW_REQUESTED), ("执法办理中", State.ENFORCEMENT),
        )
    ),
    Queue("检查任务", "tasks", "tasks.list", (("waiting_for", "me"),)),
    Queue("延期申请", "hazards", "hazards.list", (("extension_pending", "true"), ("waiting_for", "me"))),
)  # fmt: skip


def _waiting(request: HttpRequest) -> list[dict[str, Any]]:
    found = []
    for queue in QUEUES:
        if not _may(request, queue.route):
            continue
        answer = ask(request, queue.asks, limit=1, count="true", **dict(queue.parameters))
        if answer.ok and answer.told["total"]:
            found.append({"label": queue.label, "count": answer.told["total"], "href": f"/{queue.asks}?{urlencode(queue.parameters)}"})
    return found


def _messages(request: HttpRequest) -> list[dict[str, Any]]:
    answer = ask(request, "inbox", limit=MESSAGES_SHOWN, done="false")
    rows = answer.told["results"] if answer.ok else []
    return [{**row, "at": moment(row["made_at"]).text, "href": _about(row["about"])} for row in rows]


def _about(about: dict[str, Any] | None) -> str:
    pages = {"hazard": "hazards", "inspection": "inspections", "accident": "accidents", "enterprise": "enterprises"}
    return f"/{pages[about['kind']]}/{about['id']}" if about and about["kind"] in pages else ""


# --- what is late ------------------------------------------------------------------------------------------------------------------
def _late(request: HttpRequest) -> dict[str, Any] | None:
    if not _may(request, "hazards.list"):
        return None
    asked = {"overdue": "true", "sort": "deadline", "limit": LATE_SHOWN, "count": "true"}
    every, major = ask(request, "hazards", **asked), ask(request, "hazards", level="major", **asked)
    if not every.ok or not major.ok:
        return None
    seen = {row["id"] for row in major.told["results"]}
    rows = [*major.told["results"], *(row for row in every.told["results"] if row["id"] not in seen)][:LATE_SHOWN]
    named, on = names.Names(rows), timezone.localdate()
    told = [{**row, "days": (on - (day_of(row["deadline"]) or on)).days, "where": named.place(row["region"])} for row in rows]
    return {"total": every.told["total"], "major": major.told["total"], "rows": told}


# --- both ratios ---------------------------------------------------------------------------------------------------------------------
RATIOS = (("villages", "村（社区）", "village", "个村"), ("units", "企事业单位", "unit", "家"))


def _ratios(request: HttpRequest) -> dict[str, Any] | None:
    if not _may(request, "zero_accident.ratios"):
        return None
    user: Any = request.user
    own = {"region": user.region} if user.role in TOWNSHIP else {}  # a township is asked about its own; everybody else about the county
    answer = ask(request, "zero-accident/ratios", **own)
    if not answer.ok:
        return None
    told = answer.told
    return {"year": told["year"], "own": bool(own), "rows": [_ratio(told, *each) for each in RATIOS]}


def _ratio(told: dict[str, Any], name: str, label: str, kind: str, unit: str) -> dict[str, Any]:
    each = told[name]
    needed = each["zero"] - each["spare"] if each["spare"] is not None else each["total"]
    asked = urlencode({"kind": kind, "year": told["year"], "region": told["region"]})
    strip = charts.strip(each["zero"], each["total"], max(needed, 0))
    return {**each, "label": label, "unit": unit, "strip": strip, "says": _line(each, max(needed, 0), unit), "broken_page": f"/broken?{asked}"}


def _line(each: dict[str, Any], needed: int, unit: str) -> str:
    """Where the line is, never how many more may happen."""
    percent = str(each["target"]).removesuffix(".00")
    if each["zero"] >= needed:
        return f"过 {percent}% 线：线在 {needed} {unit}"
    return f"没到 {percent}% 线，差 {needed - each['zero']} {unit}"


# --- twelve months ---------------------------------------------------------------------------------------------------------------------
def _trend(request: HttpRequest, on: date) -> dict[str, Any] | None:
    if not _may(request, "hazard_figures.show"):
        return None
    first = on.replace(day=1)
    begun = date(first.year - (first.month < MONTHS), (first.month % MONTHS) + 1, 1)
    answer = ask(request, "hazard-figures", group_by="month", **{"from": f"{begun:%Y-%m}", "to": f"{first:%Y-%m}"})
    if not answer.ok:
        return None
    rows = {row["month"]: row for row in answer.told["rows"] if row["month"]}
    every = [f"{begun.year + (begun.month - 1 + number) // 12}-{(begun.month - 1 + number) % 12 + 1:02}" for number in range(MONTHS)]
    pairs = [(f"{int(each[5:])}", *((rows[each]["found"], rows[each]["closed"]) if each in rows else (0, 0))) for each in every]
    drawn = charts.months(pairs)
    rates = [_rate(rows.get(each)) for each in every]
    table = [
        (each, _behind("found", month), _behind("closed", month), rate, _behind("late", month))
        for each, month, rate in zip(drawn, every, rates, strict=True)
    ]
    return {"table": table, "wide": charts.STEP * MONTHS, "high": charts.HIGH}


def _rate(row: dict[str, Any] | None) -> dict[str, Any] | None:
    """Whole percent, rounded down, as a column of twelve has room for; n/N beside it."""
    rate = row and row["on_time_rate"]
    return {**rate, "whole": rate["percent"].partition(".")[0]} if rate and rate["percent"] else None


def _behind(figure: str, month: str) -> str:
    return f"/hazard-figures?{urlencode({'figure': figure, 'from': month, 'to': month})}"


# --- classes ---------------------------------------------------------------------------------------------------------------------------
def _classes(request: HttpRequest) -> dict[str, Any] | None:
    """How many units of each class, by sector: those of the viewer's jurisdiction that are running."""
    if not _may(request, "enterprises.list"):
        return None
    rows = Enterprise.objects.visible_to(request.user).filter(status="operating").exclude(supervision_class="")
    counted = rows.order_by().values_list("sector_id", "supervision_class").annotate(Count("pk"))
    found: dict[str, dict[str, int]] = {}
    for sector, word, number in counted:
        found.setdefault(sector, {})[word] = number
    if not found:
        return None
    labels = names.sectors()
    table = [(label, [(word, found[code].get(word, 0), _units(word, code)) for word in CLASSES]) for code, label in labels if code in found]
    whole = [(word, sum(each.get(word, 0) for each in found.values()), _units(word)) for word in CLASSES]
    return {"whole": whole, "table": table, "total": sum(number for _, number, _ in whole)}


def _units(word: str, sector: str = "") -> str:
    return f"/enterprises?{urlencode({'class': word, 'status': 'operating', **({'sector': sector} if sector else {})})}"
