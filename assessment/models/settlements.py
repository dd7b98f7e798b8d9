"""比对认定: what a person decided of a row of theirs, or of an accident of ours that they do not list."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from assessment.closings.reconciliation.querysets import SettlementQuerySet
from assessment.closings.words import SettlementKind
from safety_api.stamps import Stamped


class Settlement(Stamped):
    """What a person decided of a row, known by the source's own number and so valid over editions; or of an accident
    of ours that the source does not list (`external_number` is empty then).

    It holds while the row still says `theirs`; `accepted`: both differ, and stand so with the reason. A decision is
    replaced by another: the old one has `ended_at`.
    """

    region_code = models.CharField("县", max_length=12)
    source = models.CharField("来源", max_length=40)
    year = models.PositiveSmallIntegerField("年度")
    month = models.PositiveSmallIntegerField("月份")
    kind = models.CharField("认定", max_length=12, choices=SettlementKind)
    external_number = models.CharField("对方编号", max_length=60, blank=True, default="")
    accident = models.ForeignKey(
        "accidents.Accident", models.PROTECT, null=True, related_name="+", verbose_name="事故"
    )
    theirs = models.JSONField("对方数字", default=dict)
    ours = models.JSONField("我方数字", default=dict)
    accepted = models.BooleanField("差异已说明", default=False)
    reason = models.CharField("理由", max_length=1000, blank=True, default="")
    made_at = models.DateTimeField("时间", db_default=Now())
    by_id = models.UUIDField("认定人")
    by_name = models.CharField("认定人姓名", max_length=60)
    ended_at = models.DateTimeField("失效时间", null=True)

    objects = SettlementQuerySet.as_manager()

    class Meta:
        db_table = "assessment_settlement"
        verbose_name = verbose_name_plural = "比对认定"
        indexes = [models.Index(fields=["region_code", "year", "month"], name="settlement_of_month")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=SettlementKind.values), name="settlement_kind_is_known"),
            models.UniqueConstraint(
                fields=["region_code", "source", "year", "month", "external_number"],
                condition=Q(ended_at=None) & ~Q(external_number=""),
                name="settlement_one_a_row",
            ),
            models.UniqueConstraint(
                fields=["region_code", "source", "accident"],
                condition=Q(ended_at=None, accident__isnull=False),
                name="settlement_one_an_accident",
            ),
            models.CheckConstraint(
                condition=Q(kind=SettlementKind.SET_ASIDE, accident=None)
                | ~Q(kind=SettlementKind.SET_ASIDE) & Q(accident__isnull=False),
                name="settlement_names_its_accident",
            ),
            models.CheckConstraint(
                condition=Q(kind=SettlementKind.UNLISTED, external_number="")
                | ~Q(kind=SettlementKind.UNLISTED) & ~Q(external_number=""),
                name="settlement_names_its_row",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[SettlementKind.MATCHED, SettlementKind.CREATED], accepted=False) | ~Q(reason=""),
                name="settlement_has_its_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.external_number or self.accident_id}"
