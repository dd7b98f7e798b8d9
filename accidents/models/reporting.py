"""The clock of a report: who notified whom by when, who took it, what was reminded, what was found wrong with it."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accidents import rules
from accidents.choices import LEG_ENDS, Caller, LegState, WrongReportKind
from accidents.models.accidents import Accident, AccidentReport, Authored, unit
from accidents.querysets import FindingQuerySet, LegQuerySet
from reference.terms import Channel, ReportLevel, Stage


class Call(Authored):
    """接报记录: a telephone call and who took it. The telephone is the legal first report."""

    accident = models.ForeignKey(Accident, models.PROTECT, related_name="calls")
    statement = models.OneToOneField(AccidentReport, models.PROTECT, related_name="call", null=True)
    caller = models.CharField("来电方", max_length=12, choices=Caller)
    caller_name = models.CharField("来电人", max_length=60, blank=True)
    caller_phone = models.CharField("来电号码", max_length=20, blank=True)
    received_at = models.DateTimeField("接报时间")
    level = models.CharField("接报层级", max_length=12, choices=ReportLevel)

    class Meta:
        db_table = "zero_accident_call"
        verbose_name = verbose_name_plural = "接报记录"
        constraints = [
            models.CheckConstraint(condition=Q(caller__in=Caller.values), name="call_caller_is_known"),
            models.CheckConstraint(condition=Q(level__in=ReportLevel.values), name="call_level_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.accident_id} {self.get_caller_display()} {self.received_at:%F %R}"


class ReportLeg(Authored):
    """报告环节: when `level` was notified, by when it had to notify `to`, and when it did.

    `warning`: a local limit that reminds and is never 迟报. `presumed`: nobody has said when the level was notified, so
    the accident's own time stands for it. One that is owed no longer is void, never deleted. `taken_from`: the leg of
    a duplicate that sent it (`before`: what stood here until then).
    """

    accident = models.ForeignKey(Accident, models.PROTECT, related_name="legs")
    code = models.CharField("环节", max_length=3, default="R2", db_default="R2")
    level = models.CharField("报告方", max_length=12, choices=ReportLevel)
    to = models.CharField("接收方", max_length=12, choices=LEG_ENDS, blank=True, default="", db_default="")
    warning = models.BooleanField("只作提醒", default=False, db_default=False)
    wanted = models.CharField("要求的方式", max_length=10, choices=Channel, blank=True, default="", db_default="")
    presumed = models.BooleanField("起算时间为推定", default=False, db_default=False)
    received_at = models.DateTimeField("知悉时间")
    due_at = models.DateTimeField("应报时限")
    sent_at = models.DateTimeField("上报时间", null=True)
    channel = models.CharField("方式", max_length=10, choices=Channel, blank=True)
    told_to = models.CharField("接报人", max_length=60, blank=True, default="", db_default="")
    note = models.CharField("说明", max_length=200, blank=True)
    void_at = models.DateTimeField("不再需要的时间", null=True)
    void_reason = models.CharField("不再需要的原因", max_length=100, blank=True, default="", db_default="")
    taken_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    before = models.JSONField(null=True)

    objects = LegQuerySet.as_manager()

    class Meta:
        db_table = "zero_accident_report_leg"
        verbose_name = verbose_name_plural = "报告环节"
        indexes = [
            models.Index(fields=["due_at", "id"], name="leg_open_by_due", condition=Q(sent_at=None, void_at=None))
        ]
        constraints = [
            models.CheckConstraint(condition=Q(level__in=ReportLevel.values), name="report_leg_level_is_known"),
            models.UniqueConstraint(
                fields=["accident", "code", "level", "to"],
                condition=Q(void_at=None) & (~Q(code="R5") | Q(sent_at=None)) & ~Q(to=""),
                name="report_leg_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.accident_id} {self.code} {self.get_level_display()}"

    @property
    def late(self) -> bool | None:
        """迟报; None while nothing was sent."""
        return rules.is_late(self.due_at, self.sent_at) if self.sent_at else None

    @property
    def minutes_late(self) -> int | None:
        """Begun minutes after the limit; 0 when in time."""
        return max(0, -((self.due_at - self.sent_at).total_seconds() // 60)) if self.sent_at else None  # type: ignore[return-value]

    def state(self, at: datetime) -> LegState:
        if self.void_at:
            return LegState.VOID
        if self.sent_at:
            return LegState.LATE if self.late else LegState.IN_TIME
        return LegState.OVERDUE if rules.is_late(self.due_at, at) else LegState.OPEN


class Receipt(Authored):
    """签收: a person at the level that was notified has read it; `person` when somebody else writes it down for them."""

    leg = models.ForeignKey(ReportLeg, models.PROTECT, related_name="receipts")
    received_at = models.DateTimeField("签收时间", db_default=Now())
    person = models.CharField("签收人", max_length=60)

    class Meta:
        db_table = "zero_accident_receipt"
        verbose_name = verbose_name_plural = "签收"

    def __str__(self) -> str:
        return f"{self.leg_id} {self.person}"


class Reminder(models.Model):
    """提醒 of before the inbox. The release before this one still writes here while this one starts; the database puts each row
    into the inbox, where alone it is read. The table goes a release later.
    """

    leg = models.ForeignKey(ReportLeg, models.PROTECT, related_name="reminders")
    stage = models.CharField("阶段", max_length=10, choices=Stage)
    roles = ArrayField(models.CharField(max_length=30), verbose_name="提醒岗位")
    made_at = models.DateTimeField("提醒时间")
    seen_at = models.DateTimeField("阅知时间", null=True)
    seen_by = models.UUIDField("阅知人", null=True)
    seen_name = models.CharField("阅知人姓名", max_length=60, blank=True, default="")

    class Meta:
        db_table = "zero_accident_reminder"
        verbose_name = verbose_name_plural = "报告提醒"
        indexes = [models.Index(fields=["-made_at", "-id"], name="report_reminder_newest")]
        constraints = [
            models.UniqueConstraint(fields=["leg", "stage"], name="reminder_once_a_stage"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="reminder_stage_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.leg_id} {self.get_stage_display()}"


class Finding(Authored):
    """违规报告认定: late, omitted, false, concealed or mistaken, found by people on evidence. Appended only: a finding
    is taken back by a new one that `revokes` it. `fact`: what was stated about the unit because of it.
    """

    accident = models.ForeignKey(Accident, models.PROTECT, related_name="findings")
    kind = models.CharField("情形", max_length=10, choices=WrongReportKind)
    level = models.CharField("责任方", max_length=12, choices=ReportLevel)
    enterprise = unit(null=True, db_index=False)
    evidence = models.CharField("事实和证据", max_length=2000)
    document = models.CharField("文书", max_length=200)
    approved_by = models.CharField("批准", max_length=100)
    decided_on = models.DateField("认定日")
    fact = models.UUIDField("单位事实", null=True)
    revokes = models.OneToOneField("self", models.PROTECT, null=True, related_name="revoked_by", verbose_name="撤销")

    objects = FindingQuerySet.as_manager()

    class Meta:
        db_table = "zero_accident_finding"
        verbose_name = verbose_name_plural = "违规报告认定"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=WrongReportKind.values), name="finding_kind_is_known"),
            models.CheckConstraint(
                condition=~Q(evidence="") & ~Q(document="") & ~Q(approved_by=""), name="finding_on_evidence_and_paper"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.accident_id} {self.get_kind_display()}"
