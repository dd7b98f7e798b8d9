"""Whose photo it is: each app says how its records are seen, and a photo is seen with its record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from evidence.models import Photo
from evidence.rules import Scene

OWNERS: dict[str, Callable[[Any], QuerySet]] = {}
SCENES: dict[str, Callable[[UUID], Scene]] = {}


def owns_photos(kind: str) -> Callable[[Callable[[Any], QuerySet]], Callable[[Any], QuerySet]]:
    """Declared in an app's `owners.py`: `@owns_photos("inspection") def rows(user): return Inspection.objects.visible_to(user)`."""

    def declare(rows: Callable[[Any], QuerySet]) -> Callable[[Any], QuerySet]:
        OWNERS[kind] = rows
        return rows

    return declare


def tells_scene(kind: str) -> Callable[[Callable[[UUID], Scene]], Callable[[UUID], Scene]]:
    """Declared beside it: `@tells_scene("inspection") def scene(inspection_id): return Scene(…)`, as the phone told it."""

    def declare(scene: Callable[[UUID], Scene]) -> Callable[[UUID], Scene]:
        SCENES[kind] = scene
        return scene

    return declare


def scene_of(photo: Photo) -> Scene:
    """When and where its record was made; empty for records that say nothing of it."""
    return SCENES[photo.owner_kind](photo.owner_id) if photo.owner_kind in SCENES else Scene()


def may_see(user: Any, photo: Photo) -> bool:
    """With its record, or with a hazard that it shows (a visit's photo, one handed over to another department). The person who declared
    it always may: a transfer never hides one's own evidence."""
    if photo.declared_by == user.pk:
        return True
    return _sees(user, photo.owner_kind, [photo.owner_id]) or _sees(user, "hazard", photo.subjects)


def _sees(user: Any, kind: str, keys: list) -> bool:
    rows = OWNERS.get(kind)
    return bool(rows and keys and rows(user).filter(pk__in=keys).exists())
