"""The phones' books against the server's: every record, photo, step and row of sync, and what has to follow from them once.

Each difference is a sentence that begins with its kind (lost, double, changed, left over, not whole) and names the id.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chaos.books import Book, Record
from chaos.office import Office
from ops.cluster import Cluster
from ops.home import Home

LOST, DOUBLE, CHANGED, LEFT = "lost", "double", "changed", "left over"
MADE_ONCE = ("inspection.receive", "hazard.report", "hazard.draft", "rescue.keep", "task.set", "task.cancel", "photo.store")


@dataclass(frozen=True)
class Server:
    """What is in the tables and on the disk, asked past every door."""

    place: Home

    def rows(self, sql: str) -> list[dict[str, Any]]:
        return json.loads(Cluster(self.place).sql(f"SELECT coalesce(json_agg(found), '[]') FROM ({sql}) AS found"))

    def count(self, sql: str) -> int:
        return int(Cluster(self.place).sql(sql))

    def bytes_of(self, sha256: str) -> Path:
        return self.place.photos / "original" / sha256[:2] / sha256[2:4] / sha256


def differences(books: list[Book], office: Office, server: Server) -> Iterator[str]:
    yield from _records(books, server)
    yield from _findings(books, server)
    yield from _photos(books, server)
    yield from _rescues(books, server)
    yield from _steps(books, server)
    yield from _office(office, server)
    yield from _followed_once(server)


def _told_apart(what: str, wanted: dict[str, Any], found: Iterable[tuple[str, Any]]) -> Iterator[str]:
    """Every difference between what the phones have and what the server has, under its kind."""
    rows = list(found)
    times, here = Counter(key for key, _ in rows), dict(rows)
    yield from (f"{LOST}: {what} {key}" for key in wanted if key not in here)
    yield from (f"{DOUBLE}: {what} {key}, which no phone made" for key in here if key not in wanted)
    yield from (f"{DOUBLE}: {what} {key}, {number} times" for key, number in times.items() if number > 1)
    yield from (f"{CHANGED}: {what} {key}: {here[key]} for {said}" for key, said in wanted.items() if key in here and here[key] != said)


def _all(books: list[Book], kind: str) -> Iterator[tuple[Book, Record]]:
    return ((book, record) for book in books for record in book.records if record.kind == kind and not record.spoilt)


def _records(books: list[Book], server: Server) -> Iterator[str]:
    """By fingerprint; and by the columns that a fingerprint does not vouch for."""
    visits = {
        record.id: [record.sha256, book.person, record.body["enterprise"], len(record.body["answers"])]
        for book, record in _all(books, "inspections")
    }
    yield from _told_apart("visit", visits, (
        (row["id"], [row["content_sha256"], row["by_id"], row["enterprise_id"], row["answers"]])
        for row in server.rows("SELECT id, content_sha256, by_id, enterprise_id, jsonb_array_length(answers) AS answers FROM inspections_inspection")
    ))  # fmt: skip
    accidents = {record.id: [record.sha256, book.person] for book, record in _all(books, "accidents")}
    rows = server.rows("SELECT id, content_sha256, reported_by FROM zero_accident_accident")
    yield from _told_apart("accident", accidents, ((row["id"], [row["content_sha256"], row["reported_by"]]) for row in rows))
    hazards = {record.id: [record.sha256, book.person, record.body["description"]] for book, record in _all(books, "hazards")}
    yield from _told_apart("hazard", hazards, (
        (row["id"], [row["content_sha256"], row["reported_by"], row["description"]])
        for row in server.rows("SELECT id, content_sha256, reported_by, description FROM hazards_hazard WHERE inspection_id IS NULL")
    ))  # fmt: skip


def _findings(books: list[Book], server: Server) -> Iterator[str]:
    visits = [record for _, record in _all(books, "inspections")]
    wanted = {each["id"]: [record.id, each["description"], each["item"]] for record in visits for each in record.body["hazards"]}
    sql = "SELECT id, inspection_id, description, item FROM hazards_hazard WHERE inspection_id IS NOT NULL"
    yield from _told_apart("finding", wanted, ((row["id"], [row["inspection_id"], row["description"], row["item"]]) for row in server.rows(sql)))


def _photos(books: list[Book], server: Server) -> Iterator[str]:
    """The rows, then the stored bytes themselves. After the last message every photo has been read by the worker."""
    wanted = {photo.id: [record.id, photo.sha256, photo.size, "ready"] for book in books for record, photo in book.photos}
    rows = server.rows("SELECT id, owner_id, sha256, size, state FROM evidence_photo")
    yield from _told_apart("photo", wanted, ((row["id"], [row["owner_id"], row["sha256"], row["size"], row["state"]]) for row in rows))
    for sha256 in sorted({photo.sha256 for book in books for _, photo in book.photos}):
        yield from _bytes(sha256, server.bytes_of(sha256))
    early = server.rows("SELECT photo_id FROM evidence_early_upload")
    yield from (f"{LEFT}: bytes of photo {row['photo_id']} still wait for their record" for row in early)


def _bytes(sha256: str, path: Path) -> Iterator[str]:
    if not path.exists():
        yield f"{LOST}: the bytes {sha256}"
    elif hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        yield f"{CHANGED}: the bytes {sha256}"


def _rescues(books: list[Book], server: Server) -> Iterator[str]:
    wanted = {record.path: [book.person, record.rescued] for book in books for record in book.records if record.rescued}
    rows = server.rows("SELECT path, by_id, sha256, encode(sha256(content), 'hex') AS content FROM phone_rescue")
    yield from _told_apart("rescue", wanted, ((row["path"], [row["by_id"], row["sha256"]]) for row in rows))
    yield from (f"{CHANGED}: the bytes of rescue {row['path']}" for row in rows if row["sha256"] != row["content"])


def _steps(books: list[Book], server: Server) -> Iterator[str]:
    """A draft is reported once and closed once, however often the step was sent."""
    wanted: dict[str, list[str]] = {record.id: ["draft" if record.body.get("draft") else "report"] for _, record in _all(books, "hazards")}
    for step in (step for book in books for step in book.steps):
        _, key, name = step.path.split("/")
        wanted[key].append(name)
    sql = """SELECT hazard_id, json_agg(step ORDER BY id) AS names FROM hazards_step
              WHERE hazard_id IN (SELECT id FROM hazards_hazard WHERE inspection_id IS NULL) GROUP BY hazard_id"""
    yield from _told_apart("steps of hazard", wanted, ((row["hazard_id"], row["names"]) for row in server.rows(sql)))


def _office(office: Office, server: Server) -> Iterator[str]:
    tasks = {task.id: [task.made, task.cancel is not None] for task in office.tasks}
    rows = server.rows("SELECT note, id, cancelled_on IS NOT NULL AS cancelled FROM inspections_task")
    yield from _told_apart("task", tasks, ((row["note"], [row["id"], row["cancelled"]]) for row in rows))
    moved = {move.unit: move.region for move in office.moves}
    rows = server.rows("SELECT id, region_code FROM enterprises_enterprise")
    yield from _told_apart("unit", moved, ((row["id"], row["region_code"]) for row in rows if row["id"] in moved))


def _followed_once(server: Server) -> Iterator[str]:
    """What web and worker make of a record, they made once: lines of the trail, papers."""
    verbs = ", ".join(f"'{verb}'" for verb in MADE_ONCE)
    lines = server.rows(f"SELECT verb, object_id FROM safety_trail_line WHERE verb IN ({verbs}) GROUP BY 1, 2 HAVING count(*) > 1")
    yield from (f"{DOUBLE}: line {row['verb']} of {row['object_id']}" for row in lines)
    papers = server.rows("SELECT kind, subject_id FROM evidence_paper WHERE replaces_id IS NULL GROUP BY 1, 2 HAVING count(*) > 1")
    yield from (f"{DOUBLE}: paper {row['kind']} of {row['subject_id']}" for row in papers)


def synced_apart(mine: Book, fresh: Book) -> Iterator[str]:
    """What a phone has by pages, against what one that begins now is given."""
    for stream in sorted(mine.rows.keys() | fresh.rows.keys()):
        has, given = mine.rows.get(stream, {}), fresh.rows.get(stream, {})
        yield from (f"{difference} (sync of {mine.phone})" for difference in _told_apart(f"row of {stream}", given, has.items()))
    yield from (f"{CHANGED}: the list {name} (sync of {mine.phone})" for name in fresh.lists if mine.lists.get(name) != fresh.lists[name])
