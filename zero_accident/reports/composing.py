"""What stands on the page: the figures of the doors, the sentences of the ranking, the accidents that count and the lines of the policy they cite."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from django.db.models import QuerySet
from django.utils import timezone

from accidents.models import Accident
from safety_api.permissions import inside
from safety_api.problems import NOT_FOUND
from zero_accident import rules
from zero_accident.figures.query import FigureQuery
from zero_accident.figures.ratios import ratios
from zero_accident.figures.rows import FigureRows
from zero_accident.lists import broken
from zero_accident.models import AccidentEffect
from zero_accident.rules.deciding import Standing, lifting, rows_of, standings

MOST_ACCIDENTS, MOST_WORDS, MOST_BROKEN = 5, 46, 3
LINES = ("mode", "ranking.keys", "ranking.veto_grade_from", "undetermined")  # of every report, whatever happened
KINDS = (("村", "个", "villages"), ("单位", "家", "units"))
Ranked = Callable[[date], bytes]


@dataclass(frozen=True)
class Asked:
    """`days`: month ends, the last one the day asked for; `ranked`: the ranking of such a day as JSON; `user`: whose eyes see accidents and units."""

    code: str
    figures: FigureQuery
    days: list[date]
    ranked: Ranked
    user: Any


def report(asked: Asked, *, made_at: datetime) -> dict[str, Any]:
    """The page as plain JSON. Raises NOT_FOUND for what the ranking of the day does not list."""
    told = orjson.loads(asked.ranked(asked.days[-1]))
    names = {each["region"]: each["name"] for each in told}
    place = next((place for place, each in enumerate(told) if each["region"] == asked.code), None)
    if place is None:
        raise NOT_FOUND()
    row, standing = told[place], standings(rows_of(told, rules.ratio), asked.figures.of.policy, names)[place]
    months = _months(asked)
    accidents, cited = _accidents(asked, row["accidents"])
    return {
        "title": f"{row['name']}“零事故”创建情况",
        "period": f"{asked.figures.of.year}年1月1日至{_day(asked.figures.of.as_of)}，按{_moment(made_at)}平台所知",
        "place": _place(row, standing), "among": f"全县{len(told)}个乡镇", "moved": _moved(months), "veto": row["veto"],
        "why": f"{standing.why}。", "lift": lifting(standing, names),
        "ratios": _ratios(asked), "figures": _figures(row), "months": months, "most": len(told),
        "accidents": accidents, "lines": _lines(asked, cited), "policy": asked.figures.of.policy.version,
    }  # fmt: skip


def _place(row: dict[str, Any], standing: Standing) -> str:
    if row["rank"] is None:
        return "不排名"
    return f"{'并列' if standing.tied else ''}第{row['rank']}"


def _figures(row: dict[str, Any]) -> list[list[str]]:
    rate = (
        f"{row['on_time_rate']}%（{row['hazards_on_time']}/{row['hazards_due']}）"
        if row["on_time_rate"]
        else "没有到期的"
    )
    return [["死亡", f"{row['deaths']}人"], ["事故", f"{row['accidents']}起"], ["隐患按时整改", rate]]


def _ratios(asked: Asked) -> list[dict[str, Any]]:
    found = ratios(asked.figures, asked.code[:9])
    return [
        {
            "label": label, **{name: found[part][name] for name in ("zero", "total", "ratio", "target", "broken", "short")}, "unit": unit,
            "said": found[part]["forecast"], "provisional": found[part]["provisional"],
        }
        for label, unit, part in KINDS
    ]  # fmt: skip


# --- twelve months -----------------------------------------------------------------------------------------------------------
def _months(asked: Asked) -> list[dict[str, Any]]:
    """Of each the place at its end; None before the township was one."""
    return [
        {"year": day.year, "month": day.month, **_point(orjson.loads(asked.ranked(day)), asked.code)}
        for day in asked.days
    ]


def _point(told: list[dict[str, Any]], code: str) -> dict[str, Any]:
    row = next((each for each in told if each["region"] == code), {})
    return {name: row.get(name) for name in ("rank", "village_ratio", "unit_ratio")}


def _moved(months: list[dict[str, Any]]) -> str:
    before, now = (each["rank"] for each in months[-2:])
    if before is None or now is None:
        return ""
    return "与上月相同" if before == now else f"比上月{'升' if before > now else '降'}{abs(before - now)}位"


# --- accidents ---------------------------------------------------------------------------------------------------------------
def _accidents(asked: Asked, number: int) -> tuple[dict[str, Any], list[str]]:
    """Rows of those that the reader may see, the latest first, and the lines that they cite."""
    effects = list(_effects(asked)[: MOST_ACCIDENTS + 1])
    broke = _broke(asked)
    shown = [_accident(each, broke.get(each.accident_id, [])) for each in effects[:MOST_ACCIDENTS]]
    left = number - len(shown)
    return {"rows": shown, "more": f"另有{left}起没有列出，见平台。" if left > 0 else ""}, [
        each.line for each in effects
    ]


def _effects(asked: Asked) -> QuerySet:
    of = asked.figures.of
    rows = AccidentEffect.objects.of(of.policy.version, of.year).filter(
        inside(asked.code), breaks=True, occurred_on__lte=of.as_of
    )
    rows = rows.filter(accident__in=Accident.objects.visible_to(asked.user).values("pk"))
    return rows.select_related("accident").order_by("-occurred_on", "-accident")


def _accident(effect: AccidentEffect, broke: list[str]) -> dict[str, str]:
    said = effect.accident.description or effect.accident.get_category_display()
    whom = "、".join(broke[:MOST_BROKEN]) + (f"等{len(broke)}个" if len(broke) > MOST_BROKEN else "")
    return {
        "day": f"{effect.occurred_on.month}月{effect.occurred_on.day}日", "said": _short(said), "whom": whom or "村未认定，计入乡镇",
        "why": f"{effect.reason}{'；性质待定，暂计' if effect.provisional else ''}",
    }  # fmt: skip


def _short(said: str) -> str:
    return said if len(said) <= MOST_WORDS else f"{said[: MOST_WORDS - 1]}…"


def _broke(asked: Asked) -> dict[Any, list[str]]:
    """Accident → names of whom it broke, the village first."""
    figures = FigureRows(asked.figures, asked.code[:9])
    found: dict[Any, list[str]] = {}
    for each in broken.shown(figures.broken(), figures, asked.user):
        for why in each["accidents"]:
            found.setdefault(why["accident"], []).append(each["name"] or "一家单位")
    return found


# --- the policy --------------------------------------------------------------------------------------------------------------
def _lines(asked: Asked, cited: Iterable[str]) -> list[dict[str, str]]:
    known = {each.code: each for each in rules.parameters_of(asked.figures.of.policy)}
    wanted = [code for code in dict.fromkeys([*cited, *LINES]) if code in known]
    return [{"name": known[code].name, "said": known[code].said, "source": known[code].source} for code in wanted]


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _moment(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
