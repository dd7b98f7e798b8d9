"""更正 A record that was entered wrongly: the row says what holds, a line beside it what it said before, by whom it was changed and why.

What a phone sent keeps its fingerprint: its untouched original is still the same record.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Now

from safety_api.actors import Actor


class Correction(models.Model):
    """Abstract. `before` and `after` hold the columns that changed, and only those."""

    id = models.BigAutoField(primary_key=True)
    reason = models.CharField("理由", max_length=1000)
    before = models.JSONField("原记", encoder=DjangoJSONEncoder)
    after = models.JSONField("更正为", encoder=DjangoJSONEncoder)
    made_at = models.DateTimeField("更正时间", db_default=Now())
    by_id = models.UUIDField("更正人")
    by_name = models.CharField("更正人姓名", max_length=60)
    by_role = models.CharField("更正人岗位", max_length=30)

    class Meta:
        abstract = True


def author_of(by: Actor) -> dict[str, Any]:
    return {"by_id": by.pk, "by_name": by.name, "by_role": by.role}


def differing(row: Any, columns: Mapping[str, Any]) -> dict[str, Any]:
    """Of these columns those whose value is another than the row's."""
    return {name: value for name, value in columns.items() if getattr(row, name) != value}


def plain(row: Any, names: Any) -> dict[str, Any]:
    """The row's values as JSON keeps them; a point as its text."""
    values = {name: getattr(row, name) for name in names}
    return {name: value.ewkt if hasattr(value, "ewkt") else value for name, value in values.items()}
