"""Lists that came in with what was wrong with them; superiors' templates, what was handed up with them, and reconciliations."""

from __future__ import annotations

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from ledgers.querysets import ByOffice, OfPerson
from safety_api.stamps import Stamped


class Made(models.Model):
    """By whom and when; `region` is the person's jurisdiction at that moment."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    by_id = models.UUIDField("人员")
    by_name = models.CharField("姓名", max_length=60)
    region = models.CharField("管辖区划", max_length=12)
    made_at = models.DateTimeField("时间", db_default=Now())

    class Meta:
        abstract = True


class Import(Stamped, Made):
    """名册导入. The file itself is kept until it has been read; its hash stays."""

    class State(models.TextChoices):
        WAITING = "waiting", "待处理"
        CHECKED = "checked", "检查通过，未录入"
        REFUSED = "refused", "有误，未录入"
        DONE = "done", "已录入"

    kind = models.CharField("种类", max_length=20)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    dry_run = models.BooleanField("只检查", default=False)
    parameters = models.JSONField("参数", default=dict)
    file = models.BinaryField("文件", null=True)
    sha256 = models.CharField("文件摘要", max_length=64)
    size = models.PositiveIntegerField("字节")
    rows_read = models.PositiveIntegerField("读到行数", default=0)
    rows_bad = models.PositiveIntegerField("有问题行数", default=0)
    rows_written = models.PositiveIntegerField("录入行数", default=0)
    fault = models.CharField("整个文件的问题", max_length=500, blank=True)
    warnings = ArrayField(models.CharField(max_length=200), verbose_name="提醒", default=list)
    ended_at = models.DateTimeField("完成时间", null=True)

    objects = OfPerson.as_manager()

    class Meta:
        db_table = "ledgers_import"
        verbose_name = verbose_name_plural = "名册导入"
        indexes = [models.Index(fields=["by_id", "-made_at", "id"], name="import_newest")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "checked", "refused", "done"]), name="import_state_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(rows_written=0) | models.Q(state="done"), name="import_writes_all_or_nothing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.by_name} {self.get_state_display()}"


class ImportFault(models.Model):
    """A cell that was refused, and why."""

    id = models.BigAutoField(primary_key=True)
    of = models.ForeignKey(Import, models.CASCADE, related_name="faults")
    row = models.PositiveIntegerField("行")
    heading = models.CharField("列", max_length=60)
    value = models.CharField("内容", max_length=200, blank=True)
    reason = models.CharField("问题", max_length=300)

    class Meta:
        db_table = "ledgers_import_fault"
        verbose_name = verbose_name_plural = "逐行问题"

    def __str__(self) -> str:
        return f"{self.row} {self.heading}：{self.reason}"


class ReportTemplate(Stamped, Made):
    """上级模板: a superior's workbook as it came, and which of its headings is which of our columns, said once."""

    name = models.CharField("名称", max_length=100)
    ledger = models.CharField("台账", max_length=30)
    file = models.BinaryField("文件")
    sha256 = models.CharField("文件摘要", max_length=64)
    sheet = models.CharField("工作表", max_length=60, blank=True)
    heading_row = models.PositiveSmallIntegerField("列名所在行", null=True)
    first_row = models.PositiveSmallIntegerField("首行数据", null=True)
    columns = models.JSONField("列的对应", default=dict)  # heading → our column
    words = models.JSONField("用词的对应", default=dict)  # their word → our code, of states

    objects = ByOffice.as_manager()

    class Meta:
        db_table = "ledgers_report_template"
        verbose_name = verbose_name_plural = "上级模板"
        indexes = [models.Index(fields=["region", "-made_at", "id"], name="template_newest")]

    def __str__(self) -> str:
        return self.name


class HandedUp(Made):
    """上报: which rows a filled template held, so that just these can be marked as reported."""

    template = models.ForeignKey(ReportTemplate, models.PROTECT, related_name="handed_up")
    filters = models.CharField("范围", max_length=500)
    rows = ArrayField(models.UUIDField(), verbose_name="记录")
    marked_on = models.DateField("标记为已报之日", null=True)

    class Meta:
        db_table = "ledgers_handed_up"
        verbose_name = verbose_name_plural = "上报"
        indexes = [models.Index(fields=["template", "by_id", "-made_at"], name="handed_up_newest")]

    def __str__(self) -> str:
        return f"{self.template_id} {len(self.rows)}"


class Reconciliation(Stamped, Made):
    """对账: the superior's list of a day against ours."""

    template = models.ForeignKey(ReportTemplate, models.PROTECT, related_name="reconciliations", db_index=False)
    sha256 = models.CharField("文件摘要", max_length=64)
    filters = models.CharField("我方范围", max_length=500)
    theirs = models.PositiveIntegerField("对方行数")
    ours = models.PositiveIntegerField("我方行数")
    matched = models.PositiveIntegerField("对上行数")
    only_theirs = models.JSONField("对方有我方无", default=list)
    only_ours = models.JSONField("我方有对方无", default=list)
    differences = models.JSONField("状态、期限不同", default=list)
    numbers = models.JSONField("可补记的上级编号", default=dict)  # our id → their number
    numbers_taken_at = models.DateTimeField("补记时间", null=True)

    objects = ByOffice.as_manager()

    class Meta:
        db_table = "ledgers_reconciliation"
        verbose_name = verbose_name_plural = "对账"
        indexes = [models.Index(fields=["region", "-made_at", "id"], name="reconciliation_newest")]

    def __str__(self) -> str:
        return f"{self.made_at:%F} {self.matched}/{self.theirs}"
