"""A real S3 server (SeaweedFS) is killed under load: what was acknowledged is there afterwards, and nobody heard anything but 503."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage

from evidence import bucket, storage
from evidence.models import Photo
from safety_api import outbox
from safety_api.models import OutboxMessage
from safety_api.problems import Problem
from tests.cast.storages import ACCESS, kept_in, s3
from tests.cast.visits import a_photo, a_visit, picture
from tests.ground.connections import phone_of, until
from tests.ops.front import free_port, web

pytestmark = pytest.mark.foreign
PHONES, KILLS, PHOTOS_OF_A_VISIT, PHOTOS_BETWEEN = 3, 3, 5, 30
A_FEW = 5  # messages at a time: between them the storage may have died, or come back
BUCKET = "photos"


class Weed:
    """A SeaweedFS of this test's own: master, volumes, filer and S3 in one process, all of them on free ports of the loopback address."""

    def __init__(self, folder: Path):
        self.folder, self.port = folder, free_port()
        (folder / "s3.json").write_text(json.dumps({"identities": [{
            "name": "safety", "actions": ["Admin", "Read", "Write", "List"],
            "credentials": [{"accessKey": ACCESS["access_key"], "secretKey": ACCESS["secret_key"]}],
        }]}))  # fmt: skip
        ports = ("master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port", "filer.port.grpc", "s3.port.grpc")
        self.command = [
            str(Path(sys.executable).with_name("weed")), "server", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-filer", "-s3",
            f"-s3.port={self.port}", f"-s3.config={folder / 's3.json'}", "-s3.autoCreateBucket=false", "-s3.port.iceberg=0", "-s3.port.lance=0",
            "-master.volumeSizeLimitMB=64", "-volume.max=20", *(f"-{name}={free_port()}" for name in ports),
        ]  # fmt: skip

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        with open(self.folder / "weed.log", "ab") as log:
            self.process = subprocess.Popen(self.command, cwd=self.folder, stdout=log, stderr=log, start_new_session=True)

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def weed(folder: Path) -> Iterator[Weed]:
    running = Weed(folder)
    running.start()
    try:
        with kept_in(s3(running.endpoint, BUCKET)):
            until(made_bucket, seconds=60)
            yield running
    finally:
        running.kill()


def made_bucket() -> bool:
    try:
        default_storage.client.create_bucket(Bucket=BUCKET)
        default_storage.ready()
        default_storage.save("probe", storage.File(open(__file__, "rb")))  # noqa: SIM115 - there are volumes to write to
        default_storage.delete("probe")
        return True
    except Exception:
        return False


@dataclass
class Load:
    """Phones at work until they are stopped. `acknowledged`: hash → bytes; `heard`: what was asked, and the status."""

    port: int
    token: str
    acknowledged: dict[str, bytes] = field(default_factory=dict)
    heard: Counter[tuple[str, int]] = field(default_factory=Counter)
    changed: list[str] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def ask(self, what: str, method: str, address: str, body: bytes = b"", media_type: str = "application/json") -> tuple[int, bytes]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": media_type}
        line.request(method, address, body, headers)
        answer = line.getresponse()
        content = answer.read()
        line.close()
        self.heard[what, answer.status] += 1
        return answer.status, content

    def phone(self) -> None:
        while not self.stopped.is_set():
            contents = [picture(number) + os.urandom(150_000) for number in range(PHOTOS_OF_A_VISIT)]
            photos = [{**a_photo(1, content), "id": str(uuid4())} for content in contents]
            body = a_visit(None, place="东关村口", region="141123100200", hazards=[], photos=photos)
            self.ask("visit", "PUT", f"/api/v1/inspections/{uuid4()}", json.dumps(body).encode())
            for photo, content in zip(photos, contents, strict=True):
                self.send(photo, content)
                self.read(photo, content)

    def send(self, photo: dict, content: bytes) -> None:
        """Until it is taken, as a phone does."""
        while not self.stopped.is_set():
            status, _ = self.ask("photo", "PUT", f"/api/v1/photos/{photo['id']}/content", content, "image/jpeg")
            if status in (200, 201):
                self.acknowledged[photo["sha256"]] = content
                return
            self.stopped.wait(0.2)

    def read(self, photo: dict, content: bytes) -> None:
        status, said = self.ask("look", "GET", f"/api/v1/photos/{photo['id']}")
        address = json.loads(said)["links"]["original"] if status == 200 else None
        if address:
            status, found = self.ask("read", "GET", address)
            if status == 200 and found != content:
                self.changed.append(photo["sha256"])


@contextmanager
def phones(load: Load) -> Iterator[None]:
    threads = [threading.Thread(target=load.phone) for _ in range(PHONES)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        load.stopped.set()
        for thread in threads:
            thread.join()


def work_on(load: Load, enough: int) -> None:
    """The worker's part, until so many photos more are acknowledged."""
    wanted = len(load.acknowledged) + enough

    def done() -> bool:
        outbox.drain(A_FEW)
        return len(load.acknowledged) >= wanted

    until(done, seconds=120)


def test_a_killed_s3_server_loses_no_acknowledged_photo_and_makes_none_unreadable(committed, tmp_path, monkeypatch):
    monkeypatch.setattr(outbox, "AWAY_AGAIN", timedelta(seconds=1))
    monkeypatch.setattr(bucket, "PAUSE", 1)
    token = phone_of("inspector")._credentials["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    options = {"STORAGE": "s3", "S3_BUCKET": BUCKET, "S3_ACCESS_KEY": ACCESS["access_key"], "S3_SECRET_KEY": ACCESS["secret_key"]}
    with weed(tmp_path) as server, web(**options, S3_ENDPOINT=server.endpoint, STORAGE_DIR=str(tmp_path / "house")) as house:
        load, began = Load(house.port, token), time.monotonic()
        with phones(load):
            for _ in range(KILLS):
                work_on(load, PHOTOS_BETWEEN)
                away = load.heard["photo", 503]
                server.kill()
                until(lambda: outbox.drain(A_FEW) < 0 or load.heard["photo", 503] > away + PHONES, seconds=120)  # noqa: B023 - asked at once
                server.start()
            work_on(load, PHOTOS_BETWEEN)
        until(lambda: outbox.drain(A_FEW) < 0 or not OutboxMessage.objects.filter(topic="photo.stored").exists(), seconds=180)
        lost = [sha256 for sha256, content in load.acknowledged.items() if kept(sha256) != content]
        states = Counter(Photo.objects.filter(sha256__in=load.acknowledged).values_list("state", flat=True))
        photos = Photo.objects.filter(sha256__in=load.acknowledged).values_list("sha256", "pk")
        names = {storage.derived_name(sha256, size, photo) for sha256, photo in photos for size in ("screen", "thumb")}
        small = [name for name in sorted(names) if not default_storage.exists(name)]
        print(f"\nS3 killed {KILLS} times in {time.monotonic() - began:.0f} s: acknowledged {len(load.acknowledged)}, lost {len(lost)}, "
              f"changed {len(load.changed)}, states {dict(states)}, small versions missing {len(small)}, answered {dict(sorted(load.heard.items()))}")  # fmt: skip
    assert (lost, load.changed, small) == ([], [], [])
    assert states == {"ready": len(load.acknowledged)}
    assert {status for what, status in load.heard if what in ("photo", "read")} == {200, 201, 503}
    assert {status for what, status in load.heard if what in ("visit", "look")} == {200, 201}
    assert OutboxMessage.objects.filter(parked_at__isnull=False).count() == 0


def kept(sha256: str) -> bytes | None:
    try:
        return storage.original(sha256)
    except Problem:
        return None
