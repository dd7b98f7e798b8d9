"""隐患 The hazard as it stands now."""

from __future__ import annotations

from datetime import date

from django.contrib.gis.db.models import PointField
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models.functions import Now

from hazards.querysets import HazardQuerySet
from hazards.rules import is_overdue
from hazards.states import ENDED, Origin, State
from reference.criteria.rules import UNKNOWN
from reference.terms import HazardLevel, Loop
from safety_api.stamps import Stamped


class Hazard(Stamped):
    """隐患. `point` is WGS-84; the pair as sent and its system stay beside it. `region_code` is the place of its own day.

    `found_at` is the moment that counts; where the phone stated another, that is `found_told_at`.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    content_sha256 = models.CharField(
        max_length=64, blank=True
    )  # of the PUT that made it; empty when an inspection carried it
    meaning_sha256 = models.CharField(max_length=64, blank=True, default="", db_default="")  # of what it says
    state = models.CharField("状态", max_length=20, choices=State.choices)
    level = models.CharField("级别", max_length=10, choices=HazardLevel.choices)
    origin = models.CharField("来源", max_length=12, choices=Origin.choices)
    loop = models.CharField("闭环", max_length=10, choices=Loop.choices, db_default=Loop.COUNTY, default=Loop.COUNTY)
    sector = models.ForeignKey("reference.Sector", models.PROTECT, verbose_name="行业领域", db_index=False)
    department = models.ForeignKey(
        "reference.Department", models.PROTECT, null=True, verbose_name="主管部门", db_index=False
    )
    region_code = models.CharField("行政区划", max_length=12)
    enterprise = models.ForeignKey(
        "enterprises.Enterprise", models.PROTECT, null=True, verbose_name="单位", db_index=False
    )
    site = models.ForeignKey("enterprises.Site", models.PROTECT, null=True, verbose_name="场所", db_index=False)
    place = models.CharField("地点", max_length=200, blank=True)
    inspection_id = models.UUIDField("检查", null=True)
    position = models.PositiveSmallIntegerField("录入次序", null=True)  # in its visit; null: found outside one, or before it was kept
    item = models.CharField("检查项", max_length=20, blank=True)
    description = models.CharField("描述", max_length=2000)
    standard_clause = models.CharField("判定标准条款", max_length=200, blank=True)
    judged_by_expert = models.CharField("专家判定", max_length=1000, blank=True)
    edition = models.CharField(  # of the criteria in force when it was found; "" where there are none
        "判定标准", max_length=60, blank=True, default=UNKNOWN, db_default=UNKNOWN
    )
    criterion = models.CharField("判定条目", max_length=80, blank=True, default="", db_default="")
    point = PointField("位置", null=True, spatial_index=False)
    sent_lon = models.FloatField(null=True)
    sent_lat = models.FloatField(null=True)
    sent_crs = models.CharField(max_length=10, blank=True)
    accuracy_m = models.FloatField(null=True)
    reported_by = models.UUIDField("发现人")
    reporter_name = models.CharField("发现人姓名", max_length=60)
    found_at = models.DateTimeField("发现时间")
    found_told_at = models.DateTimeField("所报发现时间", null=True)
    clock_skew_s = models.BigIntegerField("手机时钟误差（秒）", null=True)  # receipt − clock; null: it said none
    received_at = models.DateTimeField("收到时间", db_default=Now())
    due_on = models.DateField("整改期限", null=True)
    due_told_on = models.DateField("所填期限", null=True)  # where another deadline stands
    term_by_rule = models.BooleanField(
        "按规定的期限", default=False, db_default=False
    )  # nobody set it: it runs from the day the unit was told
    review_requested_on = models.DateField("申请复查日", null=True)  # by the unit, not by the clock
    review_due_on = models.DateField("复查期限", null=True)
    overdue_since = models.DateField("首次逾期日", null=True)  # once late, late for ever: no extension clears it
    closed_on = models.DateField("销号日", null=True)
    recurrence_of = models.ForeignKey(
        "self", models.PROTECT, null=True, verbose_name="再次发现自", db_index=False, related_name="+"
    )
    repeat_of = models.ForeignKey(  # same item or clause, same unit, within 12 months; found after the report
        "self", models.PROTECT, null=True, verbose_name="重复于", db_index=False, related_name="+"
    )
    transferred_from = models.ForeignKey(
        "self", models.PROTECT, null=True, verbose_name="移送自", db_index=False, related_name="+"
    )
    joined_to = models.ForeignKey(
        "self", models.PROTECT, null=True, verbose_name="并入", db_index=False, related_name="doubles"
    )
    outside_factor = models.BooleanField("外部因素致自身难以整改", default=False, db_default=False)
    listed_level = models.CharField("挂牌级别", max_length=10, blank=True)
    production_stopped = models.BooleanField("已停产", default=False)
    external_number = models.CharField("上级平台编号", max_length=60, blank=True)
    reported_up_on = models.DateField("已报上级日", null=True)
    warnings = ArrayField(models.CharField(max_length=30), verbose_name="提示", default=list, db_default=[])
    is_demo = models.BooleanField("演示数据", default=False)

    objects = HazardQuerySet.as_manager()

    class Meta:
        db_table = "hazards_hazard"
        verbose_name = verbose_name_plural = "隐患"
        indexes = [
            models.Index(fields=["-found_at", "id"], name="hazard_newest"),
            models.Index(fields=["region_code", "-found_at", "id"], name="hazard_place"),
            models.Index(fields=["enterprise", "-found_at", "id"], name="hazard_unit"),
            models.Index(fields=["inspection_id"], name="hazard_inspection", condition=models.Q(inspection_id__isnull=False)),
            models.Index(
                fields=["region_code", "due_on", "id"], name="hazard_open_due",
                condition=~models.Q(state__in=[*sorted(ENDED), State.DRAFT]),
            ),
            models.Index(
                fields=["-found_at", "id"], name="hazard_major_newest", condition=models.Q(level=HazardLevel.MAJOR)
            ),
            models.Index(fields=["joined_to"], name="hazard_doubles", condition=models.Q(joined_to__isnull=False)),
            models.Index(fields=["-found_at", "id"], name="hazard_remarked", condition=~models.Q(warnings=[])),
            models.Index(fields=["-found_at", "id"], name="hazard_listed", condition=~models.Q(listed_level="")),
            GistIndex(fields=["point"], name="hazard_point"),
            models.Index(fields=["state", "-found_at", "id"], name="hazard_state"),
            models.Index(fields=["origin", "-found_at", "id"], name="hazard_origin"),
            models.Index(fields=["sector", "-found_at", "id"], name="hazard_sector"),
            models.Index(fields=["department", "-found_at", "id"], name="hazard_department"),
            models.Index(fields=["reported_by", "-found_at", "id"], name="hazard_found_by"),
            models.Index(fields=["received_at", "id"], name="hazard_received"),
            models.Index(fields=["due_on", "id"], name="hazard_due"),
            models.Index(
                fields=["-found_at", "id", "due_on", "region_code"], name="hazard_open_newest",
                condition=~models.Q(state__in=[*sorted(ENDED), State.DRAFT]),
            ),
        ]  # fmt: skip
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="hazard_state_is_known"),
            models.CheckConstraint(condition=models.Q(level__in=HazardLevel.values), name="hazard_level_is_known"),
            models.CheckConstraint(condition=models.Q(origin__in=Origin.values), name="hazard_origin_is_known"),
            models.CheckConstraint(condition=models.Q(loop__in=Loop.values), name="hazard_loop_is_known"),
            models.CheckConstraint(
                condition=models.Q(listed_level__in=["", "county", "city", "province"]),
                name="hazard_listed_level_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_on__isnull=False) | ~models.Q(state=State.CLOSED),
                name="hazard_closed_has_day",
            ),
            models.CheckConstraint(
                condition=models.Q(joined_to=None) | models.Q(state=State.VOID), name="hazard_joined_is_void"
            ),
            models.CheckConstraint(
                condition=models.Q(enterprise__isnull=False) | models.Q(site__isnull=False) | ~models.Q(place=""),
                name="hazard_is_somewhere",
            ),
        ]

    def __str__(self) -> str:
        return self.description[:30]

    def is_overdue(self, *, on: date) -> bool:
        return is_overdue(self, on=on)
