"""What a phone knows: its records, photos and steps, and what it was told of each. Bytes go only when a receipt has named their hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import rfc8785

HERE = ("held", "ready")


def fingerprint(body: dict[str, Any]) -> str:
    """Of the body without `device` (docs/mobile.md, 3)."""
    return hashlib.sha256(rfc8785.dumps({name: value for name, value in body.items() if name != "device"})).hexdigest()


@dataclass
class Photo:
    """`content` is gone once a receipt says that the server has it. `piece`: the bytes of one piece; 0: it goes whole."""

    id: str
    content: bytes | None
    sha256: str
    size: int
    piece: int = 0
    upload: str = ""
    sent: bool = False
    held: bool = False


@dataclass
class Record:
    """`path`: as it is PUT. `spoilt`: made so that no door takes it. `stands`: told by 201, 200 or a check; `held`: by a receipt, with every
    photo. `rescued`: the hash of the bytes that went the other way."""

    path: str
    body: dict[str, Any]
    photos: list[Photo] = field(default_factory=list)
    spoilt: bool = False
    stands: bool = False
    held: bool = False
    refused: tuple[int, str] | None = None
    rescued: str = ""
    sha256: str = ""
    looked: int = 0  # which of its looks at the receipt was the last that it took in

    def __post_init__(self) -> None:
        self.sha256 = fingerprint(self.body)

    @property
    def id(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def kind(self) -> str:
        return self.path.partition("/")[0]

    @property
    def done(self) -> bool:
        return self.held or (bool(self.rescued) and all(photo.sent for photo in self.photos))


@dataclass
class Step:
    """A POST with its key; `after`: what must stand before it."""

    path: str
    body: dict[str, Any]
    id: str
    after: Any
    stands: bool = False

    @property
    def sha256(self) -> str:
        """By which a check knows it: of its address, parameters and body (docs/mobile.md, 5)."""
        return hashlib.sha256(rfc8785.dumps([f"/api/v1/{self.path}", {}, self.body])).hexdigest()


@dataclass
class Book:
    """Of one phone. `rows`: what sync brought, stream by stream."""

    phone: str
    person: str = ""
    records: list[Record] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    rows: dict[str, dict[str, list[Any]]] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)
    lists: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    cursor: str = ""

    def take(self, page: dict[str, Any]) -> None:
        """One page of sync, whole (docs/mobile.md, 14)."""
        if page["reset"]:
            self.rows.clear()
        for name, told in page["streams"].items():
            here, self.columns[name] = self.rows.setdefault(name, {}), told["columns"]
            for key in told["gone"]:
                here.pop(str(key), None)
            here.update({str(row[0]): row for row in told["rows"]})
        for name, told in page["lists"].items():
            self.lists[name] = [dict(zip(told["columns"], row, strict=True)) for row in told["rows"]]
        self.cursor = page["cursor"]

    def known(self, stream: str) -> list[dict[str, Any]]:
        columns = self.columns.get(stream, [])
        return [dict(zip(columns, row, strict=True)) for row in list(self.rows.get(stream, {}).values())]

    @property
    def photos(self) -> Iterator[tuple[Record, Photo]]:
        return ((record, photo) for record in list(self.records) for photo in record.photos)

    @property
    def visits(self) -> int:
        return sum(record.kind == "inspections" for record in self.records)

    @property
    def undone(self) -> list[str]:
        """What the phone would still show as its own."""
        records = [record.path for record in list(self.records) if not record.done]
        return records + [step.path for step in list(self.steps) if not step.stands]
