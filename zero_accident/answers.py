"""Ratios, ranking and who broke, as the doors answer them: from the kept rows at the end of the period, worked out
for a past day.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from enterprises.models import Enterprise
from geo.codes import whole
from geo.models import Region
from reference import law
from safety_api.problems import BAD_PARAMETER, IN_THE_FUTURE
from zero_accident import figures, reading, rules
from zero_accident.models import Accident, Break, Broken, Standing, Tally
from zero_accident.standing import Period, work_out
from zero_accident.words import Subject

WORKED_OUT = (
    "zero_accident.AccidentEffect",
    "enterprises.Condition",
    "geo.Region",
    "hazards.Hazard",
)  # a past day is made from these
KEPT = ("zero_accident.Standing", "zero_accident.Tally", "reference.Load")


@dataclass(frozen=True)
class Question:
    """A year to a day, under the policy in force on that day."""

    of: Period
    kept: bool  # the day to which the kept figures go


def question(year: int | None, as_of: date | None) -> Question:
    """Raises IN_THE_FUTURE, BAD_PARAMETER for a day of another year, NO_RULE before there was a policy."""
    today = timezone.localdate()
    year = year or (as_of or today).year
    if year > today.year or (as_of and as_of > today):
        raise IN_THE_FUTURE(errors=[{"pointer": "", "code": "in_the_future", "detail": "as_of" if as_of else "year"}])
    if as_of and as_of.year != year:
        raise BAD_PARAMETER(name="as_of", detail="as_of 不在 year 之内。")
    last = min(today, date(year, 12, 31))
    day = as_of or last
    return Question(Period(reading.policy_on(day), year, day, today), kept=day == last)


# --- ratios ----------------------------------------------------------------------------------------------------------
Cell = tuple[str, str, int, int, int]  # subject, type of unit, total, broken, provisional


def ratios(asked: Question, prefix: str) -> dict[str, Any]:
    """The body of zero-accident/ratios; two queries from the kept rows."""
    cells = _kept_cells(asked, prefix) if asked.kept and len(prefix) <= 9 else []
    cells = cells or _worked_out_cells(asked, prefix)
    villages = [cell for cell in cells if cell[0] == Subject.VILLAGE]
    units = [cell for cell in cells if cell[0] == Subject.UNIT]
    targets = law.targets(asked.of.year).body
    return {
        "year": asked.of.year,
        "as_of": asked.of.as_of.isoformat(),
        "region": whole(prefix),
        "villages": _targeted(villages, targets, "village"),
        "units": _targeted(units, targets, "unit") | {"split": _split(asked.of.policy, units)},
        "policy": asked.of.policy.version,
        "revision": figures.last_number(asked.of.policy.version, asked.of.year),
    }


def _kept_cells(asked: Question, prefix: str) -> list[Cell]:
    rows = Tally.objects.of(asked.of.policy.version, asked.of.year).within([prefix]).values("subject", "unit_type")
    sums = rows.order_by().annotate(Sum("total"), Sum("broken"), Sum("provisional"))
    return list(sums.values_list("subject", "unit_type", "total__sum", "broken__sum", "provisional__sum"))


def _worked_out_cells(asked: Question, prefix: str) -> list[Cell]:
    found = work_out(asked.of, (prefix,)).tally
    return [(subject, unit_type, *counts[:3]) for (_, subject, unit_type, _), counts in found.items()]


def _targeted(cells: Iterable[Cell], targets: dict[str, Any], name: str) -> dict[str, Any]:
    cells = list(cells)
    total, broken, provisional = (sum(cell[place] for cell in cells) for place in (2, 3, 4))  # type: ignore[misc]
    target = Decimal(targets[name]["target"])
    found = rules.ratio(total - broken, total, target)
    return {
        **_share(found),
        "broken": broken,
        "provisional": provisional,
        "target": f"{target:.2f}",
        "target_year": targets["year"],
        "met": found.met,
        "spare": rules.spare(found),
    }


def _share(found: rules.Ratio) -> dict[str, Any]:
    return {"zero": found.zero, "total": found.total, "ratio": found.percent}


def _split(policy: rules.Policy, cells: Iterable[Cell]) -> dict[str, Any]:
    sums = {name: [0, 0] for name in policy.unit_types}
    for _, unit_type, total, broken, _ in cells:
        sums[unit_type] = [sums[unit_type][0] + total, sums[unit_type][1] + broken]
    return {name: _share(rules.ratio(total - broken, total)) for name, (total, broken) in sums.items()}


# --- ranking ---------------------------------------------------------------------------------------------------------
RANKED = ("region_code", *figures.STANDING.says, "revision")


def ranking(asked: Question, prefix: str) -> str:
    """The body of zero-accident/ranking as JSON text; one query from the kept rows, however many accidents."""
    standings = _kept_standings(asked, prefix) if asked.kept else []
    shown = {row.region: (row, text) for row, text in map(_row, standings or _worked_out_standings(asked, prefix))}
    ranked = rules.rank((row for row, _ in shown.values()), asked.of.policy)
    policy = json.dumps(asked.of.policy.version)
    rows = (f'{{"rank":{_rank(each.rank)},"policy":{policy},{shown[each.row.region][1]}' for each in ranked)
    return f"[{','.join(rows)}]"


def _rank(rank: int | None) -> str:
    return "null" if rank is None else str(rank)


def _kept_standings(asked: Question, prefix: str) -> Sequence[tuple]:
    return list(Standing.objects.of(asked.of.policy.version, asked.of.year).within([prefix]).values_list(*RANKED))


def _worked_out_standings(asked: Question, prefix: str) -> list[tuple]:
    number = figures.last_number(asked.of.policy.version, asked.of.year)
    return [(*key, *says, number) for key, says in work_out(asked.of, (prefix,)).standing.items()]


def _row(standing: tuple) -> tuple[rules.Row, str]:
    """What the rule compares, and the row as shown, all but its rank."""
    (region, name, zone, villages, villages_broken, village_ratio, units, units_broken, unit_ratio,
     deaths, accidents, vetoes, due, on_time, on_time_rate, villages_short, units_short, revision) = standing  # fmt: skip
    row = rules.Row(
        region, rules.Ratio(villages - villages_broken - villages_short, villages),
        rules.Ratio(units - units_broken - units_short, units),
        deaths, accidents, due, on_time, vetoes > 0, zone,
    )  # fmt: skip
    text = (
        f'"region":"{region}","name":{json.dumps(name, ensure_ascii=False)},'
        f'"village_ratio":{_text(village_ratio)},"village_zero":{row.village.zero},"village_total":{villages},'
        f'"unit_ratio":{_text(unit_ratio)},"unit_zero":{row.unit.zero},"unit_total":{units},'
        f'"deaths":{deaths},"accidents":{accidents},'
        f'"on_time_rate":{_text(on_time_rate)},"hazards_on_time":{on_time},"hazards_due":{due},'
        f'"veto":{_flag(row.veto)},"zone":{_flag(zone)},"revision":{revision}}}'
    )  # by hand: a third of what json.dumps takes for a province's 1,352 rows
    return row, text


def _text(percent: str | None) -> str:
    return "null" if percent is None else f'"{percent}"'


def _flag(is_so: bool) -> str:
    return "true" if is_so else "false"


# --- who broke -------------------------------------------------------------------------------------------------------
def broken(rows: Sequence[Broken], user: Any) -> list[dict[str, Any]]:
    """Places by name for everyone; accidents and units by name only where they are the reader's. Five queries,
    however many rows.
    """
    keys = {accident for row in rows for accident in row.accidents}
    lines = _lines(rows, keys)
    mine = set(Accident.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True))
    units = dict(Enterprise.objects.visible_to(user).filter(pk__in=_units(rows)).values_list("pk", "name"))
    places = [code for row in rows for code in (row.region_code, whole(row.region_code[:9]))]
    names = dict(Region.objects.filter(code__in=places).values_list("code", "name"))
    unit_names = {str(key): name for key, name in units.items()}
    return [_shown(row, lines, mine, unit_names, names) for row in rows]


def _units(rows: Iterable[Broken]) -> list[str]:
    return [row.key for row in rows if row.subject == Subject.UNIT]


def _lines(rows: Sequence[Broken], accidents: set) -> dict[tuple, tuple[str, str]]:
    """(policy, accident, unit or "" for its village) → (line, sentence)."""
    found = Break.objects.filter(policy__in={row.policy for row in rows}, accident__in=accidents)
    columns = found.values_list("policy", "accident", "enterprise", "line", "reason")
    return {(policy, accident, str(unit or "")): (line, reason) for policy, accident, unit, line, reason in columns}


def _shown(
    row: Broken, lines: dict[tuple, tuple[str, str]], mine: set, units: dict[str, str], names: dict[str, str]
) -> dict[str, Any]:
    is_unit = row.subject == Subject.UNIT
    because = [(accident, *lines[row.policy, accident, row.key if is_unit else ""]) for accident in row.accidents]
    return {
        "kind": row.subject,
        "region": row.region_code,
        "region_name": names.get(row.region_code, ""),
        "township_name": names.get(whole(row.region_code[:9]), ""),
        "enterprise": row.key if is_unit and row.key in units else None,
        "name": units.get(row.key) if is_unit else names.get(row.region_code, ""),
        "broken_on": row.broken_on,
        "provisional": row.provisional,
        "accidents": [
            {"accident": key if key in mine else None, "line": line, "sentence": reason if key in mine else None}
            for key, line, reason in because
        ],
        "policy": row.policy,
        "revision": row.revision,
    }


# --- an accident, whole ----------------------------------------------------------------------------------------------
WANTED = ("category", "sector_id", "place", "description", "direct_loss_yuan", "point")


def incomplete(accident: Accident, reports: Sequence[Any]) -> list[str]:
    """What a first report may lack and the written one may not (国务院令第493号 第十二条)."""
    lacks = [name.removesuffix("_id") for name in WANTED if getattr(accident, name) in (None, "")]
    lacks += ["region"] if not reading.is_village(accident.region_code) else []
    return lacks + [
        name
        for name in ("deaths", "serious_injuries", "missing")
        if all(getattr(each, name) is None for each in reports)
    ]
