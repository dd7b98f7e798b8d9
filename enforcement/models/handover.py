"""审管衔接 What supervision tells the approving department, and what that one tells supervision (兴政发〔2021〕11号（四）)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from enforcement.kinds import Approval, HandoverResult, HandoverState
from enforcement.models.entry import Entry
from enforcement.querysets import ApprovalNoteQuerySet, HandoverQuerySet


class Handover(Entry):
    """抄告: a licence problem found on inspection, tracked until answered. `department` is the one that sent it."""

    hazard = models.ForeignKey(
        "hazards.Hazard", models.PROTECT, null=True, verbose_name="隐患", related_name="handovers"
    )
    inspection_id = models.UUIDField("检查", null=True)
    to_department = models.ForeignKey("reference.Department", models.PROTECT, verbose_name="审批部门", related_name="+")
    state = models.CharField("状态", max_length=10, choices=HandoverState.choices, default=HandoverState.SENT)
    problem = models.CharField("问题", max_length=2000)
    licence_kind = models.CharField("许可种类", max_length=30, blank=True)
    licence_number = models.CharField("证照编号", max_length=60, blank=True)
    document = models.CharField("抄告文号", max_length=80, blank=True)
    sent_on = models.DateField("抄告日")
    answer_due_on = models.DateField("答复期限")
    reminders = models.PositiveSmallIntegerField("催办次数", default=0)
    reminded_on = models.DateField("最近催办日", null=True)
    answered_on = models.DateField("答复日", null=True)
    answer = models.CharField("答复", max_length=2000, blank=True)
    answer_document = models.CharField("答复文号", max_length=80, blank=True)
    result = models.CharField("处理结果", max_length=20, choices=HandoverResult.choices, blank=True)
    answered_by = models.UUIDField("答复登记人", null=True)
    answered_by_name = models.CharField("答复登记人姓名", max_length=60, blank=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        db_table = "enforcement_handover"
        verbose_name = verbose_name_plural = "抄告审批部门"
        indexes = [
            models.Index(fields=["-sent_on", "id"], name="handover_newest"),
            models.Index(
                fields=["answer_due_on", "id"], name="handover_unanswered", condition=Q(state=HandoverState.SENT)
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=HandoverState.values), name="handover_state_is_known"),
            models.CheckConstraint(
                condition=Q(enterprise__isnull=False) | Q(hazard__isnull=False), name="handover_is_about_something"
            ),
            models.CheckConstraint(
                condition=Q(state=HandoverState.SENT) | Q(answered_on__isnull=False), name="handover_answer_has_day"
            ),
        ]

    def __str__(self) -> str:
        return self.problem[:30]


class ApprovalNote(Entry):
    """审批信息抄告: what was approved, for `department` to supervise from now on; received until acknowledged."""

    from_department = models.ForeignKey(
        "reference.Department", models.PROTECT, verbose_name="审批部门", related_name="+"
    )
    subject_name = models.CharField("申请人", max_length=120)
    matter = models.CharField("审批事项", max_length=200)
    result = models.CharField("审批结果", max_length=10, choices=Approval.choices)
    licence_number = models.CharField("证照编号", max_length=60, blank=True)
    valid_to = models.DateField("有效期至", null=True)
    decided_on = models.DateField("审批日")
    received_on = models.DateField("收到日")
    note = models.CharField("说明", max_length=1000, blank=True)
    acknowledged_on = models.DateField("接收监管日", null=True)
    acknowledged_by_name = models.CharField("接收人姓名", max_length=60, blank=True)
    acknowledged_note = models.CharField("监管安排", max_length=1000, blank=True)

    objects = ApprovalNoteQuerySet.as_manager()

    class Meta:
        db_table = "enforcement_approval_note"
        verbose_name = verbose_name_plural = "审批信息"
        indexes = [models.Index(fields=["-received_on", "id"], name="approval_note_newest")]
        constraints = [models.CheckConstraint(condition=Q(result__in=Approval.values), name="approval_result_is_known")]

    def __str__(self) -> str:
        return self.matter[:30]
