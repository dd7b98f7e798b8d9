"""事故调查: who investigates, by when, what was found done. The paper is the county's or the superior's; this keeps
its dates.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from accidents.choices import LessonMark
from accidents.models.accidents import Accident, Authored
from reference.terms import InvestigationLevel
from safety_api.stamps import Stamped


class Investigation(Stamped):
    """调查: one an accident. `level` follows from the grade when it is opened and is changed by taking over."""

    accident = models.OneToOneField(Accident, models.PROTECT, related_name="investigation")
    level = models.CharField("调查层级", max_length=12, choices=InvestigationLevel)
    organiser = models.CharField("牵头单位", max_length=100)
    opened_on = models.DateField("成立调查组之日")
    document = models.CharField("成立文书", max_length=200, blank=True)
    extension_days = models.PositiveSmallIntegerField("延长（天）", default=0)
    extension_document = models.CharField("延期批准文书", max_length=200, blank=True)
    extension_approved_by = models.CharField("延期批准", max_length=100, blank=True)
    submitted_on = models.DateField("调查报告提交之日", null=True)
    report_document = models.CharField("调查报告", max_length=200, blank=True)
    approval_extension_days = models.PositiveSmallIntegerField("批复延长（天）", default=0)
    approval_extension_document = models.CharField(
        "批复延期批准文书", max_length=200, blank=True, default="", db_default=""
    )
    approval_extension_approved_by = models.CharField(
        "批复延期批准", max_length=100, blank=True, default="", db_default=""
    )
    approved_on = models.DateField("批复之日", null=True)
    approval_document = models.CharField("批复", max_length=200, blank=True)
    closed_on = models.DateField("结案之日", null=True)
    assessed_on = models.DateField("整改评估之日", null=True)
    assessment_document = models.CharField("评估报告", max_length=200, blank=True)
    assessment = models.CharField("评估意见", max_length=2000, blank=True)

    class Meta:
        db_table = "zero_accident_investigation"
        verbose_name = verbose_name_plural = "事故调查"
        constraints = [
            models.CheckConstraint(condition=Q(level__in=InvestigationLevel.values), name="investigation_level_known"),
            models.CheckConstraint(
                condition=Q(approved_on=None) | Q(approved_on__gte=F("submitted_on")),
                name="investigation_approved_after_report",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(approved_on__isnull=False), name="investigation_closed_when_approved"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.accident_id} {self.get_level_display()}"


class Appraisal(Authored):
    """技术鉴定: its days are not counted (国务院令第493号 第二十七条). Both days included; no end while it goes on."""

    investigation = models.ForeignKey(Investigation, models.PROTECT, related_name="appraisals")
    what = models.CharField("鉴定事项", max_length=200)
    begun_on = models.DateField("开始")
    ended_on = models.DateField("结束", null=True)
    document = models.CharField("文书", max_length=200)

    class Meta:
        db_table = "zero_accident_appraisal"
        verbose_name = verbose_name_plural = "技术鉴定"
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("begun_on")), name="appraisal_ends_after_it_began"
            ),
            models.UniqueConstraint(
                fields=["investigation"], condition=Q(ended_on=None), name="appraisal_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.begun_on}"


class InvestigationMark(Authored):
    """四不放过 of an investigation: each of the four with its day and paper."""

    investigation = models.ForeignKey(Investigation, models.PROTECT, related_name="marks")
    mark = models.CharField("事项", max_length=12, choices=LessonMark)
    done_on = models.DateField("完成之日")
    document = models.CharField("依据", max_length=200)
    note = models.CharField("说明", max_length=1000, blank=True)

    class Meta:
        db_table = "zero_accident_mark"
        verbose_name = verbose_name_plural = "四不放过"
        constraints = [
            models.UniqueConstraint(fields=["investigation", "mark"], name="mark_once"),
            models.CheckConstraint(condition=Q(mark__in=LessonMark.values), name="mark_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_mark_display()} {self.done_on}"
