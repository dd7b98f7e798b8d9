"""Every write of quick reports: drafted from a report, edited, signed and with that frozen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accidents.choices import ReportType, StatStatus
from accidents.clock import limits
from accidents.models import Accident, AccidentReport, QuickReport
from accidents.quick_reports import composing, gathering
from accidents.quick_reports.gathering import Known
from evidence.official.sheet import lines_of
from evidence.papers.numbering import next_number
from geo.codes import whole
from reference import law
from safety_api.actors import Actor
from safety_api.idempotency import fingerprint
from safety_api.problems import NOTHING_TO_REPORT_ON, QUICK_REPORT_SIGNED, STALE
from safety_api.trail import SYSTEM, record
from safety_api.writing import locked

SERIES = "事故快报"
Fresh = Callable[[str], None] | None


def form_on(accident: Accident) -> Mapping[str, Any]:
    """Raises NO_RULE."""
    return law.in_force("bulletins", timezone.localdate(accident.occurred_at), "county").body["quick_report"]


def has_form(accident: Accident) -> bool:
    """Before the first form of a 快报 none was drafted, and none is drafted for what happened then."""
    return law.has_code("bulletins", timezone.localdate(accident.occurred_at), "county")


# --- drafting --------------------------------------------------------------------------------------------------------
@transaction.atomic
def draft(accident_id: UUID, *, by: Actor) -> tuple[QuickReport, bool]:
    """(report, new): the next issue, also when nothing further was reported; the draft that stands, when there is one.

    Raises NOT_FOUND, NOTHING_TO_REPORT_ON, NO_RULE.
    """
    accident = locked(Accident.objects.visible_to(by), accident_id)
    if accident.joined_to_id or accident.stat_status == StatStatus.WRITTEN_OFF:
        raise NOTHING_TO_REPORT_ON()
    return _next_issue(accident, _latest_report(accident), by)


@transaction.atomic
def follow_report(accident_id: UUID) -> QuickReport | None:
    """After an accident has changed: what was reported since the last issue is in a draft. Safe to repeat; None when there is
    nothing new, or nothing that must be reported upward.
    """
    accident = Accident.objects.select_for_update(of=("self",)).filter(pk=accident_id).first()
    if accident is None or not limits.is_reportable(accident) or not has_form(accident):
        return None
    latest = _latest_report(accident)
    if latest is None or accident.quick_reports.filter(statement__gte=latest.pk).exists():
        return None
    return _next_issue(accident, latest, SYSTEM)[0]


def _latest_report(accident: Accident) -> AccidentReport | None:
    return accident.reports.order_by("-pk").first()


def _next_issue(accident: Accident, latest: AccidentReport | None, by: Actor) -> tuple[QuickReport, bool]:
    """The accident is locked: two at once do not take the same issue."""
    last = accident.quick_reports.order_by("-issue").first()
    if last and last.signed_at is None:
        return _rests_on(last, latest), False
    form = form_on(accident)
    issue = last.issue + 1 if last else 1
    report = QuickReport.objects.create(
        accident=accident, statement=latest, issue=issue, kind=_kind(issue, latest), region_code=whole(accident.region_code[:6]),
        recipients=form["recipients"], copies=form["copies"], drafted_name=by.name,
    )  # fmt: skip
    record(by, "quick_report.draft", report, accident=str(accident.pk), issue=issue, kind=report.kind)
    return report, True


def _rests_on(report: QuickReport, latest: AccidentReport | None) -> QuickReport:
    """A draft that stands includes what came meanwhile as well: nothing of it has gone out yet."""
    if latest and report.statement_id != latest.pk:
        report.statement, report.kind = latest, _kind(report.issue, latest)
        report.save(update_fields=["statement", "kind"])
    return report


def _kind(issue: int, latest: AccidentReport | None) -> str:
    if issue == 1:
        return ReportType.FIRST
    return ReportType.SUPPLEMENT if latest and latest.kind == ReportType.SUPPLEMENT else ReportType.FOLLOW_UP


# --- editing and signing ---------------------------------------------------------------------------------------------
def _locked(accident_id: UUID, report_id: int, by: Actor) -> QuickReport:
    """The accident first, then its report, as everywhere. Raises NOT_FOUND, QUICK_REPORT_SIGNED."""
    accident = locked(Accident.objects.visible_to(by), accident_id)
    report = locked(accident.quick_reports.all(), report_id)
    if report.signed_at:
        raise QUICK_REPORT_SIGNED()
    report.accident = accident
    return report


@transaction.atomic
def edit(accident_id: UUID, report_id: int, *, by: Actor, fresh: Fresh = None, **written: Any) -> QuickReport:
    """`words` replaces those of the parts it names; "" takes them away. Raises NOT_FOUND, QUICK_REPORT_SIGNED, STALE."""
    report = _locked(accident_id, report_id, by)
    if fresh:
        fresh(shown(report)[1])
    words = written.pop("words", {})
    report.words = {code: said for code, said in {**report.words, **words}.items() if said}
    for name, value in written.items():
        setattr(report, name, value)
    report.edited_at, report.edited_name = timezone.now(), by.name
    report.save(update_fields=["words", *written, "edited_at", "edited_name"])
    record(by, "quick_report.edit", report, accident=str(report.accident_id), what=sorted([*words, *written]))
    return report


@transaction.atomic
def sign(accident_id: UUID, report_id: int, *, by: Actor, seen: str = "", fresh: Fresh = None) -> QuickReport:
    """Signed by whoever answers for the desk at that hour, also by who drafted it: time matters. Numbered, fixed.

    `seen`: the digest of what the signer read; something else by now raises STALE. Raises NOT_FOUND, QUICK_REPORT_SIGNED,
    NOTHING_TO_REPORT_ON, NO_RULE.
    """
    report = _locked(accident_id, report_id, by)
    if report.accident.joined_to_id or report.accident.stat_status == StatStatus.WRITTEN_OFF:
        raise NOTHING_TO_REPORT_ON()
    at = gathering.now()
    known = gathering.known_of(report.accident, at)
    digest = shown(report, known)[1]
    if fresh:
        fresh(digest)
    if seen and seen != digest:
        raise STALE()
    report.signed_at, report.signed_by, report.signed_name, report.signed_role = at, by.pk, by.name, by.role
    report.text = _compose(report, known, signer=by.name, signed_at=at)
    report.facts = {
        name: value if value is None or isinstance(value, int) else str(value) for name, value in known.figures.items()
    }
    report.year = timezone.localdate(at).year
    report.sequence = next_number(report.region_code, report.year, SERIES)
    report.number = f"〔{report.year}〕第{report.sequence}期"
    report.sha256 = report.fingerprint()
    report.save()
    record(
        by, "quick_report.sign", report, accident=str(report.accident_id), number=report.number, sha256=report.sha256
    )
    return report


# --- its words -------------------------------------------------------------------------------------------------------
def shown(report: QuickReport, known: Known | None = None) -> tuple[dict[str, Any], str]:
    """(text, digest): fixed once signed; of a draft as it reads now. The digest leaves out the minute of reading."""
    if report.signed_at:
        return report.text, report.sha256
    text = _compose(report, known or gathering.known_of(report.accident, gathering.now()))
    return text, fingerprint([report.issue, report.kind, _without_minute(text)])


def _without_minute(text: Mapping[str, Any]) -> list[str]:
    return [line.partition("：")[2] if line.startswith("截至") else line for line in lines_of(text)]


def _compose(
    report: QuickReport, known: Known, *, signer: str = "", signed_at: datetime | None = None
) -> dict[str, Any]:
    return composing.compose(
        known, form_on(known.accident), issue=report.issue, kind=report.kind, words=report.words, recipients=report.recipients,
        copies=report.copies, before=_before(report), signer=signer, signed_at=signed_at,
    )  # fmt: skip


def _before(report: QuickReport) -> dict[str, Any] | None:
    if report.issue == 1:
        return None
    rows = QuickReport.objects.filter(accident=report.accident_id, issue__lt=report.issue).signed()
    last = rows.order_by("-issue").values("number", "facts").first()
    return last and {"number": last["number"], "figures": last["facts"]}
