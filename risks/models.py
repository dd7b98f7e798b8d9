"""Risk points, their assessments one after another, and the self-checks that were made."""

from __future__ import annotations

from uuid import uuid4

from django.contrib.gis.db.models import PointField
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from reference.terms import COLOUR_OF, Colour, ControlLevel, RiskMethod
from risks.querysets import AssessmentQuerySet, RiskPointQuerySet, SelfCheckQuerySet
from safety_api.stamps import Stamped

LEVEL = Q(inherent_level__range=(1, 4), residual_level__range=(1, 4))


class OfAUnit(Stamped):
    """Seen by whoever sees its unit, wherever the unit moves."""

    enterprise = models.ForeignKey("enterprises.Enterprise", models.CASCADE, related_name="+", verbose_name="单位")
    is_demo = models.BooleanField("演示数据", default=False)

    class Meta:
        abstract = True

    @property
    def region_code(self) -> str:
        return self.enterprise.region_code  # what the trail asks of every record


class RiskPoint(OfAUnit):
    """风险点. Its danger stands in its assessments; `level` and `review_due_on` are those of the last one, for the map."""

    class Status(models.TextChoices):
        CURRENT = "current", "在用"
        RETIRED = "retired", "已撤销"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    site = models.ForeignKey(
        "enterprises.Site", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="场所"
    )
    name = models.CharField("名称", max_length=120)
    place = models.CharField("部位", max_length=200, blank=True)
    hazard_factors = models.CharField("危险有害因素", max_length=1000)
    accident_types = ArrayField(models.CharField(max_length=20), verbose_name="可能导致的事故类型", default=list)
    point = PointField("位置", srid=4326, null=True, blank=True, spatial_index=False)
    point_sent = models.JSONField("报送的坐标", null=True, blank=True)  # {lon, lat, crs, accuracy_m} as it came
    level = models.PositiveSmallIntegerField("现有风险级别", choices=[(n, c.label) for n, c in COLOUR_OF.items()])
    review_due_on = models.DateField("下次评价不晚于")
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.CURRENT)
    retired_on = models.DateField("撤销日", null=True, blank=True)
    retired_why = models.CharField("撤销原因", max_length=200, blank=True)
    created_at = models.DateTimeField("建立时间", db_default=Now())
    changed_at = models.DateTimeField("变更时间", db_default=Now())

    objects = RiskPointQuerySet.as_manager()

    class Meta:
        db_table = "risks_point"
        verbose_name = verbose_name_plural = "风险点"
        indexes = [
            GistIndex(fields=["point"], name="risk_point_place"),
            models.Index(fields=["enterprise", "level"], name="risk_point_of_unit", condition=Q(status="current")),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(level__range=(1, 4)), name="risk_level_is_known"),
            models.CheckConstraint(
                condition=Q(status="current", retired_on=None) | Q(status="retired", retired_on__isnull=False),
                name="risk_retired_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RiskAssessment(Stamped):
    """评价: what held of a point in [held_from, held_to). Another way of controlling it, without new scores, is a row too."""

    class Occasion(models.TextChoices):
        FIRST = "first", "首次辨识"
        YEARLY = "yearly", "定期评价"
        CHANGE = "change", "条件变化"
        ACCIDENT = "accident", "事故之后"
        CONTROL = "control", "仅调整管控"

    risk = models.ForeignKey(RiskPoint, models.CASCADE, related_name="assessments", verbose_name="风险点")
    occasion = models.CharField("缘由", max_length=10, choices=Occasion)
    methods_version = models.CharField("办法版本", max_length=30)
    method = models.CharField("方法", max_length=3, choices=RiskMethod)
    inherent = models.JSONField("固有风险取值")  # factor → value as decimal text
    residual = models.JSONField("现有风险取值")
    inherent_score = models.DecimalField("固有风险值", max_digits=8, decimal_places=2)
    residual_score = models.DecimalField("现有风险值", max_digits=8, decimal_places=2)
    inherent_level = models.PositiveSmallIntegerField("固有风险级别")
    residual_level = models.PositiveSmallIntegerField("现有风险级别")
    forced_major = models.CharField("直接判定情形", max_length=40, blank=True)
    measures = models.JSONField("管控措施", default=dict)
    control_level = models.CharField("管控层级", max_length=10, choices=ControlLevel)
    persons = models.JSONField("各级责任人", default=dict)  # control level → name
    controlled = models.BooleanField("措施与责任人落实")
    assessed_on = models.DateField("评价日")
    review_due_on = models.DateField("下次评价不晚于")
    held_from = models.DateField("自")
    held_to = models.DateField("至（不含）", null=True, blank=True)
    # Checks are owed from the day after the point was entered, under the newest row: of no time before anybody knew.
    duty_from = models.DateField("排查自")
    duty_to = models.DateField("排查至（不含）", null=True, blank=True)
    recorded_at = models.DateTimeField("登记时间", db_default=Now())
    recorded_by = models.UUIDField("登记人", null=True)
    recorded_by_name = models.CharField("登记人姓名", max_length=60)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        db_table = "risks_assessment"
        verbose_name = verbose_name_plural = "风险评价"
        indexes = [
            models.Index(fields=["residual_level", "id"], name="assessment_worst", condition=Q(held_to=None)),
            models.Index(fields=["risk", "held_from"], name="assessment_of_point"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["risk"], condition=Q(held_to=None), name="assessment_one_in_force"),
            models.CheckConstraint(condition=LEVEL, name="assessment_levels_are_known"),
            models.CheckConstraint(
                condition=Q(held_to=None) | Q(held_from__lte=F("held_to")), name="assessment_begins_before_it_ends"
            ),
            models.CheckConstraint(
                condition=Q(duty_to=None) | Q(duty_from__lte=F("duty_to")), name="assessment_duty_begins_before_it_ends"
            ),
            models.CheckConstraint(
                condition=Q(residual_score__lte=F("inherent_score")), name="assessment_measures_do_not_add_risk"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.risk_id} {self.held_from}"

    @property
    def colour(self) -> Colour:
        return COLOUR_OF[self.residual_level]


class SelfCheck(OfAUnit):
    """自查: one round at one control level. `counted`: the tasks it fulfilled, worked out once, when it arrived."""

    id = models.UUIDField(primary_key=True, editable=False)
    content_sha256 = models.CharField(max_length=64)
    meaning_sha256 = models.CharField(max_length=64, blank=True, default="", db_default="")  # of what it says
    level = models.CharField("层级", max_length=10, choices=ControlLevel)
    checked_at = models.DateTimeField("自查时间")  # the moment that counts
    checked_told_at = models.DateTimeField("所报自查时间", null=True)  # where another counts
    clock_skew_s = models.BigIntegerField("手机时钟误差（秒）", null=True)  # receipt − clock; null: it said none
    warnings = ArrayField(models.CharField(max_length=30), verbose_name="提示", default=list, db_default=[])
    received_at = models.DateTimeField("收到时间", db_default=Now())
    period_from = models.DateField("所属时段自")
    due_on = models.DateField("所属时段至")
    shift = models.PositiveSmallIntegerField("班次", default=0)
    in_time = models.BooleanField("按时送达")
    points = ArrayField(models.UUIDField(), verbose_name="所查风险点", default=list)
    counted = models.PositiveIntegerField("完成任务数")
    hazards = ArrayField(models.UUIDField(), verbose_name="发现的隐患", default=list)  # hazards live a floor above
    note = models.CharField("说明", max_length=1000, blank=True)
    by_id = models.UUIDField("人员编号")
    by_name = models.CharField("姓名", max_length=60)

    objects = SelfCheckQuerySet.as_manager()

    class Meta:
        db_table = "risks_self_check"
        verbose_name = verbose_name_plural = "自查记录"
        indexes = [
            models.Index(fields=["-checked_at", "id"], name="self_check_newest"),
            models.Index(fields=["enterprise", "-checked_at", "id"], name="self_check_of_unit"),
            models.Index(fields=["enterprise", "due_on", "level"], include=["counted"], name="self_check_done"),
            models.Index(  # 每月至少一次: few among the rounds of shifts and days
                fields=["enterprise", "due_on"], name="self_check_monthly", condition=Q(level="company", in_time=True)
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(period_from__lte=F("due_on")), name="self_check_period_in_order"),
            models.CheckConstraint(condition=Q(in_time=True) | Q(counted=0), name="self_check_late_counts_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.level} {self.period_from}"
