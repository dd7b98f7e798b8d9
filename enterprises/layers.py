"""Units on the map: where they are, in which class; no personal data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When

from enterprises.kinds import Status
from enterprises.models import Enterprise
from enterprises.serializers import UnitFilters
from geo.layers import Layer, register
from reference.terms import Class

WORST = {Class.D: 4, Class.C: 3, Class.B: 2, Class.A: 1}


def _shown(user, params: Mapping[str, Any]) -> QuerySet:
    rows = Enterprise.objects.visible_to(user).order_by("region_code", "id")
    rows = rows if "status" in params else rows.exclude(status=Status.CLOSED)
    return rows.chosen(**params)


ENTERPRISES = register(
    Layer(
        "enterprises",
        model="enterprises.Enterprise",
        query=_shown,
        properties={
            "name": "name", "sector": "sector_id", "class": "supervision_class", "status": "status",
            "risk_colour": "risk_colour", "is_demo": "is_demo",
        },
        filters=UnitFilters,
        worst=Case(
            *(When(supervision_class=grade, then=Value(rank)) for grade, rank in WORST.items()),
            default=Value(0),
            output_field=IntegerField(),
        ),
    )
)  # fmt: skip
