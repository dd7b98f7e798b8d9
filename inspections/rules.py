"""What the parts of one visit must hold together: pure checks over the body as validated, each fault with its pointer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from safety_api.problems import (
    AUTHORITY_NOT_YOURS,
    ITEM_OF_OTHER_CHECKLIST,
    PHOTO_NOT_DECLARED,
    TWICE,
)
from safety_api.roles import Role

# In whose name a role may look at a unit (国办发〔2024〕54号: inspection is for organs and the authorised; townships patrol)
AUTHORITIES: dict[Role, frozenset[str]] = {
    Role.INSPECTOR: frozenset({"administrative", "patrol", "supervision", "expert_service"}),
    Role.DEPARTMENT_OFFICER: frozenset({"administrative", "supervision", "expert_service"}),
    Role.BUREAU_OFFICER: frozenset({"administrative", "supervision", "expert_service"}),
    Role.TOWNSHIP_OFFICER: frozenset({"patrol", "administrative", "supervision"}),
    Role.VILLAGE_OFFICER: frozenset({"patrol"}),
    Role.ENTERPRISE_OFFICER: frozenset({"self_check"}),
}
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


def subjects(body: dict[str, Any]) -> dict[UUID, list[UUID]]:
    """Photo → the hazards and reviewed hazards that it shows."""
    shows: dict[UUID, list[UUID]] = {}
    for list_name, key in (("hazards", "id"), ("reviews", "hazard")):
        for each in body[list_name]:
            for photo in each["photos"]:
                shows.setdefault(photo, []).append(each[key])
    return shows
