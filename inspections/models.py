"""Visits with their answers, and tasks: the visits to make."""

from datetime import datetime
from uuid import uuid4

from django.contrib.gis.db.models import PointField
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.db import models
from django.db.models.functions import Now

from inspections.querysets import InspectionQuerySet, TaskQuerySet
from reference.terms import InspectionType
from safety_api.corrections import Correction
from safety_api.pairs import Pair, PairState
from safety_api.remarks import Remark
from safety_api.search import Words
from safety_api.stamps import Stamped


class VisitKind(models.TextChoices):
    ROUTINE = "routine", "日常"
    SPECIAL = "special", "专项"
    DOUBLE_RANDOM = "double_random", "双随机"
    JOINT = "joint", "联合"
    EXPERT = "expert", "执法+专家"
    UNANNOUNCED = "unannounced", "暗访"
    REVIEW = "review", "复查"


class SourceKind(models.TextChoices):
    PLAN = "plan", "年度检查计划"
    CAMPAIGN = "campaign", "上级部署的专项行动"
    COMPLAINT = "complaint", "投诉举报"
    TRANSFER = "transfer", "转办交办"
    ACCIDENT = "accident", "事故、险情"
    OWN_REQUEST = "own_request", "企业自行申请"
    REVIEW = "review", "复查"


class Authority(models.TextChoices):
    ADMINISTRATIVE = "administrative", "行政检查"
    PATROL = "patrol", "属地巡查"
    SUPERVISION = "supervision", "督导"
    EXPERT_SERVICE = "expert_service", "专家服务"
    SELF_CHECK = "self_check", "自查"


class Unanswered(models.TextChoices):
    PASS = "pass", "未列出的均合格"
    NONE = "none", "未列出的没有查"


class Result(models.TextChoices):
    PASS = "pass", "合格"
    FAIL = "fail", "不合格"
    NOT_APPLICABLE = "not_applicable", "不涉及"


class Inspection(Stamped):
    """检查: as the phone sent it. Three times: when it happened, when the phone wrote it (`device.clock`), when we received it.

    `started_at` and `finished_at` are the moments that count; where the phone stated others, these are the `…_told_at`.
    `point` is WGS-84; the pair as sent and its system stay beside it. `content_sha256` is the fingerprint of what was sent and never
    changes, so that the phone's untouched original can always be sent again.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    content_sha256 = models.CharField("内容指纹", max_length=64)
    meaning_sha256 = models.CharField(max_length=64, blank=True, default="", db_default="")  # of what it says
    by_id = models.UUIDField("检查人")
    by_name = models.CharField("检查人姓名", max_length=60)
    enterprise = models.ForeignKey(
        "enterprises.Enterprise", models.PROTECT, null=True, verbose_name="单位", db_index=False
    )
    site = models.ForeignKey("enterprises.Site", models.PROTECT, null=True, verbose_name="场所", db_index=False)
    place = models.CharField("地点", max_length=200, blank=True)
    place_type = models.CharField("场所类型", max_length=40, blank=True)
    project_type = models.CharField("工程类型", max_length=40, blank=True)
    region_code = models.CharField("行政区划", max_length=12)
    sector = models.ForeignKey("reference.Sector", models.PROTECT, verbose_name="行业领域", db_index=False)
    kind = models.CharField("方式", max_length=20, choices=VisitKind.choices)
    authority = models.CharField("名义", max_length=20, choices=Authority.choices)
    task_id = models.UUIDField("任务", null=True)
    started_at = models.DateTimeField("开始")
    finished_at = models.DateTimeField("结束")
    started_told_at = models.DateTimeField("所报开始时间", null=True)
    finished_told_at = models.DateTimeField("所报结束时间", null=True)
    clock_skew_s = models.BigIntegerField("手机时钟误差（秒）", null=True)  # receipt − clock; null: it said none
    received_at = models.DateTimeField("收到", db_default=Now())
    point = PointField("位置", null=True, spatial_index=False)
    sent_lon = models.FloatField(null=True)
    sent_lat = models.FloatField(null=True)
    sent_crs = models.CharField(max_length=10, blank=True)
    accuracy_m = models.FloatField(null=True)
    companions = ArrayField(models.UUIDField(), verbose_name="同行人员", default=list)
    checklist_code = models.CharField("检查表", max_length=40, blank=True)
    checklist_version = models.CharField("版本", max_length=30, blank=True)
    unanswered = models.CharField("未列出的检查项", max_length=4, choices=Unanswered.choices)
    answers = models.JSONField(
        "检查项结果", default=list
    )  # [{item, result, note}]: only what the phone named; read whole, never changed
    device = models.JSONField("终端", default=dict)
    warnings = ArrayField(models.CharField(max_length=30), verbose_name="提示", default=list)
    hazards_found = models.PositiveSmallIntegerField("发现隐患", default=0)
    type = models.CharField(
        "类型", max_length=10, choices=InspectionType.choices, blank=True, default="", db_default=""
    )
    source = models.JSONField("来源", default=dict, db_default={})  # {kind, number?, ordered_by?, record?}
    department = models.CharField("检查机关", max_length=40, blank=True, default="", db_default="")
    joint_departments = ArrayField(
        models.CharField(max_length=40), verbose_name="联合检查的部门", default=list, db_default=[]
    )  # besides its own: each counts it once
    experts = models.JSONField("专家", default=list, db_default=[])  # [{name, organ, post}]: they assist
    course = models.JSONField("检查程序", default=dict, db_default={})  # as told, and the steps taken since (course/)
    healed = ArrayField(
        models.CharField(max_length=30), verbose_name="已补正的提示", default=list, db_default=[]
    )  # of the remarks of the course, which stay in `warnings`
    joined_to = models.ForeignKey(
        "self", models.PROTECT, null=True, verbose_name="并入", db_index=False, related_name="doubles"
    )
    is_demo = models.BooleanField("演示数据", default=False)

    objects = InspectionQuerySet.as_manager()

    class Meta:
        db_table = "inspections_inspection"
        verbose_name = verbose_name_plural = "检查"
        indexes = [
            models.Index(fields=["-started_at", "id"], name="inspection_newest"),
            models.Index(fields=["region_code", "-started_at", "id"], name="inspection_place"),
            models.Index(fields=["enterprise", "-started_at", "id"], name="inspection_unit"),
            models.Index(fields=["by_id", "-started_at", "id"], name="inspection_by"),
            models.Index(fields=["kind", "-started_at", "id"], name="inspection_kind"),
            models.Index(fields=["sector", "-started_at", "id"], name="inspection_sector"),
            models.Index(fields=["received_at", "id"], name="inspection_received"),
            GinIndex(fields=["companions"], name="inspection_with", condition=~models.Q(companions=[])),
            models.Index(fields=["joined_to"], name="inspection_doubles", condition=models.Q(joined_to__isnull=False)),
            models.Index(fields=["-started_at", "id"], name="inspection_remarked", condition=~models.Q(warnings=[])),
            GistIndex(fields=["point"], name="inspection_point"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=VisitKind.values), name="inspection_kind_is_known"),
            models.CheckConstraint(
                condition=models.Q(authority__in=Authority.values), name="inspection_authority_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(type__in=["", *InspectionType.values]), name="inspection_type_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(finished_at__gte=models.F("started_at")), name="inspection_ends_after_start"
            ),
            models.CheckConstraint(
                condition=models.Q(enterprise__isnull=False) | models.Q(site__isnull=False) | ~models.Q(place=""),
                name="inspection_is_somewhere",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def as_papers_say(self) -> tuple[datetime, datetime]:
        """Beginning and end: of a visit told long after it as told, since nobody signs for the hour of the receipt."""
        if Remark.LONG_AGO not in self.warnings:
            return self.started_at, self.finished_at
        return self.started_told_at or self.started_at, self.finished_told_at or self.finished_at


class InspectionPair(Pair):
    """疑似同一次检查"""

    first = models.ForeignKey(Inspection, models.PROTECT, related_name="pairs_first")
    second = models.ForeignKey(Inspection, models.PROTECT, related_name="pairs_second")
    stays = models.ForeignKey(Inspection, models.PROTECT, null=True, related_name="+", verbose_name="保留的记录")

    class Meta:
        db_table = "inspections_pair"
        verbose_name = verbose_name_plural = "疑似重复的检查"
        indexes = [
            models.Index(fields=["-id"], name="inspection_pair_proposed", condition=models.Q(state=PairState.PROPOSED))
        ]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="inspection_pair_once"),
            models.CheckConstraint(condition=~models.Q(first=models.F("second")), name="inspection_pair_of_two"),
            models.CheckConstraint(
                condition=models.Q(state__in=PairState.values), name="inspection_pair_state_is_known"
            ),
        ]


class VisitCorrection(Correction):
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="corrections", verbose_name="检查")

    class Meta:
        db_table = "inspections_correction"
        verbose_name = verbose_name_plural = "检查更正"

    def __str__(self) -> str:
        return self.reason[:30]


class Task(Stamped):
    """检查任务: a visit to make, by whom and until when; done when an inspection names it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    enterprise = models.ForeignKey("enterprises.Enterprise", models.PROTECT, null=True, blank=True, verbose_name="单位")
    site = models.ForeignKey("enterprises.Site", models.PROTECT, null=True, blank=True, verbose_name="场所")
    region_code = models.CharField("行政区划", max_length=12)
    sector = models.ForeignKey("reference.Sector", models.PROTECT, verbose_name="行业领域", db_index=False)
    kind = models.CharField("方式", max_length=20, choices=VisitKind.choices)
    authority = models.CharField("名义", max_length=20, choices=Authority.choices)
    type = models.CharField(
        "类型", max_length=10, choices=InspectionType.choices, blank=True, default="", db_default=""
    )
    source = models.JSONField("来源", default=dict, db_default={})  # {kind, number?, ordered_by?, record?}
    department = models.CharField("检查机关", max_length=40, blank=True, default="", db_default="")
    joint_departments = ArrayField(
        models.CharField(max_length=40), verbose_name="联合检查的部门", default=list, db_default=[]
    )
    experts = models.JSONField("专家", default=list, db_default=[])
    course = models.JSONField("检查程序", default=dict, db_default={})  # what the office did beforehand (course/)
    due_on = models.DateField("最迟")
    note = models.CharField("要求", max_length=1000, blank=True)
    assignees = ArrayField(models.UUIDField(), verbose_name="检查人员", default=list)
    created_by = models.UUIDField("下达人", null=True)
    created_at = models.DateTimeField("下达时间", db_default=Now())
    done_by = models.UUIDField("完成的检查", null=True)
    cancelled_on = models.DateField("取消日", null=True)
    cancel_reason = models.CharField("取消理由", max_length=1000, blank=True, default="", db_default="")
    is_demo = models.BooleanField("演示数据", default=False)

    objects = TaskQuerySet.as_manager()

    class Meta:
        db_table = "inspections_task"
        verbose_name = verbose_name_plural = "检查任务"
        indexes = [
            models.Index(
                fields=["due_on", "id"], name="task_to_make", condition=models.Q(done_by=None, cancelled_on=None)
            ),
            GinIndex(fields=["assignees"], name="task_assignees"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(enterprise__isnull=False) | models.Q(site__isnull=False), name="task_has_a_place"
            ),
            models.CheckConstraint(
                condition=models.Q(type__in=["", *InspectionType.values]), name="task_type_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.due_on} {self.kind}"


class YearCount(Stamped):
    """全年检查次数: of a unit by department, kept beside the visits that it is counted from (ceilings/counting.py)."""

    enterprise = models.ForeignKey("enterprises.Enterprise", models.CASCADE, verbose_name="单位", db_index=False)
    year = models.SmallIntegerField("年")
    department = models.CharField("检查机关", max_length=40, blank=True)
    word = models.CharField(
        "类型", max_length=12, blank=True
    )  # daily, special, case, supervision, review; '' before 2025
    made = models.PositiveIntegerField("次数")
    counted = models.PositiveIntegerField("计入上限的次数")

    class Meta:
        db_table = "inspections_year_count"
        verbose_name = verbose_name_plural = "全年检查次数"
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "year", "department", "word"], name="year_count_once"),
            models.CheckConstraint(condition=models.Q(counted__lte=models.F("made")), name="year_count_of_those_made"),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.year} {self.department} {self.word} {self.made}"


class InspectionWords(Words):
    record = models.OneToOneField(
        Inspection, models.CASCADE, primary_key=True, related_name="words", verbose_name="检查"
    )

    class Meta(Words.Meta):
        db_table = "inspections_inspection_words"
        verbose_name = verbose_name_plural = "检查检索"
