"""What the parts of one visit must hold together: pure checks over the body as validated, each fault with its pointer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from math import inf
from typing import Any
from uuid import UUID

from accounts.authorities import AUTHORITIES
from geo.coordinates import metres_between
from safety_api.problems import (
    AUTHORITY_NOT_YOURS,
    ITEM_OF_OTHER_CHECKLIST,
    PHOTO_NOT_DECLARED,
    TWICE,
)
from safety_api.roles import Role

Fault = dict[str, str]


def faults(body: dict[str, Any], *, items: frozenset[str] | None, role: str) -> list[Fault]:
    """Everything that does not hold together; no time ever refuses a visit. `items`: of the checklist in use, None when there is none."""
    return [*_authority(body, role), *_items(body, items), *_twice(body), *_photos(body)]


def _authority(body: dict[str, Any], role: str) -> Iterator[Fault]:
    if body["authority"] not in AUTHORITIES.get(Role(role), ()):
        yield AUTHORITY_NOT_YOURS.fault("/authority")


def _items(body: dict[str, Any], items: frozenset[str] | None) -> Iterator[Fault]:
    known = items or frozenset()
    for list_name in ("answers", "hazards"):
        for place, each in enumerate(body[list_name]):
            if each.get("item") and each["item"] not in known:
                yield ITEM_OF_OTHER_CHECKLIST.fault(f"/{list_name}/{place}/item")


def _twice(body: dict[str, Any]) -> Iterator[Fault]:
    for list_name, key in (("answers", "item"), ("hazards", "id"), ("photos", "id"), ("reviews", "hazard")):
        for place in _repeats(each[key] for each in body[list_name]):
            yield TWICE.fault(f"/{list_name}/{place}/{key}")


def _repeats(keys: Iterable[Any]) -> Iterator[int]:
    seen: set[Any] = set()
    for place, key in enumerate(keys):
        if key in seen:
            yield place
        seen.add(key)


def _photos(body: dict[str, Any]) -> Iterator[Fault]:
    declared = {each["id"] for each in body["photos"]}
    for list_name in ("hazards", "reviews"):
        for place, each in enumerate(body[list_name]):
            for at, photo in enumerate(each["photos"]):
                if photo not in declared:
                    yield PHOTO_NOT_DECLARED.fault(f"/{list_name}/{place}/photos/{at}")


# --- beside other visits ------------------------------------------------------------------------------------------------
def same_content(one: Any, other: Any) -> bool:
    """Twice the same visit under two ids: same person, place, minutes and answers. Ids within it are the phone's to make anew."""
    return _as_told(one) == _as_told(other) and all(getattr(one, name) == getattr(other, name) for name in SAME)


def _as_told(visit: Any) -> tuple[Any, Any]:
    """Of what no clock bears out each sending counts from its own receipt."""
    return visit.started_told_at or visit.started_at, visit.finished_told_at or visit.finished_at


SAME = (
    "by_id",
    "enterprise_id",
    "site_id",
    "place",
    "region_code",
    "kind",
    "hazards_found",
    "answers",
)


def likely_double(one: Any, other: Any, apart: timedelta) -> bool:
    """Begun at the same place within minutes by the same person, or by one of those who went together."""
    together = one.by_id == other.by_id or one.by_id in other.companions or other.by_id in one.companions
    return together and _place(one) == _place(other) and abs(one.started_at - other.started_at) < apart


def in_two_places(one: Any, other: Any, apart: int) -> bool:
    """Whether somebody was at both while they overlap, and they lie `apart` metres or more, as far as points tell."""
    shared = {one.by_id, *one.companions} & {other.by_id, *other.companions}
    overlap = one.started_at < other.finished_at and other.started_at < one.finished_at
    return bool(shared) and overlap and _place(one) != _place(other) and _metres(one, other) > apart


def _place(visit: Any) -> tuple[Any, ...]:
    return (
        (visit.enterprise_id, visit.site_id)
        if visit.enterprise_id or visit.site_id
        else (visit.place, visit.region_code)
    )


def _metres(one: Any, other: Any) -> float:
    """What the points leave of the way after their accuracies; without both, nothing speaks against two places."""
    if one.point is None or other.point is None:
        return inf
    return metres_between(one.point.coords, other.point.coords) - (one.accuracy_m or 0) - (other.accuracy_m or 0)


def on_one_item(one: Any, other: Any, offices: Mapping[UUID, str]) -> bool:
    """Whether two offices looked at the same item of the same unit, not together (DESIGN §11: visits are merged)."""
    together = one.kind == other.kind == "joint" or one.by_id in other.companions or other.by_id in one.companions
    same_unit = (one.enterprise_id, one.site_id) == (other.enterprise_id, other.site_id) != (None, None)
    strangers = offices.get(one.by_id) != offices.get(other.by_id) and "self_check" not in (
        one.authority,
        other.authority,
    )
    return same_unit and strangers and not together and _share_an_item(one, other)


def _share_an_item(one: Any, other: Any) -> bool:
    items, others = ({each["item"] for each in visit.answers} for visit in (one, other))
    if (
        one.checklist_code
        and one.checklist_code == other.checklist_code
        and "pass" in (one.unanswered, other.unanswered)
    ):
        return True  # whoever passes what is not named has looked at everything on the list
    return not items.isdisjoint(others)


def subjects(body: dict[str, Any]) -> dict[UUID, list[UUID]]:
    """Photo → the hazards and reviewed hazards that it shows."""
    shows: dict[UUID, list[UUID]] = {}
    for list_name, key in (("hazards", "id"), ("reviews", "hazard")):
        for each in body[list_name]:
            for photo in each["photos"]:
                shows.setdefault(photo, []).append(each[key])
    return shows
