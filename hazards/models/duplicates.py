"""The same hazard entered twice."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from hazards.models.hazard import Hazard
from safety_api.pairs import Pair, PairState


class HazardPair(Pair):
    first = models.ForeignKey(Hazard, models.PROTECT, related_name="pairs_first")
    second = models.ForeignKey(Hazard, models.PROTECT, related_name="pairs_second")
    stays = models.ForeignKey(Hazard, models.PROTECT, null=True, related_name="+", verbose_name="保留的记录")

    class Meta:
        db_table = "hazards_pair"
        verbose_name = verbose_name_plural = "疑似重复的隐患"
        indexes = [models.Index(fields=["-id"], name="hazard_pair_proposed", condition=Q(state=PairState.PROPOSED))]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="hazard_pair_once"),
            models.CheckConstraint(condition=~Q(first=F("second")), name="hazard_pair_of_two"),
            models.CheckConstraint(condition=Q(state__in=PairState.values), name="hazard_pair_state_is_known"),
        ]
