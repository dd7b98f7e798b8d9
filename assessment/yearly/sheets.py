"""年度考核表: drafted for every party of a county, commented by the party, confirmed by a person, revised with a reason."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from assessment.models import Sheet, SheetView
from assessment.yearly import rules
from assessment.yearly.querysets import own
from assessment.yearly.rules import Party
from assessment.yearly.signing import check_begun, check_over, check_signer, today
from assessment.yearly.states import SHEET, SheetState, VetoState
from assessment.yearly.working_out import Content, Year, everybody, name_of, parties_of, work_out
from reference import law
from safety_api.actors import Actor
from safety_api.idempotency import fingerprint
from safety_api.inserts import insert_all
from safety_api.problems import BARRED_BY_VETO, FIGURES_MOVED, FORBIDDEN, UNKNOWN_CONCLUSION, VETO_UNDECIDED
from safety_api.trail import SYSTEM, line, record_many
from safety_api.writing import Fresh, add, keep, locked


def party_of(sheet: Sheet) -> Party:
    return Party(sheet.party_kind, sheet.party)


def year_of(sheet: Sheet, day: date) -> Year:
    return Year(sheet.region_code, sheet.year, day)


# --- what it says ----------------------------------------------------------------------------------------------------
def content_of(sheet: Sheet, day: date) -> Content:
    """As confirmed; worked out as of now while open."""
    return contents_of([sheet], day)[sheet.pk]


def contents_of(sheets: Iterable[Sheet], day: date) -> dict[UUID, Content]:
    """Of many: some twenty queries for every county and year among the open ones."""
    sheets = list(sheets)
    live = [each for each in sheets if each.state == SheetState.OPEN]
    found = {each.pk: each.content for each in sheets if each.state == SheetState.CONFIRMED}
    for asked in dict.fromkeys(year_of(each, day) for each in live):
        mine = [each for each in live if year_of(each, day) == asked]
        contents = work_out(asked, [party_of(each) for each in mine])
        found |= {each.pk: contents[party_of(each)] for each in mine}
    return found


# --- draft -----------------------------------------------------------------------------------------------------------
@transaction.atomic
def draft(county: str, year: int, *, by: Actor = SYSTEM) -> list[Sheet]:
    """A first sheet for every party of the county that has none; safe to repeat. Returns the new ones.

    Raises IN_THE_FUTURE, NO_RULE.
    """
    check_begun(year, today().year)
    parties = parties_of(Year(county, year, today()))
    there = set(Sheet.objects.of(county, year).values_list("party_kind", "party"))
    opened = {"opened_by": by.pk, "opened_name": by.name, "opened_at": timezone.now()}
    new = [
        Sheet(
            region_code=county,
            year=year,
            party_kind=party.kind,
            party=party.code,
            party_name=name_of(parties, party),
            **opened,
        )
        for party in everybody(parties)
        if party not in there
    ]
    insert_all(new)
    record_many([line(by, "sheet.draft", each, year=year, party=each.party) for each in new])
    return new


# --- verbs -----------------------------------------------------------------------------------------------------------
@transaction.atomic
def state_view(sheet: UUID, *, by: Actor, text: str, fresh: Fresh = None) -> Sheet:
    """The party's own words. Raises NOT_FOUND, STALE, FORBIDDEN about another's sheet, WRONG_STEP once confirmed."""
    row = locked(Sheet.objects.visible_to(by), sheet, fresh)
    if not Sheet.objects.filter(own(by), pk=row.pk).exists():
        raise FORBIDDEN(detail="只能对本单位的考核表陈述意见。")
    SHEET.after(row.state, "state_view")
    SheetView.objects.create(sheet=row, text=text, by_id=by.pk, by_name=by.name, by_role=by.role)
    return keep(
        row, "sheet.state_view", ["state"], by=by, party=row.party
    )  # written, so that its stamp covers the view


@transaction.atomic
def confirm(
    sheet: UUID,
    *,
    by: Actor,
    conclusion: str,
    comment: str = "",
    document: str = "",
    content_sha256: str = "",
    fresh: Fresh = None,
) -> Sheet:
    """A person's conclusion; the sheet stands from now on. `content_sha256`: of what the person saw.

    Raises NOT_FOUND, STALE, LEADERS_ONLY, OWN_PREPARATION, WRONG_STEP, YEAR_NOT_OVER, UNKNOWN_CONCLUSION, VETO_UNDECIDED,
    BARRED_BY_VETO, FIGURES_MOVED.
    """
    row = locked(Sheet.objects.visible_to(by), sheet, fresh)
    state = SHEET.after(row.state, "confirm")
    check_signer(by, [row.opened_by])
    check_over(row.year)
    content = sealed(row)
    chosen = _conclusion(row, conclusion, content)
    digest = fingerprint(content)
    if content_sha256 and content_sha256 != digest:
        raise FIGURES_MOVED()
    row.state, row.content, row.content_sha256, row.known_at = state, content, digest, timezone.now()
    row.conclusion, row.conclusion_name, row.comment, row.document = chosen.code, chosen.name, comment, document
    row.confirmed_by, row.confirmed_name, row.confirmed_at = by.pk, by.name, row.known_at
    return keep(row, "sheet.confirm", CONFIRMED, by=by, party=row.party, conclusion=conclusion, sha256=digest)


CONFIRMED = (
    "state", "content", "content_sha256", "known_at", "conclusion", "conclusion_name", "comment", "document", "confirmed_by",
    "confirmed_name", "confirmed_at",
)  # fmt: skip


def sealed(row: Sheet) -> Content:
    """What the digest of an open sheet is of: its figures, and what the party said of them."""
    views = [
        {"by": each.by_name, "at": timezone.localtime(each.at).isoformat(), "text": each.text}
        for each in row.views.order_by("pk")
    ]
    return {**content_of(row, today()), "views": views}


def _conclusion(row: Sheet, code: str, content: Content) -> rules.Conclusion:
    """Raises UNKNOWN_CONCLUSION, VETO_UNDECIDED, BARRED_BY_VETO."""
    known = rules.conclusions(law.in_force("assessment", date(row.year, 12, 31)).body)
    if code not in known:
        raise UNKNOWN_CONCLUSION.at("/conclusion")
    states = {each["state"] for each in content["vetoes"]}
    if VetoState.PROPOSED in states:
        raise VETO_UNDECIDED()
    if VetoState.CONFIRMED in states and known[code].barred_by_veto:
        raise BARRED_BY_VETO(conclusion=known[code].name)
    return known[code]


@transaction.atomic
def revise(sheet: UUID, *, by: Actor, reason: str, fresh: Fresh = None) -> Sheet:
    """Another revision, open; the confirmed one stands. Raises NOT_FOUND, STALE, WRONG_STEP when it is not the last."""
    row = locked(Sheet.objects.visible_to(by), sheet, fresh)
    SHEET.after(row.state, "revise")
    same = Sheet.objects.of(row.region_code, row.year).filter(party_kind=row.party_kind, party=row.party)
    if same.filter(number__gt=row.number).exists():
        raise SHEET.wrong(row.state, "revise", "已有更新的修订")
    new = Sheet(
        region_code=row.region_code, year=row.year, party_kind=row.party_kind, party=row.party, party_name=row.party_name,
        number=row.number + 1, reason=reason, opened_by=by.pk, opened_name=by.name, opened_at=timezone.now(),
    )  # fmt: skip
    return add(new, "sheet.revise", by=by, party=row.party, number=new.number, reason=reason)
