"""The figures follow an accident in its own transaction, and the law and the places that they are counted by when these are loaded."""

from __future__ import annotations

from accidents.following import follows_accidents
from accidents.models import Accident
from safety_api.days import midnight
from safety_api.loads import REGIONS, Loaded, follows_loads
from zero_accident.figures import keeping, rebuilding

COUNTED_BY = ("zero_accident_policy", "unnamed_category", "targets", "accident_grades", "windows", "window_kinds")

follows_accidents(keeping.follow)


@follows_loads
def figures_of_places(loaded: Loaded) -> list[str]:
    if loaded.first_of(REGIONS) is None or not (years := keeping.kept_years()):
        return []
    townships = keeping.townships_of(loaded.codes)
    changed = keeping.places_changed(townships, reason=loaded.name) if townships else 0
    return [f"零事故指标：{_years(years)}年 {len(townships)} 个乡镇重新计算，{changed} 行有变"]


@follows_loads
def figures_of_law(loaded: Loaded) -> list[str]:
    if (since := loaded.first_of(*COUNTED_BY)) is None:
        return []
    happened = Accident.objects.filter(occurred_at__gte=midnight(since)).datetimes("occurred_at", "year")
    years = sorted({*(each.year for each in happened), *(year for year in keeping.kept_years() if year >= since.year)})
    changed = sum(rebuilding.rebuild(year, reason=loaded.name).count for year in years)
    return [f"零事故指标：{_years(years)}年重新计算，{changed} 处有变"] if years else []


def _years(years: list[int]) -> str:
    return "、".join(map(str, years))
