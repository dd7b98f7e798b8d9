"""The honest phone: it does what docs/mobile.md says, no more and no less, and nobody helps it."""

from __future__ import annotations

import base64
import json
import random
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from itertools import count
from typing import Any
from urllib.parse import quote

from chaos.books import HERE, Book, Photo, Record, Step
from chaos.client import PASSWORD, Connection, Said
from chaos.making import Maker
from chaos.tally import Tally

QUEUE = 10  # undone records, with which a phone makes no more until some are through
BREATH, LONGER = (0.02, 0.25), 4  # seconds between two tries, doubled with each in a row that failed, so many times
AGAIN = 0.05  # of the tries: what stands is sent once more, as an app does that was closed too early
SYNC, CHECK = 0.04, 0.05  # of the tries are these
BEFORE_THE_LOCK = 4  # visits
PAGE = 60  # rows of a page of sync: small, so that many are cut
MOST_ASKED, MOST_PAGES = 500, 500


class Phone:
    """`wanted` visits, sent over two lines at once. `go_on` says whether the run goes on at all."""

    def __init__(self, name: str, port: int, seed: int, wanted: int, tally: Tally, pace: float):
        self.name, self.port, self.wanted, self.tally, self.pace = name, port, wanted, tally, pace
        self.book = Book(name)
        self.maker = Maker(self.book, seed)
        self.drawn = random.Random(f"{seed} {name} phone")
        self.token, self.key, self.device = "", "", f"phone of {name}"
        self.over = threading.Event()
        self._making, self._signing, self._syncing = threading.Lock(), threading.Lock(), threading.Lock()
        self._next, self._looks = 0.0, count(1)
        self.locked_after, self.lock, self.locked = 0, lambda: None, threading.Event()  # so many visits, and who locks the account then
        self.exiled = False  # no sign-in any more: what is left goes home by the device key (docs/mobile.md, 17)

    # --- its life ------------------------------------------------------------------------------------------------------
    def threads(self) -> list[threading.Thread]:
        return [threading.Thread(target=self._live, name=self.name, daemon=True) for _ in range(2)]

    def _live(self) -> None:
        line = Connection(self.port)
        while not self.over.is_set():
            try:
                self._do_something(line)
            except Exception as error:
                self.tally.complain(f"{self.name}: {type(error).__name__} {error}")
            self.over.wait(self.drawn.uniform(*BREATH) * 2 ** min(line.failed, LONGER) if self.busy else 1.0)
        line.close()

    @property
    def undone(self) -> list[str]:
        return self.book.undone

    @property
    def busy(self) -> bool:
        return (self.book.visits < self.wanted and not self.exiled) or bool(self.undone)

    def _do_something(self, line: Connection) -> None:
        if self._in_a_valley:
            self._make()
        elif self.exiled:
            self._bring_home(line)
        elif not self.token:
            self.sign_in(line)
        elif not self.book.cursor or self.drawn.random() < SYNC:
            self.sync(line)
        elif self.drawn.random() < CHECK:
            self._check(line)
        else:
            self._make()
            work = self._work(line)
            if work:
                self.drawn.choice(work)()

    def _make(self) -> None:
        with self._making:
            full = len(self.undone) >= QUEUE and not self._in_a_valley
            if self.book.visits >= self.wanted or full or time.monotonic() < self._next:
                return
            visit = self.maker.visit()
            if visit is None:
                return
            self._approach_the_lock()
            self._next = time.monotonic() + self.pace * self.drawn.uniform(0.3, 1.7)
            self.book.records.append(visit)
            if self.drawn.random() < 0.25:
                hazard, steps = self.maker.hazard()
                self.book.records.append(hazard)
                self.book.steps += steps
            if self.drawn.random() < 0.03:
                self.book.records.append(self.maker.accident())

    @property
    def _in_a_valley(self) -> bool:
        """The last visits before the lock are made where there is no line at all: the device key has something to bring home."""
        return bool(self.locked_after) and self.book.visits >= max(1, self.locked_after - BEFORE_THE_LOCK) and not self.locked.is_set()

    def _approach_the_lock(self) -> None:
        if self.locked_after and self.book.visits == self.locked_after:
            self.lock()

    def _work(self, line: Connection) -> list[Callable[[], None]]:
        """All that may be tried now, in no order: photos before their record too."""
        work: list[Callable[[], None]] = []
        for record in list(self.book.records):
            if record.done:
                continue
            if record.refused:
                work.append(partial(self._rescue, line, record))
                continue
            if not record.stands or self.drawn.random() < AGAIN:
                work.append(partial(self._put, line, record))
            work += [partial(self._send, line, photo) for photo in record.photos if not photo.sent]
            if record.stands and all(photo.sent for photo in record.photos):
                work.append(partial(self._look, line, record))
        ready = [step for step in list(self.book.steps) if step.after.stands and (not step.stands or self.drawn.random() < AGAIN / 5)]
        return work + [partial(self._step, line, step) for step in ready]

    def _bring_home(self, line: Connection) -> None:
        work: list[Callable[[], None]] = []
        for record in self.book.records:
            if record.done:
                continue
            work += [partial(self._send, line, photo) for photo in record.photos if not photo.sent]
            if not (record.stands or record.rescued):
                work.append(partial(self._rescue, line, record))
            record.held = record.stands and all(photo.sent for photo in record.photos)
        if work:
            self.drawn.choice(work)()

    # --- asking --------------------------------------------------------------------------------------------------------
    def _ask(self, line: Connection, what: str, method: str, path: str, body: bytes | None = None, **headers: str) -> Said | None:
        """None: later."""
        token = self.token
        shown = f"Device {self.book.person}.{self.key}" if self.exiled else f"Bearer {token}"
        self.tally.tried(what)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        said = line.ask(method, path, body, {"Authorization": shown, **named})
        if said is not None and said.status == 401:
            self._signed_out(token, said)
            return None
        failed = said is None or said.later
        line.failed = line.failed + 1 if failed else 0
        return None if failed else said

    def _json(self, line: Connection, what: str, method: str, path: str, body: Any, **headers: str) -> Said | None:
        return self._ask(line, what, method, path, json.dumps(body).encode(), Content_Type="application/json", **headers)

    def _signed_out(self, token: str, said: Said) -> None:
        with self._signing:
            if self.exiled and token == self.token == "":
                self.tally.complain(f"{self.name}: the device key is refused: {said.code}")
            self.token = "" if self.token == token else self.token

    def sign_in(self, line: Connection) -> None:
        with self._signing:
            if self.token:
                return
            self.tally.tried("sign-in")
            body = {"username": self.name, "password": PASSWORD, "device_id": self.device, "device_key": self.key}
            said = line.ask("POST", "auth/login", json.dumps(body).encode(), {"Content-Type": "application/json"})
            if said is not None and said.status == 200:
                self.token, self.key, self.book.person = said.told["token"], said.told["device_key"], said.told["user"]["id"]
            elif said is not None and said.code == "bad_credentials" and self.key:
                self.exiled = True
            elif said is not None and not said.later:
                self.tally.complain(f"{self.name}: sign-in {said.status} {said.code}")

    def _refused(self, what: str, said: Said) -> None:
        errors = said.told.get("errors", []) if isinstance(said.told, dict) else []
        self.tally.complain(f"{self.name}: {what} {said.status} {said.code} {' '.join(each['pointer'] for each in errors)}".rstrip())

    # --- records and steps ---------------------------------------------------------------------------------------------
    def _device(self) -> dict[str, str]:
        return {"id": self.device, "app_version": "1.0", "clock": datetime.now(UTC).isoformat()}

    def _put(self, line: Connection, record: Record) -> None:
        said = self._json(line, record.kind, "PUT", record.path, {**record.body, "device": self._device()})
        if said is None:
            return
        if said.status in (200, 201):
            record.stands = True
            if record.spoilt or said.told["content_sha256"] != record.sha256:
                self.tally.complain(f"{self.name}: {record.path} was taken as {said.told['content_sha256']}, sent as {record.sha256}")
        elif record.stands:
            self._refused(f"{record.path}, which stands,", said)
        else:
            record.refused = (said.status, said.code)
            if not record.spoilt:
                self._refused(record.path, said)

    def _step(self, line: Connection, step: Step) -> None:
        said = self._json(line, "steps", "POST", step.path, step.body, Idempotency_Key=step.id)
        if said is not None and said.status == 200:
            step.stands = True
        elif said is not None:
            self._refused(step.path, said)

    def _rescue(self, line: Connection, record: Record) -> None:
        content, why = json.dumps(record.body).encode(), "&status={}&code={}".format(*record.refused) if record.refused else ""
        path = f"phone/rescue?path={quote(record.path, safe='')}{why}"
        said = self._ask(line, "rescues", "POST", path, content, Content_Type="application/json")
        if said is not None and said.status in (200, 201):
            record.rescued = said.told["sha256"]
        elif said is not None:
            self._refused(f"rescue of {record.path}", said)

    # --- photos --------------------------------------------------------------------------------------------------------
    def _send(self, line: Connection, photo: Photo) -> None:
        if photo.content is None:
            photo.sent = True
        elif photo.piece:
            self._send_pieces(line, photo, photo.content)
        else:
            self._send_whole(line, photo, photo.content)

    def _send_whole(self, line: Connection, photo: Photo, content: bytes) -> None:
        said = self._ask(line, "photos", "PUT", f"photos/{photo.id}/content", content, Content_Type="image/jpeg")
        if said is None or said.code in ("cut_off", "digest_differs", "empty_photo"):
            return
        if said.status in (200, 201, 202):
            photo.sent = True
        else:
            self._refused(f"photos/{photo.id}", said)

    def _send_pieces(self, line: Connection, photo: Photo, content: bytes) -> None:
        """One try: where the server is, and the next pieces as far as the line goes."""
        upload = photo.upload or self._begin(line, photo)
        if not upload:
            return None
        at = self._where(line, photo, upload)
        while at is not None and at < photo.size:
            piece = content[at : at + photo.piece]
            headers = {"Upload_Offset": str(at), "Content_Type": "application/offset+octet-stream"}
            said = self._ask(line, "pieces", "PATCH", upload, piece, **_tus(headers))
            if said is None or said.code in ("offset_differs", "upload_busy", "checksum_differs"):
                return None
            if said.status != 204:
                return self._begin_anew(photo, said)
            at = int(said.headers["upload-offset"])
        photo.sent = photo.sent or at == photo.size
        return None

    def _begin(self, line: Connection, photo: Photo) -> str:
        told = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in (("photo", photo.id), ("sha256", photo.sha256)))
        said = self._ask(line, "pieces", "POST", "uploads/", b"", **_tus({"Upload_Length": str(photo.size), "Upload_Metadata": told}))
        if said is not None and said.status == 201:
            photo.upload = said.headers["location"].removeprefix("/api/v1/")
        elif said is not None:
            self._refused(f"upload of {photo.id}", said)
        return photo.upload

    def _where(self, line: Connection, photo: Photo, upload: str) -> int | None:
        said = self._ask(line, "pieces", "HEAD", upload, None, **_tus({}))
        if said is None:
            return None
        if said.status == 200:
            return int(said.headers["upload-offset"])
        self._begin_anew(photo, said)
        return None

    def _begin_anew(self, photo: Photo, said: Said) -> None:
        """404: expired or ended; then the photo may stand already, as the receipt will say."""
        photo.upload = ""
        if said.status != 404:
            self._refused(f"upload of {photo.id}", said)

    # --- receipts ------------------------------------------------------------------------------------------------------
    def _look(self, line: Connection, record: Record) -> None:
        """An answer that the other line's later one has overtaken tells of a moment that is past."""
        asked = next(self._looks)
        said = self._ask(line, "receipts", "GET", f"{record.path}/receipt")
        if said is None or record.looked > asked:
            return None
        record.looked = asked
        if said.status != 200:
            return self._refused(f"receipt of {record.path}", said)
        found = {each["id"]: each for each in said.told["photos"]}
        for photo in record.photos:
            there = found.get(photo.id)
            photo.held = there is not None and there["state"] in HERE and there["sha256"] == photo.sha256
            if photo.held:
                photo.content = None  # the server has it: that was the receipt's word
            else:
                self._send_again(record, photo, there)
        record.held = all(photo.held for photo in record.photos)
        return None

    def _send_again(self, record: Record, photo: Photo, there: dict[str, Any] | None) -> None:
        """The receipt knows no such photo while the step that declares it is under way."""
        if photo.content is None:
            self.tally.complain(f"{self.name}: photos/{photo.id} was held, and is {there and there['state']}")
        elif there is not None and there["state"] != "missing":
            self.tally.complain(f"{self.name}: photos/{photo.id} is {there['state']}, {there['sha256']}")
        elif there is not None:
            photo.sent, photo.upload = False, ""

    def _check(self, line: Connection) -> None:
        told: list[Record | Step] = [*self.book.steps, *(record for record in self.book.records if not record.rescued)]
        told = told[-MOST_ASKED:]
        stood = [each.stands for each in told]
        said = self._json(line, "receipts", "POST", "receipts/check", {"receipts": [_asked(each) for each in told]}) if told else None
        if said is None:
            return
        if said.status != 200:
            self._refused("receipts/check", said)
            return
        for each, before, answer in zip(told, stood, said.told, strict=True):
            each.stands = each.stands or answer["state"] == "held"
            if answer["state"] == "differs" or (answer["state"] == "missing" and before):
                self.tally.complain(f"{self.name}: {each.path} was told, and is {answer['state']}")

    # --- sync ----------------------------------------------------------------------------------------------------------
    def sync(self, line: Connection) -> bool:
        """All pages, as far as the line goes: whether the last one came and had nothing new. A round that was under way ends where it began."""
        if not self._syncing.acquire(blocking=False):
            return False
        try:
            return self._sync(line)
        finally:
            self._syncing.release()

    def _sync(self, line: Connection) -> bool:
        for _ in range(MOST_PAGES):
            cursor = f"&cursor={quote(self.book.cursor, safe='')}" if self.book.cursor else ""
            said = self._ask(line, "sync", "GET", f"sync?limit={PAGE}{cursor}")
            if said is None:
                return False
            if said.status != 200:
                self.book.cursor = ""
                self._refused("sync", said)
                return False
            self.book.take(said.told)
            if not (said.told["more"] or said.told["streams"] or said.told["lists"]):
                return True
        return False


class Officer(Phone):
    """Who places what came home."""

    def waiting(self, line: Connection) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        path: str | None = "phone/rescues?state=waiting&limit=100"
        while path:
            said = self._ask(line, "rescues", "GET", path)
            assert said is not None and said.status == 200
            found += said.told["results"]
            path = said.told["next"] and said.told["next"].partition("/api/v1/")[2]
        return found

    def place(self, line: Connection, key: str, what: str) -> None:
        said = self._json(line, "rescues", "POST", f"phone/rescues/{key}/place", {"reason": "账号停用，由办公室归入"})
        if said is None or said.status != 200:
            self.tally.complain(f"what came home of {what} is not placed: {said and said.status} {said and said.code}")


def _asked(each: Record | Step) -> dict[str, str]:
    return {"id": each.id, "content_sha256": each.sha256}


def _tus(headers: dict[str, str]) -> dict[str, str]:
    return {"Tus_Resumable": "1.0.0", **headers}
