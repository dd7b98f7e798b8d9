"""事故一张图: the gravest of a far-out cell is its colour. For the office only."""

from django.db.models import Case, IntegerField, Value, When

from accidents.models import Accident
from accidents.reports.serializers import AccidentChoice
from geo.layers import Layer, register
from reference.terms import Grade
from safety_api.roles import OFFICE


def _shown(user, params):
    return Accident.objects.visible_to(user).exclude(point=None).chosen(**params).order_by("-occurred_at", "id")


GRAVITY = Case(
    *(When(grade=grade, then=Value(place)) for place, grade in enumerate(Grade.values, start=1)),
    default=Value(0),  # a serious-risk event has no grade
    output_field=IntegerField(),
)

ACCIDENTS = register(
    Layer(
        "accidents",
        model="accidents.Accident",
        query=_shown,
        properties={
            "occurred_at": "occurred_at", "category": "category", "nature": "nature", "grade": "grade",
            "deaths": "deaths", "sector": "sector_id", "region": "region_code", "stat_status": "stat_status",
            "kind": "kind", "is_demo": "is_demo",
        },
        filters=AccidentChoice,
        worst=GRAVITY,
        roles=OFFICE,
        moment="occurred_at",
    )
)  # fmt: skip
