"""Papers and what happened to them. Every row here but a draft is written once; the database refuses to change or to delete it."""

from __future__ import annotations

from datetime import UTC
from typing import Any
from uuid import uuid4

from django.contrib.gis.db.models import PointField
from django.db import models
from django.db.models.functions import Now

from evidence.papers.numbering import spoken_code
from evidence.papers.querysets import DraftQuerySet, IssuedQuerySet
from reference.terms import PaperNature
from safety_api.idempotency import fingerprint
from safety_api.stamps import Stamped


class Paper(Stamped):
    """文书: numbered without gaps within organ, year and series. `sha256` is the fingerprint of `record`, which never changes.

    A mistake is put right by a new paper that `replaces` this one; this one stays readable and says so.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField("种类", max_length=40)
    nature = models.CharField("性质", max_length=10, choices=PaperNature.choices)
    title = models.CharField("名称", max_length=60)
    issuer = models.CharField("出具机关代码", max_length=30)  # of a department, or of a township
    organ = models.CharField("出具机关", max_length=80)
    department = models.ForeignKey(
        "reference.Department", models.PROTECT, null=True, verbose_name="部门", db_index=False, related_name="+"
    )
    year = models.PositiveSmallIntegerField("年度")
    series = models.CharField("文号类别", max_length=20)
    sequence = models.PositiveIntegerField("序号")
    number = models.CharField("文号", max_length=80)
    subject_kind = models.CharField("来源类别", max_length=30)
    subject_id = models.UUIDField("来源记录")
    region_code = models.CharField("行政区划", max_length=12)
    sector = models.ForeignKey(
        "reference.Sector", models.PROTECT, verbose_name="行业领域", db_index=False, related_name="+"
    )
    enterprise_id = models.UUIDField("单位", null=True)
    for_unit = models.BooleanField("单位可读")  # plans and approvals are the office's own
    addressee = models.CharField("致", max_length=200)
    officers = models.JSONField("承办人员", default=list)  # [{id, name, certificate}]
    facts = models.JSONField("事实")
    text = models.JSONField("正文")  # as composed on the day of issue: a later template changes no word of it
    template = models.CharField("模板版本", max_length=60)
    sha256 = models.CharField("记录摘要", max_length=64)
    code = models.CharField("核验码", max_length=16, unique=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="corrected_by", verbose_name="更正的文书"
    )
    correction = models.CharField("更正原因", max_length=500, blank=True)
    issued_at = models.DateTimeField("出具时间")
    issued_on = models.DateField("出具日期")  # the day in Asia/Shanghai
    issued_by = models.UUIDField("出具人")
    issued_by_name = models.CharField("出具人姓名", max_length=60)
    is_demo = models.BooleanField("演示数据", default=False)

    objects = IssuedQuerySet.as_manager()

    class Meta:
        db_table = "evidence_paper"
        verbose_name = verbose_name_plural = "文书"
        indexes = [
            models.Index(fields=["-issued_at", "id"], name="paper_newest"),
            models.Index(fields=["region_code", "-issued_at", "id"], name="paper_place"),
            models.Index(fields=["enterprise_id", "-issued_at", "id"], name="paper_unit"),
            models.Index(fields=["issued_by", "-issued_at", "id"], name="paper_by"),
            models.Index(fields=["subject_id"], name="paper_subject"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["issuer", "year", "series", "sequence"], name="paper_number_once"),
            models.CheckConstraint(condition=models.Q(nature__in=PaperNature.values), name="paper_nature_is_known"),
            models.CheckConstraint(condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"), name="paper_sha256_is_hex"),
            models.CheckConstraint(
                condition=models.Q(replaces=None, correction="") | models.Q(replaces__isnull=False) & ~models.Q(correction=""),
                name="paper_correction_has_a_reason",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @property
    def record(self) -> dict[str, Any]:
        """What the fingerprint is of: everything that the paper says, and of whom and where it says it."""
        return {
            "id": str(self.pk), "kind": self.kind, "number": self.number, "issuer": self.issuer, "organ": self.organ,
            "subject": {"kind": self.subject_kind, "id": str(self.subject_id)}, "region": self.region_code,
            "sector": self.sector_id, "enterprise": self.enterprise_id and str(self.enterprise_id), "addressee": self.addressee,
            "officers": self.officers, "facts": self.facts, "text": self.text, "template": self.template,
            "replaces": self.replaces_id and str(self.replaces_id), "correction": self.correction,
            "issued_at": self.issued_at.astimezone(UTC).isoformat(), "issued_by": str(self.issued_by),
        }  # fmt: skip

    def fingerprint(self) -> str:
        return fingerprint(self.record)

    @property
    def spoken_code(self) -> str:
        return spoken_code(self.code)


class PaperDraft(Stamped):
    """文书草稿: the paper that a step owes, chosen to wait or kept back by what `reason` says, until it is issued or discarded.

    `kept` is what a phone showed and gathered before there was a paper: text, signatures, refusals.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField("种类", max_length=40)
    step = models.CharField("步骤", max_length=30)
    subject_kind = models.CharField("来源类别", max_length=30)
    subject_id = models.UUIDField("来源记录")
    region_code = models.CharField("行政区划", max_length=12)
    sector = models.ForeignKey(
        "reference.Sector", models.PROTECT, verbose_name="行业领域", db_index=False, related_name="+"
    )
    enterprise_id = models.UUIDField("单位", null=True)
    officers = models.JSONField("承办人员", default=list)  # ids of those who took the step
    fields = models.JSONField("内容", default=dict)
    kept = models.JSONField("现场留存", default=dict)
    reason = models.CharField("缘由", max_length=40)  # `chosen`, or the word of what kept it back
    reason_detail = models.CharField("缘由说明", max_length=300)
    made_at = models.DateTimeField("起草时间", db_default=Now())
    made_by = models.UUIDField("起草人")
    made_by_name = models.CharField("起草人姓名", max_length=60)
    paper = models.OneToOneField(Paper, models.PROTECT, null=True, related_name="draft", verbose_name="出具的文书")
    discarded_at = models.DateTimeField("作废时间", null=True)
    discarded_by_name = models.CharField("作废人姓名", max_length=60, blank=True)
    discard_reason = models.CharField("作废理由", max_length=500, blank=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        db_table = "evidence_paper_draft"
        verbose_name = verbose_name_plural = "文书草稿"
        indexes = [
            models.Index(fields=["-made_at", "id"], name="paper_draft_newest"),
            models.Index(fields=["subject_id"], name="paper_draft_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(discarded_at=None) | models.Q(paper=None) & ~models.Q(discard_reason=""),
                name="paper_draft_ends_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.step}"

    @property
    def is_open(self) -> bool:
        return self.paper_id is None and self.discarded_at is None


class PaperCounter(models.Model):
    """文号: the last number of a series. Its row is the lock at which issuers of one organ queue, for the end of a transaction only."""

    pk = models.CompositePrimaryKey("issuer", "year", "series")
    issuer = models.CharField(max_length=30)
    year = models.PositiveSmallIntegerField()
    series = models.CharField(max_length=20)
    last = models.PositiveIntegerField()

    class Meta:
        db_table = "evidence_paper_counter"
        verbose_name = verbose_name_plural = "文号计数"

    def __str__(self) -> str:
        return f"{self.issuer} {self.year} {self.series} {self.last}"


class OfPaper(models.Model):
    """Something that happened to a paper: `recorded_at` is when we learned of it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    recorded_at = models.DateTimeField("记录时间", db_default=Now())
    recorded_by = models.UUIDField("记录人")
    recorded_by_name = models.CharField("记录人姓名", max_length=60)

    class Meta:
        abstract = True


class Party(models.TextChoices):
    OFFICER = "officer", "执法（检查）人员"
    UNIT = "unit", "被检查单位人员"
    WITNESS = "witness", "见证人"
    RECEIVER = "receiver", "受送达人"
    SERVER = "server", "送达人"
    REVIEWER = "reviewer", "审核人"
    APPROVER = "approver", "审批人"


class Signature(OfPaper):
    """签名: an image drawn on the phone, with time and place. A help; the original is the scan of what was signed and sealed."""

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="signatures", verbose_name="文书")
    party = models.CharField("身份", max_length=10, choices=Party.choices)
    name = models.CharField("姓名", max_length=60)
    post = models.CharField("职务", max_length=60, blank=True)
    signed_at = models.DateTimeField("签名时间")
    point = PointField("位置", null=True, spatial_index=False)
    sent_lon = models.FloatField(null=True)
    sent_lat = models.FloatField(null=True)
    sent_crs = models.CharField(max_length=10, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveIntegerField("字节数")
    width = models.PositiveIntegerField("宽")
    height = models.PositiveIntegerField("高")

    class Meta:
        db_table = "evidence_paper_signature"
        verbose_name = verbose_name_plural = "签名"
        constraints = [
            models.UniqueConstraint(fields=["paper", "party", "sha256"], name="signature_once"),
            models.CheckConstraint(condition=models.Q(party__in=Party.values), name="signature_party_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_party_display()} {self.name}"


class Refusal(OfPaper):
    """拒签: who would not sign, why, before whom (安全生产法 第六十八条: 记录在案并报告)."""

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="refusals", verbose_name="文书")
    name = models.CharField("拒签人", max_length=60)
    post = models.CharField("职务", max_length=60, blank=True)
    reason = models.CharField("理由", max_length=500)
    witnesses = models.JSONField("在场人员", default=list)
    refused_at = models.DateTimeField("拒签时间")

    class Meta:
        db_table = "evidence_paper_refusal"
        verbose_name = verbose_name_plural = "拒签"

    def __str__(self) -> str:
        return self.name


class How(models.TextChoices):
    DIRECT = "direct", "直接送达"
    LEFT = "left", "留置送达"
    POST = "post", "邮寄送达"
    ENTRUSTED = "entrusted", "委托送达"
    ELECTRONIC = "electronic", "电子送达"
    PUBLIC = "public", "公告送达"


class Service(OfPaper):
    """送达: to whom, how and when; the receipt (送达回证) is made from it."""

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="services", verbose_name="文书")
    how = models.CharField("方式", max_length=12, choices=How.choices)
    received_by = models.CharField("收件人", max_length=60)
    post = models.CharField("职务或关系", max_length=60, blank=True)
    place = models.CharField("地点", max_length=200)
    served_at = models.DateTimeField("送达时间")
    witnesses = models.JSONField("见证人", default=list)
    note = models.CharField("备注", max_length=500, blank=True)

    class Meta:
        db_table = "evidence_paper_service"
        verbose_name = verbose_name_plural = "送达"
        constraints = [models.CheckConstraint(condition=models.Q(how__in=How.values), name="service_how_is_known")]

    def __str__(self) -> str:
        return f"{self.get_how_display()} {self.served_at:%F}"


class Scan(OfPaper):
    """签章原件: the signed and sealed sheet as PDF or picture. A better scan is a further version; earlier ones stay."""

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="scans", verbose_name="文书")
    version = models.PositiveSmallIntegerField("版次")
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveIntegerField("字节数")
    media_type = models.CharField("类型", max_length=40)

    class Meta:
        db_table = "evidence_paper_scan"
        verbose_name = verbose_name_plural = "签章原件"
        constraints = [
            models.UniqueConstraint(fields=["paper", "version"], name="scan_version_once"),
            models.CheckConstraint(condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"), name="scan_sha256_is_hex"),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id} {self.version}"
