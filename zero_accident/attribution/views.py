"""The door of approved changes of attribution, under an accident."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import OpenApiExample, extend_schema

from accidents.reports.serializers import AccidentOut
from accidents.reports.views import PAPER, AccidentDoor
from zero_accident.attribution import actions
from zero_accident.attribution.serializers import OverrideShape


class OverrideDoor(AccidentDoor):
    """认定变更"""

    @extend_schema(
        request=OverrideShape,
        responses=AccidentOut,
        examples=[
            OpenApiExample(
                "改计他村",
                {**PAPER, "subject": "village", "village": "141123100202", "effect": "charge"},
                request_only=True,
            )
        ],
    )
    def override(self, request, accident_id: UUID):
        """认定变更：把事故计入或不计入某村、某单位，或整起不计入“零事故”。"""
        return self.step(actions.override, accident_id, OverrideShape)
