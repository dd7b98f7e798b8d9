"""疑似重复 Two records that may be one, proposed by the worker and answered by a person: the table that hazards and visits have in common.

Accidents weigh casualties and legs besides and have a room of their own (`accidents/duplicates`).
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.functions import Now


class PairState(models.TextChoices):
    PROPOSED = "proposed", "待判断"
    JOINED = "joined", "已并入"
    DISMISSED = "dismissed", "不是同一条"
    SEPARATED = "separated", "已撤销合并"


class PairQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> PairQuerySet:
        """Only when both records are the person's to see."""
        model: Any = self.model._meta.get_field("first").related_model
        records = model.objects.visible_to(user)
        return self.filter(first__in=records, second__in=records)

    def of(self, key: Any) -> PairQuerySet:
        return self.filter(models.Q(first=key) | models.Q(second=key))


class Pair(models.Model):
    """Abstract: a table has `first` (received first), `second` and `stays`, to which the other was joined."""

    proposed_at = models.DateTimeField("提出时间", db_default=Now())
    state = models.CharField("状态", max_length=10, choices=PairState, default=PairState.PROPOSED)
    reason = models.CharField("理由", max_length=1000, blank=True)
    by_id = models.UUIDField("处理人", null=True)
    by_name = models.CharField("处理人姓名", max_length=60, blank=True)
    answered_at = models.DateTimeField("处理时间", null=True)

    objects = PairQuerySet.as_manager()

    first: Any
    second: Any

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id} {self.get_state_display()}"  # type: ignore[attr-defined]
