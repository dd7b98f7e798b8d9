"""停产停业 An order to stop, whole or in part, and the way back: application, acceptance, for coal three consents, resumption."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from enforcement.kinds import Extent, StopState
from enforcement.models.entry import Entry
from enforcement.querysets import StopOrderQuerySet
from reference.terms import Consent


class StopOrder(Entry):
    """停产停业决定. `round` counts the applications: what was consented to in a round that failed counts no more."""

    site = models.ForeignKey("enterprises.Site", models.PROTECT, null=True, verbose_name="场所", related_name="+")
    hazards: models.ManyToManyField = models.ManyToManyField(
        "hazards.Hazard", verbose_name="所列隐患", related_name="stop_orders", db_table="enforcement_stop_order_hazard"
    )
    state = models.CharField("状态", max_length=10, choices=StopState.choices, default=StopState.STOPPED)
    extent = models.CharField("范围", max_length=10, choices=Extent.choices)
    scope = models.CharField("停产部位", max_length=500, blank=True)
    reason = models.CharField("事由", max_length=1000)
    basis = models.CharField("依据", max_length=200, blank=True)
    document = models.CharField("决定文号", max_length=80)
    paper_id = models.UUIDField("文书", null=True)
    issued_on = models.DateField("决定日")
    publication_due_on = models.DateField("停产公告期限", null=True)  # coal only
    published_on = models.DateField("停产公告日", null=True)
    published_at = models.CharField("停产公告载体", max_length=200, blank=True)
    round = models.PositiveSmallIntegerField("第几次申请", default=0)
    applied_on = models.DateField("申请复产日", null=True)
    application = models.CharField("复产申请", max_length=2000, blank=True)
    acceptance_due_on = models.DateField("验收期限", null=True)
    accepted_on = models.DateField("验收日", null=True)
    acceptance = models.CharField("验收意见", max_length=2000, blank=True)
    acceptance_document = models.CharField("验收文号", max_length=80, blank=True)
    resumed_on = models.DateField("复产日", null=True)
    resumption_document = models.CharField("复产文号", max_length=80, blank=True)
    resumption_publication_due_on = models.DateField("复产公告期限", null=True)
    resumption_published_on = models.DateField("复产公告日", null=True)
    resumption_published_at = models.CharField("复产公告载体", max_length=200, blank=True)
    ended_on = models.DateField("了结日", null=True)
    ended_note = models.CharField("了结说明", max_length=1000, blank=True)
    fact_id = models.UUIDField("所述事实", null=True)  # `stop_order` among the unit's stated facts

    objects = StopOrderQuerySet.as_manager()

    class Meta:
        db_table = "enforcement_stop_order"
        verbose_name = verbose_name_plural = "停产停业"
        indexes = [models.Index(fields=["-issued_on", "id"], name="stop_order_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=StopState.values), name="stop_order_state_is_known"),
            models.CheckConstraint(condition=Q(extent__in=Extent.values), name="stop_order_extent_is_known"),
            models.CheckConstraint(
                condition=Q(enterprise__isnull=False) | Q(site__isnull=False), name="stop_order_stops_something"
            ),
            models.CheckConstraint(
                condition=~Q(scope="") | ~Q(extent=Extent.PARTIAL), name="stop_order_partial_says_what"
            ),
        ]

    def __str__(self) -> str:
        return self.document


class StopConsent(models.Model):
    """煤矿复产的一方同意, with its paper and day."""

    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey(StopOrder, models.CASCADE, related_name="consents", verbose_name="停产停业")
    round = models.PositiveSmallIntegerField("第几次申请")
    kind = models.CharField("哪一方", max_length=12, choices=Consent.choices)
    person = models.CharField("签字（批准）人", max_length=60)
    document = models.CharField("文号", max_length=80)
    given_on = models.DateField("日期")
    recorded_at = models.DateTimeField("记录时间", db_default=Now())
    by_id = models.UUIDField("登记人", null=True)
    by_name = models.CharField("登记人姓名", max_length=60)

    class Meta:
        db_table = "enforcement_stop_consent"
        verbose_name = verbose_name_plural = "复产同意"
        constraints = [
            models.UniqueConstraint(fields=["order", "round", "kind"], name="consent_once_a_round"),
            models.CheckConstraint(condition=Q(kind__in=Consent.values), name="consent_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.given_on}"
