"""What a phone is brought, stream by stream: which rows are its holder's, which of them it keeps, and what it is told of each.

Rows of a stream come with their changes. Short lists, in which many tables meet, come whole whenever one of those has changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any

from django.db.models import BooleanField, Case, F, FloatField, Func, Q, QuerySet, Value, When
from django.db.models.functions import StrIndex, Substr

from accidents.models import Accident
from accounts.models import User
from enterprises.kinds import Status
from enterprises.models import Enterprise, Site
from enterprises.people.directory import can_be, organ_of, people_for
from evidence.models import Photo
from geo.models import Region
from hazards.models import Hazard
from hazards.querysets import is_open
from inbox.models import Message, Seen
from inspections.models import Inspection, Task, YearCount
from phone.models import Rescue
from reference import law
from safety_api.days import midnight
from safety_api.permissions import inside
from safety_api.stamps import Stamped

KEPT_DAYS = 60  # of what is over a phone keeps so much: one's own visits, photos and accidents, notices


@dataclass(frozen=True)
class Stream:
    """`rows`: everything of it that concerns this person; `kept`: of these what the phone keeps on that day, the others it forgets.
    `columns`: the name in the answer → the column or expression that it is."""

    name: str
    model: type[Stamped]
    rows: Callable[[User], QuerySet]
    kept: Callable[[User, date], Q]
    columns: dict[str, Any]

    def read(self, user: User, on: date) -> QuerySet:
        """As lists: kept or not, epoch, xid, the key, and the columns."""
        kept = Case(When(self.kept(user, on), then=True), default=False, output_field=BooleanField())
        given = {f"said_{number}": _expression(column) for number, column in enumerate(self.columns.values())}
        return self.rows(user).annotate(is_kept=kept, **given).values_list("is_kept", "epoch", "xid", "pk", *given)


def _expression(column: Any) -> Any:
    return F(column) if isinstance(column, str) else column


def _degrees(axis: str) -> Func:
    """Six decimals: a tenth of a metre; more would double the page."""
    return Func(F("point"), template=f"ROUND({axis}(%(expressions)s)::numeric, 6)::float8", output_field=FloatField())


POINT = {"lon": _degrees("ST_X"), "lat": _degrees("ST_Y")}
INITIALS = Substr("pinyin", 1, StrIndex("pinyin", Value(" ")) - 1)


def _recently(column: str) -> Callable[[User, date], Q]:
    return lambda user, on: Q(**{f"{column}__gte": midnight(on - timedelta(days=KEPT_DAYS))})


def _everything(user: User, on: date) -> Q:
    return Q(pk__isnull=False)


def _of_the_jurisdiction(user: User) -> QuerySet:
    return Region.objects.filter(inside(user.region, "code")) if user.region else Region.objects.none()


def _counted(user: User) -> QuerySet:
    return YearCount.objects.filter(enterprise__in=Enterprise.objects.visible_to(user))


STREAMS = (
    Stream(
        "regions", Region, _of_the_jurisdiction, lambda user, on: Q(valid_to=None) | Q(valid_to__gt=on),
        {"name": "name", "level": "level"},
    ),
    Stream(
        "enterprises", Enterprise, Enterprise.objects.visible_to, lambda user, on: ~Q(status=Status.CLOSED),
        {
            "name": "name", "initials": INITIALS, "credit_code": "credit_code", "region": "region_code", "sector": "sector_id",
            "class": "supervision_class", "risk_colour": "risk_colour", "last_visit_on": "last_visit_on", **POINT,
        },
    ),
    Stream(
        "sites", Site, Site.objects.visible_to, lambda user, on: Q(closed_on=None) | Q(closed_on__gt=on),
        {
            "name": "name", "kind": "kind", "enterprise": "enterprise_id", "region": "region_code", "sector": "sector_id", "place_type": "place_type",
            "project_type": "project_type", **POINT,
        },
    ),
    Stream(
        "counts", YearCount, _counted, lambda user, on: Q(year__gte=on.year),
        {"enterprise": "enterprise_id", "year": "year", "department": "department", "type": "word", "made": "made", "counted": "counted"},
    ),
    Stream(
        "hazards", Hazard, Hazard.objects.visible_to, lambda user, on: is_open(),
        {
            "state": "state", "level": "level", "enterprise": "enterprise_id", "site": "site_id", "place": "place", "region": "region_code",
            "sector": "sector_id", "item": "item", "description": Substr("description", 1, 200), "reported_by": "reported_by", "found_at": "found_at",
            "due_on": "due_on", "review_due_on": "review_due_on", **POINT,
        },
    ),
    Stream(
        "tasks", Task, Task.objects.visible_to, lambda user, on: Q(done_by=None, cancelled_on=None, assignees__contains=[user.pk]),
        {
            "enterprise": "enterprise_id", "site": "site_id", "region": "region_code", "sector": "sector_id", "kind": "kind",
            "authority": "authority", "type": "type", "source": "source", "department": "department", "course": "course",
            "due_on": "due_on", "note": "note", "assignees": "assignees",
        },
    ),
    Stream(
        "inspections", Inspection, lambda user: Inspection.objects.filter(by_id=user.pk), _recently("received_at"),
        {
            "content_sha256": "content_sha256", "enterprise": "enterprise_id", "site": "site_id", "place": "place", "started_at": "started_at",
            "received_at": "received_at", "remarks": "warnings", "hazards_found": "hazards_found", "joined_to": "joined_to_id",
        },
    ),
    Stream(
        "accidents", Accident, lambda user: Accident.objects.filter(reported_by=user.pk), _recently("received_at"),
        {"content_sha256": "content_sha256", "region": "region_code", "place": "place", "occurred_at": "occurred_at", "received_at": "received_at"},
    ),
    Stream(
        "photos", Photo, lambda user: Photo.objects.filter(declared_by=user.pk), _recently("declared_at"),
        {"sha256": "sha256", "record": "owner_id", "state": "state", "refused_because": "refused_because"},
    ),
    Stream(
        "notices", Message, Message.objects.visible_to, lambda user, on: Q(done_at=None) | _recently("made_at")(user, on),
        {
            "kind": "kind", "sentence": "sentence", "about_kind": "about_kind", "about": "about", "day": "day", "due_on": "due_on",
            "made_at": "made_at", "done_at": "done_at",
        },
    ),
    Stream(
        "rescues", Rescue, lambda user: Rescue.objects.filter(by_id=user.pk), _recently("received_at"),
        {"sha256": "sha256", "path": "path", "state": "state", "reason": "reason", "placed_at_path": "placed_at_path"},
    ),
    Stream("seen", Seen, lambda user: Seen.objects.filter(user=user.pk), _recently("seen_at"), {"message": "message_id"}),
)  # fmt: skip
BY_TABLE = {stream.model._meta.db_table: stream for stream in STREAMS}


# --- short lists --------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ShortList:
    """`kinds`: the tables in which it stands; `edition`: a word that changes with it where those do not tell."""

    name: str
    kinds: tuple[str, ...]
    columns: tuple[str, ...]
    read: Callable[[User, date], list[list[Any]]]
    edition: Callable[[date], str] = lambda on: ""


def _people(user: User, on: date) -> list[list[Any]]:
    """Who can be companion, officer or assignee, with the certificate of that day."""
    found = people_for(user, on=on).order_by("name", "pk")
    return [[each.pk, each.name, each.role, organ_of(each), can_be(each), (each.certificate or {}).get("valid_to")] for each in found]


def _checklists(user: User, on: date) -> list[list[Any]]:
    """In force on that day: of every sector, and the departments' own."""
    return [
        [each.code, each.version, each.title, each.effective_from, each.effective_to, _items(each.code, each.version)]
        for each in law.all_in_force(on, "checklist")
    ]


def _items(code: str, version: str) -> list[list[Any]]:
    found = law.version("checklist", code, version)
    return [[item["code"], item["text"], item.get("severity_hint", "")] for item in (found.body["items"] if found else ())]


def _telephones(user: User, on: date) -> list[list[Any]]:
    """The duty desk first: the telephone is the legal report of an accident."""
    found = [each for desk in law.all_in_force(on, "duty_desk") for each in desk.body["telephones"]]
    return [[each["name"], each.get("number", "")] for each in found]


def _report_limits(user: User, on: date) -> list[list[Any]]:
    """Who reports an accident within how many minutes, as the page shows it beside the telephone."""
    legs = [each for limits in law.all_in_force(on, "report_limits") for each in limits.body["legs"]]
    return [[each["code"], each.get("limit_minutes"), each["text"], each["source"]] for each in legs]


def _checklist_edition(on: date) -> str:
    return _edition_of(("checklist",), law.books().load, on)


def _accident_edition(on: date) -> str:
    return _edition_of(("duty_desk", "report_limits"), law.books().load, on)


@lru_cache(maxsize=8)
def _edition_of(kinds: tuple[str, ...], load: int | None, on: date) -> str:
    return digest(tuple((each.code, each.version, each.digest) for kind in kinds for each in law.all_in_force(on, kind)))


@lru_cache(maxsize=64)
def digest(of: tuple) -> str:
    return hashlib.sha256(repr(of).encode()).hexdigest()[:16]


LISTS = (
    ShortList("people", ("accounts.User", "accounts.Certificate"), ("id", "name", "role", "organ", "can", "certified_to"), _people),
    ShortList("checklists", (), ("code", "version", "title", "effective_from", "effective_to", "items"), _checklists, _checklist_edition),
    ShortList("telephones", (), ("name", "number"), _telephones, _accident_edition),
    ShortList("report_limits", (), ("code", "minutes", "text", "source"), _report_limits, _accident_edition),
)  # fmt: skip
LIST_OF_KIND = {kind: each for each in LISTS for kind in each.kinds}
KINDS = (*(stream.model._meta.label for stream in STREAMS), *LIST_OF_KIND)


@cache
def shape_of_all() -> str:
    """Changes with the columns of any stream: phones fetch anew what they have in another form."""
    return digest((*((each.name, *each.columns) for each in STREAMS), *((each.name, *each.columns) for each in LISTS)))


def gone_from(user: User) -> Q:
    """Tombstones that may be of rows which were this person's: deleted, or moved out of the jurisdiction or out of one's hands."""
    stayed_nowhere = Q(region_code=None, people=None)
    mine = Q(people__contains=[user.pk])
    return stayed_nowhere | mine | (inside(user.region) if user.region else Q(region_code__isnull=False))
