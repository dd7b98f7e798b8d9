"""经过 Every step a hazard took, and what a visit found of it; deadlines stand with the step that set them."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from hazards.models.hazard import Hazard


class HazardStep(models.Model):
    """隐患经过: what happened when (`happened_at`), and since when we know (`recorded_at`). `due_on` is the deadline this step set."""

    id = models.BigAutoField(primary_key=True)
    hazard = models.ForeignKey(Hazard, models.CASCADE, related_name="steps", db_index=False)
    step = models.CharField("步骤", max_length=20)
    before = models.CharField("原状态", max_length=20, blank=True)
    after = models.CharField("新状态", max_length=20)
    happened_at = models.DateTimeField("发生时间")
    recorded_at = models.DateTimeField("记录时间", db_default=Now())
    by_id = models.UUIDField("人员编号", null=True)
    by_name = models.CharField("姓名", max_length=60)
    by_role = models.CharField("岗位", max_length=30)
    due_on = models.DateField("期限", null=True)
    note = models.CharField("说明", max_length=2000, blank=True)
    details = models.JSONField(
        "细节", default=dict, db_default={}
    )  # what this kind of step states besides: officers, approvals, cost

    class Meta:
        db_table = "hazards_step"
        verbose_name = verbose_name_plural = "隐患经过"
        indexes = [models.Index(fields=["hazard", "id"], name="hazard_step_order")]

    def __str__(self) -> str:
        return f"{self.step} → {self.after}"


class Review(models.Model):
    """复查: what an inspection found of a hazard known before. The step that it leads to is taken by the flow."""

    class Result(models.TextChoices):
        PASS = "pass", "合格"
        FAIL = "fail", "不合格"

    id = models.BigAutoField(primary_key=True)
    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="reviews")
    inspection_id = models.UUIDField("检查")
    result = models.CharField("结果", max_length=4, choices=Result.choices)
    note = models.CharField("说明", max_length=2000, blank=True)
    reviewed_at = models.DateTimeField("复查时间")
    reviewed_by = models.UUIDField("复查人")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "hazards_review"
        verbose_name = verbose_name_plural = "复查"
        constraints = [
            models.UniqueConstraint(fields=["inspection_id", "hazard"], name="review_once_an_inspection"),
            models.CheckConstraint(condition=models.Q(result__in=["pass", "fail"]), name="review_result_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.hazard_id} {self.result}"
