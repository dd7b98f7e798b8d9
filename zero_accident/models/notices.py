"""What townships were notified of before the inbox."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from safety_api.stamps import Stamped
from zero_accident.choices import NoticeKind


class TownshipNotice(Stamped):
    """成绩变化通知 of before the inbox. The release before this one still writes here while this one starts; the database puts each
    row into the inbox, where alone it is read. The table goes a release later.
    """

    trail_kind = "zero_accident.standingnotice"

    township = models.CharField("乡镇", max_length=12)
    policy = models.CharField("口径", max_length=30)
    year = models.PositiveSmallIntegerField("年度")
    revision = models.PositiveIntegerField("修订号")
    kind = models.CharField("事项", max_length=20, choices=NoticeKind)
    better = models.BooleanField("好转", null=True)  # None: neither
    rank_before = models.PositiveIntegerField("原名次", null=True)
    rank_after = models.PositiveIntegerField("现名次", null=True)
    sentence = models.CharField("通知", max_length=1000)
    made_at = models.DateTimeField("时间")
    seen_at = models.DateTimeField("阅知时间", null=True)
    seen_by = models.UUIDField("阅知人", null=True)
    seen_name = models.CharField("阅知人姓名", max_length=60, blank=True, default="", db_default="")

    class Meta:
        db_table = "zero_accident_notice"
        verbose_name = verbose_name_plural = "成绩变化通知"
        indexes = [models.Index(fields=["township", "-id"], name="notice_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "year", "revision", "township", "kind"], name="notice_once_a_revision"
            ),
            models.CheckConstraint(condition=Q(kind__in=NoticeKind.values), name="notice_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.township} {self.get_kind_display()}"
