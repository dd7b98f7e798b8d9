"""What is kept of figures, and the county's policy, as the tests read and change them."""

from __future__ import annotations

from datetime import date
from typing import Any

from reference import law
from reference.models import Document
from tests.cast.accidents import TOWN, YEAR
from zero_accident.models import AccidentEffect, Break, Broken, TownshipCount, TownshipFigures


def broken_keys(subject: str | None = None, year: int = YEAR) -> set[str]:
    rows = Broken.objects.filter(year=year)
    return set((rows.filter(subject=subject) if subject else rows).values_list("key", flat=True))


def township_figures(region: str = TOWN, year: int = YEAR) -> TownshipFigures:
    return TownshipFigures.objects.get(region_code=region, year=year)


def all_kept_figures(year: int = YEAR) -> dict[str, list[tuple]]:
    """All kept rows, without the numbers of their revisions: those tell the way, not the place."""
    tables = {
        AccidentEffect: ("accident", "occurred_on", "region_code", "breaks", "deaths", "provisional", "veto", "line"),
        Break: ("accident", "village", "enterprise", "occurred_on", "line", "attribution", "provisional"),
        Broken: ("subject", "key", "region_code", "broken_on", "provisional", "accidents"),
        TownshipCount: (
            "region_code",
            "subject",
            "unit_type",
            "sector_code",
            "total",
            "broken",
            "provisional",
            "short",
        ),
        TownshipFigures: (
            "region_code",
            "villages_total",
            "villages_broken",
            "villages_short",
            "village_ratio",
            "units_total",
            "units_broken",
            "units_short",
            "unit_ratio",
            "deaths",
            "accidents",
            "vetoes",
        ),
    }
    return {
        model.__name__: sorted(map(str, model.objects.filter(year=year).values_list("policy", *columns)))
        for model, columns in tables.items()
    }


def set_policy(**parameters: Any) -> None:
    """The county decides otherwise: another body under the same version, as a corrected file would bring. Of a heading only what
    is named.
    """
    document = Document.objects.get(kind="zero_accident_policy")
    under = {name: {**document.body[name], **value} for name, value in parameters.items() if isinstance(value, dict)}
    Document.objects.filter(pk=document.pk).update(
        body={**document.body, **parameters, **under}, digest=f"{hash(str(parameters)) & 0xFFFFFF:064x}"
    )
    law.forget()


def categories(**min_deaths: int) -> list[dict[str, Any]]:
    held = law.in_force("zero_accident_policy", date(YEAR, 6, 1)).body["categories"]
    return [{**each, "min_deaths": min_deaths.get(each["code"], each["min_deaths"])} for each in held]
