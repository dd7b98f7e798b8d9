"""What papers need: certificates, a hazard, a visit; and what is read from the files they become."""

from __future__ import annotations

import zipfile
from base64 import b64encode
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from django.utils import timezone
from PIL import Image, ImageDraw
from pypdf import PdfReader
from pypdf.generic import ContentStream

from accounts.models import Certificate
from hazards.models import Hazard
from inspections.models import Inspection
from tests.cast.people import MINE, VILLAGE
from tests.cast.units import mine

HAZARD, OTHER = UUID("9d1f6c39-5b44-4be5-9a38-6f3f1f1c0001"), UUID("9d1f6c39-5b44-4be5-9a38-6f3f1f1c0002")
VISIT = UUID("7a2f6c39-5b44-4be5-9a38-6f3f1f1c0001")
FOUND = "2026-11-20T09:00:00+08:00"
PAPERS = "/api/v1/papers"


def today() -> date:
    return timezone.localdate()


def certify(user: Any, *, first: int = -400, last: int = 400) -> Certificate:
    """A certificate valid from and to so many days from today."""
    return Certificate.objects.create(
        user=user, number=f"14112300{user.username}", issued_by="测试·发证机关", valid_from=today() + timedelta(first),
        valid_to=today() + timedelta(last),
    )  # fmt: skip


def a_hazard(key: UUID = HAZARD, **fields: Any) -> Hazard:
    """Confirmed, at the own mine, due in a week."""
    values = {
        "state": "confirmed", "level": "general", "origin": "inspection", "sector_id": "coal_mine", "region_code": VILLAGE,
        "enterprise_id": MINE, "department_id": "emergency", "description": "15102综采工作面回风巷锚杆间距达1.4米，超出作业规程",
        "reported_by": UUID(int=1), "reporter_name": "张巡", "found_at": FOUND, "due_on": today() + timedelta(7), **fields,
    }  # fmt: skip
    hazard = Hazard(id=key, **values)
    hazard.save(force_insert=True)
    return Hazard.objects.get(pk=key)


def a_visit(people: dict, **fields: Any) -> Inspection:
    values = {
        "id": VISIT, "content_sha256": "0" * 64, "by_id": people["inspector"].pk, "by_name": "张巡", "enterprise_id": MINE, "place": "15102工作面",
        "region_code": VILLAGE, "sector_id": "coal_mine", "kind": "routine", "authority": "administrative", "started_at": FOUND,
        "finished_at": "2026-11-20T10:20:00+08:00", "checklist_code": "coal_mine", "checklist_version": "2021-1", "unanswered": "pass",
        "answers": [{"item": "C09-12", "result": "fail", "note": ""}], "hazards_found": 1, **fields,
    }  # fmt: skip
    visit = Inspection(**values)
    visit.save(force_insert=True)
    return visit


def body(
    kind: str = "rectify_order",
    *,
    people: dict,
    subject: Any = ("hazard", HAZARD),
    others=("department",),
    **fields: Any,
) -> dict:
    return {
        "kind": kind, "subject": {"kind": subject[0], "id": str(subject[1])}, "officers": [str(people[each].pk) for each in others],
        "fields": fields,
    }  # fmt: skip


def signature_png(size: tuple[int, int] = (300, 120), stroke: int = 1) -> bytes:
    image = Image.new("RGBA", size, (255, 255, 255, 0))
    draw = ImageDraw.Draw(image)
    for turn in range(4):
        draw.line(
            [(20 + 60 * turn, 90), (60 + 60 * turn, 25), (75 + 60 * turn, 95)], fill=(10, 10, 60, 255), width=3 + stroke
        )
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def as_text(content: bytes) -> str:
    return b64encode(content).decode()


# --- files ---------------------------------------------------------------------------------------------------------------------
def words_of_pdf(content: bytes) -> str:
    """All text of a PDF in reading order, without spaces and line breaks: Chinese has none."""
    return "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(content)).pages)


def empty_boxes(content: bytes) -> int:
    """How often glyph 0, the box of a character that the font lacks, is drawn."""
    reader, boxes = PdfReader(BytesIO(content)), 0
    for page in reader.pages:
        for operands, operator in ContentStream(page.get_contents(), reader).operations:
            if operator in (b"Tj", b"TJ"):
                pieces = operands[0] if operator == b"TJ" else operands
                boxes += sum(_zeros(each) for each in pieces if isinstance(each, str | bytes))
    return boxes


def _zeros(piece: Any) -> int:
    raw = piece.original_bytes if hasattr(piece, "original_bytes") else bytes(piece)
    return sum(raw[place : place + 2] == b"\0\0" for place in range(0, len(raw), 2))


def words_of_docx(content: bytes) -> str:
    import docx

    document = docx.Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    footers = [paragraph.text for paragraph in document.sections[0].footer.paragraphs]
    return "".join("".join([*(each.text for each in document.paragraphs), *cells, *footers]).split())


def pictures_in_docx(content: bytes) -> int:
    return sum(name.startswith("word/media/") for name in zipfile.ZipFile(BytesIO(content)).namelist())


__all__ = ["FOUND", "HAZARD", "OTHER", "PAPERS", "VISIT", "mine"]
