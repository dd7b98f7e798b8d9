"""定稿: opened, signed, frozen, revised. Every write of a closing: one verb, one transaction, one line in the trail.

What is signed is worked out in the transaction of the signature and fixed with its digest; what is frozen is never
touched again (a trigger sees to it). A later fact makes another revision with its reason.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Left
from django.utils import timezone

from assessment.bulletins import actions as bulletins
from assessment.closings import periods, readiness
from assessment.closings.content import drafting
from assessment.closings.reconciliation import differences
from assessment.closings.rules import rules_on
from assessment.closings.states import FLOW, after
from assessment.closings.words import ClosingVerb
from assessment.models import Closing, ClosingState, ClosingStep
from geo.codes import whole
from reference import law
from safety_api import outbox
from safety_api.actors import Actor
from safety_api.problems import MONTH_NOT_OVER, NOT_FOUND, OWN_PREPARATION, OWN_SIGNATURE, SIGNATURE_STALE
from safety_api.trail import SYSTEM, record
from safety_api.writing import Fresh, locked, read_back
from zero_accident.figures import keeping
from zero_accident.models import TownshipFigures


# --- opened ----------------------------------------------------------------------------------------------------------
@transaction.atomic
def open_closing(year: int, month: int, *, by: Actor, region: str | None = None) -> tuple[Closing, bool]:
    """A month, or a year (0), to be closed: (closing, new). One in work stands as it is.

    Raises UNKNOWN_REGION, MONTH_NOT_OVER, NO_RULE, WRONG_STEP for one that is frozen: that is revised.
    """
    county = whole(region or "") if by is SYSTEM else periods.county_for(by, region)
    periods.check_over(year, month)
    periods.lock(county, year)
    last = Closing.objects.of(county, year, month).order_by("-number").first()
    if last and last.state == ClosingState.FROZEN:
        raise FLOW.wrong(ClosingState.FROZEN, ClosingVerb.OPEN, f"{last.period_name}已冻结，要更正请修订")
    if last:
        return last, False
    rules_on(periods.last_day(year, month))
    law.in_force("zero_accident_policy", periods.last_day(year, month))
    return _begin(county, year, month, number=1, reason="", by=by), True


def _begin(county: str, year: int, month: int, *, number: int, reason: str, by: Actor) -> Closing:
    closing = Closing.objects.create(
        region_code=county, year=year, month=month, number=number, reason=reason, opened_by=by.pk, opened_name=by.name
    )
    closing.refresh_from_db()
    verb = ClosingVerb.REVISE if number > 1 else ClosingVerb.OPEN
    _write_step(closing, verb, by, reason=reason)
    outbox.send("closing.opened", {"closing": closing.pk})
    return closing


def open_due(today: date) -> int:
    """The month that ended last, and in January the year, for every county with kept figures. Returns how many were
    opened; safe to repeat.
    """
    ended = today.replace(day=1) - timedelta(days=1)
    periods_due = [(ended.year, ended.month), *([(ended.year, 0)] if ended.month == 12 else [])]
    counties = TownshipFigures.objects.filter(year=ended.year).annotate(county=Left("region_code", 6)).values_list("county")
    opened = 0
    for (county,) in counties.distinct().order_by("county"):
        for year, month in periods_due:
            if not Closing.objects.of(whole(county), year, month).exists():
                opened += open_closing(year, month, by=SYSTEM, region=county)[1]
    return opened


# --- steps -----------------------------------------------------------------------------------------------------------
@transaction.atomic
def no_objection(key: int, *, by: Actor, fresh: Fresh = None) -> Closing:
    """A township says that it has none; once. Raises NOT_FOUND, WRONG_STEP."""
    closing = _locked(key, by, fresh)
    after(closing.state, ClosingVerb.NO_OBJECTION, by)
    township = whole(by.region[:9])
    if not closing.steps.filter(verb=ClosingVerb.NO_OBJECTION, region_code=township).exists():
        _write_step(closing, ClosingVerb.NO_OBJECTION, by, region_code=township)
    return closing


@transaction.atomic
def sign(key: int, *, by: Actor, fresh: Fresh = None) -> Closing:
    """签发: the content as it is known now, fixed.

    Raises NOT_FOUND, STALE, FORBIDDEN, LEADERS_ONLY, WRONG_STEP, OWN_PREPARATION, MONTH_NOT_OVER, and the word of
    whatever is missing with the list of it.
    """
    closing = _locked(key, by, fresh, still=True)
    closing.state = after(closing.state, ClosingVerb.SIGN, by)
    if by.pk in {closing.opened_by, *differences.deciders_of(closing)}:
        raise OWN_PREPARATION()
    if closing.last_day >= timezone.localdate():
        raise MONTH_NOT_OVER(period=closing.period_name)
    readiness.check_ready(closing)
    closing.known_at = closing.signed_at = timezone.now()
    closing.content = drafting.draft(closing, closing.known_at)
    closing.content_sha256 = drafting.digest(closing.content)
    closing.signed_by, closing.signed_name = by.pk, by.name
    _keep(closing, "state", *SIGNED)
    _write_step(closing, ClosingVerb.SIGN, by)
    bulletins.follow_signature(closing, by=by)
    outbox.send("closing.signed", {"closing": closing.pk})
    return closing


SIGNED = ("known_at", "signed_at", "content", "content_sha256", "signed_by", "signed_name")


@transaction.atomic
def withdraw(key: int, *, by: Actor, reason: str, fresh: Fresh = None) -> Closing:
    """撤回签发: open again; what was signed stays as its digest in the steps. Raises NOT_FOUND, STALE, WRONG_STEP,
    FORBIDDEN, LEADERS_ONLY.
    """
    closing = _locked(key, by, fresh)
    closing.state = after(closing.state, ClosingVerb.WITHDRAW, by)
    signed, closing.content, closing.content_sha256 = closing.content_sha256, {}, ""
    closing.known_at = closing.signed_at = closing.signed_by = None
    closing.signed_name = ""
    _keep(closing, "state", *SIGNED)
    _write_step(closing, ClosingVerb.WITHDRAW, by, reason=reason, content_sha256=signed)
    return closing


@transaction.atomic
def freeze(key: int, *, by: Actor, fresh: Fresh = None) -> Closing:
    """冻结: from now on nobody touches it.

    Raises NOT_FOUND, STALE, FORBIDDEN, NOT_SIGNED, WRONG_STEP, OWN_SIGNATURE, what is missing since the signature, and
    SIGNATURE_STALE when the figures as known now are not those signed.
    """
    closing = _locked(key, by, fresh, still=True)
    closing.state = after(closing.state, ClosingVerb.FREEZE, by)
    if by.pk == closing.signed_by:
        raise OWN_SIGNATURE()
    readiness.check_ready(closing)
    if drafting.figures_of(closing.content) != drafting.figures_of(drafting.draft(closing)):
        raise SIGNATURE_STALE()
    closing.frozen_by, closing.frozen_name, closing.frozen_at = by.pk, by.name, timezone.now()
    _keep(closing, "state", "frozen_by", "frozen_name", "frozen_at")
    _write_step(closing, ClosingVerb.FREEZE, by)
    bulletins.freeze(closing, by=by)
    outbox.send("closing.frozen", {"closing": closing.pk})
    return closing


@transaction.atomic
def revise(key: int, *, by: Actor, reason: str, fresh: Fresh = None) -> Closing:
    """修订: the next revision of a frozen one, open; the old one stays. Raises NOT_FOUND, STALE, FORBIDDEN, WRONG_STEP,
    also when a later one is there already.
    """
    closing = _locked(key, by, fresh)
    after(closing.state, ClosingVerb.REVISE, by)
    same = Closing.objects.of(closing.region_code, closing.year, closing.month)
    last = same.aggregate(last=Max("number"))["last"]
    if last != closing.number:
        raise FLOW.wrong(ClosingState.FROZEN, ClosingVerb.REVISE, f"已有第{last}次修订")
    return _begin(closing.region_code, closing.year, closing.month, number=last + 1, reason=reason, by=by)


def _locked(key: int, by: Actor, fresh: Fresh, *, still: bool = False) -> Closing:
    """Its county's year first, then (`still`) the facts of the year, then the row: nothing moves while it is worked out."""
    found = Closing.objects.visible_to(by).filter(pk=key).values_list("region_code", "year").first()
    if found is None:
        raise NOT_FOUND()
    county, year = found
    periods.lock(county, year)
    if still:
        keeping.lock(year)
    return locked(Closing.objects.all(), key, fresh)


def _keep(closing: Closing, *columns: str) -> None:
    closing.save(update_fields=list(columns))
    read_back(closing)


def _write_step(
    closing: Closing, verb: ClosingVerb, by: Actor, *, region_code: str = "", reason: str = "", content_sha256: str = ""
) -> None:
    digest = content_sha256 or closing.content_sha256
    ClosingStep.objects.create(
        closing=closing, verb=verb, region_code=region_code, reason=reason, content_sha256=digest, by_id=by.pk,
        by_name=by.name, by_role=by.role, at=timezone.now(),
    )  # fmt: skip
    record(by, f"closing.{verb}", closing, period=closing.period_name, number=closing.number, reason=reason,
           township=region_code, sha256=digest)  # fmt: skip
