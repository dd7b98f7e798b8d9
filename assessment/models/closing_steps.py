"""What was done with a closing, by whom; and which townships said that they have no objection."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from assessment.closings.words import ClosingVerb
from assessment.models.closings import Closing


class ClosingStep(models.Model):
    """Appended only. `content_sha256`: what was signed, or what a withdrawn signature had signed."""

    closing = models.ForeignKey(Closing, models.PROTECT, related_name="steps", verbose_name="定稿")
    verb = models.CharField("步骤", max_length=20, choices=ClosingVerb)
    region_code = models.CharField("乡镇", max_length=12, blank=True, default="")  # of a township that has no objection
    reason = models.CharField("理由", max_length=1000, blank=True, default="")
    content_sha256 = models.CharField("内容摘要", max_length=64, blank=True, default="")
    by_id = models.UUIDField("办理人", null=True)
    by_name = models.CharField("办理人姓名", max_length=60)
    by_role = models.CharField("岗位", max_length=30)
    at = models.DateTimeField("时间", db_default=Now())

    class Meta:
        db_table = "assessment_closing_step"
        verbose_name = verbose_name_plural = "定稿步骤"
        constraints = [
            models.CheckConstraint(condition=Q(verb__in=ClosingVerb.values), name="closing_step_is_known"),
            models.UniqueConstraint(
                fields=["closing", "region_code"],
                condition=Q(verb=ClosingVerb.NO_OBJECTION),
                name="closing_no_objection_once",
            ),
            models.CheckConstraint(
                condition=~Q(verb__in=[ClosingVerb.WITHDRAW, ClosingVerb.REVISE]) | ~Q(reason=""),
                name="closing_step_with_its_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.closing_id} {self.get_verb_display()} {self.by_name}"
