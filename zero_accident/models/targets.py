"""Targets that a county sets itself."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from reference.terms import Subject
from safety_api.known import KnownQuerySet
from safety_api.stamps import Stamped


class Target(Stamped):
    """目标: what a county, or a township in it, set itself for a year on paper; as we knew in [known_from, known_to)."""

    year = models.PositiveSmallIntegerField("年度")
    region_code = models.CharField("县或乡镇", max_length=12)
    subject = models.CharField("对象", max_length=10, choices=Subject)
    percent = models.DecimalField("目标（%）", max_digits=5, decimal_places=2)
    document = models.CharField("文书", max_length=200)
    approved_by = models.CharField("批准", max_length=100)
    by_id = models.UUIDField("登记人", null=True)
    by_name = models.CharField("登记人姓名", max_length=60)
    known_from = models.DateTimeField("知悉自", db_default=Now())
    known_to = models.DateTimeField("知悉至", null=True)

    objects = KnownQuerySet.as_manager()

    class Meta:
        db_table = "zero_accident_target"
        verbose_name = verbose_name_plural = "零事故目标"
        constraints = [
            models.UniqueConstraint(
                fields=["year", "region_code", "subject"], condition=Q(known_to=None), name="target_one_in_force"
            ),
            models.CheckConstraint(condition=Q(percent__range=(0, 100)), name="target_is_a_percentage"),
            models.CheckConstraint(condition=~Q(document="") & ~Q(approved_by=""), name="target_on_paper"),
            models.CheckConstraint(condition=Q(subject__in=Subject.values), name="target_subject_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.region_code} {self.get_subject_display()} {self.percent}%"
