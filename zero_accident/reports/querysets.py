"""The townships of which somebody may print a report: those of their jurisdiction."""

from __future__ import annotations

from typing import Any

from geo.models import Region
from geo.querysets import RegionQuerySet
from safety_api.permissions import scope_of


def reported_to(user: Any) -> RegionQuerySet:
    return Region.objects.filter(scope_of(user, region="code", sector=None, unit=None)).townships()
