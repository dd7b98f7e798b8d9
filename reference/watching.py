"""Years whose holidays nobody has loaded yet."""

from __future__ import annotations

from datetime import date

from reference import law
from reference.rules import unannounced
from safety_api.watching import watches

FROM_MONTH = 11  # the State Council's notice comes in October or November


@watches
def holidays_missing(today: date) -> list[str]:
    years = (today.year, today.year + 1) if today.month >= FROM_MONTH else (today.year,)
    return [
        f"{year} 年节假日安排尚未装入：跨该年的工作日期限只按周末推算，均为暂定（docs/operations.md）"
        for year in years
        if unannounced(year, law.calendar())
    ]
