"""A bulletin as a sheet: frozen words with number and code, a draft with 草稿 across."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from assessment.bulletins import actions
from assessment.models import Bulletin, ClosingState
from evidence.official.sheet import CORRECTED, DRAFT, Sheet
from evidence.papers.registry import verifies


def sheet_of(bulletin: Bulletin, *, site: str) -> Sheet:
    """`site` is our own address without a last slash. At most three queries; `closing` is read with the row."""
    if bulletin.frozen_at is None:
        return _draft(bulletin)
    later = _corrected_by(bulletin)
    return Sheet(
        bulletin.text, bulletin.number, int(bulletin.frozen_at.timestamp()), watermark=CORRECTED if later else "",
        notice=f"本通报有关数据已由{later.number}更正，以更正后的为准。" if later else "",
        address=f"{site}/api/v1/verify/{bulletin.code}", code=bulletin.spoken_code, sha256=bulletin.sha256,
    )  # fmt: skip


def _draft(bulletin: Bulletin) -> Sheet:
    closing = bulletin.closing
    day = timezone.localdate(closing.signed_at) if closing.state == ClosingState.SIGNED else None
    word = actions.form_on(closing.last_day)["bulletin"]["word"]
    year = (day or timezone.localdate(bulletin.gathered_at)).year
    text = actions.text_of(bulletin, closing, day=day)
    return Sheet(text, f"{word}〔{year}〕　　号", int(bulletin.gathered_at.timestamp()), watermark=DRAFT)


def _corrected_by(bulletin: Bulletin) -> Bulletin | None:
    rows = Bulletin.objects.of(bulletin.region_code, bulletin.year, bulletin.month).frozen()
    return rows.filter(revision__gt=bulletin.revision).order_by("-revision").only("number").first()


def file_name(bulletin: Bulletin, sheet: Sheet, ending: str) -> str:
    title = sheet.text["title"].replace("\n", "")
    return f"{title}{bulletin.number or '（草稿）'}.{ending}"


@verifies
def verified_bulletin(code: str) -> dict[str, Any] | None:
    """For the open door of verification: no figure, no person."""
    found = Bulletin.objects.frozen().filter(code=code).first()
    if found is None:
        return None
    later = _corrected_by(found)
    return {
        "number": found.number, "title": found.text["title"].replace("\n", ""), "organ": found.text["organ"],
        "issued_on": found.issued_on, "sha256": found.sha256, "is_demo": False,
        "corrected": later is not None, "corrected_by": later.number if later else None,
    }  # fmt: skip
