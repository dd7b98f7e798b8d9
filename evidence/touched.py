"""What of papers a load touches: drafts that wait. A paper that was issued keeps its set."""

from __future__ import annotations

from evidence.papers.models import Paper, PaperDraft
from safety_api.loads import Touch, touched_by


@touched_by("papers", "paper_terms")
def papers_and_drafts(touch: Touch) -> str:
    drafts = PaperDraft.objects.open().count()
    issued = Paper.objects.filter(issued_on__gte=touch.since, corrected_by=None).count()
    said = f"文书：待出具的草稿 {drafts} 份；{touch.since} 以来已按原文书种类出具 {issued} 份，不变"
    return said if drafts or issued else ""
