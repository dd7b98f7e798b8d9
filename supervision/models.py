"""Evaluations, never edited; where each unit stands; and what people decided about a class."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from reference.terms import Class
from safety_api.stamps import Stamped
from supervision.querysets import EvaluationQuerySet


class Step(models.TextChoices):
    """How the effective class came about."""

    FIRST = "first", "首次评定"
    DOWN = "down", "降级"
    UP = "up", "升级"
    KEPT = "kept", "保持"
    BACK = "back", "撤回降级"  # its ground has fallen away


def class_field(label: str, **options: Any) -> models.CharField:
    return models.CharField(label, max_length=1, choices=Class, **options)


def unit(related: str, **options: Any) -> Any:
    return models.ForeignKey(
        "enterprises.Enterprise", models.PROTECT, related_name=related, verbose_name="单位", db_index=False, **options
    )


class Evaluation(Stamped):
    """评定: what was computed for a day (`on`), as known at `made_at`, and what became of the class. Appended only."""

    enterprise = unit("evaluations")
    on = models.DateField("评定日")
    made_at = models.DateTimeField("评定时间", db_default=Now())
    scheme = models.CharField("方案", max_length=40)
    facts = models.JSONField("依据")  # the names of API.md, `supervision/what-if`
    answer = models.JSONField("结果")  # class, score, by_score, parts, caps, provisional, reasons
    computed = class_field("计算类别")
    score = models.DecimalField("得分", max_digits=4, decimal_places=1)
    d_reason = models.CharField("D类原因", max_length=20, blank=True)
    provisional = models.BooleanField("暂定")
    effective = class_field("执行类别")
    since = models.DateField("执行类别自")
    step = models.CharField("变动", max_length=5, choices=Step)
    reason = models.CharField("变动说明", max_length=200)
    fingerprint = models.CharField(max_length=32, editable=False)  # of what makes it another one than that before

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        db_table = "supervision_evaluation"
        verbose_name = verbose_name_plural = "分类评定"
        indexes = [models.Index(fields=["enterprise", "-on", "-id"], name="evaluation_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(computed__in=Class.values), name="evaluation_computed_is_known"),
            models.CheckConstraint(condition=Q(effective__in=Class.values), name="evaluation_effective_is_known"),
            models.CheckConstraint(condition=Q(since__lte=F("on")), name="evaluation_since_is_not_later"),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.on} {self.effective}"


class ManualClass(Stamped):
    """人工调整: the class the office goes by from `first` to `until` (its last day), instead of the effective one."""

    enterprise = unit("manual_classes")
    effective = class_field("调整为")
    first = models.DateField("自")
    until = models.DateField("至（含）")
    reason = models.CharField("理由", max_length=500)
    document = models.CharField("依据文书", max_length=200)
    lifts = models.JSONField("解除封顶的文书", default=list, db_default=[])  # [{cap, document, date}]
    approver_id = models.UUIDField("批准人编号")
    approver_name = models.CharField("批准人", max_length=60)
    made_at = models.DateTimeField("登记时间", db_default=Now())

    class Meta:
        db_table = "supervision_manual_class"
        verbose_name = verbose_name_plural = "人工调整类别"
        indexes = [models.Index(fields=["enterprise", "-id"], name="manual_class_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(effective__in=Class.values), name="manual_class_is_known"),
            models.CheckConstraint(condition=Q(first__lte=F("until")), name="manual_class_begins_before_it_ends"),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(document=""), name="manual_class_on_paper"),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.effective} {self.first}–{self.until}"

    @property
    def lifted(self) -> set[str]:
        return {each["cap"] for each in self.lifts}


class Acceptance(Stamped):
    """现场验收: without it nobody leaves class D (DOMAIN §5.2)."""

    enterprise = unit("acceptances")
    on = models.DateField("验收日")
    document = models.CharField("验收文书", max_length=200)
    note = models.CharField("说明", max_length=1000, blank=True)
    by_id = models.UUIDField("验收人编号")
    by_name = models.CharField("验收人", max_length=60)
    made_at = models.DateTimeField("登记时间", db_default=Now())

    class Meta:
        db_table = "supervision_acceptance"
        verbose_name = verbose_name_plural = "现场验收"
        indexes = [models.Index(fields=["enterprise", "-on"], name="acceptance_newest")]
        constraints = [models.CheckConstraint(condition=~Q(document=""), name="acceptance_on_paper")]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.on}"


class CurrentClass(Stamped):
    """现行类别: where a unit stands; the row that an evaluation locks. Equal to the last decision of its evaluations.

    A row without `effective` is a unit that has no class yet.
    """

    trail_kind = "supervision.standing"

    enterprise = models.OneToOneField(
        "enterprises.Enterprise", models.PROTECT, primary_key=True, related_name="current_class", verbose_name="单位"
    )
    effective = class_field("执行类别", blank=True)
    since = models.DateField("自", null=True)
    step = models.CharField("由来", max_length=5, choices=Step, blank=True)
    computed = class_field("计算类别", blank=True)
    provisional = models.BooleanField("暂定", default=False)
    evaluation = models.ForeignKey(
        Evaluation, models.PROTECT, null=True, related_name="+", verbose_name="最近评定", db_index=False
    )
    evaluated_on = models.DateField("最近评定日", null=True)
    fingerprint = models.CharField(max_length=32, blank=True, editable=False)
    reviewed_on = models.DateField("最近定期评审", null=True)  # the last review day that counted for this unit
    next_upgrade_on = models.DateField("最早可升级日", null=True)
    accepted_on = models.DateField("现场验收日", null=True)
    manual = models.ForeignKey(
        ManualClass, models.PROTECT, null=True, related_name="+", verbose_name="人工调整", db_index=False
    )

    class Meta:
        db_table = "supervision_standing"
        verbose_name = verbose_name_plural = "现行类别"
        constraints = [
            models.CheckConstraint(condition=Q(effective__in=["", *Class.values]), name="standing_class_is_known"),
            models.CheckConstraint(
                condition=Q(effective="", since=None) | ~Q(effective="") & Q(since__isnull=False),
                name="standing_class_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.effective}"
