"""The paper of a step: issued in the step's own transaction, or left as a draft that says why it waits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import TextChoices
from django.utils import timezone
from rest_framework.exceptions import ValidationError

from evidence.papers import kinds, rules
from evidence.papers.actions import issue, refuse_in_field, sign_in_field
from evidence.papers.models import Paper, PaperDraft
from evidence.papers.registry import find, subject_of
from safety_api.actors import Actor
from safety_api.problems import DRAFT_SETTLED, FORBIDDEN, INVALID, Problem
from safety_api.trail import line, record_many
from safety_api.writing import add, keep, locked


class Issuing(TextChoices):
    """A step's choice; NONE where the step is taken with a paper that is being issued already."""

    NOW = "now", "即时出具"
    DRAFT = "draft", "先存草稿"
    NONE = "none", "已另行出具"


CHOICES = [(each.value, each.label) for each in (Issuing.NOW, Issuing.DRAFT)]


CHOSEN = ("chosen", "选择先存草稿。")


@transaction.atomic
def of_step(
    kind: str, subject: Any, *, step: str, by: Actor, officers: Iterable[UUID | str], fields: Mapping[str, Any],
    issuing: str = Issuing.NOW, at: datetime | None = None, kept: Mapping[str, Any] | None = None,
) -> Paper | PaperDraft:  # fmt: skip
    """`officers` are all who took the step, `by` among them or not; the state of the record is not asked: the step is the ground.

    What keeps a paper back (a certificate that lacks, nobody in whose name) never keeps the step back: a draft says so.
    """
    named, fields, kept = list(dict.fromkeys(str(each) for each in officers)), plain(fields), plain(kept or {})
    why = CHOSEN
    if issuing == Issuing.NOW:
        try:
            with transaction.atomic():
                return _issued(kind, subject, by, named, fields, at, kept)
        except Problem as problem:
            why = (problem.kind.code, problem.body()["detail"])
        except ValidationError:
            why = (INVALID.code, INVALID.sentence())
    return leave_draft(kind, subject, step, by, named, fields, why, kept)


def _issued(
    kind: str, subject: Any, by: Actor, officers: Sequence[str], fields: Mapping[str, Any], at: datetime | None, kept: Mapping[str, Any]
) -> Paper:  # fmt: skip
    others = [UUID(each) for each in officers if each != str(by.pk)]
    paper = issue(kind, subject, by=by, officers=others, fields=fields, at=at, of_step=True)
    attach(paper, kept, by=by)
    return paper


def attach(paper: Paper, kept: Mapping[str, Any], *, by: Actor) -> None:
    """What a phone gathered in the field belongs to the paper from now on."""
    for each in kept.get("signatures", ()):
        sign_in_field(paper, by=by, **each)
    for each in kept.get("refusals", ()):
        refuse_in_field(paper, by=by, **each)


def leave_draft(
    kind: str, subject: Any, step: str, by: Actor, officers: Sequence[str], fields: Mapping[str, Any], why: tuple[str, str], kept: Mapping[str, Any]
) -> PaperDraft:  # fmt: skip
    """`why`: the word and the sentence of what keeps the paper back."""
    declared = subject_of(subject)
    row = PaperDraft(
        kind=kind, step=step, subject_kind=declared.kind, subject_id=subject.pk, region_code=subject.region_code,
        sector_id=subject.sector_id, enterprise_id=getattr(subject, declared.unit), officers=list(officers),
        fields=plain(fields), kept=plain(kept), reason=why[0], reason_detail=why[1][:300], made_by=by.pk, made_by_name=by.name,
    )  # fmt: skip
    return add(row, "paper.draft", by=by, kind=kind, step=step, reason=row.reason)


def plain(value: Any) -> Any:
    """Plain JSON."""
    if isinstance(value, Mapping):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value if value is None or isinstance(value, str | int | float | bool) else _said(value)


def _said(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def kept_back(made: Paper | PaperDraft) -> bool:
    """It could not be issued, which is remarkable; a draft by choice is not."""
    return isinstance(made, PaperDraft) and made.reason != CHOSEN[0]


def noted(made: Paper | PaperDraft) -> dict[str, Any]:
    """What the step's details say of it."""
    if isinstance(made, PaperDraft):
        return {"draft": str(made.pk), "draft_reason": made.reason}
    return {"paper": str(made.pk), "number": made.number}


# --- afterwards --------------------------------------------------------------------------------------------------------
@transaction.atomic
def issue_draft(
    draft: UUID, *, by: Actor, officers: Sequence[UUID] = (), fields: Mapping[str, Any] | None = None,
    check: Callable[[Any], None] | None = None,
) -> Paper:  # fmt: skip
    """出具. `officers` are those of the step unless others are named where the step named none.

    Raises NOT_FOUND, FORBIDDEN, DRAFT_SETTLED and what `issue` raises: the record must still agree.
    """
    row = _waiting(draft, by, check)
    subject = find(row.subject_kind, row.subject_id, by=by)
    others = list(officers) or [UUID(each) for each in row.officers if each != str(by.pk)]
    paper = issue(row.kind, subject, by=by, officers=others, fields={**row.fields, **(fields or {})})
    attach(paper, row.kept, by=by)
    row.paper = paper
    keep(row, "paper.issue-draft", ["paper"], by=by, number=paper.number)
    return paper


@transaction.atomic
def discard(draft: UUID, *, by: Actor, reason: str, check: Callable[[Any], None] | None = None) -> PaperDraft:
    """作废, with its reason. Raises NOT_FOUND, DRAFT_SETTLED, FORBIDDEN."""
    return _discarded(_waiting(draft, by, check), by, reason)


def _discarded(row: PaperDraft, by: Actor, reason: str) -> PaperDraft:
    row.discarded_at, row.discarded_by_name, row.discard_reason = timezone.now(), by.name, reason
    return keep(row, "paper.discard", ["discarded_at", "discarded_by_name", "discard_reason"], by=by, reason=reason)


def discard_waiting(subject: UUID, *, by: Actor, reason: str) -> int:
    """作废 of what waits for a record that never should have been, by whoever ended it; returns how many."""
    waiting = PaperDraft.objects.of(subject).select_for_update()
    return len([_discarded(row, by, reason[:500]) for row in waiting])


def take_along(enterprise: UUID, *, before: str, after: str, by: Actor) -> None:
    """A unit moved: its waiting drafts lie where it lies now."""
    moved = list(PaperDraft.objects.open().filter(enterprise_id=enterprise, region_code=before).order_by("pk"))
    PaperDraft.objects.filter(pk__in=[each.pk for each in moved]).update(region_code=after)
    record_many(line(by, "paper.relocate-draft", each, before=before, after=after) for each in moved)


def _waiting(draft: UUID, by: Actor, check: Callable[[Any], None] | None) -> PaperDraft:
    row = locked(PaperDraft.objects.visible_to(by), draft, check)
    if not rules.may_issue(kinds.known(row.kind).nature, by.role):
        raise FORBIDDEN()
    if not row.is_open:
        raise DRAFT_SETTLED()
    return row
