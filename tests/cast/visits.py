"""Bodies as a phone sends them."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Any
from uuid import UUID

import pillow_heif
from django.utils import timezone
from PIL import Image

pillow_heif.register_heif_opener()  # for writing them

HAZARD = "7a2f6c39-5b44-4be5-9a38-6f3f1f1cb001"
ALONE = {"body_not_listed", "officers_uncertified"}  # what is said of an administrative visit of one officer
POINT = {"lon": 111.127486, "lat": 38.461818, "crs": "wgs84", "accuracy_m": 8}


def picture(number: int = 1, size: tuple[int, int] = (64, 48), form: str = "JPEG", **options) -> bytes:
    """A small real picture; the number decides its colour, so that two numbers are two files."""
    buffer = BytesIO()
    Image.new("RGB", size, (number * 37 % 256, number * 11 % 256, 120)).save(buffer, form, **options)
    return buffer.getvalue()


def photo_id(number: int) -> str:
    return str(UUID(int=0x40008000000000000000 + number + (0xF07 << 96)))


def a_photo(number: int = 1, content: bytes | None = None, **fields) -> dict[str, Any]:
    content = picture(number) if content is None else content
    return {
        "id": photo_id(number),
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "media_type": "image/jpeg",
        "taken_at": "2026-11-20T09:41:00+08:00",
        "location": POINT,
        **fields,
    }


def a_finding(key: str = HAZARD, **fields) -> dict[str, Any]:
    return {
        "id": key, "item": "C09-12", "level": "general", "description": "锚杆间距超出作业规程", "deadline": "2026-11-27",
        "photos": [], **fields,
    }  # fmt: skip


WHOLE_COURSE: dict[str, Any] = {  # with papers of before, so that no more are issued
    "type": "daily",
    "source": {"kind": "plan", "number": "兴安办〔2026〕3号", "ordered_by": "", "record": ""},
    "joint_departments": [],
    "experts": [],
    "approval": {
        "paper": None, "number": "（兴应急）检批〔2026〕7号", "at": None, "approver": None,
        "approver_name": "吴长", "approver_post": "局长", "urgent": False, "reported_at": None, "reported_to": "", "note": "",
    },
    "notice": {
        "paper": None, "number": "（兴应急）检通〔2026〕7号", "at": None, "to": "张小三", "post": "矿长",
        "note": "",
    },
    "scan": {
        "code": "https://smrq.example/e?c=15102", "at": None, "system": "扫码入企", "exempt_reason": "",
    },
    "certificates_shown": True,
}  # fmt: skip


def without_course(visit: dict[str, Any]) -> dict[str, Any]:
    """As yesterday's phones send it."""
    return {name: value for name, value in visit.items() if name not in WHOLE_COURSE}


def a_visit(unit=None, **fields) -> dict[str, Any]:
    """A routine visit to a coal mine with one hazard and its whole course, as API.md shows it."""
    return {
        "enterprise": str(unit.pk) if unit else None,
        "sector": "coal_mine",
        "kind": "routine",
        "authority": "administrative",
        "started_at": "2026-11-20T09:00:00+08:00",
        "finished_at": "2026-11-20T10:20:00+08:00",
        "location": POINT,
        "checklist": {"code": "coal_mine", "version": "2021-1"},
        "unanswered": "pass",
        "answers": [{"item": "C09-12", "result": "fail", "note": "间距过大"}],
        "hazards": [a_finding()],
        "photos": [],
        **WHOLE_COURSE,
        "device": {"id": "phone-1", "app_version": "1.0", "clock": timezone.now().isoformat()},
        **fields,
    }
