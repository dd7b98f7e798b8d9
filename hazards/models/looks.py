"""复看 What a person said who looked again at a hazard that an ended text had judged."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from hazards.models.hazard import Hazard


class EditionLook(models.Model):
    """One look. `judged_by` is the edition that stood then, `due` the one of the day of finding."""

    class Word(models.TextChoices):
        STANDS = "stands", "按现行标准结论不变"
        REJUDGED = "rejudged", "改按现行标准的条目"
        NOT_MAJOR = "not_major", "按现行标准不属重大隐患，另行办理"

    id = models.BigAutoField(primary_key=True)
    hazard = models.ForeignKey(Hazard, models.CASCADE, related_name="looks", verbose_name="隐患")
    judged_by = models.CharField("原判定标准", max_length=60)
    due = models.CharField("应按的判定标准", max_length=60)
    word = models.CharField("结论", max_length=12, choices=Word.choices)
    reason = models.CharField("理由", max_length=2000)
    criterion = models.CharField("条目", max_length=80, blank=True)
    by_id = models.UUIDField("复看人")
    by_name = models.CharField("复看人姓名", max_length=60)
    at = models.DateTimeField("时间", db_default=Now())

    class Meta:
        db_table = "hazards_editionlook"
        verbose_name = verbose_name_plural = "判定标准复看"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(word__in=["stands", "rejudged", "not_major"]), name="edition_look_word_is_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.hazard_id} {self.word}"
