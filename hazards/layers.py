"""隐患一张图: open hazards first; the worst of a far-out cell is its colour."""

from django.db.models import Case, IntegerField, Value, When
from django.utils import timezone

from geo.layers import Layer, register
from hazards.models import Hazard
from hazards.querysets import is_overdue
from hazards.serializers import HazardFilters
from safety_api.permissions import inside


class HazardLayerFilters(HazardFilters):
    bbox = None  # the machinery has its own
    crs = None


def _shown(user, params):
    rows = Hazard.objects.visible_to(user).exclude(point=None).with_flags(on=timezone.localdate())
    rows = rows.filter(**{name: params[name] for name in ("state", "level", "origin") if params.get(name)})
    rows = rows.filter(sector_id=params["sector"]) if params.get("sector") else rows
    rows = rows.filter(enterprise_id=params["enterprise"]) if params.get("enterprise") else rows
    rows = rows.overdue(on=timezone.localdate(), is_so=params["overdue"]) if params.get("overdue") is not None else rows
    rows = rows.listed(params["listed"]) if params.get("listed") is not None else rows
    rows = rows.filter(description__icontains=params["q"]) if params.get("q") else rows
    return rows.filter(inside(params["region"])) if params.get("region") else rows


def _badness():
    """3 overdue and major, 2 one of both, 1 neither."""
    late = is_overdue(timezone.localdate())
    cases = (When(late, level="major", then=Value(3)), When(late, then=Value(2)), When(level="major", then=Value(2)))
    return Case(*cases, default=Value(1), output_field=IntegerField())


HAZARDS = register(
    Layer(
        "hazards",
        model="hazards.Hazard",
        query=_shown,
        properties={
            "state": "state", "level": "level", "sector": "sector_id", "due_on": "due_on", "overdue": "overdue",
            "listed": "listed_level", "description": "description", "is_demo": "is_demo",
        },
        filters=HazardLayerFilters,
    )
)  # fmt: skip
