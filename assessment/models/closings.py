"""定稿: one county's month, or its year, as it was published; a row a revision."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from assessment.closings.querysets import ClosingQuerySet
from safety_api.days import month_end
from safety_api.stamps import Stamped


class ClosingState(models.TextChoices):
    OPEN = "open", "待核对"
    SIGNED = "signed", "已签发"
    FROZEN = "frozen", "已冻结"


class Closing(Stamped):
    """`month` 0 is the whole year. `number` is the revision, from 1; every later one has its reason.

    `content` is what was signed (RFC 8785 text has the digest `content_sha256`): empty while open, fixed from the
    signature on. A frozen row is never changed (a trigger sees to it).
    """

    region_code = models.CharField("县", max_length=12)
    year = models.PositiveSmallIntegerField("年度")
    month = models.PositiveSmallIntegerField("月份")
    number = models.PositiveIntegerField("修订号")
    state = models.CharField("状态", max_length=10, choices=ClosingState, default=ClosingState.OPEN)
    reason = models.CharField("修订原因", max_length=1000, blank=True, default="")
    opened_at = models.DateTimeField("开始核对", db_default=Now())
    opened_by = models.UUIDField("发起人", null=True)  # null: the task of the first of the month
    opened_name = models.CharField("发起人姓名", max_length=60, blank=True, default="")
    content = models.JSONField("内容", default=dict)
    content_sha256 = models.CharField("内容摘要", max_length=64, blank=True, default="")
    known_at = models.DateTimeField("按此时所知", null=True)
    signed_by = models.UUIDField("签发人", null=True)
    signed_name = models.CharField("签发人姓名", max_length=60, blank=True, default="")
    signed_at = models.DateTimeField("签发时间", null=True)
    frozen_by = models.UUIDField("冻结人", null=True)
    frozen_name = models.CharField("冻结人姓名", max_length=60, blank=True, default="")
    frozen_at = models.DateTimeField("冻结时间", null=True)

    objects = ClosingQuerySet.as_manager()

    class Meta:
        db_table = "assessment_closing"
        verbose_name = verbose_name_plural = "定稿"
        constraints = [
            models.UniqueConstraint(fields=["region_code", "year", "month", "number"], name="closing_revision_once"),
            models.UniqueConstraint(
                fields=["region_code", "year", "month"],
                condition=~Q(state=ClosingState.FROZEN),
                name="closing_one_in_work",
            ),
            models.CheckConstraint(condition=Q(state__in=ClosingState.values), name="closing_state_is_known"),
            models.CheckConstraint(condition=Q(month__lte=12), name="closing_month_is_one"),
            models.CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="closing_revision_has_its_reason"),
            models.CheckConstraint(
                condition=Q(state=ClosingState.OPEN, signed_at=None)
                | Q(signed_at__isnull=False) & ~Q(content_sha256=""),
                name="closing_signed_with_its_content",
            ),
            models.CheckConstraint(
                condition=~Q(state=ClosingState.FROZEN) | Q(frozen_at__isnull=False), name="closing_frozen_when"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period_name}定稿（第{self.number}次）"

    @property
    def period_name(self) -> str:
        return f"{self.year}年{self.month}月" if self.month else f"{self.year}年度"

    @property
    def published(self) -> bool:
        return self.state == ClosingState.FROZEN

    @property
    def months(self) -> range:
        """The months it is about: its own one, or all of the year."""
        return range(self.month, self.month + 1) if self.month else range(1, 13)

    @property
    def first_day(self) -> date:
        return date(self.year, self.month or 1, 1)

    @property
    def last_day(self) -> date:
        """The facts up to this day, inclusive, in Asia/Shanghai."""
        return month_end(date(self.year, self.month or 12, 1))
