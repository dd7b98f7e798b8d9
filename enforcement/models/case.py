"""案件 What became of a hazard that was handed to enforcement: its penalty, or why there is none."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from enforcement.kinds import CaseState, Penalty
from enforcement.models.entry import Entry
from enforcement.querysets import CaseQuerySet


class Case(Entry):
    """案件: opened by step 11 转执法, or afterwards for a hazard that came there before there were cases; decided once."""

    hazard = models.ForeignKey("hazards.Hazard", models.PROTECT, verbose_name="隐患", related_name="cases")
    state = models.CharField("状态", max_length=12, choices=CaseState.choices, default=CaseState.OPEN)
    opened_on = models.DateField("立案日")
    reason = models.CharField("案由", max_length=2000)
    penalties = ArrayField(models.CharField(max_length=20), verbose_name="处罚种类", default=list)
    document = models.CharField("决定文号", max_length=80, blank=True)
    decided_on = models.DateField("决定日", null=True)
    amount_yuan = models.DecimalField("金额（元）", max_digits=16, decimal_places=2, null=True)
    basis = models.CharField("依据", max_length=200, blank=True)
    ground = models.CharField("不予处罚的理由", max_length=2000, blank=True)
    note = models.CharField("说明", max_length=2000, blank=True)
    decided_by = models.UUIDField("决定登记人", null=True)
    decided_by_name = models.CharField("决定登记人姓名", max_length=60, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        db_table = "enforcement_case"
        verbose_name = verbose_name_plural = "案件"
        indexes = [models.Index(fields=["-opened_on", "id"], name="case_newest")]
        constraints = [
            models.UniqueConstraint(fields=["hazard"], condition=Q(state=CaseState.OPEN), name="case_one_open_a_hazard"),
            models.CheckConstraint(condition=Q(state__in=CaseState.values), name="case_state_is_known"),
            models.CheckConstraint(condition=Q(penalties__contained_by=Penalty.values), name="case_penalties_known"),
            models.CheckConstraint(
                condition=~Q(state=CaseState.PENALIZED) | (~Q(document="") & ~Q(penalties=[]) & Q(decided_on__isnull=False)),
                name="case_penalty_has_number_and_day",
            ),
            models.CheckConstraint(
                condition=~Q(state=CaseState.NO_PENALTY) | (~Q(ground="") & Q(decided_on__isnull=False)),
                name="case_without_penalty_has_ground",
            ),
            models.CheckConstraint(condition=Q(amount_yuan=None) | Q(amount_yuan__gt=0), name="case_amount_is_positive"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.document or self.reason[:30]
