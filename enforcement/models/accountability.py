"""追责问责 Who was held accountable for what. Restricted: see querysets.AccountabilityQuerySet.visible_to."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from enforcement.kinds import Measure
from enforcement.models.entry import Entry
from enforcement.querysets import AccountabilityQuerySet


class Accountability(Entry):
    """追责问责 (DOMAIN §8.4). An accident stands as a plain id: accidents live a floor above."""

    case = models.CharField("事由", max_length=500)
    hazard = models.ForeignKey("hazards.Hazard", models.PROTECT, null=True, verbose_name="隐患", related_name="+")
    accident_id = models.UUIDField("事故", null=True)
    person_name = models.CharField("被问责人", max_length=60)
    person_unit = models.CharField("所在单位", max_length=120)
    person_post = models.CharField("职务", max_length=80)
    authority = models.CharField("问责机关", max_length=120)
    measure = models.CharField("问责方式", max_length=20, choices=Measure.choices)
    measure_text = models.CharField("具体处理", max_length=500, blank=True)
    document = models.CharField("文号", max_length=80)
    decided_on = models.DateField("决定日")
    voided_on = models.DateField("作废日", null=True)
    void_reason = models.CharField("作废理由", max_length=500, blank=True)

    objects = AccountabilityQuerySet.as_manager()

    class Meta:
        db_table = "enforcement_accountability"
        verbose_name = verbose_name_plural = "追责问责"
        indexes = [models.Index(fields=["-decided_on", "id"], name="accountability_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(measure__in=Measure.values), name="accountability_measure_is_known")
        ]

    def __str__(self) -> str:
        return self.document
