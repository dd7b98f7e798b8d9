"""考核: the sheet of a party and a year, what the party says of it; vetoes; the key-patrol list; larger disasters."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from assessment.yearly.querysets import (
    DisasterQuerySet,
    EntryQuerySet,
    PatrolQuerySet,
    SheetQuerySet,
    VetoQuerySet,
)
from assessment.yearly.states import EntryState, Origin, PartyKind, PatrolState, SheetState, VetoState
from safety_api.stamps import Stamped


def named(label: str) -> models.CharField:
    return models.CharField(label, max_length=60, blank=True, default="")


def words(label: str, most: int = 2000) -> models.CharField:
    return models.CharField(label, max_length=most, blank=True, default="")


def person(label: str) -> models.UUIDField:
    return models.UUIDField(label, null=True)  # null: a task


def key() -> models.UUIDField:
    return models.UUIDField(primary_key=True, default=uuid4, editable=False)


def county() -> models.CharField:
    return models.CharField("县", max_length=12)


class OfParty(Stamped):
    """Of one party and year. `region_code` is the county; `party` a township's code of twelve digits or a department's."""

    id = key()
    region_code = county()
    year = models.PositiveSmallIntegerField("年度")
    party_kind = models.CharField("被考核方类别", max_length=12, choices=PartyKind)
    party = models.CharField("被考核方", max_length=30)
    party_name = models.CharField("被考核方名称", max_length=60)

    class Meta:
        abstract = True


class Sheet(OfParty):
    """年度考核表; a row a revision, every later one with its reason.

    `content` is empty while open, for then it is worked out whenever it is read; from the confirmation on it is what the
    person saw and confirmed (RFC 8785 text has the digest `content_sha256`), and a trigger lets nobody touch it.
    """

    number = models.PositiveIntegerField("修订号", default=1)
    state = models.CharField("状态", max_length=10, choices=SheetState, default=SheetState.OPEN)
    reason = words("修订原因", 1000)
    opened_at = models.DateTimeField("生成时间", db_default=Now())
    opened_by = person("生成人")
    opened_name = named("生成人姓名")
    content = models.JSONField("内容", default=dict)
    content_sha256 = models.CharField("内容摘要", max_length=64, blank=True, default="")
    known_at = models.DateTimeField("按此时所知", null=True)
    conclusion = models.CharField("考核等次", max_length=20, blank=True, default="")
    conclusion_name = models.CharField("考核等次名称", max_length=20, blank=True, default="")
    comment = words("考核意见")
    document = models.CharField("文号", max_length=80, blank=True, default="")
    confirmed_by = person("确认人")
    confirmed_name = named("确认人姓名")
    confirmed_at = models.DateTimeField("确认时间", null=True)

    objects = SheetQuerySet.as_manager()

    class Meta:
        db_table = "assessment_sheet"
        verbose_name = verbose_name_plural = "年度考核表"
        constraints = [
            models.UniqueConstraint(
                fields=["region_code", "year", "party_kind", "party", "number"], name="sheet_revision_once"
            ),
            models.UniqueConstraint(
                fields=["region_code", "year", "party_kind", "party"],
                condition=Q(state=SheetState.OPEN),
                name="sheet_one_in_work",
            ),
            models.CheckConstraint(condition=Q(party_kind__in=PartyKind.values), name="sheet_party_kind_is_known"),
            models.CheckConstraint(condition=Q(state__in=SheetState.values), name="sheet_state_is_known"),
            models.CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="sheet_revision_has_its_reason"),
            models.CheckConstraint(
                condition=Q(state=SheetState.OPEN, confirmed_at=None)
                | Q(confirmed_at__isnull=False) & ~Q(content_sha256="") & ~Q(conclusion=""),
                name="sheet_confirmed_by_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party_name}{self.year}年度考核表（第{self.number}次）"


class SheetView(models.Model):
    """被考核方意见: what the township or the department says of its sheet. Appended only."""

    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="views", verbose_name="考核表")
    text = models.CharField("意见", max_length=2000)
    by_id = models.UUIDField("陈述人")
    by_name = models.CharField("陈述人姓名", max_length=60)
    by_role = models.CharField("岗位", max_length=30)
    at = models.DateTimeField("时间", db_default=Now())

    class Meta:
        db_table = "assessment_sheet_view"
        verbose_name = verbose_name_plural = "被考核方意见"

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.by_name}"


class Veto(OfParty):
    """一票否决 (DOMAIN §8.1): proposed for a party and an accident of the year, confirmed or rejected by a person, lifted on paper.

    `ground_lost_at`: since when the accident gives no ground for it any more; a person lifts it, the machine does not.
    """

    accident = models.ForeignKey("accidents.Accident", models.PROTECT, related_name="vetoes", verbose_name="事故")
    grade = models.CharField("事故等级", max_length=20)
    said = models.CharField("事由", max_length=300)
    state = models.CharField("状态", max_length=10, choices=VetoState, default=VetoState.PROPOSED)
    proposed_at = models.DateTimeField("提出时间", db_default=Now())
    effective_from = models.DateField("否决自")
    document = models.CharField("文号", max_length=80, blank=True, default="")
    decided_by = person("决定人")
    decided_name = named("决定人姓名")
    decided_at = models.DateTimeField("决定时间", null=True)
    reason = words("理由", 1000)
    ground_lost_at = models.DateTimeField("事由消失的时间", null=True)
    lifted_on = models.DateField("解除日", null=True)
    lift_document = models.CharField("解除文号", max_length=80, blank=True, default="")
    lift_reason = words("解除理由", 1000)
    lifted_by = person("解除人")
    lifted_name = named("解除人姓名")

    objects = VetoQuerySet.as_manager()

    class Meta:
        db_table = "assessment_veto"
        verbose_name = verbose_name_plural = "一票否决"
        indexes = [models.Index(fields=["region_code", "year"], name="veto_of_county")]
        constraints = [
            models.UniqueConstraint(
                fields=["accident", "party_kind", "party"],
                condition=Q(state__in=[VetoState.PROPOSED, VetoState.CONFIRMED]),
                name="veto_one_at_a_time",
            ),
            models.CheckConstraint(condition=Q(party_kind__in=PartyKind.values), name="veto_party_kind_is_known"),
            models.CheckConstraint(condition=Q(state__in=VetoState.values), name="veto_state_is_known"),
            models.CheckConstraint(
                condition=~Q(state__in=[VetoState.CONFIRMED, VetoState.LIFTED])
                | ~Q(document="") & Q(decided_at__isnull=False),
                name="veto_confirmed_on_paper",
            ),
            models.CheckConstraint(condition=~Q(state=VetoState.REJECTED) | ~Q(reason=""), name="veto_rejected_why"),
            models.CheckConstraint(
                condition=~Q(state=VetoState.LIFTED) | ~Q(lift_document="") & Q(lifted_on__isnull=False),
                name="veto_lifted_on_paper",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party_name} {self.year} {self.get_state_display()}"


class KeyPatrol(Stamped):
    """重点巡查名单 of the year in which it is patrolled, because of what happened in the year before. Fixed once, for good."""

    id = key()
    region_code = county()
    year = models.PositiveSmallIntegerField("巡查年度")
    state = models.CharField("状态", max_length=10, choices=PatrolState, default=PatrolState.OPEN)
    opened_at = models.DateTimeField("提出时间", db_default=Now())
    opened_by = person("提出人")
    opened_name = named("提出人姓名")
    document = models.CharField("文号", max_length=80, blank=True, default="")
    fixed_by = person("签发人")
    fixed_name = named("签发人姓名")
    fixed_at = models.DateTimeField("签发时间", null=True)
    content = models.JSONField("内容", default=dict)
    content_sha256 = models.CharField("内容摘要", max_length=64, blank=True, default="")

    objects = PatrolQuerySet.as_manager()

    class Meta:
        db_table = "assessment_key_patrol"
        verbose_name = verbose_name_plural = "重点巡查名单"
        constraints = [
            models.UniqueConstraint(fields=["region_code", "year"], name="key_patrol_once_a_year"),
            models.CheckConstraint(condition=Q(state__in=PatrolState.values), name="key_patrol_state_is_known"),
            models.CheckConstraint(
                condition=Q(state=PatrolState.OPEN) | Q(fixed_at__isnull=False) & ~Q(content_sha256=""),
                name="key_patrol_fixed_by_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}年重点巡查名单"


class KeyPatrolEntry(Stamped):
    """A township on the list or proposed for it. `grounds`: [{kind, said, accidents, disasters}], as they stood last."""

    id = key()
    patrol = models.ForeignKey(KeyPatrol, models.PROTECT, related_name="entries", verbose_name="名单")
    region_code = models.CharField("乡镇", max_length=12)
    name = models.CharField("名称", max_length=60)
    origin = models.CharField("来源", max_length=10, choices=Origin, default=Origin.FACTS)
    grounds = models.JSONField("事由", default=list)
    state = models.CharField("状态", max_length=10, choices=EntryState, default=EntryState.PROPOSED)
    reason = words("理由", 1000)
    decided_by = person("决定人")
    decided_name = named("决定人姓名")
    decided_at = models.DateTimeField("决定时间", null=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        db_table = "assessment_key_patrol_entry"
        verbose_name = verbose_name_plural = "重点巡查乡镇"
        constraints = [
            models.UniqueConstraint(fields=["patrol", "region_code"], name="key_patrol_township_once"),
            models.CheckConstraint(condition=Q(state__in=EntryState.values), name="key_patrol_entry_state_is_known"),
            models.CheckConstraint(
                condition=~Q(state=EntryState.REMOVED) & ~Q(origin=Origin.HAND) | ~Q(reason=""),
                name="key_patrol_by_hand_has_its_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[EntryState.CONFIRMED, EntryState.REMOVED]) | Q(decided_at__isnull=False),
                name="key_patrol_decided_by_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.get_state_display()}"


class LargerDisaster(Stamped):
    """较大自然灾害 in a township, stated by a person on paper; what was stated in error is voided, never edited."""

    id = key()
    region_code = models.CharField("乡镇", max_length=12)
    happened_on = models.DateField("发生日")
    name = models.CharField("灾害", max_length=100)
    document = models.CharField("文号", max_length=80)
    note = words("说明", 1000)
    stated_by = models.UUIDField("登记人")
    stated_name = models.CharField("登记人姓名", max_length=60)
    stated_at = models.DateTimeField("登记时间", db_default=Now())
    voided_at = models.DateTimeField("作废时间", null=True)
    void_reason = words("作废理由", 1000)

    objects = DisasterQuerySet.as_manager()

    class Meta:
        db_table = "assessment_larger_disaster"
        verbose_name = verbose_name_plural = "较大自然灾害"
        indexes = [models.Index(fields=["region_code", "happened_on"], name="disaster_of_place")]
        constraints = [
            models.CheckConstraint(condition=~Q(document=""), name="disaster_on_paper"),
            models.CheckConstraint(
                condition=Q(voided_at=None) | ~Q(void_reason=""), name="disaster_voided_has_its_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.happened_on} {self.name}"
