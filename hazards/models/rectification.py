"""整改 The unit's plan, and requests for more time: records of their own that never rewrite the past."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models.functions import Now

from hazards.models.hazard import Hazard


class Plan(models.Model):
    """五落实: person, measures, money, time (the hazard's deadline), emergency plan. The last one stated; earlier ones stand in the steps."""

    hazard = models.OneToOneField(Hazard, models.CASCADE, primary_key=True, related_name="plan", verbose_name="隐患")
    responsible_person = models.CharField("责任人", max_length=60)
    measures = models.CharField("措施", max_length=2000)
    funds_yuan = models.DecimalField("资金（元）", max_digits=14, decimal_places=2, null=True)
    emergency_plan = models.CharField("应急预案", max_length=2000, blank=True)
    stated_at = models.DateTimeField("填写时间", db_default=Now())
    stated_by = models.UUIDField("填写人")

    class Meta:
        db_table = "hazards_plan"
        verbose_name = verbose_name_plural = "整改方案"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(funds_yuan__isnull=True) | models.Q(funds_yuan__gte=0),
                name="plan_funds_not_negative",
            )
        ]

    def __str__(self) -> str:
        return self.responsible_person


class Extension(models.Model):
    """延期. While it is asked for the old deadline holds; granted late, it clears no overdue past (DOMAIN §3.7)."""

    class Answer(models.TextChoices):
        ASKED = "asked", "待批"
        GRANTED = "granted", "同意"
        DENIED = "denied", "不同意"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    hazard = models.ForeignKey(Hazard, models.CASCADE, related_name="extensions", verbose_name="隐患")
    reason = models.CharField("理由", max_length=2000)
    interim_measures = models.CharField("期间防范措施", max_length=2000)
    old_due_on = models.DateField("原期限")
    new_due_on = models.DateField("申请延至")
    asked_at = models.DateTimeField("申请时间", db_default=Now())
    asked_by = models.UUIDField("申请人")
    asked_by_name = models.CharField("申请人姓名", max_length=60)
    for_unit = models.BooleanField(
        "代单位登记", default=False, db_default=False
    )  # of a unit without a principal's account
    applicant = models.CharField("单位申请人", max_length=60, blank=True, default="", db_default="")
    answer_due_on = models.DateField("答复期限")
    answer = models.CharField("答复", max_length=10, choices=Answer.choices, default=Answer.ASKED)
    answered_at = models.DateTimeField("答复时间", null=True)
    answered_by = models.UUIDField("答复人", null=True)
    answered_by_name = models.CharField("答复人姓名", max_length=60, blank=True)
    answer_note = models.CharField("答复意见", max_length=2000, blank=True)

    class Meta:
        db_table = "hazards_extension"
        verbose_name = verbose_name_plural = "延期申请"
        indexes = [models.Index(fields=["-asked_at", "id"], name="extension_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["hazard"], condition=models.Q(answer="asked"), name="extension_one_asked_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(new_due_on__gt=models.F("old_due_on")), name="extension_is_later"
            ),
            models.CheckConstraint(
                condition=models.Q(answer="asked") | models.Q(answered_at__isnull=False),
                name="extension_answer_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_due_on} → {self.new_due_on}"
