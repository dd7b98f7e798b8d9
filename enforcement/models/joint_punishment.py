"""联合惩戒 A unit or person, the measures, and the departments that carry them out (安全生产法 第七十八条)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from enforcement.kinds import JointMeasure, SubjectKind
from enforcement.models.entry import Entry
from enforcement.querysets import JointPunishmentQuerySet


class JointPunishment(Entry):
    """联合惩戒: in force from `held_from` to `held_to`, both included; without an end until lifted."""

    subject_kind = models.CharField("对象种类", max_length=10, choices=SubjectKind.choices)
    subject_name = models.CharField("惩戒对象", max_length=120)
    person_post = models.CharField("职务", max_length=80, blank=True)
    reason = models.CharField("事由", max_length=1000)
    basis = models.CharField("依据", max_length=200, blank=True)
    document = models.CharField("文号", max_length=80)
    measures = ArrayField(models.CharField(max_length=30), verbose_name="惩戒措施")
    departments = ArrayField(models.CharField(max_length=30), verbose_name="实施部门")
    held_from = models.DateField("自")
    held_to = models.DateField("至（含）", null=True)
    lifted_on = models.DateField("解除日", null=True)
    lifting_document = models.CharField("解除文号", max_length=80, blank=True)
    lifting_reason = models.CharField("解除理由", max_length=500, blank=True)

    objects = JointPunishmentQuerySet.as_manager()

    class Meta:
        db_table = "enforcement_joint_punishment"
        verbose_name = verbose_name_plural = "联合惩戒"
        indexes = [models.Index(fields=["-held_from", "id"], name="joint_punishment_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(subject_kind__in=SubjectKind.values), name="joint_subject_is_known"),
            models.CheckConstraint(
                condition=Q(measures__contained_by=JointMeasure.values), name="joint_measures_known"
            ),
            models.CheckConstraint(condition=~Q(measures=[]) & ~Q(departments=[]), name="joint_says_what_and_who"),
            models.CheckConstraint(
                condition=Q(held_to=None) | Q(held_from__lte=F("held_to")), name="joint_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.document
