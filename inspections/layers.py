"""Where visits were made: points of visits, never tracks of people (国办函〔2026〕12号)."""

from geo.layers import Layer, register
from inspections.models import Inspection

INSPECTIONS = register(
    Layer(
        "inspections",
        model="inspections.Inspection",
        query=lambda user, params: Inspection.objects.visible_to(user).single().order_by("-started_at"),
        properties={
            "sector": "sector_id",
            "kind": "kind",
            "started_at": "started_at",
            "hazards_found": "hazards_found",
        },
        moment="started_at",
    )
)
