"""The report on one sheet of A4, by the same fonts as the papers, with who printed it and when across it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from evidence.papers.printing import typeset
from evidence.papers.signs import Fitting

LAYOUT = Path(__file__).parent / "templates" / "township.typ"


def pdf(report: Mapping[str, Any], *, printed_by: str, printed_at: datetime, demo: bool) -> bytes:
    """Raises NO_FONT."""
    fit = Fitting()
    mark = f"{printed_by}　{timezone.localtime(printed_at):%Y-%m-%d %H:%M}"
    drawn = fit({**report, "mark": mark, "demo": demo})
    return typeset(LAYOUT, drawn | {"note": fit.note}, moment=int(printed_at.timestamp()))
