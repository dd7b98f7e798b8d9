"""Accidents, and what was reported and decided about them."""

from __future__ import annotations

from typing import Any

from django.contrib.gis.db.models import PointField
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left, Now

from accidents.choices import ReportType, StatStatus
from accidents.querysets import AccidentQuerySet
from reference.terms import AccidentKind, Category, Channel, Grade, Nature, UnitRole
from safety_api.known import KnownQuerySet
from safety_api.remarks import Remark
from safety_api.stamps import Stamped


def yuan(label: str) -> models.DecimalField:
    return models.DecimalField(label, max_digits=16, decimal_places=2, null=True)


def words(label: str) -> models.CharField:
    """Text of a report (国务院令第493号 第十二条): empty means not reported this time."""
    return models.CharField(label, max_length=4000, blank=True, default="", db_default="")


def unit(related: str = "+", **options: Any) -> models.ForeignKey:
    return models.ForeignKey(
        "enterprises.Enterprise", models.PROTECT, related_name=related, verbose_name="单位", **options
    )


class Authored(models.Model):
    """Who said so, and since when we know."""

    by_id = models.UUIDField("人员编号", null=True)
    by_name = models.CharField("姓名", max_length=60)
    by_role = models.CharField("岗位", max_length=30)
    known_at = models.DateTimeField("知悉时间", db_default=Now())

    class Meta:
        abstract = True


class Accident(Stamped):
    """事故, as it stands now; or a serious-risk event (较大涉险), which has no grade and counts nowhere until somebody
    is hurt. Never deleted (a trigger sees to it): what is no accident is written off, on paper and approved.

    `point` is WGS-84; the pair as sent and its system stay beside it. `region_code` is the village of the place on
    its own day, chosen by the reporter, or its township while the village is not known. Columns under “kept” follow
    from reports and decisions.
    """

    trail_kind = "zero_accident.accident"

    id = models.UUIDField(primary_key=True, editable=False)
    content_sha256 = models.CharField(max_length=64)
    meaning_sha256 = models.CharField(max_length=64, blank=True, default="", db_default="")  # of what it says
    kind = models.CharField(
        "种类", max_length=20, choices=AccidentKind, default=AccidentKind.ACCIDENT, db_default=AccidentKind.ACCIDENT
    )
    occurred_at = models.DateTimeField("发生时间")  # the moment that counts
    occurred_told_at = models.DateTimeField("所报发生时间", null=True)  # where another counts
    clock_skew_s = models.BigIntegerField("手机时钟误差（秒）", null=True)  # receipt − clock; null: it said none
    region_code = models.CharField("发生地", max_length=12)
    place = models.CharField("地点", max_length=200, blank=True)
    point = PointField("位置", null=True, spatial_index=False)
    sent_lon = models.FloatField(null=True)
    sent_lat = models.FloatField(null=True)
    sent_crs = models.CharField(max_length=10, blank=True)
    accuracy_m = models.FloatField(null=True)
    on_trunk_road = models.BooleanField("国省干线、铁路", default=False)
    great_impact = models.BooleanField("社会影响重大", default=False, db_default=False)  # 原安监总局令第21号 第九条
    category = models.CharField("类别", max_length=2, choices=Category.choices, blank=True)  # "": nobody has said yet
    nature = models.CharField("性质", max_length=20, choices=Nature, default=Nature.UNDETERMINED)
    stat_status = models.CharField("统计状态", max_length=20, choices=StatStatus, default=StatStatus.PROVISIONAL)
    sector = models.ForeignKey("reference.Sector", models.PROTECT, null=True, verbose_name="行业领域", db_index=False)
    sector_inherited = models.BooleanField("行业随单位", default=False, db_default=False)  # nobody has said it
    description = models.CharField("简要经过", max_length=4000, blank=True)
    stated = models.JSONField("报告人的判断", default=dict)  # what only the bureau decides, as others stated it
    warnings = ArrayField(models.CharField(max_length=30), verbose_name="提示", default=list)
    reported_by = models.UUIDField("报告人")
    reporter_name = models.CharField("报告人姓名", max_length=60)
    received_at = models.DateTimeField("收到时间", db_default=Now())
    heard = models.JSONField("各层级知悉时间", default=dict, db_default={})  # level → {at, presumed}
    already_reported = models.CharField("已在别处报告", max_length=200, blank=True, default="", db_default="")
    rescue_ended_at = models.DateTimeField("救援结束时间", null=True)
    joined_to = models.ForeignKey("self", models.PROTECT, null=True, related_name="duplicates", verbose_name="并入")
    is_demo = models.BooleanField("演示数据", default=False)
    # kept
    grade = models.CharField("等级", max_length=20, choices=Grade.choices, default=Grade.GENERAL, blank=True)
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
            models.Index(
                Left("region_code", 9), "occurred_at", name="accident_town_day"
            ),  # duplicates.proposing.PROPOSE
            GistIndex(fields=["point"], name="accident_point"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(category__in=["", *Category.values]), name="accident_category_is_known"),
            models.CheckConstraint(condition=Q(nature__in=Nature.values), name="accident_nature_is_known"),
            models.CheckConstraint(
                condition=Q(stat_status__in=StatStatus.values), name="accident_stat_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(grade__in=Grade.values, kind=AccidentKind.ACCIDENT) | Q(grade="", kind=AccidentKind.EVENT),
                name="accident_grade_is_known",
            ),
            models.CheckConstraint(condition=~Q(joined_to=models.F("id")), name="accident_no_twin_of_itself"),
            models.CheckConstraint(
                condition=Q(direct_loss_yuan=None) | Q(direct_loss_yuan__gte=0), name="accident_loss_is_no_gain"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.occurred_at:%F} {self.place or self.region_code}"

    @property
    def time_is_doubtful(self) -> bool:
        """It counts from its receipt until the bureau states when it happened."""
        return Remark.OCCURRED_AT_DOUBTFUL in self.warnings


class AccidentReport(Authored):
    """报告: the totals of casualties and loss as they stood at `held_at` — of a later death, its day — as we knew
    from `known_at` on.

    Totals replace, they never add up; null is “not reported this time”. Appended only: a trigger sees to it.
    """

    accident = models.ForeignKey(Accident, models.PROTECT, related_name="reports", db_index=False)
    kind = models.CharField("报告类别", max_length=10, choices=ReportType)
    held_at = models.DateTimeField("情况截止时间")
    told_times = models.JSONField("所报时间", default=dict, db_default={})  # name → as stated, where another counts
    deaths = models.PositiveIntegerField("死亡", null=True)
    serious_injuries = models.PositiveIntegerField("重伤", null=True)
    acute_poisonings = models.PositiveIntegerField("急性工业中毒", null=True)
    light_injuries = models.PositiveIntegerField("轻伤", null=True)
    missing = models.PositiveIntegerField("下落不明", null=True)
    endangered = models.PositiveIntegerField("涉险", null=True)
    trapped = models.PositiveIntegerField("被困", null=True)
    evacuated = models.PositiveIntegerField("紧急疏散", null=True)
    dangers = ArrayField(models.CharField(max_length=30), verbose_name="涉险情形", default=list, db_default=[])
    direct_loss_yuan = yuan("直接经济损失（元）")
    unit_overview = words("单位概况")
    scene = words("现场情况")
    course = words("简要经过")
    measures = words("已采取的措施")
    other = words("其他情况")
    channel = models.CharField("方式", max_length=10, choices=Channel, default=Channel.APP, db_default=Channel.APP)
    through = models.ForeignKey(Accident, models.PROTECT, null=True, related_name="+", verbose_name="经由并入的记录")
    note = models.CharField("情况说明", max_length=4000, blank=True)
    reason = models.CharField("减少的原因", max_length=1000, blank=True)

    class Meta:
        db_table = "zero_accident_statement"
        verbose_name = verbose_name_plural = "事故报告"
        indexes = [models.Index(fields=["accident", "held_at"], name="statement_of_accident")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ReportType.values), name="statement_kind_is_known"),
            models.CheckConstraint(
                condition=Q(direct_loss_yuan=None) | Q(direct_loss_yuan__gte=0), name="statement_loss_is_no_gain"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.accident_id} {self.get_kind_display()} {self.held_at:%F %R}"


class Decision(Authored):
    """认定: what the accident is taken for, whole, from `known_at` on; the last one is the accident's own columns.
    Appended only.
    """

    accident = models.ForeignKey(Accident, models.PROTECT, related_name="decisions")
    decided_on = models.DateField("认定日")
    kind = models.CharField(
        "种类", max_length=20, choices=AccidentKind, blank=True, default="", db_default=""
    )  # "": not said
    region_code = models.CharField("发生地", max_length=12)
    on_trunk_road = models.BooleanField("国省干线、铁路")
    category = models.CharField("类别", max_length=2, blank=True)
    nature = models.CharField("性质", max_length=20, choices=Nature)
    occurred_at = models.DateTimeField("发生时间", null=True)  # null: of before it could be decided
    sector_code = models.CharField("行业领域", max_length=30, blank=True)
    sector_inherited = models.BooleanField("行业随单位", default=False, db_default=False)
    stat_status = models.CharField("统计状态", max_length=20, choices=StatStatus)
    stat_before = models.CharField("原统计状态", max_length=20, blank=True, default="", db_default="")  # "": the first
    reason = models.CharField("理由", max_length=1000, blank=True)
    document = models.CharField("文书", max_length=200, blank=True)
    approved_by = models.CharField("批准", max_length=100, blank=True)

    class Meta:
        db_table = "zero_accident_decision"
        verbose_name = verbose_name_plural = "事故认定"
        indexes = [models.Index(fields=["region_code"], name="decision_place")]
        constraints = [
            models.CheckConstraint(
                name="decision_written_off_on_paper",
                condition=~Q(stat_status=StatStatus.WRITTEN_OFF)
                | (~Q(reason="") & ~Q(document="") & ~Q(approved_by="")),
            ),
            models.CheckConstraint(  # NOT VALID: rows of before need not say it
                name="decision_leaves_statistics_on_paper",
                condition=Q(stat_status=F("stat_before"))
                | (Q(stat_status__in=[StatStatus.PROVISIONAL, StatStatus.COUNTED]) & ~Q(stat_before=StatStatus.COUNTED))
                | (~Q(reason="") & ~Q(document="") & ~Q(approved_by="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.accident_id} {self.get_nature_display()} {self.get_stat_status_display()}"


class Wording(Authored):
    """更正文字: the words of the accident's own columns, as they were and as they became. Appended only."""

    accident = models.ForeignKey(Accident, models.PROTECT, related_name="wordings")
    field = models.CharField("更正项", max_length=20)
    was = models.CharField("原文", max_length=4000, blank=True)
    text = models.CharField("改为", max_length=4000)
    reason = models.CharField("理由", max_length=1000)

    class Meta:
        db_table = "zero_accident_wording"
        verbose_name = verbose_name_plural = "更正文字"

    def __str__(self) -> str:
        return f"{self.accident_id} {self.field}"


class AccidentUnit(models.Model):
    """A unit's part, as we knew in [known_from, known_to). `responsible` is the finding of the investigation, of the
    day `held_on`.
    """

    accident = models.ForeignKey(Accident, models.PROTECT, related_name="units", db_index=False)
    enterprise = unit("accidents", db_index=False)
    role = models.CharField("角色", max_length=20, choices=UnitRole)
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
            models.Index(fields=["enterprise"], name="accident_unit_past", condition=Q(known_to__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["accident", "enterprise"], condition=Q(known_to=None), name="accident_unit_once"
            ),
            models.CheckConstraint(condition=Q(role__in=UnitRole.values), name="accident_unit_role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.accident_id} {self.enterprise_id} {self.get_role_display()}"
