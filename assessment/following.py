"""Vetoes and open lists of key patrol follow the law by which they are proposed."""

from __future__ import annotations

from assessment.models import KeyPatrol
from assessment.yearly import key_patrol, vetoes
from assessment.yearly.states import PatrolState
from safety_api.loads import Loaded, follows_loads
from zero_accident.figures.keeping import kept_years

READ = (
    "zero_accident_policy",
    "unnamed_category",
    "accident_grades",
    "windows",
    "window_kinds",
    "assessment",
    "open_questions",
)


@follows_loads
def propose_anew(loaded: Loaded) -> list[str]:
    since = loaded.first_of(*READ)
    if since is None:
        return []
    changed = sum(vetoes.follow_year(year) for year in kept_years() if year >= since.year)
    lists = KeyPatrol.objects.filter(state=PatrolState.OPEN, year__gt=since.year).values_list("region_code", "year")
    changed += sum(key_patrol.follow(county, year - 1) for county, year in lists)
    return [f"一票否决、重点巡查：{changed} 项提议有变"] if changed else []
