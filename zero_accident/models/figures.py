"""What follows from accidents: whom they break, and the kept figures of a year."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accidents.models.accidents import Accident, unit
from reference.terms import Subject
from safety_api.stamps import Stamped
from zero_accident.querysets import PlacedQuerySet, RevisionQuerySet


# --- kept: what an accident does -------------------------------------------------------------------------------------
class KeptRow(Stamped):
    """Follows from facts; written by figures.py alone, and equal to a rebuild from nothing."""

    policy = models.CharField("口径", max_length=30)
    year = models.PositiveSmallIntegerField("年度")

    class Meta:
        abstract = True


class AccidentEffect(KeptRow):
    """An accident that breaks somebody, or proposes a veto, under a policy. It counts once, in the township of
    `region_code`.
    """

    accident = models.ForeignKey(Accident, models.CASCADE, related_name="effects", db_index=False)
    occurred_on = models.DateField("发生日")
    region_code = models.CharField("计入地", max_length=12)
    breaks = models.BooleanField("破零")
    deaths = models.PositiveIntegerField("计入的死亡")
    provisional = models.BooleanField("暂计")
    veto = models.BooleanField("较大及以上")
    line = models.CharField("口径条目", max_length=40)
    reason = models.CharField("说明", max_length=300)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        db_table = "zero_accident_effect"
        verbose_name = verbose_name_plural = "事故的影响"
        indexes = [models.Index(fields=["policy", "year", "region_code"], name="effect_by_place")]
        constraints = [models.UniqueConstraint(fields=["accident", "policy"], name="effect_once_a_policy")]

    def __str__(self) -> str:
        return f"{self.accident_id} {self.line}"


class Break(KeptRow):
    """One village (of the accident's own day) or unit broken by one accident, with the line of the policy that made
    it so.
    """

    accident = models.ForeignKey(Accident, models.CASCADE, related_name="breaks", db_index=False)
    village = models.CharField("村代码", max_length=12, blank=True)
    enterprise = unit(null=True, db_index=False)
    occurred_on = models.DateField("发生日")
    line = models.CharField("口径条目", max_length=40)
    attribution = models.CharField("归属", max_length=20)
    reason = models.CharField("说明", max_length=300)
    provisional = models.BooleanField("暂计")

    objects = PlacedQuerySet.as_manager()

    class Meta:
        db_table = "zero_accident_break"
        verbose_name = verbose_name_plural = "破零依据"
        indexes = [
            models.Index(fields=["policy", "year", "village"], name="break_by_village", condition=~Q(village="")),
            models.Index(
                fields=["policy", "year", "enterprise"], name="break_by_unit", condition=Q(enterprise__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["accident", "policy", "village", "enterprise"], nulls_distinct=False, name="break_once"
            ),
            models.CheckConstraint(name="break_of_one_subject", condition=Q(village="") ^ Q(enterprise=None)),
        ]

    def __str__(self) -> str:
        return f"{self.accident_id} {self.village or self.enterprise_id}"


# --- kept: the figures of a year -------------------------------------------------------------------------------------
class KeptFigure(KeptRow):
    """A row of the year to date; `revision` is the number under which it last changed."""

    revision = models.PositiveIntegerField("修订号")

    class Meta:
        abstract = True


class Broken(KeptFigure):
    """A village or unit of the list that is no longer without accident, where it counts."""

    subject = models.CharField("对象", max_length=10, choices=Subject)
    key = models.CharField("村代码或单位编号", max_length=36)
    region_code = models.CharField("所在地", max_length=12)
    unit_type = models.CharField("单位类型", max_length=20, blank=True)
    sector_code = models.CharField("行业领域", max_length=30, blank=True)
    broken_on = models.DateField("破零日")  # the day of the earliest breaking accident
    provisional = models.BooleanField("暂计")
    accidents = ArrayField(models.UUIDField(), verbose_name="事故")

    objects = PlacedQuerySet.as_manager()

    class Meta:
        db_table = "zero_accident_broken"
        verbose_name = verbose_name_plural = "破零名单"
        indexes = [models.Index(fields=["policy", "year", "region_code", "id"], name="broken_by_place")]
        constraints = [models.UniqueConstraint(fields=["policy", "year", "subject", "key"], name="broken_once")]

    def __str__(self) -> str:
        return f"{self.year} {self.key}"


class TownshipCount(KeptFigure):
    """How many there are in a township and how many are broken; units by type and sector. A county is the sum of its
    townships.
    """

    region_code = models.CharField("乡镇", max_length=12)
    subject = models.CharField("对象", max_length=10, choices=Subject)
    unit_type = models.CharField("单位类型", max_length=20, blank=True)
    sector_code = models.CharField("行业领域", max_length=30, blank=True)
    total = models.PositiveIntegerField("总数")
    broken = models.PositiveIntegerField("破零")
    provisional = models.PositiveIntegerField("其中暂计")
    short = models.PositiveIntegerField("未破零而未达创建标准", default=0, db_default=0)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        db_table = "zero_accident_tally"
        verbose_name = verbose_name_plural = "计数"
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "year", "region_code", "subject", "unit_type", "sector_code"], name="tally_once"
            ),
            models.CheckConstraint(
                condition=Q(total__gte=models.F("broken") + models.F("short")),
                name="tally_no_more_broken_than_there_are",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.region_code} {self.subject} {self.broken}/{self.total}"


class TownshipFigures(KeptFigure):
    """A township's figures of a year to date: all that the ranking compares, and as it is shown."""

    region_code = models.CharField("乡镇", max_length=12)
    name = models.CharField("名称", max_length=60)
    zone = models.BooleanField("开发区")
    villages_total = models.PositiveIntegerField("村总数")
    villages_broken = models.PositiveIntegerField("破零村")
    village_ratio = models.CharField("村零事故率", max_length=6, null=True)
    units_total = models.PositiveIntegerField("单位总数")
    units_broken = models.PositiveIntegerField("破零单位")
    unit_ratio = models.CharField("单位零事故率", max_length=6, null=True)
    deaths = models.PositiveIntegerField("破零事故死亡")
    accidents = models.PositiveIntegerField("破零事故起数")
    vetoes = models.PositiveIntegerField("较大及以上事故起数")
    hazards_due = models.PositiveIntegerField("到期隐患")
    hazards_on_time = models.PositiveIntegerField("按期整改")
    on_time_rate = models.CharField("按期整改率", max_length=6, null=True)
    villages_short = models.PositiveIntegerField("未达创建标准的村", default=0, db_default=0)
    units_short = models.PositiveIntegerField("未达创建标准的单位", default=0, db_default=0)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        db_table = "zero_accident_standing"
        verbose_name = verbose_name_plural = "乡镇成绩"
        constraints = [models.UniqueConstraint(fields=["policy", "year", "region_code"], name="standing_once")]

    def __str__(self) -> str:
        return f"{self.year} {self.name}"


class FigureRevision(models.Model):
    """修订: a change of the kept figures, its reason, and what it changed from and to."""

    policy = models.CharField("口径", max_length=30)
    year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveIntegerField("修订号")
    reason = models.CharField("原因", max_length=200)
    cause = models.UUIDField("事故", null=True)
    changes = models.JSONField(
        "变化", default=dict
    )  # {"columns": [...], "townships": {code: [before, after]}, "broken": [...], "restored": [...], "places": {key: code}}
    counties = ArrayField(models.CharField(max_length=6), verbose_name="涉及的县", default=list, db_default=[])
    made_at = models.DateTimeField("时间", db_default=Now())

    objects = RevisionQuerySet.as_manager()

    class Meta:
        db_table = "zero_accident_revision"
        verbose_name = verbose_name_plural = "修订"
        indexes = [GinIndex(fields=["counties"], name="revision_by_county")]
        constraints = [models.UniqueConstraint(fields=["policy", "year", "number"], name="revision_number_once")]

    def __str__(self) -> str:
        return f"{self.year} 第{self.number}次修订"
