"""Years whose holidays nobody has loaded yet; what of the law begins soon, and what of it nobody has read in the original."""

from __future__ import annotations

from datetime import date

from reference import law, law_calendar
from reference.rules import unannounced
from safety_api.watching import notes, watches

FROM_MONTH = 11  # the State Council's notice comes in October or November


@watches
def holidays_missing(today: date) -> list[str]:
    years = (today.year, today.year + 1) if today.month >= FROM_MONTH else (today.year,)
    return [
        f"{year} 年节假日安排尚未装入：跨该年的工作日期限只按周末推算，均为暂定（docs/operations.md）"
        for year in years
        if unannounced(year, law.calendar())
    ]


@notes("law")
def of_the_law(today: date) -> dict[str, list[str]]:
    """Worked out once a load and day: machines ask all day."""
    known, name = law.books().understood, (of_the_law, today)
    if name not in known:
        known[name] = _told(today)
    return known[name]


def _told(today: date) -> dict[str, list[str]]:
    found = law_calendar.entries(today)
    soon = law_calendar.beginning(found, today)
    unsure = {word: law_calendar.unsure(found, today, word) for word in law_calendar.UNSURE}
    return {
        "begins": [f"{each.effective_from} 起施行：{each.name}" for each in soon],
        **{str(word): [each.name for each in rows] for word, rows in unsure.items()},
    }
