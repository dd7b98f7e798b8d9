"""严重失信主体名单 From the notice before listing to the removal, under the regime of its day (DOMAIN §8.2)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from enforcement.kinds import DishonestyState, Removal, SubjectKind
from enforcement.models.entry import Entry
from enforcement.querysets import DishonestyQuerySet


class Dishonesty(Entry):
    """严重失信主体. `expires_on` is the last day on the list; on the day after it nobody needs to have done anything."""

    state = models.CharField("状态", max_length=10, choices=DishonestyState.choices, default=DishonestyState.NOTIFIED)
    subject_kind = models.CharField("主体种类", max_length=10, choices=SubjectKind.choices)
    subject_name = models.CharField("主体", max_length=120)
    person_post = models.CharField("职务", max_length=80, blank=True)
    regime = models.CharField("所依规定", max_length=30)
    clause = models.CharField("条款", max_length=10)
    facts = models.CharField("失信事实", max_length=2000)
    penalty_document = models.CharField("处罚决定文号", max_length=80)
    notice_document = models.CharField("告知文号", max_length=80, blank=True)
    notified_on = models.DateField("告知日")
    objection_due_on = models.DateField("陈述申辩期限")
    objected_on = models.DateField("陈述申辩日", null=True)
    objection = models.CharField("陈述申辩", max_length=2000, blank=True)
    objection_answer = models.CharField("复核意见", max_length=2000, blank=True)
    dropped_on = models.DateField("不予列入日", null=True)
    drop_reason = models.CharField("不予列入理由", max_length=1000, blank=True)
    listed_on = models.DateField("列入日", null=True)
    decision_document = models.CharField("列入决定文号", max_length=80, blank=True)
    expires_on = models.DateField("期满日（含）", null=True)
    early_removal_from = models.DateField("可申请提前移出自", null=True)
    published_on = models.DateField("公示日", null=True)
    published_at = models.CharField("公示平台", max_length=200, blank=True)
    removal_applied_on = models.DateField("申请提前移出日", null=True)
    removal_application = models.CharField("提前移出申请", max_length=2000, blank=True)
    removed_on = models.DateField("移出日", null=True)
    removal = models.CharField("移出方式", max_length=10, choices=Removal.choices, blank=True)
    removal_document = models.CharField("移出决定文号", max_length=80, blank=True)
    removal_reason = models.CharField("移出理由", max_length=1000, blank=True)
    restored_on = models.DateField("恢复列入日", null=True)
    restoring_document = models.CharField("恢复列入文号", max_length=80, blank=True)
    restoring_reason = models.CharField("恢复列入理由", max_length=1000, blank=True)
    fact_id = models.UUIDField("所述事实", null=True)  # `dishonesty_listing` among the unit's stated facts

    objects = DishonestyQuerySet.as_manager()

    class Meta:
        db_table = "enforcement_dishonesty"
        verbose_name = verbose_name_plural = "严重失信主体名单"
        indexes = [models.Index(fields=["-notified_on", "id"], name="dishonesty_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DishonestyState.values), name="dishonesty_state_is_known"),
            models.CheckConstraint(condition=Q(subject_kind__in=SubjectKind.values), name="dishonesty_subject_known"),
            models.CheckConstraint(
                condition=~Q(state=DishonestyState.LISTED) | Q(listed_on__isnull=False, expires_on__isnull=False),
                name="dishonesty_listed_has_days",
            ),
            models.CheckConstraint(
                condition=~Q(state=DishonestyState.REMOVED) | Q(removed_on__isnull=False),
                name="dishonesty_removed_has_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.notified_on}"
