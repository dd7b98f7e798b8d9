"""续传, by a client of record: tus-js-client 4.3.1 sends real bytes to a real web; lines are cut, the web is killed, the client is killed."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage

from accounts import actions as accounts
from accounts import known_devices
from accounts.models import User
from evidence.models import EarlyUpload, Photo, PhotoState
from evidence.storage import original_name
from ops.home import PROJECT
from phone.models import Upload, UploadPart
from safety_api.trail import SYSTEM
from tests.cast.units import a_unit
from tests.cast.visits import a_photo, a_visit, photo_id, picture
from tests.ground.connections import another, phone_of, until
from tests.ops.front import Web, free_port, web

CLIENT = PROJECT / "node_modules" / "tus-js-client" / "package.json"
pytestmark = [pytest.mark.foreign, pytest.mark.skipif(not CLIENT.exists() or shutil.which("node") is None, reason="no tus-js-client: ./safety test brings it")]
PIECE = 64 * 1024
BYTES = picture(7, (300, 200)) + random.Random(7).randbytes(1_000_000)  # a JPEG with something behind it, as motion photos have
FOREVER = [100] * 900  # milliseconds between two tries: a web that starts beside others takes its time


@dataclass
class Client:
    """Runs the client once, or more often for the same photo."""

    folder: Path
    phone: Any
    port: int = 0
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.headers = {"Authorization": self.phone._credentials["HTTP_AUTHORIZATION"]}

    def declare(self) -> None:
        body = a_visit(None, place="东关村口", region="141123100200", hazards=[], photos=[a_photo(1, BYTES)])
        answer = self.phone.put("/api/v1/inspections/7a2f6c39-5b44-4be5-9a38-6f3f1f1c0001", body, format="json")
        assert answer.status_code == 201, answer.content

    def start(self, content: bytes = BYTES, photo: str = photo_id(1), **words: Any) -> subprocess.Popen[str]:
        file = self.folder / hashlib.sha256(content).hexdigest()
        file.write_bytes(content)
        told = {
            "endpoint": f"http://127.0.0.1:{self.port}/api/v1/uploads/", "file": str(file), "piece": PIECE, "headers": self.headers, "delays": FOREVER,
            "metadata": {"photo": photo, "sha256": file.name}, **words,
        }  # fmt: skip
        command = ["node", str(Path(__file__).with_name("tus.mjs")), json.dumps(told)]
        return subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)

    def send(self, content: bytes = BYTES, **words: Any) -> dict[str, Any]:
        return said(self.start(content, **words))


def said(process: subprocess.Popen[str]) -> dict[str, Any]:
    out, _ = process.communicate(timeout=120)
    return json.loads(out) if out else {}


@pytest.fixture
def house(committed, settings) -> Iterator[Web]:
    a_unit()
    with web(STORAGE_DIR=str(settings.STORAGE_DIR)) as running:
        yield running


@pytest.fixture
def client(house, tmp_path) -> Client:
    return Client(tmp_path, phone_of("inspector"), house.port)


def is_kept(content: bytes = BYTES) -> bool:
    with default_storage.open(original_name(hashlib.sha256(content).hexdigest())) as file:
        return file.read() == content and not UploadPart.objects.exists()


# --- a proxy that cuts ----------------------------------------------------------------------------------------------------------
@dataclass
class Cutting:
    """Lets so many bytes of each line through to the web, then cuts it; after `times` lines it lets all through."""

    web: int
    after: int
    times: int
    port: int = 0
    cut: int = 0

    def serve(self, listener: socket.socket) -> None:
        while True:
            try:
                line, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._pass_on, args=(line,), daemon=True).start()

    def _pass_on(self, line: socket.socket) -> None:
        try:
            there = socket.create_connection(("127.0.0.1", self.web))
        except OSError:  # the web is dead just now
            line.close()
            return
        threading.Thread(target=self._copy, args=(there, line, None), daemon=True).start()
        self._copy(line, there, self.after)

    def _copy(self, source: socket.socket, target: socket.socket, most: int | None) -> None:
        passed = 0
        try:
            with suppress(OSError):
                while content := source.recv(16_384):
                    target.sendall(content)
                    passed += len(content)
                    if most is not None and passed > most and self.cut < self.times:
                        self.cut += 1
                        return
        finally:
            for each in (source, target):
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)


@contextmanager
def cutting(to: int, *, after: int, times: int) -> Iterator[Cutting]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy = Cutting(to, after, times, listener.getsockname()[1])
        threading.Thread(target=proxy.serve, args=(listener,), daemon=True).start()
        yield proxy


# --- it sends -------------------------------------------------------------------------------------------------------------------
WAYS: dict[str, dict[str, Any]] = {
    "pieces": {}, "with the creation": {"with_creation": True}, "checked": {"checksum": True}, "in one": {"piece": 4_000_000}, "crumbs": {"piece": 9_973},
}  # fmt: skip


@pytest.mark.parametrize("words", WAYS.values(), ids=WAYS)
def test_the_client_sends_a_declared_photo(client, words):
    client.declare()
    told = client.send(**words)
    assert told["done"], told
    assert (Photo.objects.get().state, is_kept(), told["sent"]) == (PhotoState.HELD, True, len(BYTES))


def test_the_client_sends_a_photo_before_its_record(client):
    assert client.send()["done"]
    assert EarlyUpload.objects.get().sha256 == hashlib.sha256(BYTES).hexdigest()
    client.declare()
    assert Photo.objects.get().state == PhotoState.HELD


def test_the_client_brings_a_photo_home_by_the_key_of_the_device(client):
    user = User.objects.get(username="inspector")
    _, key = known_devices.remember(user, "", device_id="phone-1")
    client.headers = {"Authorization": f"Device {user.pk}.{key}"}
    accounts.set_active(user, False, by=SYSTEM)
    try:
        assert client.send()["done"]
    finally:
        accounts.set_active(user, True, by=SYSTEM)
    assert EarlyUpload.objects.get().uploaded_by == user.pk


# --- it goes on -----------------------------------------------------------------------------------------------------------------
def test_a_line_that_is_cut_again_and_again_costs_no_more_than_its_pieces(client, house):
    client.declare()
    with cutting(house.port, after=200_000, times=5) as proxy:
        client.port = proxy.port
        told = client.send()
    assert (told["done"], proxy.cut, is_kept()) == (True, 5, True)
    assert told["sent"] <= len(BYTES) + 5 * PIECE


def test_the_client_that_was_killed_goes_on_in_another_process(client):
    client.declare()
    words = {"remembers": str(client.folder / "urls.json")}
    assert client.send(dies_at=500_000, **words) == {}
    told = client.send(**words)
    assert (told["done"], is_kept(), told["answers"][0]) == (True, True, ["HEAD", 200])
    assert told["sent"] < len(BYTES) - 300_000


def test_the_web_is_killed_in_the_middle_and_the_client_goes_on(committed, client, house, settings):
    client.declare()
    with cutting(house.port, after=0, times=0) as proxy:  # whose address stays
        client.port = proxy.port
        sending = client.start(piece=8 * 1024)
        until(lambda: Upload.objects.filter(offset__gt=100_000).exists(), seconds=60)
        house.kill()
        with web(port=free_port(), STORAGE_DIR=str(settings.STORAGE_DIR)) as again:
            proxy.web = again.port
            told = said(sending)
    assert (told["done"], is_kept()) == (True, True)
    assert told["sent"] < len(BYTES) + 100_000


def test_it_waits_while_another_line_goes_on_with_the_upload(client):
    """423, and then on."""
    client.declare()
    words = {"remembers": str(client.folder / "urls.json")}
    client.send(dies_at=300_000, **words)
    with another() as hands:
        hands.execute("SELECT FROM phone_upload FOR UPDATE")
        sending = client.start(**words)
        with pytest.raises(subprocess.TimeoutExpired):
            sending.wait(timeout=2)
        hands.rollback()
        told = said(sending)
    assert (told["done"], ["PATCH", 423] in told["answers"], is_kept()) == (True, True, True)


# --- it ends --------------------------------------------------------------------------------------------------------------------
def test_the_same_photo_again_is_stored_once(client):
    client.declare()
    assert [client.send()["done"] for _ in range(2)] == [True, True]
    assert (Photo.objects.count(), is_kept()) == (1, True)


def test_other_content_for_the_same_id_is_refused(client):
    client.declare()
    told = client.send(picture(8, (300, 200)), delays=[10, 10])
    assert (told["done"], told["status"], {status for _, status in told["answers"]}) == (False, 409, {409})
    assert Photo.objects.get().state == PhotoState.MISSING


NO_PHOTOS = {"no picture": b"no picture at all" * 9000, "a page": b"<html>" * 9000}


@pytest.mark.parametrize("content", NO_PHOTOS.values(), ids=NO_PHOTOS)
def test_what_is_no_photo_ends_without_a_second_try(client, content):
    told = client.send(content)
    assert (told["done"], told["status"], [status for _, status in told["answers"]].count(400)) == (False, 400, 1)


def test_whoever_is_not_let_in_is_told_so_once(client):
    client.headers = {"Authorization": "Bearer 00"}
    assert client.send()["answers"] == [["POST", 401]]
