"""提醒 Whom the clock reminded of what, when; and how far the clock has gone."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now

from accounts.jurisdiction import department_of
from accounts.models import User
from hazards.clocks import OF_DEPARTMENTS, Audience, audiences_of
from hazards.models.hazard import Hazard
from reference.terms import Rung
from safety_api.permissions import scope_of
from safety_api.stamps import Stamped

SHOWN = (
    "id", "kind", "name", "level", "for_day", "deadline", "made_at", "region_code", "sector_id", "department_id", "enterprise_id",
    "hazard_id", "hazard_state", "hazard_level", "description", "place", "enterprise_name", "seen",
)  # fmt: skip


class ReminderQuerySet(models.QuerySet):
    def mine(self, user: Any) -> ReminderQuerySet:
        """What this person is reminded of by post and jurisdiction, of a department's only that of the own one."""
        heard, own = Q(audience__in=sorted(audiences_of(user))), department_of(user)
        if own:
            heard &= ~Q(audience__in=sorted(OF_DEPARTMENTS)) | Q(department=None) | Q(department=own)
        return self.filter(heard, scope_of(user))

    def with_seen(self, user: Any) -> ReminderQuerySet:
        return self.annotate(seen=Exists(ReminderSeen.objects.filter(reminder=OuterRef("pk"), user=user.pk)))

    def as_rows(self) -> models.QuerySet:
        """Named tuples with what a list shows of the hazard and its unit."""
        of_hazard = {name: F(f"hazard__{name}") for name in ("description", "place")}
        named = {"hazard_state": F("hazard__state"), "hazard_level": F("hazard__level"), **of_hazard}
        return self.annotate(**named, enterprise_name=F("hazard__enterprise__name")).values_list(*SHOWN, named=True)


class Reminder(Stamped):
    """提醒: of one hazard, of one kind, to one rung, on one day. `deadline` is the date it speaks of.

    The place, sector, department and unit are those of the hazard on that day; who holds the post then is not written down.
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

    objects = ReminderQuerySet.as_manager()

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
    """已阅: that a person saw a reminder, and when first."""

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
