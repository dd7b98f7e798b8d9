"""What an accident is found by (safety_api/search.py)."""

from __future__ import annotations

from django.db import models

from accidents.models.accidents import Accident
from safety_api.search import Words


class AccidentWords(Words):
    record = models.OneToOneField(
        Accident, models.CASCADE, primary_key=True, related_name="words", verbose_name="事故"
    )

    class Meta(Words.Meta):
        db_table = "zero_accident_accident_words"
        verbose_name = verbose_name_plural = "事故检索"
