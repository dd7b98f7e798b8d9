"""Whose photo it is: each app says how its records are seen, and a photo is seen with its record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from evidence.models import Photo

OWNERS: dict[str, Callable[[Any], QuerySet]] = {}


def owns_photos(kind: str) -> Callable[[Callable[[Any], QuerySet]], Callable[[Any], QuerySet]]:
    """Declared in an app's `owners.py`: `@owns_photos("inspection") def rows(user): return Inspection.objects.visible_to(user)`."""

    def declare(rows: Callable[[Any], QuerySet]) -> Callable[[Any], QuerySet]:
        OWNERS[kind] = rows
        return rows

    return declare


def may_see(user: Any, photo: Photo) -> bool:
    """The person who declared it always may: a transfer never hides one's own evidence."""
    if photo.declared_by == user.pk:
        return True
    rows = OWNERS.get(photo.owner_kind)
    return bool(rows and rows(user).filter(pk=photo.owner_id).exists())
