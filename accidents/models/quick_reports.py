"""事故快报: what the county reported upward of one accident, issue by issue."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accidents.choices import ReportType
from accidents.models.accidents import Accident, AccidentReport
from accidents.quick_reports.querysets import QuickReportQuerySet
from safety_api.idempotency import fingerprint
from safety_api.stamps import Stamped


class QuickReport(Stamped):
    """`issue` counts within the accident, `sequence` within county and year, taken at the signature and without gaps.

    A draft keeps only what people wrote (`words` by part, recipients, copies): all else is composed when it is read. Signed,
    `text` is fixed and nothing changes any more (a trigger sees to it); `facts` are the figures it reported, for the next issue.
    `statement`: the last report it rests on; a further one makes the next issue.
    """

    trail_kind = "assessment.quickreport"

    accident = models.ForeignKey(Accident, models.PROTECT, related_name="quick_reports", db_index=False)
    statement = models.ForeignKey(AccidentReport, models.PROTECT, null=True, related_name="+", db_index=False)
    issue = models.PositiveSmallIntegerField("本起事故第几期")
    kind = models.CharField("报告类别", max_length=10, choices=ReportType)
    region_code = models.CharField("县", max_length=12)
    words = models.JSONField("修改的文字", default=dict)
    recipients = models.CharField("主报", max_length=500)
    copies = models.CharField("抄送", max_length=500, blank=True)
    drafted_at = models.DateTimeField("起草时间", db_default=Now())
    drafted_name = models.CharField("起草人姓名", max_length=60)
    edited_at = models.DateTimeField("修改时间", null=True)
    edited_name = models.CharField("修改人姓名", max_length=60, blank=True, default="")
    signed_at = models.DateTimeField("签发时间", null=True)
    signed_by = models.UUIDField("签发人", null=True)
    signed_name = models.CharField("签发人姓名", max_length=60, blank=True, default="")
    signed_role = models.CharField("签发人岗位", max_length=30, blank=True, default="")
    year = models.PositiveSmallIntegerField("年度", null=True)
    sequence = models.PositiveIntegerField("期号", null=True)
    number = models.CharField("编号", max_length=40, blank=True, default="")
    facts = models.JSONField("数字", default=dict)
    text = models.JSONField("正文", default=dict)
    sha256 = models.CharField("记录摘要", max_length=64, blank=True, default="")

    objects = QuickReportQuerySet.as_manager()

    class Meta:
        db_table = "assessment_quick_report"
        verbose_name = verbose_name_plural = "事故快报"
        constraints = [
            models.UniqueConstraint(fields=["accident", "issue"], name="quick_report_issue_once"),
            models.UniqueConstraint(fields=["accident"], condition=Q(signed_at=None), name="quick_report_one_draft"),
            models.UniqueConstraint(
                fields=["region_code", "year", "sequence"],
                condition=Q(sequence__isnull=False),
                name="quick_report_number_once",
            ),
            models.CheckConstraint(condition=Q(kind__in=ReportType.values), name="quick_report_kind_is_known"),
            models.CheckConstraint(
                condition=Q(signed_at=None, sequence=None, number="", sha256="")
                | Q(signed_at__isnull=False, sequence__gte=1, year__isnull=False, signed_by__isnull=False)
                & ~Q(number="") & Q(sha256__regex=r"^[0-9a-f]{64}$"),
                name="quick_report_signed_with_its_number",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number or f"{self.accident_id} 第{self.issue}期（草稿）"

    @property
    def record(self) -> dict[str, Any]:
        """What the fingerprint is of."""
        return {
            "accident": str(self.accident_id), "issue": self.issue, "kind": self.kind, "number": self.number,
            "text": self.text, "facts": self.facts, "signed_by": str(self.signed_by), "signed_name": self.signed_name,
        }  # fmt: skip

    def fingerprint(self) -> str:
        return fingerprint(self.record)
