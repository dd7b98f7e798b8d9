"""通报: what was published of a closing to the townships and departments; a row a revision."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from assessment.bulletins.querysets import BulletinQuerySet
from assessment.models.closings import Closing
from evidence.papers.numbering import spoken_code
from safety_api.idempotency import fingerprint
from safety_api.stamps import Stamped


class Bulletin(Stamped):
    """One of a closing. `facts`: the closing's content as last gathered, as signed from the signature on. What people wrote
    (`recipients`, `copies`, `opening`, `paragraphs` by chapter, `requirements`) changes while the closing is open.

    Frozen with its closing: numbered without gaps within county, year and series, `text` fixed, `sha256` the fingerprint of
    `record`; then no column changes (a trigger sees to it). `first`: the bulletin that a later revision corrects.
    """

    closing = models.OneToOneField(Closing, models.PROTECT, related_name="bulletin", verbose_name="定稿")
    region_code = models.CharField("县", max_length=12)
    year = models.PositiveSmallIntegerField("年度")
    month = models.PositiveSmallIntegerField("月份")
    revision = models.PositiveIntegerField("修订号")
    first = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections", verbose_name="更正的通报")
    facts = models.JSONField("内容", default=dict)
    gathered_at = models.DateTimeField("汇总时间", db_default=Now())
    recipients = models.CharField("主送", max_length=500)
    copies = models.CharField("抄送", max_length=500, blank=True)
    opening = models.CharField("导语", max_length=2000, blank=True, default="")  # "": as generated
    paragraphs = models.JSONField("各部分补充", default=dict)  # chapter → paragraphs
    requirements = models.JSONField("工作要求", default=list)
    drafted_at = models.DateTimeField("起草时间", db_default=Now())
    drafted_by = models.UUIDField("起草人", null=True)  # null: the task of the first of the month
    drafted_name = models.CharField("起草人姓名", max_length=60)
    edited_at = models.DateTimeField("修改时间", null=True)
    edited_name = models.CharField("修改人姓名", max_length=60, blank=True, default="")
    series = models.CharField("文号类别", max_length=20, blank=True, default="")
    number_year = models.PositiveSmallIntegerField("文号年度", null=True)
    sequence = models.PositiveIntegerField("序号", null=True)
    number = models.CharField("文号", max_length=80, blank=True, default="")
    text = models.JSONField("正文", default=dict)
    sha256 = models.CharField("记录摘要", max_length=64, blank=True, default="")
    code = models.CharField("核验码", max_length=16, blank=True, default="")
    issued_on = models.DateField("成文日期", null=True)  # the day of the signature in Asia/Shanghai
    frozen_at = models.DateTimeField("定稿时间", null=True)
    frozen_name = models.CharField("定稿人姓名", max_length=60, blank=True, default="")

    objects = BulletinQuerySet.as_manager()

    class Meta:
        db_table = "assessment_bulletin"
        verbose_name = verbose_name_plural = "通报"
        indexes = [models.Index(fields=["region_code", "-year", "-month", "-revision", "id"], name="bulletin_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["region_code", "number_year", "series", "sequence"],
                condition=Q(sequence__isnull=False),
                name="bulletin_number_once",
            ),
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="bulletin_code_once"),
            models.CheckConstraint(
                condition=Q(frozen_at=None, sequence=None, number="", sha256="")
                | Q(frozen_at__isnull=False, sequence__gte=1, number_year__isnull=False, issued_on__isnull=False)
                & ~Q(number="") & ~Q(series="") & ~Q(code="") & Q(sha256__regex=r"^[0-9a-f]{64}$"),
                name="bulletin_frozen_with_its_number",
            ),
            models.CheckConstraint(condition=Q(month__gte=1, month__lte=12), name="bulletin_of_a_month"),
            models.CheckConstraint(condition=Q(revision=1, first=None) | Q(revision__gt=1), name="bulletin_first_corrects_none"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number or f"{self.year}年{self.month}月通报（草稿）"

    @property
    def record(self) -> dict[str, Any]:
        """What the fingerprint is of."""
        return {
            "closing": self.closing_id, "region": self.region_code, "year": self.year, "month": self.month,
            "revision": self.revision, "number": self.number, "text": self.text, "issued_on": str(self.issued_on),
        }  # fmt: skip

    def fingerprint(self) -> str:
        return fingerprint(self.record)

    @property
    def spoken_code(self) -> str:
        return spoken_code(self.code)
