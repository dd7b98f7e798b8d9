"""Every write of bulletins: drafted, edited, filled with what was signed, frozen with its closing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from assessment.bulletins import composing
from assessment.bulletins.composing import Correction, Written
from assessment.closings.content import drafting
from assessment.models import Bulletin, Closing, ClosingState
from evidence.papers.numbering import new_code, next_number
from geo.models import Region
from reference import law
from safety_api.actors import Actor
from safety_api.problems import BULLETIN_FROZEN, NO_BULLETIN_OF_A_YEAR
from safety_api.trail import SYSTEM, record
from safety_api.writing import Fresh, locked

EDITABLE = ("recipients", "copies", "opening", "paragraphs", "requirements")


def form_on(day: date) -> Mapping[str, Any]:
    """The form of bulletins in force on a day. Raises NO_RULE."""
    return law.in_force("bulletins", day, "county").body


# --- drafting --------------------------------------------------------------------------------------------------------
@transaction.atomic
def draft(closing_id: int, *, by: Actor) -> tuple[Bulletin, bool]:
    """(bulletin, new) of a closing in work, with the figures as they are known now; what people wrote stays.

    Raises NOT_FOUND, NO_BULLETIN_OF_A_YEAR, BULLETIN_FROZEN, NO_RULE.
    """
    closing = locked(Closing.objects.all(), closing_id)
    if closing.month == 0:
        raise NO_BULLETIN_OF_A_YEAR()
    if closing.state == ClosingState.FROZEN:
        raise BULLETIN_FROZEN()
    existing = Bulletin.objects.filter(closing=closing).first()
    bulletin = existing or _new(closing, by)
    _fill(bulletin, closing)
    bulletin.save()
    record(by, "bulletin.draft", bulletin, closing=closing.pk, again=existing is not None)
    return bulletin, existing is None


def _new(closing: Closing, by: Actor) -> Bulletin:
    form = form_on(closing.last_day)
    county = Region.objects.get(code=closing.region_code).name
    first = Bulletin.objects.of(closing.region_code, closing.year, closing.month).frozen().order_by("revision").first()
    said = {name: form["bulletin"][name].format(county=county) for name in ("recipients", "copies")}
    return Bulletin(
        closing=closing, region_code=closing.region_code, year=closing.year, month=closing.month, revision=closing.number,
        first=first, requirements=list(form["requirements"]), drafted_by=by.pk, drafted_name=by.name, **said,
    )  # fmt: skip


def _fill(bulletin: Bulletin, closing: Closing) -> None:
    """With what was signed; while nothing is, with what would be signed now."""
    content = closing.content if closing.state != ClosingState.OPEN else drafting.draft(closing)
    bulletin.facts = {
        **content,
        "changes": composing.changes(content["broken"], _broken_before(content), first_day=closing.first_day),
    }
    bulletin.gathered_at = timezone.now()


def _broken_before(content: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """The list of the month before as it was frozen; None when that month was not closed."""
    before = content["before"]
    found = (
        Closing.objects.filter(pk=before["closing"]).values_list("content__broken", flat=True)
        if before and before["closing"]
        else ()
    )
    return next(iter(found), None)


@transaction.atomic
def draft_once(closing_id: int) -> Bulletin | None:
    """For a closing in work that has none yet; None else. Asked under its lock: the clock and the message of its opening may meet."""
    Closing.objects.select_for_update().filter(pk=closing_id).first()
    rows = Closing.objects.filter(pk=closing_id, bulletin=None).exclude(month=0).exclude(state=ClosingState.FROZEN)
    return draft(closing_id, by=SYSTEM)[0] if rows.exists() else None


@transaction.atomic
def draft_month(year: int, month: int) -> dict[str, int]:
    """Bulletins of all closings of a month that are in work and have none yet. Safe to repeat."""
    rows = Closing.objects.filter(year=year, month=month).exclude(state=ClosingState.FROZEN)
    waiting = list(rows.filter(bulletin=None).order_by("region_code").values_list("pk", flat=True))
    drafted = [each for each in waiting if draft_once(each)]
    return {"drafted": len(drafted), "standing": rows.count() - len(drafted)}


def month_before(day: date) -> tuple[int, int]:
    last = day.replace(day=1) - timedelta(days=1)
    return last.year, last.month


# --- editing ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def edit(bulletin_id: int, *, by: Actor, fresh: Fresh = None, **written: Any) -> Bulletin:
    """What people write, while the closing is open: what is left out stays. `paragraphs` replaces those of the chapters it names.

    Raises NOT_FOUND, STALE, BULLETIN_FROZEN.
    """
    bulletin = locked(Bulletin.objects.visible_to(by), bulletin_id, fresh)
    if bulletin.frozen_at or not Closing.objects.filter(pk=bulletin.closing_id, state=ClosingState.OPEN).exists():
        raise BULLETIN_FROZEN()
    for name, value in written.items():
        kept = {**bulletin.paragraphs, **value} if name == "paragraphs" else value
        setattr(bulletin, name, {code: said for code, said in kept.items() if said} if name == "paragraphs" else kept)
    bulletin.edited_at, bulletin.edited_name = timezone.now(), by.name
    bulletin.save(update_fields=[*written, "edited_at", "edited_name"])
    record(by, "bulletin.edit", bulletin, what=sorted(written))
    return bulletin


# --- with the closing ------------------------------------------------------------------------------------------------
def follow_signature(closing: Closing, *, by: Actor) -> Bulletin | None:
    """In the transaction of the signature: the bulletin holds what was signed. None for a year."""
    return draft(closing.pk, by=by)[0] if closing.month else None


def freeze(closing: Closing, *, by: Actor) -> Bulletin | None:
    """In the transaction of the freeze: number, fixed text, fingerprint. Its day is that of the signature. None for a year."""
    if not closing.month:
        return None
    bulletin = Bulletin.objects.select_for_update(of=("self",)).filter(closing=closing).first() or _new(closing, by)
    _fill(bulletin, closing)
    day = timezone.localdate(closing.signed_at)
    bulletin.issued_on, bulletin.code = day, new_code()
    bulletin.frozen_at, bulletin.frozen_name = timezone.now(), by.name
    bulletin.text = text_of(bulletin, closing, day=day)
    _number(bulletin, day)
    bulletin.sha256 = bulletin.fingerprint()
    bulletin.save()
    record(by, "bulletin.freeze", bulletin, closing=closing.pk, number=bulletin.number, sha256=bulletin.sha256)
    return bulletin


def _number(bulletin: Bulletin, day: date) -> None:
    """Last of all, so that its lock is short."""
    bulletin.series, bulletin.number_year = form_on(day)["bulletin"]["word"], day.year
    bulletin.sequence = next_number(bulletin.region_code, day.year, bulletin.series)
    bulletin.number = f"{bulletin.series}〔{day.year}〕{bulletin.sequence}号"


# --- its words -------------------------------------------------------------------------------------------------------
def text_of(bulletin: Bulletin, closing: Closing, *, day: date | None) -> dict[str, Any]:
    """As it reads now; of one that is frozen its own text. At most two queries."""
    if bulletin.text:
        return bulletin.text
    written = Written(**{name: getattr(bulletin, name) for name in EDITABLE})
    form = form_on(day or closing.last_day)["bulletin"]
    return composing.compose(bulletin.facts, form, written, day=day, correction=_correction(bulletin, closing))


def _correction(bulletin: Bulletin, closing: Closing) -> Correction | None:
    frozen = Bulletin.objects.of(bulletin.region_code, bulletin.year, bulletin.month).frozen()
    earlier = list(frozen.filter(revision__lt=bulletin.revision).order_by("revision"))
    if not earlier:
        return None
    first, last = earlier[0], earlier[-1]
    return Correction(
        first.number, first.text["title"].replace("\n", ""), first.issued_on, last.number, closing.reason,
        composing.differences(last.facts, bulletin.facts),
    )  # fmt: skip
