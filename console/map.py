"""隐患一张图 The hazards where they lie: what stands beside the map is made here, the map itself of the tiles that everybody has.

The page's address holds filters (the words of lists), the view (`at`), and the hazard that is open; it works as a list without the map.
"""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib.gis.db.models import Extent
from django.db.models import Case, Count, IntegerField, Q, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from console import hazard as one
from console.gate import office
from console.hazard import PART
from console.shown import shown
from enterprises.models import Enterprise
from geo.coordinates import COUNTY
from geo.models import Region
from geo.querysets import located
from geo.serializers import BboxParam
from hazards.models import Hazard
from hazards.querysets import overdue_then, turn_of
from hazards.serializers import HazardChoice
from hazards.states import ENDED, State
from reference import law
from reference.terms import HazardLevel
from safety_api.parameters import Several
from safety_api.permissions import significant
from safety_api.shapes import RecordId, shared

A_PAGE = 40
SHOWN = ("id", "state", "level", "description", "place", "enterprise__name", "due_on", "closed_on", "region_code", "wgs_lon", "wgs_lat", "overdue")
FOREIGN = frozenset({"from", "isappinstalled", "scene", "clicktime", "enterid"})  # what messengers put behind a link that is passed on
# Asked by one of these, closed ones are meant too.
WINDOWS = frozenset({"open", "open_on", "found_from", "found_before", "closed_from", "closed_before"})


class MapFilters(HazardChoice):
    """What may stand in the page's address."""

    at = serializers.RegexField(r"^\d{1,2}(\.\d{1,2})?/-?\d{1,2}(\.\d{1,6})?/-?\d{1,3}(\.\d{1,6})?$", required=False)
    hazard = RecordId(required=False)
    bbox = BboxParam(required=False)
    page = serializers.IntegerField(min_value=1, max_value=250, required=False, default=1)


OWN = frozenset({"at", "hazard", "bbox", "page"})  # the page's, not the tiles'


class Asked(NamedTuple):
    """The address as it was read: `raw` as it stands in links, `read` as querysets take it, `strange` what was not understood."""

    raw: dict[str, str]
    read: dict[str, Any]
    strange: list[str]

    @property
    def filters(self) -> dict[str, Any]:
        return {name: value for name, value in self.read.items() if name not in OWN and value is not None}

    @property
    def late(self) -> Q:
        """Overdue, on the day of the past that is looked at or today."""
        return overdue_then(timezone.localdate(), self.read.get("open_on"))

    @property
    def of_open_ones(self) -> bool:
        """As long as nothing asks for others."""
        return WINDOWS.isdisjoint(self.raw) and ENDED.isdisjoint(self.read.get("state") or ())

    def link(self, path: str = "/map", /, **changes: str | None) -> str:
        """This address with other words; None takes one out."""
        words = {name: value for name, value in {**self.raw, **changes}.items() if value is not None and name not in ("page", "bbox")}
        return f"{path}?{urlencode(sorted(words.items()))}" if words else path


def asked_in(request: HttpRequest) -> Asked:
    """Leniently: what a link holds that this page does not know is left out and named."""
    raw = {name: ",".join(values) if _several(name) else values[-1] for name, values in request.GET.lists() if name not in FOREIGN}
    raw = {name: value for name, value in raw.items() if value}
    fields = shared(MapFilters).fields
    strange = [name for name in raw if name not in fields]
    known = {name: value for name, value in raw.items() if name in fields}
    while True:
        try:
            read = shared(MapFilters).run_validation({name: [value] if _several(name) else value for name, value in known.items()})
            return Asked(known, read, strange)
        except ValidationError as problem:
            named = [name for name in problem.detail if name in known] if isinstance(problem.detail, dict) else []
            wrong = named or list(known)
            strange += wrong
            known = {name: value for name, value in known.items() if name not in wrong}


def _several(name: str) -> bool:
    return isinstance(shared(MapFilters).fields.get(name), Several)


# --- pages ----------------------------------------------------------------------------------------------------------------
@office("map.tile")
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    asked, user = asked_in(request), request.user
    facts = beside(asked, user)
    opened, status = _opened(asked, user)
    template = "console/map/beside.html" if request.headers.get(PART) else "console/map/page.html"
    return shown(request, template, status, **facts, **opened, **_ground(user))


def _opened(asked: Asked, user: Any) -> tuple[dict[str, Any], int]:
    """The hazard that the link names. One outside the jurisdiction is said not to be there; the map stays."""
    key: UUID | None = asked.read.get("hazard")
    if key is None:
        return {}, 400 if asked.strange else 200
    try:
        return {**one.facts(key, user), "back": asked.link(hazard=None)}, 400 if asked.strange else 200
    except Http404:
        return {"not_there": True, "back": asked.link(hazard=None)}, 404


def beside(asked: Asked, user: Any) -> dict[str, Any]:
    """What console/map/beside.html shows: chips with their counts, and the list."""
    rows = listed(asked, user)
    page = asked.read["page"]
    found = list(rows.values(*SHOWN)[(page - 1) * A_PAGE : page * A_PAGE + 1])
    chips = _chips(asked, user)
    return {
        "asked": asked, "chips": chips, "rows": [_row(each, asked) for each in found[:A_PAGE]], "more": len(found) > A_PAGE and page + 1,
        "more_at": f"{asked.link('/map')}{'&' if asked.raw else '?'}page={page + 1}", "page": page,
        "query": urlencode(sorted(_tile_words(asked).items())), "narrowed": _narrowed(asked, user),
        "here_only": "bbox" in asked.raw, "sectors": law.sectors(), "sector": asked.raw.get("sector", ""),
    }  # fmt: skip


def _tile_words(asked: Asked) -> dict[str, str]:
    """The same filters for the door of the tiles."""
    words = {name: value for name, value in asked.raw.items() if name not in OWN}
    return {"clusters": "true", **({"open": "true"} if asked.of_open_ones else {}), **words}


# --- rows -----------------------------------------------------------------------------------------------------------------
def chosen(asked: Asked, user: Any, *without: str) -> Any:
    """The rows of the list; `without`: but for these filters."""
    words = {name: value for name, value in asked.filters.items() if name not in without}
    if asked.of_open_ones:
        words["open"] = True
    rows = Hazard.objects.visible_to(user).chosen(on=timezone.localdate(), by=user, **words)
    box = asked.read.get("bbox")
    return rows.filter(point__bboverlaps=box.polygon) if box and "bbox" not in without else rows


def listed(asked: Asked, user: Any) -> Any:
    """The worst first: overdue major ones, major ones, overdue ones; within each the earliest deadline."""
    late, major = asked.late, Q(level=HazardLevel.MAJOR)
    worst = (When(late & major, then=Value(0)), When(major, then=Value(1)), When(late, then=Value(2)))
    order = Case(*worst, default=Value(3), output_field=IntegerField())
    rows = chosen(asked, user).with_flags(on=timezone.localdate(), open_on=asked.read.get("open_on"))
    return located(rows).annotate(bad=order).order_by("bad", "due_on", "pk")


def _row(row: dict[str, Any], asked: Asked) -> dict[str, Any]:
    """Days are counted to today alone: of a day in the past nobody would read them rightly, for the deadline may have been another."""
    left = (row["due_on"] - timezone.localdate()).days if row["due_on"] and not row["closed_on"] and "open_on" not in asked.raw else None
    return {
        **row, "state_name": State(row["state"]).label, "name": row["enterprise__name"] or row["place"], "left": left,
        "days": -left if left is not None and left < 0 else 0, "link": asked.link(hazard=str(row["id"]), at=None),
    }  # fmt: skip


# --- chips ----------------------------------------------------------------------------------------------------------------
class Chip(NamedTuple):
    label: str
    number: int
    pressed: bool
    link: str
    mark: str = ""  # major, general, late, todo
    total: int = 0  # of the first: what the list shows in all


CHIPS = (  # label, parameter, value, mark
    ("重大", "level", "major", "major"),
    ("一般", "level", "general", "general"),
    ("逾期", "overdue", "true", "late"),
    ("待确认", "state", "reported", "todo"),
    ("待复查", "state", "review_requested", "review"),
    ("等我办", "waiting_for", "me", ""),
)  # fmt: skip
GROUPS = ("level", "overdue", "state", "waiting_for")


def _chips(asked: Asked, user: Any) -> list[Chip]:
    """One statement: each counts what would be there with it, beside the others that are pressed."""
    holds = {
        "level": lambda value: Q(level=value), "overdue": lambda value: asked.late if value == "true" else Q(),
        "state": lambda value: Q(state__in=value.split(",")), "waiting_for": lambda _: turn_of(user),
    }  # fmt: skip
    pressed = {name: holds[name](asked.raw[name]) for name in GROUPS if name in asked.raw}
    counts = {
        f"n{number}": Count("pk", filter=_all(holds[name](value), *(each for other, each in pressed.items() if other != name)))
        for number, (_, name, value, _) in enumerate(CHIPS)
    }
    rows = chosen(asked, user, *GROUPS, "bbox").order_by()
    found = rows.aggregate(whole=Count("pk"), total=Count("pk", filter=_all(*pressed.values())), **counts)
    chips = [
        Chip(label, found[f"n{number}"], asked.raw.get(name) == value, asked.link(**{name: None if asked.raw.get(name) == value else value}), mark)
        for number, (label, name, value, mark) in enumerate(CHIPS)
    ]
    return [Chip(_whole_label(asked), found["whole"], not pressed, asked.link(**dict.fromkeys(GROUPS)), total=found["total"]), *chips]


def _all(*conditions: Q) -> Q:
    whole = Q()
    for each in conditions:
        whole &= each
    return whole


def _whole_label(asked: Asked) -> str:
    return "未销号" if asked.of_open_ones else "新发现" if "found_from" in asked.raw else "已销号" if "closed_from" in asked.raw else _then(asked)


def _then(asked: Asked) -> str:
    return f"{_day(asked.raw['open_on'])}未销号" if "open_on" in asked.raw else "全部"


NAMED = {"q": "找", "listed": "挂牌", "repeat": "重复", "loop": "闭环", "origin": "来源", "mine": "本人发现", "open": "是否未结"}


def _narrowed(asked: Asked, user: Any) -> list[dict[str, Any]]:
    """Filters that no chip says, each with the link that drops it; those of chips too, for a list that is empty."""
    return [
        {"name": _said(name, value, user), "link": asked.link(**{name: None, _before(name): None}), "chip": name in GROUPS}
        for name, value in asked.raw.items()
        if name not in OWN and not name.endswith("_before")
    ]  # fmt: skip


def _before(name: str) -> str:
    """The other end of a span of days; of what is no span, itself."""
    return name.replace("_from", "_before")


def _said(name: str, value: str, user: Any) -> str:
    chip = next((label for label, group, word, _ in CHIPS if (group, word) == (name, value)), None)
    if chip:
        return chip
    if name == "sector":
        return law.books().sectors[value].name
    if name == "region":
        return one.where(value.ljust(12, "0")) or value
    if name == "enterprise":
        return Enterprise.objects.visible_to(user).filter(pk=value).values_list("name", flat=True).first() or "一个单位"
    if name == "state":
        return "、".join(State(each).label for each in value.split(","))
    if name == "found_from":
        return f"{_day(value)}起一周新发现"
    if name == "open_on":
        return f"截至{_day(value)}"
    if name == "closed_from":
        return f"{_day(value)}起一周销号"
    shown = {"true": "", "false": "：否"}.get(value, f"“{value}”")
    return f"{NAMED.get(name) or shared(MapFilters).fields[name].help_text or name}{shown}"


def _day(text: str) -> str:
    day = date.fromisoformat(text[:10])
    return f"{day.month}月{day.day}日"


# --- the ground the map stands on --------------------------------------------------------------------------------------
def _ground(user: Any) -> dict[str, Any]:
    return {"bounds": ",".join(f"{side:.5f}" for side in _bounds(user)), "backdrop": bool(settings.BACKDROP_URL)}


def _bounds(user: Any) -> tuple[float, ...]:
    prefix = significant(user.region) if user.region else ""
    found = Region.objects.within(prefix[:9]).townships().aggregate(box=Extent("area"))["box"] if len(prefix) >= 6 else None
    return found or COUNTY
