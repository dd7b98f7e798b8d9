"""Who is not broken and still not counted: not accepted by the nine standards for the year, and what each lacks.

The list behind `short` in ratios and ranking (mode accident_and_standard), to the end of the period; empty under the
mode that asks for no standards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from enterprises.models import Condition, Enterprise
from geo.codes import whole
from geo.models import Region
from reference.terms import Standard, Subject
from safety_api.permissions import scope_of
from zero_accident import rules
from zero_accident.figures.periods import Period
from zero_accident.figures.sources import CurrentFacts
from zero_accident.figures.working_out import accepted_villages, marks_of_villages, open_units, read_places
from zero_accident.models import Broken
from zero_accident.rules.standards import LINE

Marks = Mapping[str, Any]  # standard → (passed, reason)


def villages(of: Period, prefix: str) -> QuerySet:
    """Of the list of the day, in order of code."""
    if not of.policy.asks_standards_of(Subject.VILLAGE):
        return Region.objects.none()
    source = CurrentFacts()
    places = read_places(of, (prefix,), source)
    broken = Broken.objects.of(of.policy.version, of.year).filter(subject=Subject.VILLAGE).within([prefix])
    good = {each.code for each in accepted_villages(of, places, source)} | set(broken.values_list("key", flat=True))
    counted = [each.code for each in places.villages if rules.in_village_denominator(of.policy, each)]
    return Region.objects.filter(code__in=[code for code in counted if code not in good])


def units(of: Period, prefix: str) -> QuerySet:
    """Conditions of the day, one a unit."""
    if not of.policy.asks_standards_of(Subject.UNIT):
        return Condition.objects.none()
    source = CurrentFacts()
    places = read_places(of, (prefix,), source)
    whole_nine = source.marks(of).filter(sheet__enterprise=OuterRef("enterprise")).nine_passed()
    rows = open_units(of, places, source).exclude(region_code__in=places.away)
    return rows.filter(~Exists(whole_nine)).exclude(source.charged(of, places))


def shown_villages(of: Period, rows: Sequence[Region], user: Any) -> list[dict[str, Any]]:
    """Every reader sees which of the nine are missing; why, only of one's own jurisdiction."""
    source, codes = CurrentFacts(), [row.code for row in rows]
    places = read_places(of, tuple({code[:9] for code in codes}), source) if codes else None
    facts = [each for each in places.villages if each.code in set(codes)] if places else []
    passed = marks_of_villages(of, places, source, facts) if places else {}
    mine = set(
        Region.objects.filter(scope_of(user, region="code", sector=None, unit=None), code__in=codes).values_list(
            "code", flat=True
        )
    )
    reasons = _reasons(source.marks(of).filter(sheet__village__in=codes), "sheet__village")
    names = _names(codes)
    return [
        {
            **_row(of, Subject.VILLAGE, row.code, names), "enterprise": None, "name": row.name,
            **_lacks(passed.get(row.code, {}), reasons.get(row.code, {}) if row.code in mine else {}),
        }
        for row in rows
    ]  # fmt: skip


def shown_units(of: Period, rows: Sequence[Condition], user: Any) -> list[dict[str, Any]]:
    keys = [row.enterprise_id for row in rows]
    mine = dict(Enterprise.objects.visible_to(user).filter(pk__in=keys).values_list("pk", "name"))
    marks = CurrentFacts().marks(of).filter(sheet__enterprise__in=keys)
    passed: dict[Any, dict[str, bool]] = {key: {} for key in keys}
    for key, standard, good in marks.values_list("sheet__enterprise", "standard", "passed"):
        passed[key][standard] = good
    reasons, names = _reasons(marks, "sheet__enterprise"), _names(row.region_code for row in rows)
    return [
        {
            **_row(of, Subject.UNIT, row.region_code, names),
            "enterprise": key if key in mine else None, "name": mine.get(key),
            **_lacks(passed[key], reasons.get(key, {}) if key in mine else {}),
        }
        for row in rows
        for key in [row.enterprise_id]
    ]  # fmt: skip


def _line(of: Period) -> dict[str, Any] | None:
    return next((asdict(each) for each in rules.parameters_of(of.policy) if each.code == LINE), None)


def _row(of: Period, kind: str, code: str, names: Mapping[str, str]) -> dict[str, Any]:
    township = names.get(whole(code[:9]), "")
    return {
        "kind": kind, "region": code, "region_name": names.get(code, ""), "township_name": township,
        "policy": of.policy.version, "line": LINE, "parameter": _line(of),
    }  # fmt: skip


def _names(codes: Iterable[str]) -> dict[str, str]:
    wanted = {each for code in codes for each in (code, whole(code[:9]))}
    return dict(Region.objects.filter(code__in=wanted).values_list("code", "name"))


def _reasons(marks: QuerySet, column: str) -> dict[Any, dict[str, str]]:
    found: dict[Any, dict[str, str]] = {}
    for key, standard, reason in marks.filter(passed=False).values_list(column, "standard", "reason"):
        found.setdefault(key, {})[standard] = reason
    return found


def _lacks(marks: Mapping[str, bool], reasons: Mapping[str, str]) -> dict[str, Any]:
    lacking = rules.missing(marks)
    names = "、".join(Standard(code).label for code in lacking)
    return {
        "missing": [
            {
                "standard": code, "name": Standard(code).label, "state": "not_passed" if code in marks else "not_assessed",
                "reason": reasons.get(code),
            }
            for code in lacking
        ],
        "sentence": f"年度创建标准尚有{len(lacking)}项未通过：{names}",
    }  # fmt: skip
