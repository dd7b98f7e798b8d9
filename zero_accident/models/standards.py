"""The nine creation standards, assessed for every village and unit (五到位、两健全、一落实、一及时)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accidents.models.accidents import unit
from reference.terms import Standard, Subject
from safety_api.stamps import Stamped
from zero_accident.querysets import MarkQuerySet, SheetQuerySet


class StandardSheet(Stamped):
    """创建评定表: a village's or a unit's nine standards of a year. A village is named by its code of the day on
    which it was assessed.
    """

    subject = models.CharField("对象", max_length=10, choices=Subject)
    village = models.CharField("村代码", max_length=12, blank=True)
    enterprise = unit("standard_sheets", null=True, db_index=False)
    year = models.PositiveSmallIntegerField("年度")

    objects = SheetQuerySet.as_manager()

    class Meta:
        db_table = "zero_accident_standard_sheet"
        verbose_name = verbose_name_plural = "创建标准评定表"
        indexes = [models.Index(fields=["enterprise", "year"], name="sheet_of_unit", condition=~Q(enterprise=None))]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "village", "enterprise"], nulls_distinct=False, name="sheet_once_a_year"
            ),
            models.CheckConstraint(
                name="sheet_names_its_subject",
                condition=Q(subject=Subject.VILLAGE, enterprise=None) & ~Q(village="")
                | Q(subject=Subject.UNIT, village="", enterprise__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.village or self.enterprise_id}"


class StandardMark(models.Model):
    """评定: this standard was passed or not on the day `held_on`, as we knew in [known_from, known_to). It stands
    until the next day on which the same standard was assessed; the day may lie after the year that it is about.
    """

    sheet = models.ForeignKey(StandardSheet, models.PROTECT, related_name="marks", db_index=False)
    standard = models.CharField("标准", max_length=20, choices=Standard)
    passed = models.BooleanField("通过")
    reason = models.CharField("理由", max_length=1000, blank=True)
    held_on = models.DateField("评定日")
    document = models.CharField("依据", max_length=200, blank=True)
    by_id = models.UUIDField("人员编号", null=True)
    by_name = models.CharField("姓名", max_length=60)
    by_role = models.CharField("岗位", max_length=30)
    known_from = models.DateTimeField("知悉自", db_default=Now())
    known_to = models.DateTimeField("知悉至", null=True)

    objects = MarkQuerySet.as_manager()

    class Meta:
        db_table = "zero_accident_standard_mark"
        verbose_name = verbose_name_plural = "创建标准评定"
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "standard", "held_on"],
                condition=Q(known_to=None),
                include=["passed"],  # so that who is accepted is read from the index alone
                name="mark_once_a_day",
            ),
            models.CheckConstraint(condition=Q(standard__in=Standard.values), name="mark_standard_is_known"),
            models.CheckConstraint(condition=Q(passed=True) | ~Q(reason=""), name="mark_failed_with_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.get_standard_display()} {'通过' if self.passed else '未通过'} {self.held_on}"
