"""Approved changes of attribution."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accidents.models.accidents import Accident, unit
from safety_api.known import KnownQuerySet
from zero_accident.choices import Charged, Effect


class AttributionOverride(models.Model):
    """认定变更: this village or unit is charged after all, or is not; on paper, approved, as we knew in [known_from,
    known_to).
    """

    accident = models.ForeignKey(Accident, models.PROTECT, related_name="overrides")
    subject = models.CharField("对象", max_length=10, choices=Charged)
    village = models.CharField("村代码", max_length=12, blank=True)
    enterprise = unit(null=True, db_index=False)
    effect = models.CharField("计入与否", max_length=10, choices=Effect)
    reason = models.CharField("理由", max_length=1000)
    document = models.CharField("文书", max_length=200)
    approved_by = models.CharField("批准", max_length=100)
    held_on = models.DateField("批准日")
    by_id = models.UUIDField("登记人", null=True)
    known_from = models.DateTimeField("知悉自", db_default=Now())
    known_to = models.DateTimeField("知悉至", null=True)

    objects = KnownQuerySet.as_manager()

    class Meta:
        db_table = "zero_accident_override"
        verbose_name = verbose_name_plural = "认定变更"
        constraints = [
            models.UniqueConstraint(
                fields=["accident", "subject", "village", "enterprise"],
                condition=Q(known_to=None),
                nulls_distinct=False,
                name="override_one_in_force",
            ),
            models.CheckConstraint(
                name="override_names_its_subject",
                condition=Q(subject=Charged.VILLAGE, enterprise=None) & ~Q(village="")
                | Q(subject=Charged.UNIT, village="", enterprise__isnull=False)
                | Q(subject=Charged.ACCIDENT, village="", enterprise=None, effect=Effect.EXCLUDE),
            ),
            models.CheckConstraint(
                name="override_on_paper", condition=~Q(reason="") & ~Q(document="") & ~Q(approved_by="")
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.accident_id} {self.subject} {self.effect}"
