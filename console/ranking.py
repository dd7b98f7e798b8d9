"""排名 How the townships stand, why, and what would lift one's own; twelve months beside it. Every figure is the API's, and leads to its rows.

Works without a script; on a phone first. `?as_of=` and `?year=` as at the API's door; `?closing=` shows it as it was told.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from console import charts
from console.asking import ask
from console.gate import office
from console.shown import shown
from geo.codes import prefix_of, whole
from safety_api.permissions import MAY, significant
from safety_api.problems import NOT_FOUND
from zero_accident.policies.lookup import policy_on
from zero_accident.reports.querysets import reported_to
from zero_accident.rules import ratio
from zero_accident.rules.deciding import Standing, lifting, rows_of, standings

WHEN = ("year", "as_of")
ASKED = (*WHEN, "as_known_on", "region")


class Row(NamedTuple):
    """A township in the list. `moved`: places since the month before, None where it was not ranked."""

    told: dict[str, Any]
    standing: Standing
    lift: str
    villages: charts.Strip
    units: charts.Strip
    moved: int | None
    mine: bool
    links: dict[str, str]
    chart: charts.Line
    points: list[dict[str, Any]]


@require_safe
@office("zero_accident.ranking")
def ranking(request: HttpRequest) -> HttpResponse:
    closing = request.GET.get("closing", "")
    asked = {name: str(request.GET[name]) for name in ASKED if request.GET.get(name)}
    if closing:
        answer = ask(request, f"zero-accident/closings/{closing}/ranking") if closing.isdecimal() else None
        if answer is None:
            raise NOT_FOUND()
        told = answer.told["rows"] if answer.ok else answer.told
    else:
        answer = ask(request, "zero-accident/ranking", **asked)
        told = answer.told
    if not answer.ok:
        return shown(request, "console/ranking.html", answer.status, problem=told, closings=_closings(request))
    live = {} if closing else asked
    day = day_asked(live)
    rows = township_rows(request, told, day, live)
    own = next((row for row in rows if row.mine), None)
    ratios = ask(request, "zero-accident/ratios", **live)
    whole_county = ratios.told if ratios.ok and not closing else None
    paper = report_of(request.user, own.told["region"], asked) if own and not closing else ""
    which: dict[str, Any] = {"paper": paper, "closings": _closings(request), "closing": closing, "day": day, "asked": asked}
    return shown(request, "console/ranking.html", rows=rows, own=own, county=whole_county, **which)


def day_asked(asked: dict[str, str]) -> date:
    """The day to which the figures go, of parameters that the API took."""
    today = timezone.localdate()
    year = int(asked["year"]) if asked.get("year", "").isdecimal() else today.year
    return date.fromisoformat(asked["as_of"]) if asked.get("as_of") else min(today, today.replace(year=year, month=12, day=31))


def township_rows(request: HttpRequest, told: list[dict[str, Any]], day: date, asked: dict[str, str]) -> list[Row]:
    """`told`: the API's ranking under these parameters."""
    user: Any = request.user
    trend = _trend(request, asked)
    names = {each["region"]: each["name"] for each in told}
    mine = whole(user.region[:9]) if len(significant(user.region)) >= 9 else ""
    found = standings(rows_of(told, ratio), policy_on(day), names)
    return [
        Row(
            each, standing, lifting(standing, names), _strip(each, "village", "85"), _strip(each, "unit", "90"),
            _moved(trend.get(each["region"], [])), each["region"] == mine, _links(each, day, asked), _chart(trend.get(each["region"], []), len(told)),
            trend.get(each["region"], []),
        )
        for each, standing in zip(told, found, strict=True)
    ]  # fmt: skip


def _strip(told: dict[str, Any], kind: str, percent: str) -> charts.Strip:
    total = told[f"{kind}_total"]
    return charts.strip(told[f"{kind}_zero"], total, -(-total * int(percent) // 100))


def _links(told: dict[str, Any], day: date, asked: dict[str, str]) -> dict[str, str]:
    """Where each figure is taken apart, as of the same day."""
    when = when_of(asked)
    place = prefix_of(told["region"])
    counted = {"effect": "breaks", "policy": told["policy"], "year": day.year, "region": place}
    until = {"occurred_before": day + timedelta(days=1)} if asked.get("as_of") else {}
    page = f"/ranking/{told['region']}"
    return {
        "page": f"{page}{when}", "villages": f"{page}/villages{when}", "units": f"{page}/units{when}",
        **_hazard_links(place, day),
        "accidents": f"/accidents?{urlencode({**counted, **until})}",
    }  # fmt: skip


def _hazard_links(place: str, day: date) -> dict[str, str]:
    """Hazards are counted by whole months: of a day within one that is over no list says the same."""
    if day != timezone.localdate() and (day + timedelta(days=1)).day != 1:
        return {}
    months = {"from": f"{day.year}-01", "to": f"{day:%Y-%m}", "region": place}
    return {figure: f"/hazard-figures?{urlencode({'figure': figure, **months})}" for figure in ("due", "on_time", "late")}


def when_of(asked: dict[str, str]) -> str:
    """The same day again, as the end of an address."""
    kept = {name: value for name, value in asked.items() if name in WHEN}
    return f"?{urlencode(kept)}" if kept else ""


def report_of(user: Any, code: str, asked: dict[str, str]) -> str:
    """Where the report on a page lies; empty where it is not for this reader."""
    mine = reported_to(user).filter(code=code).exists()
    return f"/api/v1/zero-accident/townships/{code}/report.pdf{when_of(asked)}" if mine else ""


# --- months ------------------------------------------------------------------------------------------------------------------
def _trend(request: HttpRequest, asked: dict[str, str]) -> dict[str, list[dict[str, Any]]]:
    answer = ask(request, "zero-accident/ranking/trend", **{name: value for name, value in asked.items() if name in (*WHEN, "region")})
    return {each["region"]: each["points"] for each in answer.told} if answer.ok else {}


def _moved(points: list[dict[str, Any]]) -> int | None:
    ranks = [each["rank"] for each in points[-2:]]
    return ranks[0] - ranks[1] if len(ranks) == 2 and None not in ranks else None


def _chart(points: list[dict[str, Any]], most: int) -> charts.Line:
    return charts.line([(int(str(each["as_of"])[5:7]), each["rank"], bool(each["deaths"])) for each in points], most)


def _closings(request: HttpRequest) -> list[dict[str, Any]]:
    """The last months that were told; none to whom the closings are not open."""
    user: Any = request.user
    if user.role not in MAY["closings.list"]:
        return []
    answer = ask(request, "zero-accident/closings", state="frozen", limit=3)
    return answer.told["results"] if answer.ok else []
