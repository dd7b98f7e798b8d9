"""What is known of an accident at a moment, as a quick report states it. Nothing here writes; ten queries at most.

Telephone numbers and identity numbers are masked wherever they stand, also in what somebody typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from accidents import reading
from accidents.clock import limits, shown
from accidents.models import Accident, AccidentReport, Call, ReportLeg
from accidents.reports import contents
from accidents.rules import reporting
from accounts.masking import mask_id, mask_mobile
from geo.codes import whole
from geo.models import Region

# Longest first, so that no number is taken for a part of another; an area code may stand in brackets.
NUMBERS = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|1[3-9]\d{9}|0\d{2,3}[-－ ]?\d{7,8})(?!\d)")
TEXTS = ("unit_overview", "scene", "course", "measures", "other")
COUNTS = ("deaths", "serious_injuries", "acute_poisonings", "light_injuries", "missing", *reading.RISK)


@dataclass(frozen=True)
class Known:
    """Everything that the words of a report are made of."""

    accident: Accident
    at: datetime
    county: str
    place: str  # 兴县蔚汾镇…村
    township: str
    figures: dict[str, Any]  # last reported; None: never
    texts: dict[str, str]  # last reported, masked; "": never
    units: Sequence[Any]
    legs: Sequence[ReportLeg]
    calls: Sequence[Call]
    missing: Sequence[tuple[str, str]]  # (group, what it lacks), 国务院令第493号 第十二条
    risks: Sequence[str]
    findings: Sequence[Any]


def masked(text: str) -> str:
    return NUMBERS.sub(_mask, text)


def _mask(found: re.Match[str]) -> str:
    number = found[0]
    return mask_id(number) if len(number) == 18 else mask_mobile(number)


def known_of(accident: Accident, at: datetime) -> Known:
    reports = reading.in_order(accident.reports.all())
    by_all = reading.in_order(
        [*reports, *AccidentReport.objects.filter(accident__joined_to=accident)]
    )  # also by its duplicates
    units = list(accident.units.known().select_related("enterprise").order_by("enterprise"))
    names = _names(accident)
    return Known(
        accident=accident, at=at, county=names[0], township=names[1], place="".join(names),
        figures=_figures(accident, reports), texts=_texts(accident, by_all), units=units,
        legs=[leg for leg in shown.clock_of(accident, at) if not leg.warning and leg.void_at is None],
        calls=list(accident.calls.order_by("received_at", "id")),
        missing=_missing(accident, by_all, units), risks=_risks(accident, reports),
        findings=[each for each in contents.findings_of(accident) if each.shown_in_force],  # type: ignore[attr-defined]
    )  # fmt: skip


def _names(accident: Accident) -> tuple[str, str, str]:
    """County, township, village; "" for what is not known."""
    code = accident.region_code
    codes = [whole(code[:6]), whole(code[:9]), code]
    found = dict(Region.objects.filter(code__in=codes).values_list("code", "name"))
    county, township, village = (found.get(each, "") for each in codes)
    return county, township if codes[1] != codes[0] else "", village if reading.is_village(code) else ""


def _figures(accident: Accident, reports: Iterable[AccidentReport]) -> dict[str, Any]:
    """The last that was reported of each; what of the deaths lies outside the window is said beside."""
    stands: dict[str, Any] = dict.fromkeys((*COUNTS, "direct_loss_yuan"))
    for each in reports:
        stands |= {name: value for name in stands if (value := getattr(each, name)) is not None}
    return stands | {"grade": accident.grade, "late_deaths": accident.late_deaths}


def _texts(accident: Accident, reports: Iterable[AccidentReport]) -> dict[str, str]:
    found = dict.fromkeys(TEXTS, "")
    for each in reports:
        found |= {name: value for name in TEXTS if (value := getattr(each, name))}
    found["course"] = found["course"] or accident.description
    return {name: masked(value) for name, value in found.items()}


def _missing(accident: Accident, reports: Iterable[AccidentReport], units: Sequence[Any]) -> list[tuple[str, str]]:
    groups = reporting.completeness(reading.said_of(accident, reports, has_unit=bool(units)))
    return [(each.code, name) for each in groups for name in each.missing]


def _risks(accident: Accident, reports: Iterable[AccidentReport]) -> list[str]:
    return reporting.risk_reasons(limits.limits_at(accident.received_at).risk, **reading.risk_of(reports))


def now() -> datetime:
    return timezone.now().replace(microsecond=0)
