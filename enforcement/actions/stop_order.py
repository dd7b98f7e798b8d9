"""停产停业与复产 An order to stop, and the way back to production (煤矿安全生产条例 第四十八条、第四十九条)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.authorities import check_may_inspect
from enforcement import periods, rules
from enforcement.actions import stated
from enforcement.actions.writing import author, check_order, move
from enforcement.dates import resumption_acceptance
from enforcement.kinds import COAL, Extent, StopState
from enforcement.models import StopConsent, StopOrder
from enforcement.states import STOP
from enforcement.subjects import check_applicant, resolve
from enterprises.models import Enterprise, Site
from evidence.papers.drafting import Issuing, of_step
from evidence.papers.models import Paper
from hazards.actions import listing as hazard_side
from hazards.models import Hazard
from hazards.officers import check_here
from reference import bodies, law
from reference.terms import Consent
from safety_api.actors import Actor
from safety_api.outbox import send
from safety_api.problems import (
    ALREADY_PUBLISHED,
    CONSENT_RECORDED,
    CONSENTS_MISSING,
    COORDINATING_BODY,
    HAZARDS_OPEN,
    LEADERS_ONLY,
    NO_CONSENT_NEEDED,
    PAPER_CONTRADICTS,
    STOP_ORDER_STANDS,
    UNKNOWN_ENTERPRISE,
    UNKNOWN_HAZARD,
)
from safety_api.writing import Fresh, keep, locked, rows_for

FACT = "stop_order"
PUBLICATION = {
    "stop": ("published_on", "published_at"),
    "resumption": ("resumption_published_on", "resumption_published_at"),
}


@transaction.atomic
def issue(
    *, by: Actor, issued_on: date, extent: str, reason: str, document: str = "", enterprise: UUID | None = None,
    site: UUID | None = None, hazards: Iterable[UUID] = (), scope: str = "", basis: str = "",
    paper: UUID | None = None, department: str | None = None, companion: UUID | None = None, issue: str = Issuing.NOW,
) -> StopOrder:  # fmt: skip
    """责令停产停业. A whole stop is stated about the unit (K08); a partial one is not, the hazards it names are marked.

    Without the number of a document written elsewhere its 现场处理措施决定书 is issued with it, or left as a draft. Raises
    UNKNOWN_ENTERPRISE, UNKNOWN_SITE, UNKNOWN_HAZARD, OUTSIDE_JURISDICTION, STOP_ORDER_STANDS, PAPER_CONTRADICTS, COMPANION_NOT_HERE,
    COORDINATING_BODY for the committee's office.
    """
    check_may_inspect(by, issued_on)
    if bodies.is_coordinating(department, issued_on):
        raise COORDINATING_BODY.at("/department")
    if not (enterprise or site):
        raise UNKNOWN_ENTERPRISE.at("/enterprise")
    about = resolve(by, enterprise=enterprise, site=site, department=department)
    named = _hazards(hazards, by, about["enterprise_id"], site)
    _check_once(about["enterprise_id"], site, document)
    if not document:
        _check_scope(about, site, extent, scope)
    coal = about["sector_id"] == COAL
    order = StopOrder(
        **about, **author(by), site_id=site, extent=extent, scope=scope, reason=reason, basis=basis, document=document,
        paper_id=paper and _paper(paper, by, about["enterprise_id"], document), issued_on=issued_on,
        publication_due_on=periods.ends("coal_stop_publication", issued_on) if coal else None,
    )  # fmt: skip
    order.save(force_insert=True)
    order.hazards.set(named)
    if not document:
        paper_of(order, "issue", "onsite_decision", by=by, companion=companion, issuing=issue)
    if extent == Extent.WHOLE:
        stated.state(
            order,
            FACT,
            by=by,
            held_from=issued_on,
            held_to=None,
            document=order.document or AWAITED,
            reason=reason[:100],
        )
    said = {"extent": extent, "document": order.document, "hazards": [str(each.pk) for each in named]}
    keep(order, "stop_order.issue", ["fact_id"], by=by, **said)
    for hazard in named:
        hazard_side.set_production_stopped(
            hazard.pk, True, by=by, note=order.document or AWAITED, stop_order=str(order.pk)
        )
    return _said(order, "issue")


AWAITED = "文号待出具"


def paper_of(order: StopOrder, step: str, kind: str, *, by: Actor, companion: UUID | None, issuing: str) -> None:
    """The paper of the step, or the draft that waits; the number comes into the order by itself (`papers.py`)."""
    if companion:
        check_here(companion, hazard=order)
    people = [each for each in (by.pk, companion) if each]
    of_step(kind, order, step=f"stop_order.{step}", by=by, officers=people, fields={}, issuing=issuing)


def _check_once(enterprise: UUID | None, site: UUID | None, document: str) -> None:
    """One order a document and unit, however its number is typed; of two at once the second waits and sees the first."""
    held: Any = Enterprise if enterprise else Site
    held.objects.select_for_update(no_key=True).get(pk=enterprise or site)
    own = {"enterprise_id": enterprise} if enterprise else {"site_id": site}
    standing = StopOrder.objects.filter(**own).exclude(state=StopState.WITHDRAWN).exclude(document="")
    if document and rules.as_number(document) in {
        rules.as_number(each) for each in standing.values_list("document", flat=True)
    }:
        raise STOP_ORDER_STANDS.at("/document")


def _check_scope(about: dict[str, Any], site: UUID | None, extent: str, scope: str) -> None:
    """Without a number nothing else tells a second sending from a second order: while one of the department's for the same unit and
    scope is in force, no other is decided."""
    own = {name: about[name] for name in ("enterprise_id", "department_id")}
    held = StopOrder.objects.active().filter(**own, site_id=site, extent=extent)
    scopes = [rules.as_number(each) for each in held.values_list("scope", flat=True)]
    if scopes and (extent == Extent.WHOLE or rules.as_number(scope) in scopes):
        raise STOP_ORDER_STANDS.at("/scope")


def _paper(paper: UUID, by: Actor, enterprise: UUID | None, document: str) -> UUID:
    """Of this unit, and with this number. Raises PAPER_CONTRADICTS."""
    found = Paper.objects.visible_to(by).filter(pk=paper, enterprise_id=enterprise).first()
    if found is None or rules.as_number(found.number) != rules.as_number(document):
        raise PAPER_CONTRADICTS.at("/paper")
    return paper


def _hazards(keys: Iterable[UUID], by: Actor, enterprise: UUID | None, site: UUID | None) -> list[Hazard]:
    """Of the same unit or site, in the jurisdiction, and open, in the order in which they are locked."""
    wanted = sorted(set(keys))
    own = {"enterprise_id": enterprise} if enterprise else {"site_id": site}
    found = list(Hazard.objects.visible_to(by).open().filter(pk__in=wanted, **own).order_by("pk"))
    if len(found) != len(wanted):
        raise UNKNOWN_HAZARD.at("/hazards")
    return found


def _said(order: StopOrder, step: str) -> StopOrder:
    send("stop_order.changed", {"stop_order": str(order.pk), "step": step})
    return order


@transaction.atomic
def publish(order: UUID, *, by: Actor, on: date, where: str, what: str = "stop", fresh: Fresh = None) -> StopOrder:
    """公告 of the stop or of the resumption. Raises WRONG_STEP, ALREADY_PUBLISHED, BEFORE_LAST_STEP."""
    row = locked(rows_for(StopOrder, by), order, fresh)
    move(row, STOP, "publish")
    if what == "resumption" and row.resumed_on is None:
        raise STOP.wrong(row.state, "publish", "尚未复产，不能公告复产")
    day, place = PUBLICATION[what]
    if getattr(row, day) is not None:
        raise ALREADY_PUBLISHED()
    check_order(on, row.issued_on if what == "stop" else row.resumed_on)
    setattr(row, day, on)
    setattr(row, place, where)
    return _said(keep(row, "stop_order.publish", [day, place], by=by, what=what, on=str(on)), "publish")


@transaction.atomic
def apply(order: UUID, *, by: Actor, on: date, application: str, fresh: Fresh = None) -> StopOrder:
    """申请复产, by the unit's principal: the days of acceptance run from here.

    Raises WRONG_STEP, PRINCIPAL_REQUIRED, UNIT_HAS_ACCOUNT, BEFORE_LAST_STEP.
    """
    row = locked(rows_for(StopOrder, by), order, fresh)
    check_applicant(by, row.enterprise_id)
    move(row, STOP, "apply")
    check_order(on, row.issued_on)
    row.round += 1
    row.applied_on, row.application = on, application
    row.acceptance_due_on = periods.ends(resumption_acceptance(row), on)
    columns = ["state", "round", "applied_on", "application", "acceptance_due_on"]
    return _said(keep(row, "stop_order.apply", columns, by=by, on=str(on), round=row.round), "apply")


@transaction.atomic
def accept(
    order: UUID, *, by: Actor, on: date, acceptance: str, document: str = "", fresh: Fresh = None
) -> StopOrder:  # fmt: skip
    """复产验收合格: production still stands until `resume`. Raises WRONG_STEP, BEFORE_LAST_STEP."""
    return _judged(order, "accept", by=by, on=on, acceptance=acceptance, document=document, fresh=fresh)


@transaction.atomic
def refuse(
    order: UUID, *, by: Actor, on: date, acceptance: str, document: str = "", fresh: Fresh = None
) -> StopOrder:  # fmt: skip
    """复产验收不合格: stopped as before, until another application. Raises WRONG_STEP, BEFORE_LAST_STEP."""
    return _judged(order, "refuse", by=by, on=on, acceptance=acceptance, document=document, fresh=fresh)


def _judged(
    order: UUID, name: str, *, by: Actor, on: date, acceptance: str, document: str, fresh: Fresh
) -> StopOrder:  # fmt: skip
    row = locked(rows_for(StopOrder, by), order, fresh)
    move(row, STOP, name)
    check_order(on, row.applied_on)
    row.accepted_on = on if name == "accept" else None
    row.acceptance, row.acceptance_document = acceptance, document
    columns = ["state", "accepted_on", "acceptance", "acceptance_document"]
    return _said(keep(row, f"stop_order.{name}", columns, by=by, on=str(on), document=document), name)


@transaction.atomic
def consent(
    order: UUID, *, by: Actor, kind: str, person: str, document: str, on: date, fresh: Fresh = None
) -> StopOrder:  # fmt: skip
    """煤矿复产的一方同意. With the last of the three the hazards' own histories say so.

    Raises NO_CONSENT_NEEDED, WRONG_STEP, CONSENT_RECORDED, BEFORE_LAST_STEP.
    """
    row = locked(rows_for(StopOrder, by), order, fresh)
    if row.sector_id != COAL:
        raise NO_CONSENT_NEEDED()
    move(row, STOP, "consent")
    check_order(on, row.accepted_on)
    given = given_kinds(row)
    if kind in given:
        raise CONSENT_RECORDED()
    StopConsent.objects.create(
        order=row,
        round=row.round,
        kind=kind,
        person=person,
        document=document,
        given_on=on,
        by_id=by.pk,
        by_name=by.name,
    )
    keep(row, "stop_order.consent", ["state"], by=by, kind=kind, on=str(on), document=document)
    if not rules.consents_missing(law.hazard_steps(on), [*given, kind]):
        for hazard in row.hazards.order_by("pk").values_list("pk", flat=True):
            hazard_side.note_consents(hazard, by=by, note=document, stop_order=str(row.pk))
    return _said(row, "consent")


def given_kinds(row: StopOrder) -> set[str]:
    """Who has consented in the round at hand."""
    return set(row.consents.filter(round=row.round).values_list("kind", flat=True))


@transaction.atomic
def resume(
    order: UUID, *, by: Actor, on: date, document: str = "", companion: UUID | None = None, issue: str = Issuing.NOW,
    fresh: Fresh = None,
) -> StopOrder:  # fmt: skip
    """恢复生产, by a leader of the department, after acceptance and with all hazards of the order closed.

    Without the number of a document written elsewhere its 整改复查意见书 is issued with it, or left as a draft. Raises LEADERS_ONLY,
    WRONG_STEP, HAZARDS_OPEN, CONSENTS_MISSING, BEFORE_LAST_STEP, COMPANION_NOT_HERE, COORDINATING_BODY.
    """
    check_may_inspect(by, on)
    row = locked(rows_for(StopOrder, by), order, fresh)
    if not by.is_leader:
        raise LEADERS_ONLY()
    move(row, STOP, "resume")
    _check_ready(row, on)
    check_order(on, row.accepted_on, *row.consents.filter(round=row.round).values_list("given_on", flat=True))
    row.resumed_on, row.resumption_document = on, document
    if row.sector_id == COAL:
        row.resumption_publication_due_on = periods.ends("coal_stop_publication", on)
    _end_fact(row, on, by)
    if not document:
        paper_of(row, "resume", "review_opinion", by=by, companion=companion, issuing=issue)
    columns = ["state", "resumed_on", "resumption_document", "resumption_publication_due_on", "fact_id"]
    keep(row, "stop_order.resume", columns, by=by, on=str(on), document=row.resumption_document)
    _release(row, by=by, note=row.resumption_document or AWAITED)
    return _said(row, "resume")


def _check_ready(row: StopOrder, on: date) -> None:
    open_ones = list(Hazard.objects.open().filter(stop_orders=row).order_by("pk").values_list("pk", flat=True))
    if open_ones:
        raise HAZARDS_OPEN(errors=[HAZARDS_OPEN.fault(said=each) for each in open_ones])
    missing = rules.consents_missing(law.hazard_steps(on), given_kinds(row)) if row.sector_id == COAL else []
    if missing:
        raise CONSENTS_MISSING(missing="、".join(Consent(each).label for each in missing))


def _end_fact(row: StopOrder, on: date, by: Actor) -> None:
    if row.fact_id:
        until = stated.last_day(row.issued_on, on)
        stated.state(
            row,
            FACT,
            by=by,
            held_from=row.issued_on,
            held_to=until,
            document=row.document or AWAITED,
            reason=row.reason[:100],
        )


def _release(row: StopOrder, *, by: Actor, note: str) -> None:
    """Hazards that no other order in force names."""
    held = StopOrder.objects.active().exclude(pk=row.pk).values("hazards")
    for hazard in (
        row.hazards.exclude(pk__in=held.filter(hazards__isnull=False)).order_by("pk").values_list("pk", flat=True)
    ):
        hazard_side.set_production_stopped(hazard, False, by=by, note=note, stop_order=str(row.pk))


@transaction.atomic
def withdraw(order: UUID, *, by: Actor, on: date, note: str, fresh: Fresh = None) -> StopOrder:
    """撤销: the order should never have been. Raises LEADERS_ONLY, WRONG_STEP."""
    row = _ended(order, "withdraw", by=by, on=on, note=note, fresh=fresh)
    stated.withdraw(row, FACT, by=by, reason=note)
    keep(row, "stop_order.withdraw", ["state", "ended_on", "ended_note", "fact_id"], by=by, on=str(on), note=note)
    _release(row, by=by, note=note)
    return _said(row, "withdraw")


@transaction.atomic
def close(order: UUID, *, by: Actor, on: date, note: str, fresh: Fresh = None) -> StopOrder:
    """单位已关闭: production never resumes, and what is stated about the unit stays. Raises LEADERS_ONLY, WRONG_STEP."""
    row = _ended(order, "close", by=by, on=on, note=note, fresh=fresh)
    return _said(
        keep(row, "stop_order.close", ["state", "ended_on", "ended_note"], by=by, on=str(on), note=note), "close"
    )


def _ended(order: UUID, name: str, *, by: Actor, on: date, note: str, fresh: Fresh) -> StopOrder:
    row = locked(rows_for(StopOrder, by), order, fresh)
    if not by.is_leader:
        raise LEADERS_ONLY()
    move(row, STOP, name)
    check_order(on, row.issued_on)
    row.ended_on, row.ended_note = on, note
    return row
