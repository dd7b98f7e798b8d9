"""Under an accident: who is charged by approval, whom it breaks; and the list of those that count under a policy."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet
from rest_framework import serializers

from accidents.additions import narrows_accidents, shown_with_accidents
from accidents.models import Accident
from safety_api.permissions import inside
from safety_api.shapes import Text
from zero_accident.attribution.serializers import BreakOut, OverrideOut
from zero_accident.models import AccidentEffect, AttributionOverride, Break
from zero_accident.policies.lookup import line_of

EFFECTS = [("breaks", "破零"), ("veto", "较大及以上")]


@shown_with_accidents("overrides", OverrideOut)
def overrides(accident: Accident) -> list[AttributionOverride]:
    return list(AttributionOverride.objects.known().filter(accident=accident).order_by("id"))


@shown_with_accidents("breaks", BreakOut)
def breaks(accident: Accident) -> list[Break]:
    found = list(Break.objects.filter(accident=accident).order_by("policy", F("enterprise").asc(nulls_first=True)))
    for each in found:
        each.shown_parameter = line_of(each.policy, each.line)  # type: ignore[attr-defined]
    return found


@narrows_accidents(
    effect=lambda: serializers.ChoiceField(
        choices=EFFECTS, required=False, default=None, help_text="按 policy 所指口径起作用的；此时 region 为计入地"
    ),
    policy=lambda: Text(
        max_length=30, required=False, default=None, help_text="口径版本，与 effect 同用；不写为任一版本"
    ),
)
def by_effect(rows: QuerySet, asked: dict[str, Any]) -> QuerySet:
    """Those that break somebody, or propose a veto, under a policy, and count in `region`."""
    effect, policy = asked.pop("effect", None), asked.pop("policy", None)
    if not effect:
        return rows
    effects = AccidentEffect.objects.filter(**{effect: True})
    effects = effects.filter(policy=policy) if policy else effects
    region = asked.pop("region", None)
    effects = effects.filter(inside(region)) if region else effects
    return rows.filter(pk__in=effects.values("accident"))
