"""Which township or village a department means."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from assessment.closings.source_lists.columns import Entry
from geo.models import Region
from safety_api.permissions import coded, significant


class Gazetteer:
    """Townships and villages of a county on a day, by code, by name, and by the township's name before the village's."""

    def __init__(self, county: str):
        rows = Region.objects.filter(coded(significant(county), "code"), level__in=("township", "village"))
        self.rows = list(rows.values_list("code", "name", "valid_from", "valid_to"))
        self.days: dict[date, dict[str, set[str]]] = {}

    def find(self, entry: Entry) -> str:
        word, on = entry.values.get("region"), entry.values.get("day")
        if not word or not on:
            return ""
        found = self._known(on).get(word.replace(" ", ""), set())
        if len(found) != 1:
            entry.fault("region", "当日有几个同名，请写代码，或写成“乡镇＋村”" if found else "当日本县没有这个乡镇或村")
            return ""
        return next(iter(found))

    def _known(self, on: date) -> dict[str, set[str]]:
        if on not in self.days:
            held = {
                code: name for code, name, first, end in self.rows
                if (first is None or first <= on) and (end is None or on < end)
            }  # fmt: skip
            self.days[on] = _spellings(held)
        return self.days[on]


def _spellings(held: Mapping[str, str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for code, name in held.items():
        township = code.endswith("000")
        above = held.get(f"{code[:9]}000", "")
        words = (code, name, code[:9]) if township else (code, name, above + name)
        for word in words:
            found.setdefault(word, set()).add(code)
    return found
