"""Units and their condition over time, sites, and what is stated about a unit with its source."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.gis.db.models import PointField
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from enterprises.kinds import KINDS, FactSource, LicenceKind, PaperState, Scheme, SiteKind, Status
from enterprises.querysets import (
    ConditionQuerySet,
    EnterpriseQuerySet,
    PaperQuerySet,
    SiteQuerySet,
    StatedQuerySet,
    last_visit_key,
    on_the_globe,
    risk_rank,
)
from geo.codes import whole
from reference.terms import Class, Colour, UnitType
from safety_api.corrections import Correction
from safety_api.search import Words
from safety_api.stamps import Stamped
from safety_api.words import folded, pinyin_of


def codes_of(length: int, label: str) -> ArrayField:
    return ArrayField(models.CharField(max_length=length), verbose_name=label, default=list, blank=True)


class Place(models.Model):
    """Where a record lies. `region_code` references geo.Region (the migration says so to the database)."""

    region_code = models.CharField("所在村（社区）代码", max_length=12)
    point = PointField("位置", srid=4326, null=True, blank=True)
    point_sent = models.JSONField("报送的坐标", null=True, blank=True)  # {lon, lat, crs, accuracy_m} as it came

    class Meta:
        abstract = True

    @property
    def township(self) -> str:
        return whole(self.region_code[:9])


class UnitCondition(models.Model):
    """What may change about a unit and is asked about past days: stands in the unit and in its conditions."""

    status = models.CharField("状态", max_length=20, choices=Status, default=Status.OPERATING)
    unit_type = models.CharField("类型", max_length=20, choices=UnitType)
    sector = models.ForeignKey("reference.Sector", models.PROTECT, related_name="+", verbose_name="主要行业")
    sectors = codes_of(30, "其他行业")
    above_scale = models.BooleanField("规模以上", default=False)
    producing = models.BooleanField("生产矿井", default=False)
    underground = models.BooleanField("井工", default=False)
    special_geology = models.BooleanField("突出、冲击地压或水文极复杂矿井", default=False)
    traits = codes_of(20, "特征")

    class Meta:
        abstract = True


# The condition: columns that a unit and its conditions share.
CONDITION = (
    "region_code", "status", "unit_type", "sector_id", "sectors", "above_scale", "producing", "underground",
    "special_geology", "traits",
)  # fmt: skip


class Enterprise(Stamped, Place, UnitCondition):
    """单位, in its present condition. Its class is written down by the floor that computes it (actions.set_classes)."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField("名称", max_length=120)
    name_search = models.TextField("检索名", editable=False)
    pinyin = models.TextField("拼音", editable=False)
    credit_code = models.CharField("统一社会信用代码", max_length=18, null=True, blank=True)
    no_credit_code_reason = models.CharField("无代码原因", max_length=100, blank=True)
    registered_region_code = models.CharField("登记地代码", max_length=12, blank=True)
    address = models.CharField("地址", max_length=200, blank=True)
    principal_name = models.CharField("主要负责人", max_length=60, blank=True)
    principal_phone = models.CharField("联系电话", max_length=30, blank=True)
    status_on = models.DateField("现状自", null=True, blank=True)
    opened_on = models.DateField("开业（投产）日", null=True, blank=True)
    closed_on = models.DateField("关闭日", null=True, blank=True)
    supervision_class = models.CharField("分类监管类别", max_length=1, choices=Class, blank=True)
    class_on = models.DateField("类别自", null=True, blank=True)
    class_provisional = models.BooleanField("类别为暂定", default=False)
    risk_colour = models.CharField("最高风险等级", max_length=6, choices=Colour, blank=True)
    last_visit_on = models.DateField("最近检查日", null=True, blank=True)  # by others than the unit itself
    is_demo = models.BooleanField("演示数据", default=False)
    created_at = models.DateTimeField("建立时间", db_default=Now())

    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        db_table = "enterprises_enterprise"
        verbose_name = verbose_name_plural = "单位"
        indexes = [
            models.Index(fields=["region_code", "id"], name="enterprise_by_place"),
            models.Index(fields=["sector", "region_code", "id"], name="enterprise_by_sector"),
            models.Index(last_visit_key(), "id", name="enterprise_last_visit"),
            models.Index(risk_rank(), "id", name="enterprise_risk"),
            GistIndex(on_the_globe(), name="enterprise_near"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["credit_code"], name="enterprise_credit_code_once"),
            models.CheckConstraint(
                name="enterprise_code_or_reason",
                condition=Q(credit_code__isnull=True) ^ Q(no_credit_code_reason=""),
            ),
            models.CheckConstraint(name="enterprise_status_is_known", condition=Q(status__in=Status.values)),
            models.CheckConstraint(name="enterprise_unit_type_is_known", condition=Q(unit_type__in=UnitType.values)),
            models.CheckConstraint(
                name="enterprise_class_is_known", condition=Q(supervision_class__in=["", *Class.values])
            ),
            models.CheckConstraint(
                name="enterprise_opened_before_closed",
                condition=Q(opened_on=None) | Q(closed_on=None) | Q(opened_on__lte=F("closed_on")),
            ),
            models.CheckConstraint(
                name="enterprise_closed_has_its_status", condition=Q(closed_on=None) | Q(status=Status.CLOSED)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **options: Any) -> None:
        self.spell()
        super().save(*args, **options)

    def spell(self) -> None:
        """The search columns follow the name."""
        if self.name_search != folded(self.name):
            self.name_search, self.pinyin = folded(self.name), pinyin_of(self.name)


class Condition(Stamped, UnitCondition):
    """状况: the unit was like this in [held_from, held_to), as we knew in [known_from, known_to)."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="conditions", verbose_name="单位")
    region_code = models.CharField("所在村（社区）代码", max_length=12)
    held_from = models.DateField("自")
    held_to = models.DateField("至（不含）", null=True, blank=True)
    reason = models.CharField("原因", max_length=200, blank=True)
    known_from = models.DateTimeField("知悉自", db_default=Now())
    known_to = models.DateTimeField("知悉至", null=True, blank=True)

    objects = ConditionQuerySet.as_manager()

    class Meta:
        db_table = "enterprises_condition"
        verbose_name = verbose_name_plural = "单位状况"
        indexes = [models.Index(fields=["region_code", "held_from"], name="condition_by_place")]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "held_from"], condition=Q(known_to=None), name="condition_one_a_day"
            ),
            models.UniqueConstraint(
                fields=["enterprise"], condition=Q(known_to=None, held_to=None), name="condition_one_at_present"
            ),
            models.CheckConstraint(
                name="condition_held_before_ended", condition=Q(held_to=None) | Q(held_from__lt=F("held_to"))
            ),
            models.CheckConstraint(
                name="condition_known_before_dropped", condition=Q(known_to=None) | Q(known_from__lte=F("known_to"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.get_status_display()} {self.held_from}–{self.held_to or ''}"


class Site(Stamped, Place):
    """场所: a place under supervision, with a unit or without."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField("类别", max_length=10, choices=SiteKind)
    name = models.CharField("名称", max_length=120)
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, null=True, blank=True, related_name="sites", verbose_name="单位"
    )
    sector = models.ForeignKey("reference.Sector", models.PROTECT, related_name="+", verbose_name="行业")
    place_type = models.CharField("场所类型", max_length=20, blank=True)  # of the fire checklist
    project_type = models.CharField("工程类别", max_length=20, blank=True)  # of the construction checklist
    address = models.CharField("地址", max_length=200, blank=True)
    owner_name = models.CharField("责任人", max_length=60, blank=True)
    owner_phone = models.CharField("责任人电话", max_length=30, blank=True)
    opened_on = models.DateField("启用日", null=True, blank=True)
    closed_on = models.DateField("停用日", null=True, blank=True)
    is_demo = models.BooleanField("演示数据", default=False)
    created_at = models.DateTimeField("建立时间", db_default=Now())

    objects = SiteQuerySet.as_manager()

    class Meta:
        db_table = "enterprises_site"
        verbose_name = verbose_name_plural = "场所"
        indexes = [
            models.Index(fields=["region_code", "id"], name="site_by_place"),
            models.Index(fields=["kind", "region_code", "id"], name="site_by_kind"),
        ]
        constraints = [
            models.CheckConstraint(name="site_kind_is_known", condition=Q(kind__in=SiteKind.values)),
            models.CheckConstraint(
                name="site_opened_before_closed",
                condition=Q(opened_on=None) | Q(closed_on=None) | Q(opened_on__lte=F("closed_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SiteCorrection(Correction):
    site = models.ForeignKey(Site, models.PROTECT, related_name="corrections", verbose_name="场所")

    class Meta:
        db_table = "enterprises_site_correction"
        verbose_name = verbose_name_plural = "场所更正"

    def __str__(self) -> str:
        return self.reason[:30]


# --- what is stated -------------------------------------------------------------------------------------------------
class Stated(Stamped):
    """Held from the first to the last day, both included (None: no end); known in [known_from, known_to)."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="%(class)ss", verbose_name="单位")
    held_from = models.DateField("自（日期）")
    held_to = models.DateField("至（含）", null=True, blank=True)
    source = models.CharField("来源", max_length=10, choices=FactSource, default=FactSource.AUTHORITY)
    document = models.CharField("依据文书", max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登记人"
    )
    known_from = models.DateTimeField("知悉自", db_default=Now())
    known_to = models.DateTimeField("知悉至", null=True, blank=True)
    superseded_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="supersedes", verbose_name="更正为"
    )

    kind: Any  # a column, or the one word that a table stands for

    objects = StatedQuerySet.as_manager()

    class Meta:
        abstract = True
        indexes = [models.Index(fields=["enterprise", "held_from"], name="%(class)s_at")]
        constraints = [
            models.CheckConstraint(
                name="%(class)s_begins_before_it_ends", condition=Q(held_to=None) | Q(held_from__lte=F("held_to"))
            ),
            models.CheckConstraint(
                name="%(class)s_dropped_when_superseded", condition=Q(superseded_by=None) | Q(known_to__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.kind} {self.held_from}"

    @property
    def region_code(self) -> str:
        return self.enterprise.region_code  # what the trail asks of every record


class OwnTable(Stated):
    """A fact whose value stands in columns: the same names as in kinds.KINDS."""

    class Meta(Stated.Meta):
        abstract = True

    @property
    def value(self) -> dict[str, Any]:
        found = {name: getattr(self, name) for name in KINDS[self.kind].value}
        return {name: str(each) if isinstance(each, date | Decimal) else each for name, each in found.items()}


class Paper(OwnTable):
    """A certificate or licence, and what an authority did to it."""

    state = models.CharField("状态", max_length=10, choices=PaperState, default=PaperState.VALID)
    state_on = models.DateField("状态自", null=True, blank=True)
    issued_by = models.CharField("发证机关", max_length=80, blank=True)

    objects = PaperQuerySet.as_manager()  # type: ignore[misc]

    class Meta(OwnTable.Meta):
        abstract = True
        constraints = [
            *Stated.Meta.constraints,
            models.CheckConstraint(
                name="%(class)s_says_since_when", condition=Q(state=PaperState.VALID) ^ Q(state_on__isnull=False)
            ),
        ]


class StandardizationCertificate(Paper):
    kind = "standardization"
    scheme = models.CharField("体系", max_length=20, choices=Scheme)
    level = models.PositiveSmallIntegerField("等级")
    certificate_no = models.CharField("证书编号", max_length=60)

    class Meta(Paper.Meta):
        db_table = "enterprises_standardization"
        verbose_name = verbose_name_plural = "标准化证书"
        constraints = [
            *Paper.Meta.constraints,
            models.CheckConstraint(name="standardization_level_is_1_to_3", condition=Q(level__range=(1, 3))),
        ]


class Licence(Paper):
    kind = "licence"
    licence = models.CharField("许可种类", max_length=20, choices=LicenceKind)
    number = models.CharField("编号", max_length=60)

    class Meta(Paper.Meta):
        db_table = "enterprises_licence"
        verbose_name = verbose_name_plural = "安全许可"


class Insurance(OwnTable):
    kind = "insurance"
    insurer = models.CharField("保险机构", max_length=80)
    policy_no = models.CharField("保单号", max_length=60)
    limit_person_yuan = models.DecimalField(
        "每人限额（元）", max_digits=14, decimal_places=2, null=True
    )  # null: nobody said
    workers_covered = models.PositiveIntegerField("投保人数", null=True)
    all_workers = models.BooleanField("覆盖全部从业人员", null=True)
    one_sum = models.BooleanField("全部人员同一限额", null=True)

    class Meta(OwnTable.Meta):
        db_table = "enterprises_insurance"
        verbose_name = verbose_name_plural = "安责险"


class StatedFact(Stated):
    """Every other kind; its value has the shape that kinds.KINDS gives."""

    kind = models.CharField("种类", max_length=30, choices=[(name, kind.label) for name, kind in KINDS.items()])
    value = models.JSONField("内容", default=dict)

    class Meta(Stated.Meta):
        db_table = "enterprises_stated_fact"
        verbose_name = verbose_name_plural = "事实"


TABLES: dict[str, type[Stated]] = {
    "standardization": StandardizationCertificate, "licence": Licence, "insurance": Insurance,
}  # fmt: skip


def table_of(kind: str) -> type[Stated]:
    return TABLES.get(kind, StatedFact)


class EnterpriseWords(Words):
    record = models.OneToOneField(
        Enterprise, models.CASCADE, primary_key=True, related_name="words", verbose_name="单位"
    )

    class Meta(Words.Meta):
        db_table = "enterprises_enterprise_words"
        verbose_name = verbose_name_plural = "单位检索"


class SiteWords(Words):
    record = models.OneToOneField(Site, models.CASCADE, primary_key=True, related_name="words", verbose_name="场所")

    class Meta(Words.Meta):
        db_table = "enterprises_site_words"
        verbose_name = verbose_name_plural = "场所检索"
