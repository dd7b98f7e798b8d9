"""异议: a township objects to what an accident was taken for, and is answered."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from assessment.closings.objections.querysets import ObjectionQuerySet
from assessment.closings.words import ObjectionMatter, ObjectionState
from safety_api.stamps import Stamped


class Objection(Stamped):
    """`region_code` is the township that objects. Upheld, it was carried out by a decision on paper in the same
    transaction; `remedy` says which.
    """

    accident = models.ForeignKey("accidents.Accident", models.PROTECT, related_name="objections", verbose_name="事故")
    occurred_on = models.DateField("事故发生日")
    region_code = models.CharField("乡镇", max_length=12)
    about = models.CharField("异议事项", max_length=20, choices=ObjectionMatter)
    village = models.CharField("村代码", max_length=12, blank=True, default="")
    enterprise = models.ForeignKey(
        "enterprises.Enterprise", models.PROTECT, null=True, related_name="+", verbose_name="单位"
    )
    reason = models.CharField("理由", max_length=2000)
    evidence = ArrayField(models.CharField(max_length=200), verbose_name="证明材料")
    state = models.CharField("状态", max_length=10, choices=ObjectionState, default=ObjectionState.OPEN)
    made_at = models.DateTimeField("提出时间", db_default=Now())
    by_id = models.UUIDField("提出人")
    by_name = models.CharField("提出人姓名", max_length=60)
    answer = models.CharField("答复", max_length=2000, blank=True, default="")
    document = models.CharField("文书", max_length=200, blank=True, default="")
    approved_by = models.CharField("批准", max_length=100, blank=True, default="")
    remedy = models.JSONField("更正", null=True)
    ended_at = models.DateTimeField("答复或撤回时间", null=True)
    ended_by = models.UUIDField("答复人", null=True)
    ended_name = models.CharField("答复人姓名", max_length=60, blank=True, default="")

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        db_table = "assessment_objection"
        verbose_name = verbose_name_plural = "异议"
        indexes = [models.Index(fields=["occurred_on"], name="objection_of_day")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ObjectionState.values), name="objection_state_is_known"),
            models.CheckConstraint(condition=Q(about__in=ObjectionMatter.values), name="objection_about_is_known"),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(evidence=[]), name="objection_on_evidence"),
            models.CheckConstraint(
                condition=~Q(about__in=[ObjectionMatter.UNIT, ObjectionMatter.RESPONSIBILITY])
                | Q(enterprise__isnull=False),
                name="objection_names_its_unit",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ObjectionState.UPHELD, ObjectionState.REJECTED]) | ~Q(answer=""),
                name="objection_answered_in_words",
            ),
            models.CheckConstraint(
                condition=~Q(state=ObjectionState.UPHELD)
                | ~Q(document="") & ~Q(approved_by="") & Q(remedy__isnull=False),
                name="objection_upheld_on_paper",
            ),
            models.CheckConstraint(
                condition=Q(state=ObjectionState.OPEN, ended_at=None)
                | ~Q(state=ObjectionState.OPEN) & Q(ended_at__isnull=False),
                name="objection_ended_when",
            ),
            models.UniqueConstraint(
                fields=["accident", "region_code", "about", "village", "enterprise"],
                condition=Q(state=ObjectionState.OPEN),
                nulls_distinct=False,
                name="objection_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_about_display()} {self.get_state_display()}"
