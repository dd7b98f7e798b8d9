"""部门月报: what police and brigade list of a month, edition by edition."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from assessment.closings.source_lists.querysets import SourceListQuerySet
from reference.terms import Category
from safety_api.stamps import Stamped


class SourceList(Stamped):
    """One edition of one source's list of a month; a later edition takes its place, and the old one stays. Appended only.

    `source` is a code of the closing's reference document; a nil return (零报告) has no rows.
    """

    region_code = models.CharField("县", max_length=12)
    source = models.CharField("来源", max_length=40)
    year = models.PositiveSmallIntegerField("年度")
    month = models.PositiveSmallIntegerField("月份")
    edition = models.PositiveIntegerField("版次")
    nil_return = models.BooleanField("零报告")
    note = models.CharField("说明", max_length=500, blank=True, default="")
    sha256 = models.CharField("内容摘要", max_length=64)  # of the workbook, or of the rows as JSON
    file_name = models.CharField("文件", max_length=10, blank=True, default="")  # "xlsx" when it came as a workbook
    received_at = models.DateTimeField("收到时间", db_default=Now())
    by_id = models.UUIDField("提交人", null=True)
    by_name = models.CharField("提交人姓名", max_length=60)

    objects = SourceListQuerySet.as_manager()

    class Meta:
        db_table = "assessment_source_list"
        verbose_name = verbose_name_plural = "部门月报"
        constraints = [
            models.UniqueConstraint(
                fields=["region_code", "source", "year", "month", "edition"], name="source_list_edition_once"
            ),
            models.CheckConstraint(condition=Q(month__gte=1, month__lte=12), name="source_list_month_is_one"),
        ]

    def __str__(self) -> str:
        return f"{self.year}年{self.month}月 {self.source} 第{self.edition}版"


class SourceRow(models.Model):
    """One accident as they list it. Null is “they do not say”. Appended only."""

    of = models.ForeignKey(SourceList, models.PROTECT, related_name="rows", verbose_name="月报")
    line = models.PositiveIntegerField("行号")  # as Excel counts, or from 1
    external_number = models.CharField("对方编号", max_length=60)
    day = models.DateField("发生日")
    time = models.TimeField("时间", null=True)
    region_code = models.CharField("地区", max_length=12)
    place = models.CharField("地点", max_length=200, blank=True, default="")
    deaths = models.PositiveIntegerField("死亡")
    serious_injuries = models.PositiveIntegerField("重伤", null=True)
    category = models.CharField("类别", max_length=2, choices=Category, blank=True, default="")
    description = models.CharField("简要情况", max_length=2000, blank=True, default="")

    class Meta:
        db_table = "assessment_source_row"
        verbose_name = verbose_name_plural = "部门月报行"
        constraints = [
            models.UniqueConstraint(fields=["of", "external_number"], name="source_row_number_once"),
            models.CheckConstraint(
                condition=Q(category__in=["", *Category.values]), name="source_row_category_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.external_number} {self.day}"
