"""风险四色图: risk points of units in business by the colour that is left with their measures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Case, CharField, F, QuerySet, Value, When
from django.utils import timezone

from geo.layers import Layer, register
from reference.terms import COLOUR_OF
from risks.models import RiskPoint
from risks.serializers import RiskChoice


def _shown(user: Any, params: Mapping[str, Any]) -> QuerySet:
    rows = RiskPoint.objects.visible_to(user).on_the_map(on=timezone.localdate(), **params)
    return rows.order_by("level", "id")


RISKS = register(
    Layer(
        "risks",
        model="risks.RiskPoint",
        query=_shown,
        properties={
            "name": "name", "sector": "enterprise__sector_id", "review_due_on": "review_due_on", "is_demo": "is_demo",
            "colour": Case(*(When(level=level, then=Value(str(colour))) for level, colour in COLOUR_OF.items()),
                           output_field=CharField()),
        },
        filters=RiskChoice,
        worst=Value(5) - F("level"),
        more_tables=("enterprises.Enterprise",),
    )
)  # fmt: skip
