"""Visits, hazards and photos as an honest phone makes them: of what sync brought, and with ids of its own."""

from __future__ import annotations

import hashlib
import io
import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from PIL import Image

from chaos.books import Book, Photo, Record, Step

LARGE = 0.06  # of the photos
LARGE_BYTES, PIECES = 300_000, (48_000, 130_000)
IN_PIECES = 0.3
AFRESH = 0.95  # of the photos; the others are the same picture once more, under an id of its own
SPOILT = 0.04  # of the visits: made by an app of tomorrow
WORDS = ("锚杆间距超出作业规程", "配电箱门未锁", "灭火器压力不足", "安全出口堆放杂物", "临边无防护栏", "瓦斯探头未校验")


class Maker:
    """`drawn`: this phone's own chance, so that a seed makes the same things in the same order."""

    def __init__(self, book: Book, seed: int):
        self.book, self.drafts = book, True
        self.drawn = random.Random(f"{seed} {book.phone} making")
        self._number = 0
        self._last: bytes = b""

    def new_id(self) -> str:
        return str(UUID(int=self.drawn.getrandbits(128), version=4))

    # --- photos --------------------------------------------------------------------------------------------------------
    def _photo(self) -> Photo:
        content = self._last if self._last and self.drawn.random() > AFRESH else self.shot()
        self._last = content
        piece = self.drawn.randint(*PIECES) if len(content) > LARGE_BYTES or self.drawn.random() < IN_PIECES else 0
        return Photo(self.new_id(), content, hashlib.sha256(content).hexdigest(), len(content), piece)

    def shot(self) -> bytes:
        """A real JPEG, another one each time: a comment says which. A large one has bytes behind its end, as motion photos have."""
        self._number += 1
        picture, said = PICTURES[self._number % len(PICTURES)], f"{self.book.phone} {self._number}".encode()
        comment = b"\xff\xfe" + (len(said) + 2).to_bytes(2, "big") + said
        more = self.drawn.randbytes(LARGE_BYTES + 50_000) if self.drawn.random() < LARGE else b""
        return picture[:2] + comment + picture[2:] + more

    def _declared(self, photo: Photo) -> dict[str, Any]:
        return {"id": photo.id, "sha256": photo.sha256, "size": photo.size, "media_type": "image/jpeg", "taken_at": _ago(30)}

    # --- visits --------------------------------------------------------------------------------------------------------
    def visit(self) -> Record | None:
        """None while sync has not brought what a visit is made of."""
        units = [each for each in self.book.known("enterprises") if each["name"].startswith("查")]
        lists = self.book.lists
        if not units or "checklists" not in lists:
            return None
        unit = self.drawn.choice(sorted(units, key=lambda each: each["id"]))
        checklist = next(each for each in lists["checklists"] if each["code"] == unit["sector"])
        photos = [self._photo() for _ in range(self.drawn.choice((1, 1, 2, 3)))]
        body = {
            "enterprise": unit["id"], "sector": unit["sector"], "kind": "routine", "authority": "administrative", "type": "daily",
            "source": {"kind": "plan", "number": "兴应急〔2026〕5号"}, "certificates_shown": True,
            "started_at": _ago(60), "finished_at": _ago(5), "location": self._place(), "companions": self._companions(),
            "checklist": {"code": checklist["code"], "version": checklist["version"]}, "unanswered": "pass",
            "photos": [self._declared(each) for each in photos], **self._found(checklist, photos), **self._course(),
        }  # fmt: skip
        spoilt = self.drawn.random() < SPOILT
        body |= {"field_of_tomorrow": self.drawn.choice(WORDS)} if spoilt else {}
        return Record(f"inspections/{self.new_id()}", body, [] if spoilt else photos, spoilt)

    def _place(self) -> dict[str, Any]:
        lon, lat = (round(self.drawn.uniform(*between), 6) for between in ((111.10, 111.16), (38.44, 38.48)))
        return {"lon": lon, "lat": lat, "crs": "wgs84", "accuracy_m": self.drawn.randint(4, 60)}

    def _companions(self) -> list[str]:
        others = sorted(each["id"] for each in self.book.lists.get("people", []) if each["can"] and each["id"] != self.book.person)
        return self.drawn.sample(others, 1) if others else []

    def _found(self, checklist: dict[str, Any], photos: list[Photo]) -> dict[str, Any]:
        """What was wrong, here and there ordered on the spot."""
        items = self.drawn.sample([row[0] for row in checklist["items"]], self.drawn.choice((0, 1, 2)))
        hazards = [
            {
                "id": self.new_id(), "item": item, "level": "general", "description": self.drawn.choice(WORDS), "photos": [photos[0].id],
                **({"order": {"measures": "立即整改"}} if self.drawn.random() < 0.3 else {}),
            }
            for item in items
        ]  # fmt: skip
        return {"answers": [{"item": item, "result": "fail", "note": ""} for item in items], "hazards": hazards}

    def _course(self) -> dict[str, Any]:
        if self.drawn.random() < 0.5:
            return {}
        handed = {"to": "张小三", "post": "矿长"}
        return {"notice": {"at": _ago(58), **handed}, "record": {"at": _ago(7), **handed}, "result": {"at": _ago(6), **handed}}

    # --- hazards outside a visit ---------------------------------------------------------------------------------------
    def hazard(self) -> tuple[Record, list[Step]]:
        """Some as drafts that are reported by a step, and closed on the spot by another."""
        photo, draft = self._photo(), self.drafts and self.drawn.random() < 0.6
        body = {
            "draft": draft, "sector": "coal_mine", "region": self._village(), "place": "采煤工作面", "description": self.drawn.choice(WORDS),
            "found_at": _ago(20), "location": self._place(), "photos": [self._declared(photo)],
        }  # fmt: skip
        record = Record(f"hazards/{self.new_id()}", body, [photo])
        return record, self._steps(record) if draft else []

    def accident(self) -> Record:
        """A first report with what is known in the first minute."""
        photo = self._photo()
        body = {
            "occurred_at": _ago(15), "region": self._village(), "place": "村口", "description": "一人受伤，正在送医", "location": self._place(),
            "photos": [self._declared(photo)],
        }  # fmt: skip
        return Record(f"accidents/{self.new_id()}", body, [photo])

    def _village(self) -> str:
        return self.drawn.choice(sorted({each["region"] for each in self.book.known("enterprises")}))

    def _steps(self, record: Record) -> list[Step]:
        report = Step(f"{record.path}/report", {}, self.new_id(), after=record)
        if self.drawn.random() < 0.4:
            return [report]
        after = self._photo()
        record.photos.append(after)
        close = Step(f"{record.path}/close-on-spot", {"photos": [self._declared(after)], "note": "当场整改"}, self.new_id(), after=report)
        return [report, close]


def _ago(minutes: int) -> str:
    return (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat(timespec="seconds")


def _picture(number: int) -> bytes:
    drawn, out = random.Random(number), io.BytesIO()
    Image.frombytes("RGB", (96, 72), drawn.randbytes(96 * 72 * 3)).save(out, "JPEG", quality=80)
    return out.getvalue()


PICTURES = [_picture(number) for number in range(6)]
