"""What units and sites are found by, and the places of whatever lies in one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from enterprises.models import Enterprise, EnterpriseWords, Site, SiteWords
from geo.codes import whole
from geo.models import Region
from safety_api.search import Fields, Index, declare


def places_of(codes: Iterable[str]) -> dict[str, list[str]]:
    """Code → what its village and its township are called today; one query."""
    codes = set(codes)
    wanted = codes | {whole(code[:9]) for code in codes}
    names = dict(Region.objects.filter(code__in=wanted).values_list("code", "name"))
    return {code: [names[each] for each in (code, whole(code[:9])) if each in names] for code in codes}


def _units(keys: Iterable[Any]) -> Iterator[Fields]:
    rows = list(
        Enterprise.objects.filter(pk__in=keys).values_list("pk", "name", "address", "credit_code", "region_code")
    )
    places = places_of(row[4] for row in rows)
    for key, name, address, credit_code, code in rows:
        yield key, [name, *places[code], address, credit_code], None


def _sites(keys: Iterable[Any]) -> Iterator[Fields]:
    columns = ("pk", "name", "enterprise__name", "address", "region_code")
    rows = list(Site.objects.filter(pk__in=keys).values_list(*columns))
    places = places_of(row[4] for row in rows)
    for key, name, unit, address, code in rows:
        yield key, [name, unit, *places[code], address], None


UNITS = declare(Index("enterprise", EnterpriseWords, _units))
SITES = declare(Index("site", SiteWords, _sites))
