"""隐患数字 What each hazard counts for, and the sums a month: kept, and equal to a rebuild (hazards/figures)."""

from __future__ import annotations

from django.db import models

from hazards.models.hazard import Hazard
from hazards.states import Origin
from reference.terms import HazardLevel
from safety_api.stamps import Stamped

KEY = ("month", "township", "sector", "department", "level", "origin")
COUNTS = (
    "found", "confirmed", "cleared", "closed", "days", "ended", "due", "on_time", "lapsed", "regained",
)  # fmt: skip


class Counted(models.Model):
    """One hazard as the figures see it: keys and days (Asia/Shanghai). Void, transferred and draft ones have no row.

    `fell_due_on` is the first deadline missed, else the deadline in force; null where missing it is nobody's failure.
    `late_…` is when the deadline in force was missed and until when (not included), `earlier_late_…` the same of those before it.
    """

    hazard = models.OneToOneField(Hazard, models.CASCADE, primary_key=True, related_name="counted", verbose_name="隐患")
    township = models.CharField("乡镇", max_length=9)
    sector = models.CharField("行业领域", max_length=30)
    department = models.CharField("主管部门", max_length=30, blank=True)
    level = models.CharField("级别", max_length=10, choices=HazardLevel.choices)
    origin = models.CharField("来源", max_length=12, choices=Origin.choices)
    found_on = models.DateField("发现日")
    confirmed_on = models.DateField("确认日", null=True)
    closed_on = models.DateField("销号日", null=True)
    ended_on = models.DateField("了结日", null=True)
    due_on = models.DateField("现行期限", null=True)
    fell_due_on = models.DateField("到期日", null=True)
    on_time = models.BooleanField("按期")
    late_from = models.DateField("逾期自", null=True)
    late_to = models.DateField("逾期至（不含）", null=True)
    earlier_late_from = models.DateField("此前逾期自", null=True)
    earlier_late_to = models.DateField("此前逾期至（不含）", null=True)

    class Meta:
        db_table = "hazards_counted"
        verbose_name = verbose_name_plural = "隐患计数"
        indexes = [
            models.Index(fields=["township", "fell_due_on"], name="counted_due"),
            models.Index(fields=["township", "confirmed_on"], name="counted_confirmed"),
            models.Index(fields=["township", "ended_on"], name="counted_ended"),
            models.Index(
                fields=["due_on", "township"], name="counted_ahead"
            ),  # deadlines still to come: a month's at most are read
        ]

    def __str__(self) -> str:
        return f"{self.township} {self.sector} {self.found_on}"


class Figure(Stamped):
    """月度隐患数字: a row a month, township, sector, department, level and origin in which anything happened.

    What is open or overdue at the end of a month is the sum of all months until then: found − ended, lapsed − regained.
    """

    id = models.BigAutoField(primary_key=True)
    month = models.DateField("月份")  # its first day
    township = models.CharField("乡镇", max_length=9)
    sector = models.CharField("行业领域", max_length=30)
    department = models.CharField("主管部门", max_length=30, blank=True)
    level = models.CharField("级别", max_length=10, choices=HazardLevel.choices)
    origin = models.CharField("来源", max_length=12, choices=Origin.choices)
    found = models.IntegerField("发现", default=0)
    confirmed = models.IntegerField("确认", default=0)
    cleared = models.IntegerField("确认且已销号", default=0)
    closed = models.IntegerField("销号", default=0)
    days = models.IntegerField("销号用时（天）", default=0)
    ended = models.IntegerField("了结", default=0)
    due = models.IntegerField("到期", default=0)
    on_time = models.IntegerField("按期", default=0)
    lapsed = models.IntegerField("转为逾期", default=0)
    regained = models.IntegerField("不再逾期", default=0)

    class Meta:
        db_table = "hazards_figure"
        verbose_name = verbose_name_plural = "月度隐患数字"
        constraints = [
            models.UniqueConstraint(
                fields=["township", "month", "sector", "department", "level", "origin"], name="figure_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.township} {self.sector}"
