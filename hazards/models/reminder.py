"""时钟 How far the clock has gone; and its reminders of before the inbox."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import User
from hazards.clocks import Audience
from hazards.models.hazard import Hazard
from reference.terms import Rung
from safety_api.stamps import Stamped


class Reminder(Stamped):
    """提醒 of before the inbox. The release before this one still writes here while this one starts; the database puts each row
    into the inbox, where alone it is read. The table goes a release later.
    """

    id = models.BigAutoField(primary_key=True)
    hazard = models.ForeignKey(Hazard, models.CASCADE, related_name="reminders", verbose_name="隐患", db_index=False)
    kind = models.CharField("种类", max_length=40)
    name = models.CharField("名称", max_length=20)  # as the table called it on that day
    level = models.CharField("层级", max_length=10, choices=Rung.choices)
    audience = models.CharField("对象", max_length=20, choices=Audience.choices)
    for_day = models.DateField("提醒日")
    deadline = models.DateField("期限")
    region_code = models.CharField("行政区划", max_length=12)
    sector = models.ForeignKey("reference.Sector", models.PROTECT, verbose_name="行业领域", db_index=False)
    department = models.ForeignKey(
        "reference.Department", models.PROTECT, null=True, verbose_name="主管部门", db_index=False
    )
    enterprise = models.ForeignKey(
        "enterprises.Enterprise", models.PROTECT, null=True, verbose_name="单位", db_index=False
    )
    made_at = models.DateTimeField("生成时间", db_default=Now())

    class Meta:
        db_table = "hazards_reminder"
        verbose_name = verbose_name_plural = "提醒"
        indexes = [
            models.Index(fields=["audience", "-for_day", "-id"], name="reminder_newest"),
            models.Index(fields=["region_code", "-for_day", "-id"], name="reminder_place"),
            models.Index(
                fields=["enterprise", "-for_day", "-id"], name="reminder_unit", condition=Q(audience=Audience.UNIT)
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["hazard", "kind", "level", "for_day"], name="reminder_once_a_day"),
            models.CheckConstraint(condition=Q(level__in=Rung.values), name="reminder_level_is_known"),
            models.CheckConstraint(condition=Q(audience__in=Audience.values), name="reminder_audience_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.for_day} {self.name}"


class ReminderSeen(Stamped):
    """已阅 of before the inbox; as `Reminder`."""

    id = models.BigAutoField(primary_key=True)
    reminder = models.ForeignKey(Reminder, models.CASCADE, related_name="seen_by", db_index=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="人员", db_index=False)
    seen_at = models.DateTimeField("阅知时间", db_default=Now())

    class Meta:
        db_table = "hazards_reminder_seen"
        verbose_name = verbose_name_plural = "提醒已阅"
        constraints = [models.UniqueConstraint(fields=["reminder", "user"], name="reminder_seen_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.reminder_id}"


class ClockTurn(models.Model):
    """The last day that the clock has finished, in one row; `so_far` counts what is done of the day in work."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    last_day = models.DateField("已走到", null=True)
    turned_at = models.DateTimeField("时间", null=True)
    so_far = models.JSONField(default=dict, db_default={})

    class Meta:
        db_table = "hazards_clock_turn"
        verbose_name = verbose_name_plural = "时钟"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="clock_turn_is_one_row")]

    def __str__(self) -> str:
        return str(self.last_day)
