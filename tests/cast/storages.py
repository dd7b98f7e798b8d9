"""Where bytes are kept: a folder and a bucket behind the same few words, and a server that speaks S3 and only says no."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import override_settings
from moto.server import ThreadedMotoServer

from evidence import bucket
from evidence.storage import KEPT

NUMBER = count(1)
AWAY = (503, "storage_unavailable", "10")


def said(answer: Any) -> tuple[int, str, str | None]:
    """Status, word and for how long to wait, of a refusal."""
    return answer.status_code, answer.json()["code"], answer.get("Retry-After")


ACCESS = {"access_key": "safety", "secret_key": "only-for-tests", "region": "us-east-1", "addressing": "path"}


@cache
def moto() -> str:
    """One for all tests of a process; it ends with it."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    return "http://{}:{}".format(*server.get_host_and_port())


def s3(endpoint: str, name: str, **more: str) -> dict[str, Any]:
    return {"BACKEND": "evidence.bucket.Bucket", "OPTIONS": {"bucket": name, "endpoint": endpoint, **ACCESS, **more}}


@contextmanager
def kept_in(default: dict[str, Any]) -> Iterator[None]:
    from django.conf import settings

    with override_settings(STORAGES={**settings.STORAGES, "default": default}):
        yield


class Kept:
    """What a test does to a storage behind the house's back."""

    def names(self) -> list[str]:
        return [name for folder in KEPT for name in default_storage.names(folder)]

    def read(self, name: str) -> bytes:
        with default_storage.open(name) as file:
            return file.read()

    def remove(self, name: str) -> None:
        default_storage.delete(name)

    def write(self, name: str, content: bytes) -> None:
        raise NotImplementedError

    @contextmanager
    def away(self) -> Iterator[None]:
        raise NotImplementedError
        yield


class InFolder(Kept):
    def write(self, name: str, content: bytes) -> None:
        path = Path(default_storage.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    @contextmanager
    def away(self) -> Iterator[None]:
        """Something else stands in the folder's place."""
        folder = Path(default_storage.location)
        aside = folder.with_name("aside")
        folder.rename(aside)
        folder.touch()
        try:
            yield
        finally:
            folder.unlink()
            aside.rename(folder)


class InBucket(Kept):
    def write(self, name: str, content: bytes) -> None:
        default_storage.client.put_object(Bucket=default_storage.bucket, Key=name, Body=content)

    @contextmanager
    def away(self) -> Iterator[None]:
        """Nobody listens there; the connections of before are gone with it."""
        with kept_in(s3("http://127.0.0.1:9", default_storage.bucket)):
            yield


@contextmanager
def a_folder(folder: Path) -> Iterator[InFolder]:
    options = {"location": str(folder)}
    with kept_in({"BACKEND": "evidence.storage.DurableFolder", "OPTIONS": options}), override_settings(STORAGE_DIR=folder):
        yield InFolder()


@contextmanager
def a_bucket() -> Iterator[InBucket]:
    name = f"photos-{next(NUMBER)}"
    with kept_in(s3(moto(), name)):
        default_storage.client.create_bucket(Bucket=name)
        yield InBucket()


# --- a server that only says no ------------------------------------------------------------------------------------------
FAULTS: dict[str, tuple[int, str]] = {
    "slow down": (503, "SlowDown"), "a fault of its own": (500, "InternalError"), "not allowed": (403, "AccessDenied"),
    "no such bucket": (404, "NoSuchBucket"), "a wrong key": (403, "InvalidAccessKeyId"), "not xml": (502, ""),
}  # fmt: skip
CUT, SILENT = "cut off", "silent"
ALL_FAULTS = (*FAULTS, CUT, SILENT)


class No(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    fault: str
    ended: threading.Event

    def answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.close_connection = True
        if self.fault == SILENT:
            self.ended.wait(20)
        elif self.fault == CUT:
            self.say(200, b"", announced=1000)
        else:
            status, code = FAULTS[self.fault]
            self.say(status, f"<Error><Code>{code}</Code></Error>".encode() if code else b"<html>Bad Gateway</html>")

    def say(self, status: int, body: bytes, announced: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if announced is None else announced))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_PUT = do_HEAD = do_POST = answer

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def says_no(fault: str) -> Iterator[None]:
    """A bucket on it, of which every request fails in this way, tried once and not waited for long."""
    handler = type("NoOf", (No,), {"fault": fault, "ended": threading.Event()})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server, pytest.MonkeyPatch.context() as patch:
        patch.setattr(bucket, "PAUSE", 0)
        patch.setattr(bucket, "CLIENT", bucket.CLIENT | {"read_timeout": 0.2, "retries": {"total_max_attempts": 1}})
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            with kept_in(s3(f"http://127.0.0.1:{server.server_port}", "photos-of-nobody")):
                yield
        finally:
            handler.ended.set()
            server.shutdown()
            thread.join()

