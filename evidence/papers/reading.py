"""The papers of a record as its own answer shows them: two queries, however many."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils import timezone

from evidence.papers.drafting import CHOSEN
from evidence.papers.kinds import title_of
from evidence.papers.models import Paper, PaperDraft
from safety_api.remarks import Remark


def shown(papers: Iterable[Paper], drafts: Iterable[PaperDraft]) -> list[dict[str, Any]]:
    """What waits first, then the newest paper."""
    return [*(of_draft(each) for each in drafts), *(of_paper(each) for each in papers)]


def of_paper(paper: Paper) -> dict[str, Any]:
    said = {name: getattr(paper, name) for name in ("id", "kind", "title", "number", "issued_on")}
    return {**said, "draft": False, "reason": "", "reason_detail": ""}


def of_draft(draft: PaperDraft) -> dict[str, Any]:
    return {
        "id": draft.pk, "kind": draft.kind, "title": title_of(draft.kind, timezone.localdate(draft.made_at)), "number": "",
        "issued_on": None, "draft": True, "reason": draft.reason, "reason_detail": draft.reason_detail,
    }  # fmt: skip


def remarks_of(papers: Iterable[dict[str, Any]]) -> list[Remark]:
    """Of a record that keeps no words of its own: whether a paper was kept back. A draft by choice is not remarkable."""
    kept_back = any(each["draft"] and each["reason"] != CHOSEN[0] for each in papers)
    return [Remark.PAPER_DRAFTED] if kept_back else []


def of_hazard(hazard: Any, user: Any) -> list[dict[str, Any]]:
    """Of a hazard, and those of its visit that speak of it, as far as this person may see them."""
    papers = Paper.objects.visible_to(user).naming(hazard.pk, hazard.inspection_id).filter(corrected_by=None)
    drafts = PaperDraft.objects.visible_to(user).of(hazard.pk)
    return shown(papers.defer("text").order_by("-issued_at", "pk"), drafts)


def of_record(record: Any, user: Any, *more: UUID | None) -> list[dict[str, Any]]:
    """`more`: records that it followed from, such as the task of a visit."""
    papers = Paper.objects.visible_to(user).of(record.pk, *more).defer("text")
    return shown(papers, PaperDraft.objects.visible_to(user).of(record.pk, *more))
