"""Names of what rows carry as codes: places, sectors, departments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from geo.codes import prefix_of, whole
from geo.models import Region, RegionLevel
from reference import law
from reference.models import Department
from safety_api.permissions import significant

TOWNSHIP = 9  # digits


class Names:
    """Of the codes in these rows; one query for places, none for what the law's books hold."""

    def __init__(self, rows: Iterable[dict[str, Any]]):
        codes = {str(row["region"]) for row in rows if row.get("region")}
        wanted = codes | {whole(code[:TOWNSHIP]) for code in codes}
        self._places = dict(Region.objects.filter(code__in=wanted).values_list("code", "name")) if wanted else {}

    def place(self, code: str | None) -> str:
        """`蔚汾镇东关村`."""
        if not code:
            return ""
        township = whole(code[:TOWNSHIP])
        above = self._places.get(township, "") if township != code else ""
        return f"{above}{self._places.get(code, code)}"


def place(code: str) -> str:
    """Of twelve digits or fewer; itself where there is no such place."""
    return Names([{"region": whole(code)}]).place(whole(code)) if code and code.isdecimal() else code


def sector(code: str | None) -> str:
    return law.sector(code).name if code else ""


def sectors() -> list[tuple[str, str]]:
    return [(each.code, each.name) for each in law.sectors()]


def townships(user: Any) -> list[tuple[str, str]]:
    """Those among which the viewer may choose: none where the own place is one of them or smaller."""
    if not user.region or len(significant(user.region)) >= TOWNSHIP:
        return []
    rows = Region.objects.today().visible_to(user).townships().order_by("code")
    return [(prefix_of(code), name) for code, name in rows.values_list("code", "name")]


def department(code: str | None) -> str:
    return law.department(code).name if code else ""


def places_of_posts() -> list[tuple[str, str]]:
    """Counties and townships of today, by the digits that say something."""
    rows = Region.objects.today().filter(level__in=(RegionLevel.COUNTY, RegionLevel.TOWNSHIP)).order_by("code")
    return [(prefix_of(code), name) for code, name in rows.values_list("code", "name")]


def departments() -> list[tuple[str, str]]:
    return list(Department.objects.order_by("pk").values_list("pk", "name"))
