"""挂牌督办 A hazard under listed supervision, what was reported of it, and what is proposed for a listing."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from enforcement.kinds import Every, ListingLevel, ListingState, ProposalState, Trigger
from enforcement.models.entry import Entry
from enforcement.querysets import ListingQuerySet, ProposalQuerySet


class Listing(Entry):
    """挂牌督办: the decision, the notice with its named leader and five in place, and how it ended (DOMAIN §3.6)."""

    hazard = models.ForeignKey("hazards.Hazard", models.PROTECT, verbose_name="隐患", related_name="listings")
    level = models.CharField("级别", max_length=10, choices=ListingLevel.choices)
    state = models.CharField("状态", max_length=10, choices=ListingState.choices, default=ListingState.LISTED)
    document = models.CharField("挂牌文号", max_length=80)
    listed_on = models.DateField("挂牌日")
    leader = models.CharField("督办责任领导", max_length=60)
    leader_post = models.CharField("领导职务", max_length=80)
    responsible_person = models.CharField("整改责任人", max_length=60)
    measures = models.CharField("整改措施", max_length=2000)
    funds_yuan = models.DecimalField("整改资金（元）", max_digits=16, decimal_places=2)
    deadline = models.DateField("整改时限")
    plan = models.CharField("应急预案（防范措施）", max_length=2000)
    report_every = models.CharField("进展报告", max_length=10, choices=Every.choices, default=Every.MONTH)
    report_due_on = models.DateField("下次进展报告期限")
    publication_due_on = models.DateField("挂牌公告期限")
    published_on = models.DateField("挂牌公告日", null=True)
    published_at = models.CharField("挂牌公告载体", max_length=200, blank=True)
    applied_on = models.DateField("申请验收日", null=True)
    application = models.CharField("验收申请", max_length=2000, blank=True)
    acceptance_due_on = models.DateField("验收期限", null=True)
    accepted_on = models.DateField("验收日", null=True)
    acceptance = models.CharField("验收意见", max_length=2000, blank=True)
    delisted_on = models.DateField("摘牌日", null=True)
    delisting_document = models.CharField("摘牌文号", max_length=80, blank=True)
    delisting_note = models.CharField("摘牌说明", max_length=2000, blank=True)
    delisting_publication_due_on = models.DateField("摘牌公告期限", null=True)
    delisting_published_on = models.DateField("摘牌公告日", null=True)
    delisting_published_at = models.CharField("摘牌公告载体", max_length=200, blank=True)

    objects = ListingQuerySet.as_manager()

    class Meta:
        db_table = "enforcement_listing"
        verbose_name = verbose_name_plural = "挂牌督办"
        indexes = [models.Index(fields=["-listed_on", "id"], name="listing_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["hazard"], condition=~Q(state=ListingState.DELISTED), name="listing_one_at_a_time"
            ),
            models.CheckConstraint(condition=Q(state__in=ListingState.values), name="listing_state_is_known"),
            models.CheckConstraint(condition=Q(level__in=ListingLevel.values), name="listing_level_is_known"),
            models.CheckConstraint(condition=Q(funds_yuan__gte=0), name="listing_funds_not_negative"),
            models.CheckConstraint(condition=Q(deadline__gte=F("listed_on")), name="listing_deadline_follows"),
            models.CheckConstraint(
                condition=Q(delisted_on__isnull=False) | ~Q(state=ListingState.DELISTED), name="listing_ended_has_day"
            ),
        ]

    def __str__(self) -> str:
        return self.document


class Progress(models.Model):
    """进展报告: answers the report that fell due on `due_on`."""

    id = models.BigAutoField(primary_key=True)
    listing = models.ForeignKey(Listing, models.CASCADE, related_name="reports", verbose_name="挂牌督办")
    due_on = models.DateField("应报日")
    reported_on = models.DateField("报告日")
    done = models.CharField("进展", max_length=2000)
    problems = models.CharField("存在问题", max_length=2000, blank=True)
    percent = models.PositiveSmallIntegerField("完成（%）")
    funds_spent_yuan = models.DecimalField("已投入（元）", max_digits=16, decimal_places=2, null=True)
    recorded_at = models.DateTimeField("记录时间", db_default=Now())
    by_id = models.UUIDField("报告人", null=True)
    by_name = models.CharField("报告人姓名", max_length=60)

    class Meta:
        db_table = "enforcement_progress"
        verbose_name = verbose_name_plural = "督办进展"
        constraints = [models.CheckConstraint(condition=Q(percent__lte=100), name="progress_percent_at_most_100")]

    def __str__(self) -> str:
        return f"{self.reported_on} {self.percent}%"


class ListingProposal(Entry):
    """挂牌建议: a hazard and why it should be listed, once a reason; the committee lists it or declines with its own reason."""

    hazard = models.ForeignKey("hazards.Hazard", models.PROTECT, verbose_name="隐患", related_name="listing_proposals")
    trigger = models.CharField("缘由", max_length=20, choices=Trigger.choices)
    state = models.CharField("状态", max_length=10, choices=ProposalState.choices, default=ProposalState.OPEN)
    proposed_on = models.DateField("提出日")
    note = models.CharField("说明", max_length=2000, blank=True)
    decided_on = models.DateField("决定日", null=True)
    decided_by = models.UUIDField("决定人", null=True)
    decided_by_name = models.CharField("决定人姓名", max_length=60, blank=True)
    reason = models.CharField("不挂牌理由", max_length=2000, blank=True)
    listing = models.ForeignKey(Listing, models.PROTECT, null=True, related_name="proposals", verbose_name="挂牌督办")

    objects = ProposalQuerySet.as_manager()

    class Meta:
        db_table = "enforcement_listing_proposal"
        verbose_name = verbose_name_plural = "挂牌建议"
        indexes = [models.Index(fields=["-proposed_on", "id"], name="proposal_newest")]
        constraints = [
            models.UniqueConstraint(  # what comes of itself comes once; a department may ask again
                fields=["hazard", "trigger"],
                condition=~Q(trigger=Trigger.REPORTED) | Q(state=ProposalState.OPEN),
                name="proposal_once_a_trigger",
            ),
            models.CheckConstraint(condition=Q(state__in=ProposalState.values), name="proposal_state_is_known"),
            models.CheckConstraint(condition=Q(trigger__in=Trigger.values), name="proposal_trigger_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_trigger_display()} {self.proposed_on}"
