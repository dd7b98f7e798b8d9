"""What a hazard is found by (safety_api/search.py)."""

from __future__ import annotations

from django.db import models

from hazards.models.hazard import Hazard
from safety_api.search import Words


class HazardWords(Words):
    record = models.OneToOneField(
        Hazard, models.CASCADE, primary_key=True, related_name="words", verbose_name="隐患"
    )

    class Meta(Words.Meta):
        db_table = "hazards_hazard_words"
        verbose_name = verbose_name_plural = "隐患检索"
