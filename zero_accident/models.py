"""Accidents and what was told and decided about them; below, the kept figures that follow from it."""

from __future__ import annotations

from typing import Any

from django.contrib.gis.db.models import PointField
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from safety_api.stamps import Stamped
from zero_accident import rules
from zero_accident.querysets import AccidentQuerySet, KnownQuerySet, PlacedQuerySet
from zero_accident.words import (
    Category,
    Channel,
    Charged,
    Effect,
    Grade,
    Nature,
    Part,
    ReportLevel,
    StatStatus,
    Subject,
    Telling,
)


def yuan(label: str) -> models.DecimalField:
    return models.DecimalField(label, max_digits=16, decimal_places=2, null=True)


def unit(related: str = "+", **options: Any) -> models.ForeignKey:
    return models.ForeignKey(
        "enterprises.Enterprise", models.PROTECT, related_name=related, verbose_name="单位", **options
    )


class Told(models.Model):
    """Who said so, and since when we know."""

    by_id = models.UUIDField("人员编号", null=True)
    by_name = models.CharField("姓名", max_length=60)
    by_role = models.CharField("岗位", max_length=30)
    known_at = models.DateTimeField("知悉时间", db_default=Now())

    class Meta:
        abstract = True


class Accident(Stamped):
    """事故, as it stands now. Never deleted: what is no accident is written off, on paper and approved.

    `point` is WGS-84; the pair as sent and its system stay beside it. `region_code` is the village of the place on
    its own day, chosen by the reporter, or its township while the village is not known. Columns under “kept” follow
    from tellings and decisions.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    content_sha256 = models.CharField(max_length=64)
    occurred_at = models.DateTimeField("发生时间")
    region_code = models.CharField("发生地", max_length=12)
    place = models.CharField("地点", max_length=200, blank=True)
    point = PointField("位置", null=True, spatial_index=False)
    sent_lon = models.FloatField(null=True)
    sent_lat = models.FloatField(null=True)
    sent_crs = models.CharField(max_length=10, blank=True)
    accuracy_m = models.FloatField(null=True)
    on_trunk_road = models.BooleanField("国省干线、铁路", default=False)
    category = models.CharField("类别", max_length=2, choices=Category.choices, blank=True)  # "": nobody has said yet
    nature = models.CharField("性质", max_length=20, choices=Nature, default=Nature.UNDETERMINED)
    stat_status = models.CharField("统计状态", max_length=20, choices=StatStatus, default=StatStatus.PROVISIONAL)
    sector = models.ForeignKey("reference.Sector", models.PROTECT, null=True, verbose_name="行业领域", db_index=False)
    description = models.CharField("简要经过", max_length=4000, blank=True)
    stated = models.JSONField("报告人的判断", default=dict)  # what only the bureau decides, as others stated it
    warnings = ArrayField(models.CharField(max_length=30), verbose_name="提示", default=list)
    reported_by = models.UUIDField("报告人")
    reporter_name = models.CharField("报告人姓名", max_length=60)
    received_at = models.DateTimeField("收到时间", db_default=Now())
    is_demo = models.BooleanField("演示数据", default=False)
    # kept
    grade = models.CharField("等级", max_length=20, choices=Grade.choices, default=Grade.GENERAL)
    deaths = models.PositiveIntegerField("死亡", default=0)
    serious_injuries = models.PositiveIntegerField("重伤（含急性工业中毒）", default=0)
    missing = models.PositiveIntegerField("下落不明", default=0)
    late_deaths = models.PositiveIntegerField("期限外死亡", default=0)
    direct_loss_yuan = yuan("直接经济损失（元）")
    in_statistics = models.BooleanField("计入生产安全事故统计", default=False)

    objects = AccidentQuerySet.as_manager()

    class Meta:
        db_table = "zero_accident_accident"
        verbose_name = verbose_name_plural = "事故"
        indexes = [
            models.Index(fields=["-occurred_at", "id"], name="accident_newest"),
            models.Index(fields=["region_code", "-occurred_at", "id"], name="accident_place"),
            models.Index(fields=["reported_by"], name="accident_reporter"),
            GistIndex(fields=["point"], name="accident_point"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(category__in=["", *Category.values]), name="accident_category_is_known"),
            models.CheckConstraint(condition=Q(nature__in=Nature.values), name="accident_nature_is_known"),
            models.CheckConstraint(
                condition=Q(stat_status__in=StatStatus.values), name="accident_stat_status_is_known"
            ),
            models.CheckConstraint(condition=Q(grade__in=Grade.values), name="accident_grade_is_known"),
            models.CheckConstraint(
                condition=Q(direct_loss_yuan=None) | Q(direct_loss_yuan__gte=0), name="accident_loss_is_no_gain"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.occurred_at:%F} {self.place or self.region_code}"


class AccidentStatement(Told):
    """报告: the totals of casualties and loss as they stood at `held_at` — of a later death, its day — as we knew
    from `known_at` on.

    Totals replace, they never add up; null is “not told this time”. Appended only: a trigger sees to it.
    """

    accident = models.ForeignKey(Accident, models.PROTECT, related_name="statements", db_index=False)
    kind = models.CharField("报告类别", max_length=10, choices=Telling)
    held_at = models.DateTimeField("情况截止时间")
    deaths = models.PositiveIntegerField("死亡", null=True)
    serious_injuries = models.PositiveIntegerField("重伤", null=True)
    acute_poisonings = models.PositiveIntegerField("急性工业中毒", null=True)
    light_injuries = models.PositiveIntegerField("轻伤", null=True)
    missing = models.PositiveIntegerField("下落不明", null=True)
    direct_loss_yuan = yuan("直接经济损失（元）")
    note = models.CharField("情况说明", max_length=4000, blank=True)
    reason = models.CharField("减少的原因", max_length=1000, blank=True)

    class Meta:
        db_table = "zero_accident_statement"
        verbose_name = verbose_name_plural = "事故报告"
        indexes = [models.Index(fields=["accident", "held_at"], name="statement_of_accident")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Telling.values), name="statement_kind_is_known"),
            models.CheckConstraint(
                condition=Q(direct_loss_yuan=None) | Q(direct_loss_yuan__gte=0), name="statement_loss_is_no_gain"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.accident_id} {self.get_kind_display()} {self.held_at:%F %R}"


class Decision(Told):
    """认定: what the accident is taken for, whole, from `known_at` on; the last one is the accident's own columns.
    Appended only.
    """

    accident = models.ForeignKey(Accident, models.PROTECT, related_name="decisions")
    decided_on = models.DateField("认定日")
    region_code = models.CharField("发生地", max_length=12)
    on_trunk_road = models.BooleanField("国省干线、铁路")
    category = models.CharField("类别", max_length=2, blank=True)
    nature = models.CharField("性质", max_length=20, choices=Nature)
    sector_code = models.CharField("行业领域", max_length=30, blank=True)
    stat_status = models.CharField("统计状态", max_length=20, choices=StatStatus)
    reason = models.CharField("理由", max_length=1000, blank=True)
    document = models.CharField("文书", max_length=200, blank=True)
    approved_by = models.CharField("批准", max_length=100, blank=True)

    class Meta:
        db_table = "zero_accident_decision"
        verbose_name = verbose_name_plural = "事故认定"
        constraints = [
            models.CheckConstraint(
                name="decision_written_off_on_paper",
                condition=~Q(stat_status=StatStatus.WRITTEN_OFF)
                | (~Q(reason="") & ~Q(document="") & ~Q(approved_by="")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.accident_id} {self.get_nature_display()} {self.get_stat_status_display()}"


class AccidentUnit(models.Model):
    """A unit's part, as we knew in [known_from, known_to). `responsible` is the finding of the investigation, of the
    day `held_on`.
    """

    accident = models.ForeignKey(Accident, models.PROTECT, related_name="units", db_index=False)
    enterprise = unit("accidents", db_index=False)
    role = models.CharField("角色", max_length=20, choices=Part)
    responsible = models.BooleanField("负有责任", null=True)
    held_on = models.DateField("认定日", null=True)
    document = models.CharField("依据文书", max_length=200, blank=True)
    known_from = models.DateTimeField("知悉自", db_default=Now())
    known_to = models.DateTimeField("知悉至", null=True)

    objects = KnownQuerySet.as_manager()

    class Meta:
        db_table = "zero_accident_unit"
        verbose_name = verbose_name_plural = "涉事单位"
        indexes = [
            models.Index(fields=["accident"], name="accident_unit_of"),
            models.Index(fields=["enterprise"], name="accident_unit_whose", condition=Q(known_to=None)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["accident", "enterprise"], condition=Q(known_to=None), name="accident_unit_once"
            ),
            models.CheckConstraint(condition=Q(role__in=Part.values), name="accident_unit_role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.accident_id} {self.enterprise_id} {self.get_role_display()}"


class AttributionOverride(models.Model):
    """认定变更: this village or unit is charged after all, or is not; on paper, approved, as we knew in [known_from,
    known_to).
    """

    accident = models.ForeignKey(Accident, models.PROTECT, related_name="overrides")
    subject = models.CharField("对象", max_length=10, choices=Charged)
    village = models.CharField("村代码", max_length=12, blank=True)
    enterprise = unit(null=True, db_index=False)
    effect = models.CharField("计入与否", max_length=10, choices=Effect)
    reason = models.CharField("理由", max_length=1000)
    document = models.CharField("文书", max_length=200)
    approved_by = models.CharField("批准", max_length=100)
    held_on = models.DateField("批准日")
    by_id = models.UUIDField("登记人", null=True)
    known_from = models.DateTimeField("知悉自", db_default=Now())
    known_to = models.DateTimeField("知悉至", null=True)

    objects = KnownQuerySet.as_manager()

    class Meta:
        db_table = "zero_accident_override"
        verbose_name = verbose_name_plural = "认定变更"
        constraints = [
            models.UniqueConstraint(
                fields=["accident", "subject", "village", "enterprise"],
                condition=Q(known_to=None),
                nulls_distinct=False,
                name="override_one_in_force",
            ),
            models.CheckConstraint(
                name="override_names_its_subject",
                condition=Q(subject=Charged.VILLAGE, enterprise=None) & ~Q(village="")
                | Q(subject=Charged.UNIT, village="", enterprise__isnull=False)
                | Q(subject=Charged.ACCIDENT, village="", enterprise=None, effect=Effect.EXCLUDE),
            ),
            models.CheckConstraint(
                name="override_on_paper", condition=~Q(reason="") & ~Q(document="") & ~Q(approved_by="")
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.accident_id} {self.subject} {self.effect}"


class ReportLeg(Told):
    """报告环节: when a level was told, by when it had to pass it on, and when it did. The telephone is the legal
    first report.
    """

    accident = models.ForeignKey(Accident, models.PROTECT, related_name="legs")
    level = models.CharField("层级", max_length=12, choices=ReportLevel)
    received_at = models.DateTimeField("接报时间")
    due_at = models.DateTimeField("应报时限")
    sent_at = models.DateTimeField("上报时间", null=True)
    channel = models.CharField("方式", max_length=10, choices=Channel)
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        db_table = "zero_accident_report_leg"
        verbose_name = verbose_name_plural = "报告环节"
        constraints = [
            models.CheckConstraint(condition=Q(level__in=ReportLevel.values), name="report_leg_level_is_known")
        ]

    def __str__(self) -> str:
        return f"{self.accident_id} {self.get_level_display()}"

    @property
    def late(self) -> bool | None:
        """迟报; None while nothing was sent."""
        return rules.is_late(self.due_at, self.sent_at) if self.sent_at else None

    @property
    def minutes_late(self) -> int | None:
        """Begun minutes after the limit; 0 when in time."""
        return max(0, -((self.due_at - self.sent_at).total_seconds() // 60)) if self.sent_at else None  # type: ignore[return-value]


# --- kept: what an accident does -------------------------------------------------------------------------------------
class Kept(Stamped):
    """Follows from facts; written by figures.py alone, and equal to a rebuild from nothing."""

    policy = models.CharField("口径", max_length=30)
    year = models.PositiveSmallIntegerField("年度")

    class Meta:
        abstract = True


class AccidentEffect(Kept):
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


class Break(Kept):
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
class Figure(Kept):
    """A row of the year to date; `revision` is the number under which it last changed."""

    revision = models.PositiveIntegerField("修订号")

    class Meta:
        abstract = True


class Broken(Figure):
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


class Tally(Figure):
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

    objects = PlacedQuerySet.as_manager()

    class Meta:
        db_table = "zero_accident_tally"
        verbose_name = verbose_name_plural = "计数"
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "year", "region_code", "subject", "unit_type", "sector_code"], name="tally_once"
            ),
            models.CheckConstraint(
                condition=Q(broken__lte=models.F("total")), name="tally_no_more_broken_than_there_are"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.region_code} {self.subject} {self.broken}/{self.total}"


class Standing(Figure):
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
    )  # {"townships": {code: [before, after]}, "broken": [...], "restored": [...]}
    made_at = models.DateTimeField("时间", db_default=Now())

    class Meta:
        db_table = "zero_accident_revision"
        verbose_name = verbose_name_plural = "修订"
        constraints = [models.UniqueConstraint(fields=["policy", "year", "number"], name="revision_number_once")]

    def __str__(self) -> str:
        return f"{self.year} 第{self.number}次修订"
