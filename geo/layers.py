"""What can be drawn on a map. Every app declares its layer in its own `layers.py`; they are collected here at start:

`register(Layer("hazards", model="hazards.Hazard", query=shown, filters=HazardFilters, properties={"state": "state"}))`
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from django.db.models import BooleanField, Case, F, FloatField, Func, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable, ExpressionWrapper
from rest_framework import serializers

from geo.models import Region, RegionLevel
from geo.serializers import RegionParam
from safety_api.doors import Filters, NoFilters
from safety_api.problems import FORBIDDEN, UNKNOWN_LAYER

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
TAKEN = frozenset({"id", "count", "worst"})  # said by the machinery itself
REGISTRY: dict[str, Layer] = {}

Query = Callable[[Any, Mapping[str, Any]], QuerySet]


def _none(params: Mapping[str, Any]) -> Mapping[str, Q]:
    return {}


@dataclass(frozen=True)
class Layer:
    """`query(user, params)` gives the rows this person may see, chosen by `filters`' validated values, without a bbox.

    Its order matters when there are more than a map can hold. `properties`: name → field name or SQL expression; no
    personal data. `worst`: an integer expression, higher is worse, shown as the maximum of a far-out cell; a callable
    of the filters' values when it depends on the day. `roles`: who may open the layer at all; None: all that may open maps. `kept`: all its
    rows, whoever asks: then far-out cells are counted before anybody asks (grid.py); the model's table has a
    `region_code`, its rows are seen by jurisdiction (`scope_of`) alone, and a migration says `geo_keep_grid`.
    """

    name: str
    model: str  # "app.Model": its changes change the ETag
    query: Query
    geometry: str = "point"
    properties: Mapping[str, str | Combinable] = field(default_factory=dict)
    filters: type[Filters] = NoFilters
    point: bool = True
    worst: Combinable | Callable[[Mapping[str, Any]], Combinable] | None = None
    roles: frozenset | None = None
    needs_bbox: bool = True
    more_tables: tuple[str, ...] = ()  # further "app.Model" the answer is made from
    kept: Callable[[], QuerySet] | None = None
    moment: str = ""  # the field that says when it happened; '': it has no one moment
    tallies: Callable[[Mapping[str, Any]], Mapping[str, Q]] = _none  # how many of a cluster are so; depends on the day

    def __post_init__(self) -> None:
        names = [self.name, *self.properties]
        if wrong := [name for name in names if not NAME.match(name) or name in TAKEN]:
            raise ValueError(f"layer {self.name}: {wrong} cannot be a name")

    def expressions(self) -> dict[str, Combinable]:
        return {f"p_{name}": F(of) if isinstance(of, str) else of for name, of in self.properties.items()}

    def located(self, rows: QuerySet, params: Mapping[str, Any] = MappingProxyType({})) -> QuerySet:
        """With `lon`, `lat` and `w`, how bad it is."""
        worst = (self.worst(params) if callable(self.worst) else self.worst) or Value(0)
        return rows.annotate(
            lon=Func(F(self.geometry), function="ST_X", output_field=FloatField()),
            lat=Func(F(self.geometry), function="ST_Y", output_field=FloatField()),
            w=ExpressionWrapper(worst, output_field=IntegerField()),
        )

    def tallied(self, rows: QuerySet, params: Mapping[str, Any] = MappingProxyType({})) -> QuerySet:
        """With `t_…`, whether each is so."""
        no = Value(False)
        cases = {f"t_{name}": Case(When(so, then=Value(True)), default=no, output_field=BooleanField()) for name, so in self.tallies(params).items()}
        return rows.annotate(**cases)

    def open_to(self, user) -> bool:
        return self.roles is None or user.role in self.roles

    def tables(self) -> tuple[str, ...]:
        return (self.model, *self.more_tables)


def opened(name: str, user: Any) -> Layer:
    """Raises UNKNOWN_LAYER, FORBIDDEN."""
    if name not in REGISTRY:
        raise UNKNOWN_LAYER()
    if not REGISTRY[name].open_to(user):
        raise FORBIDDEN()
    return REGISTRY[name]


def register(layer: Layer) -> Layer:
    if REGISTRY.setdefault(layer.name, layer) is not layer:
        raise ValueError(f"the layer {layer.name} is declared twice")
    return layer


# --- our own layer ---------------------------------------------------------------------------------------------------


class RegionLayerFilters(Filters):
    level = serializers.ChoiceField(RegionLevel.choices, required=False)
    region = RegionParam(required=False)


def _shown(user, params: Mapping[str, Any]) -> QuerySet:
    rows = Region.objects.visible_to(user).today().exclude(area=None).order_by("code")
    rows = rows.filter(level=params["level"]) if "level" in params else rows
    return rows.within(params["region"]) if "region" in params else rows


REGIONS = register(
    Layer(
        "regions",
        model="geo.Region",
        query=_shown,
        geometry="area",
        properties={"code": "code", "name": "name", "level": "level", "approximate": "area_approximate"},
        filters=RegionLayerFilters,
        point=False,
        needs_bbox=False,
    )
)
