"""Dated reference data. Filled by `load_reference` alone; last days (`valid_to`, `effective_to`) are included."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now

from reference.querysets import ClauseQuerySet, DocumentQuerySet
from reference.terms import DepartmentKind, Duty
from reference.versions import source_at
from safety_api.stamps import Stamped


def days(first: str, last: str) -> Func:
    """The range from `first` to `last`, both included; an empty `last` is open."""
    return Func(F(first), F(last), Value("[]"), function="daterange", output_field=DateRangeField())


class Sector(Stamped):
    """领域: the eleven of the notice's item 7 in its order, and two that it names besides. Codes never change."""

    code = models.CharField("代码", max_length=30, primary_key=True)
    name = models.CharField("名称", max_length=40, unique=True)
    order = models.PositiveSmallIntegerField("次序", unique=True)
    is_priority = models.BooleanField("11 个重点行业领域")

    class Meta:
        verbose_name = verbose_name_plural = "领域"
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name


class Department(Stamped):
    code = models.CharField("代码", max_length=30, primary_key=True)
    name = models.CharField("全称", max_length=60, unique=True)
    aliases = ArrayField(models.CharField(max_length=60), verbose_name="简称", default=list)
    kind = models.CharField("性质", max_length=10, choices=DepartmentKind.choices)
    verified = models.BooleanField("全称已核对")

    class Meta:
        verbose_name = verbose_name_plural = "部门"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class SectorDepartment(Stamped):
    sector = models.ForeignKey(Sector, models.PROTECT, related_name="assignments", verbose_name="领域")
    department = models.ForeignKey(Department, models.PROTECT, related_name="assignments", verbose_name="部门")
    role = models.CharField("职责", max_length=10, choices=Duty.choices)
    order = models.PositiveSmallIntegerField("主次")
    note = models.CharField("范围", max_length=60, blank=True)
    valid_from = models.DateField("自")
    valid_to = models.DateField("至（含）", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "部门分工"
        ordering = ["sector__order", "order"]
        constraints = [
            ExclusionConstraint(
                name="sector_department_once_a_day",
                expressions=[
                    ("sector", RangeOperators.EQUAL),
                    ("department", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (days("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.sector_id} {self.department_id} {self.get_role_display()}"


class Holiday(models.Model):
    """A day that is not what its weekday says: a holiday, or a weekend day that is worked (调休)."""

    day = models.DateField("日期", primary_key=True)
    is_workday = models.BooleanField("调休上班")
    name = models.CharField("节日", max_length=20)
    source = models.CharField("依据", max_length=100)

    class Meta:
        verbose_name = verbose_name_plural = "节假日"
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.name}{'（上班）' if self.is_workday else ''}"


class Document(Stamped):
    """规定: one version of one rule, with the days on which it holds. The body's shape is that of its kind (shapes.py).

    Of one (kind, code) at most one version holds on any day; the database sees to it.
    """

    kind = models.CharField("种类", max_length=30)
    code = models.CharField("代码", max_length=40)
    version = models.CharField("版本", max_length=30)
    title = models.CharField("标题", max_length=100)
    effective_from = models.DateField("施行日")
    effective_to = models.DateField("末日（含）", null=True, blank=True)
    source = models.CharField("依据", max_length=200)
    body = models.JSONField("内容")
    amended = models.JSONField("单值变更", default=list, help_text="at, effective_from, source：见 versions.py")
    digest = models.CharField("摘要", max_length=64, help_text="SHA-256，不含末日：给旧版本写上末日不算改动其内容")

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "规定"
        ordering = ["kind", "code", "effective_from"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "code", "version"], name="document_version_once"),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
                name="document_ends_after_it_begins",
            ),
            ExclusionConstraint(
                name="document_versions_never_overlap",
                expressions=[
                    ("kind", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    (days("effective_from", "effective_to"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.version}"

    def source_of(self, at: str) -> str:
        """Where the value at this place of the body comes from: the change that said it last, else the document."""
        return source_at(self.amended, at) or self.source

    def holds(self, on) -> bool:
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)


class EnteredClause(Stamped):
    """录入的条文: of an edition of criteria that came with its title and days alone. Shipped items are never overwritten; one that was
    entered wrongly is withdrawn, and stays."""

    edition = models.CharField("判定标准", max_length=60)
    article = models.CharField("条款号", max_length=20)
    part = models.CharField("分列", max_length=3, blank=True)
    label = models.CharField("情形", max_length=300)
    when = models.CharField("前提", max_length=300, blank=True)
    exception = models.CharField("除外", max_length=300, blank=True)
    source = models.CharField("来源", max_length=200)
    source_url = models.CharField("来源网址", max_length=300, blank=True)
    entered_at = models.DateTimeField("录入时间", db_default=Now())
    entered_by = models.UUIDField("录入人")
    entered_by_name = models.CharField("录入人姓名", max_length=60)
    withdrawn_at = models.DateTimeField("撤回时间", null=True)
    withdrawn_by = models.UUIDField("撤回人", null=True)
    withdrawn_reason = models.CharField("撤回理由", max_length=300, blank=True)

    objects = ClauseQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "录入的条文"
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "article", "part"], condition=Q(withdrawn_at=None), name="entered_clause_stands_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.edition}:{self.article}{self.part}"

    def as_item(self) -> dict:
        return {
            "article": self.article,
            "part": self.part,
            "aspect": 0,
            "label": self.label,
            "when": self.when,
            "exception": self.exception,
        }

    def as_source(self) -> dict:
        return {
            "id": self.pk, "source": self.source, "source_url": self.source_url, "at": self.entered_at.isoformat(),
            "by_name": self.entered_by_name,
        }  # fmt: skip


class Load(Stamped):
    """装载: one run of `load_reference` that changed something. The newest dates every answer."""

    loaded_at = models.DateTimeField("时间", db_default=Now())
    new = models.PositiveIntegerField("新增")
    changed = models.PositiveIntegerField("改动")
    removed = models.PositiveIntegerField("删除")

    class Meta:
        verbose_name = verbose_name_plural = "装载"

    def __str__(self) -> str:
        return f"{self.loaded_at:%F %T}"
