"""Writing rows whose ids a phone made: the database decides who came first, in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models, router
from django.db.models.constants import OnConflict


def insert_new(rows: Sequence[models.Model]) -> set[Any]:
    """INSERT … ON CONFLICT DO NOTHING RETURNING: the primary keys of the rows that were written; the others stood already.

    A racing insert of the same key waits for the first transaction's end. Fields without a value take the database's default.
    """
    if not rows:
        return set()
    model = type(rows[0])
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    written = model._base_manager._insert(  # type: ignore[attr-defined]  # what bulk_create uses; it alone cannot return what was new
        rows,
        fields=fields,
        returning_fields=[model._meta.pk],
        using=router.db_for_write(model),
        on_conflict=OnConflict.IGNORE,
    )
    return {row[0] for row in written if row}
