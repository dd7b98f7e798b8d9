"""What inspections add to a unit: how often it was inspected this year, and how often it may be."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from accounts.jurisdiction import department_of
from enterprises.additions import shown_with_units
from enterprises.models import Enterprise
from inspections.ceilings.reading import years_by_authority
from inspections.ceilings.serializers import UnitYearOut
from reference import law


@shown_with_units("inspections_this_year", UnitYearOut)
def inspections_this_year(unit: Enterprise, reader: Any) -> dict[str, Any]:
    """That of the reader's department where it has to do with the sector, else of the one that supervises it."""
    today, department = timezone.localdate(), department_of(reader)
    concerned = {each.department_id for each in law.departments_of(unit.sector_id, today)}
    year, others = years_by_authority(unit.pk, department if department in concerned else "", today)
    return {**year, "by_authority": others}
