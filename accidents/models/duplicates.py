"""The same accident reported by several people."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from accidents.choices import DuplicateState
from accidents.models.accidents import Accident
from accidents.querysets import DuplicateQuerySet
from safety_api.known import KnownQuerySet


class DuplicatePair(models.Model):
    """疑似同一起: proposed by place and time, answered by a person. `first` was received first.

    `metres` is null when only the place's code was reported. `stays`: which of the two the other was joined to.
    """

    first = models.ForeignKey(Accident, models.PROTECT, related_name="pairs_first")
    second = models.ForeignKey(Accident, models.PROTECT, related_name="pairs_second")
    metres = models.PositiveIntegerField("相距（米）", null=True)
    minutes = models.PositiveIntegerField("相差（分钟）")
    proposed_at = models.DateTimeField("提出时间", db_default=Now())
    state = models.CharField("状态", max_length=10, choices=DuplicateState, default=DuplicateState.PROPOSED)
    stays = models.ForeignKey(Accident, models.PROTECT, null=True, related_name="+", verbose_name="保留的记录")
    reason = models.CharField("理由", max_length=1000, blank=True)
    by_id = models.UUIDField("处理人", null=True)
    by_name = models.CharField("处理人姓名", max_length=60, blank=True)
    answered_at = models.DateTimeField("处理时间", null=True)

    objects = DuplicateQuerySet.as_manager()

    class Meta:
        db_table = "zero_accident_twin"
        verbose_name = verbose_name_plural = "疑似同一起事故"
        indexes = [models.Index(fields=["-id"], name="twin_proposed", condition=Q(state=DuplicateState.PROPOSED))]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="twin_pair_once"),
            models.CheckConstraint(condition=~Q(first=F("second")), name="twin_pair_of_two"),
            models.CheckConstraint(condition=Q(state__in=DuplicateState.values), name="twin_state_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id} {self.get_state_display()}"


class Joining(models.Model):
    """并入: the record was held to be the same accident as `stays`, as we knew in [known_from, known_to)."""

    accident = models.ForeignKey(Accident, models.PROTECT, related_name="joinings", verbose_name="并入的记录")
    stays = models.ForeignKey(Accident, models.PROTECT, related_name="+", verbose_name="保留的记录")
    known_from = models.DateTimeField("知悉自", db_default=Now())
    known_to = models.DateTimeField("知悉至", null=True)

    objects = KnownQuerySet.as_manager()

    class Meta:
        db_table = "zero_accident_joining"
        verbose_name = verbose_name_plural = "并入"
        constraints = [
            models.UniqueConstraint(fields=["accident"], condition=Q(known_to=None), name="joining_one_in_force"),
        ]

    def __str__(self) -> str:
        return f"{self.accident_id} → {self.stays_id}"
