"""隐患一张图: open hazards first; the worst of a far-out cell is its colour."""

from django.db.models import Case, IntegerField, Q, Value, When
from django.utils import timezone

from geo.layers import Layer, register
from hazards.models import Hazard
from hazards.querysets import overdue_then
from hazards.serializers import HazardChoice


def _shown(user, params):
    today = timezone.localdate()
    return Hazard.objects.visible_to(user).chosen(on=today, by=user, **params).with_flags(on=today, open_on=params.get("open_on"))


def _late(params):
    return overdue_then(timezone.localdate(), params.get("open_on"))


def _badness(params):
    """3 overdue and major, 2 one of both, 1 neither."""
    late = _late(params)
    cases = (When(late, level="major", then=Value(3)), When(late, then=Value(2)), When(level="major", then=Value(2)))
    return Case(*cases, default=Value(1), output_field=IntegerField())


def _tallies(params):
    late, major = _late(params), Q(level="major")
    return {"majors": major, "overdues": late, "late_majors": late & major}


HAZARDS = register(
    Layer(
        "hazards",
        model="hazards.Hazard",
        more_tables=("hazards.Figure",),  # what stood open on a day
        query=_shown,
        properties={
            "state": "state", "level": "level", "sector": "sector_id", "due_on": "due_on", "overdue": "overdue",
            "listed": "listed_level", "description": "description", "is_demo": "is_demo",
        },
        filters=HazardChoice,
        worst=_badness,
        kept=Hazard.objects.reported,
        moment="found_at",
        tallies=_tallies,
    )
)  # fmt: skip
