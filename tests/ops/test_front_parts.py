"""The parts of the front by themselves: places, room, and the words between the server and Django."""

from __future__ import annotations

import time
from io import BytesIO
from tempfile import NamedTemporaryFile
from types import SimpleNamespace
from wsgiref.util import FileWrapper

import pytest
from django.db import transaction

from reference.models import Load
from safety_api.front import bridge, spool
from safety_api.front.bridge import Absent, Asked, answered_early, called, environ_of
from safety_api.front.lines import Lines, address_of
from safety_api.front.spool import IN_MEMORY, Room, Spool
from safety_api.problems import Problem

LARGE = bridge.OUT + 1


# --- who waits -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "proxies, forwarded, address",
    [
        (0, "", "10.1.1.1"),
        (0, "1.2.3.4", "10.1.1.1"),
        (1, "", "10.1.1.1"),
        (1, "1.2.3.4", "1.2.3.4"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 10.0.0.7", "1.2.3.4"),
        (3, "1.2.3.4", "1.2.3.4"),
        (1, " , ", "10.1.1.1"),
    ],
)
def test_a_line_is_of_the_address_that_the_trusted_proxy_names(proxies, forwarded, address):
    assert address_of("10.1.1.1", forwarded, proxies) == address


def test_an_address_without_lines_is_forgotten():
    lines = Lines(most=3, per_address=2)
    with place(lines, "a"), place(lines, "a"), place(lines, "b"):
        assert lines.waiting == {"a": 2, "b": 1}
    assert (lines.waiting, lines.open) == ({}, set())


def place(lines: Lines, address: str):
    return lines.one(address, "/", lambda: None)


@pytest.mark.parametrize(
    "lives, gives_way",
    [
        # seconds since it began, seconds since its last byte, bytes
        ([(60, 1, 600_000), (60, 1, 90_000)], None),
        ([(60, 1, 600_000), (60, 1, 30_000)], 1),
        ([(60, 20, 600_000), (60, 1, 30_000)], 0),
        ([(60, 20, 600_000), (60, 25, 600_000)], 1),
        ([(4, 4, 0), (3, 3, 0)], None),
        ([(4, 4, 0), (6, 0, 100)], 1),
    ],
)
def test_the_slowest_gives_way_and_only_a_slow_one(lives, gives_way):
    now, ended = time.monotonic(), []
    lines = Lines(most=2, per_address=2)
    for number, (age, idle, moved) in enumerate(lives):
        line = lines.take("a", lambda number=number: ended.append(number))
        line.began, line.touched, line.moved = now - age, now - idle, moved
    assert lines.gives_way(lines.open) is (gives_way is not None)
    assert (ended, len(lines.open)) == (([], 2) if gives_way is None else ([gives_way], 1))


# --- room ------------------------------------------------------------------------------------------------------------------
@pytest.fixture
def room() -> Room:
    return Room(memory=1_000_000, disk=2_000_000)


@pytest.mark.parametrize("size, memory, disk", [(10, 10, 0), (IN_MEMORY, IN_MEMORY, 0), (IN_MEMORY + 1, 0, IN_MEMORY + 1)])
def test_a_body_takes_room_where_it_lies_and_gives_it_back(room, size, memory, disk):
    body = Spool(room)
    for start in range(0, size, 100_000):
        body.write(b"z" * min(100_000, size - start))
    assert (1_000_000 - room.memory, 2_000_000 - room.disk) == (memory, disk)
    assert body.whole().read() == b"z" * size
    body.close()
    assert room == Room(1_000_000, 2_000_000)


def test_where_memory_is_short_small_bodies_lie_on_the_disk():
    room = Room(memory=5, disk=100)
    body = Spool(room)
    body.write(b"1234")
    body.write(b"56")
    assert (room, body.whole().read()) == (Room(5, 94), b"123456")


@pytest.mark.parametrize("disk", [0, 3, 5])
def test_a_body_without_room_is_refused_and_holds_none(disk):
    room = Room(memory=4, disk=disk)
    body = Spool(room)
    body.write(b"1234")
    with pytest.raises(Problem, match="spool_full"):
        body.write(b"56")
    body.close()
    assert room == Room(4, disk)


def test_a_full_disk_is_no_room(room, monkeypatch):
    def full():
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(spool, "temporary", full)
    with pytest.raises(Problem, match="spool_full"):
        Spool(room).write(b"z" * LARGE)


def test_what_lies_on_the_disk_has_no_name(room, settings, tmp_path):
    settings.STORAGE_DIR = tmp_path
    body = Spool(room)
    body.write(b"z" * LARGE)
    assert [*tmp_path.rglob("*")] == [tmp_path / "incoming"]


# --- the request -------------------------------------------------------------------------------------------------------------
class Headers:
    """As granian shows them: `items` leaves out values that are not ASCII, `keys` does not."""

    def __init__(self, *pairs: tuple[str, str | None]):
        self.pairs = pairs

    def keys(self) -> list[str]:
        return [*dict.fromkeys(name for name, _ in self.pairs)]

    def items(self) -> list[tuple[str, str]]:
        return [(name, value) for name, value in self.pairs if value is not None]


def asked(*headers: tuple[str, str | None], **more: str) -> Asked:
    known = {
        "method": "PUT", "path": "/照片", "query_string": "a=%E4&b", "server": "127.0.0.1:8000", "client": "::1:5050",
        "scheme": "http", "http_version": "1.1", "headers": Headers(*headers),
    }  # fmt: skip
    return Asked(SimpleNamespace(**known | more))


HEADERS = [
    ([("host", "x:80")], {"HTTP_HOST": "x:80"}),
    ([], {"HTTP_HOST": ""}),
    ([("accept", "a"), ("accept", "b")], {"HTTP_ACCEPT": "a,b"}),
    ([("cookie", "a=1"), ("cookie", "b=2")], {"HTTP_COOKIE": "a=1;b=2"}),
    ([("x-forwarded-for", "1.1.1.1"), ("x_forwarded_for", "2.2.2.2")], {"HTTP_X_FORWARDED_FOR": "1.1.1.1"}),
    ([("x_forwarded_for", "2.2.2.2")], {"HTTP_X_FORWARDED_FOR": None}),
    ([("idempotency-key", None)], {"HTTP_IDEMPOTENCY_KEY": ""}),
    ([("content-type", "a/b"), ("content-length", "7")], {"CONTENT_TYPE": "a/b", "CONTENT_LENGTH": "7", "HTTP_CONTENT_TYPE": None}),
    ([("transfer-encoding", "chunked")], {"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": None}),
]


@pytest.mark.parametrize("headers, told", HEADERS)
def test_django_sees_the_headers_as_a_wsgi_server_tells_them(headers, told):
    environ = environ_of(asked(*headers), BytesIO())
    assert {name: environ.get(name) for name in told} == told


def test_django_sees_address_and_line_as_a_wsgi_server_tells_them():
    environ = environ_of(asked(), BytesIO())
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/照片"
    assert (environ["QUERY_STRING"], environ["REMOTE_ADDR"], environ["SERVER_PORT"]) == ("a=%E4&b", "::1", "8000")


@pytest.mark.parametrize(
    "headers, size",
    [([], 0), ([("content-length", "0")], 0), ([("content-length", "12")], 12), ([("transfer-encoding", "chunked")], None)],
)
def test_a_request_says_how_much_will_come(headers, size):
    assert asked(*headers).announced == size


# --- the answer ------------------------------------------------------------------------------------------------------------
def says(content, status: str = "200 OK"):
    def application(environ, start_response):
        start_response(status, [("X", "y")])
        return content

    return application


def read(answer) -> bytes:
    if answer.file is None:
        return answer.content
    with open(answer.file, "rb") as file:
        file.seek(0)
        return file.read()


@pytest.mark.parametrize("parts", [[], [b"a", b"b"], [b"z" * LARGE], [b"z"] * LARGE], ids=["none", "two", "one large", "many"])
def test_an_answer_is_taken_whole_and_a_large_one_waits_on_the_disk(parts):
    answer = called(says(iter(parts)), {})
    assert (answer.status, answer.headers, read(answer)) == (200, [("X", "y")], b"".join(parts))
    assert (answer.file is None) == (sum(map(len, parts)) < LARGE)


@pytest.mark.parametrize("size, start, from_the_disk", [(10, 0, False), (LARGE, 0, True), (2 * LARGE, 1, True)])
def test_a_file_is_sent_from_where_it_lies(size, start, from_the_disk):
    with NamedTemporaryFile() as file:
        file.write(b"a" + b"z" * (size - 1))
        file.seek(start)
        answer = called(says(FileWrapper(file)), {})
        assert (answer.file is not None, read(answer)) == (from_the_disk, (b"a" + b"z" * (size - 1))[start:])


def test_where_the_disk_is_full_an_answer_is_told_all_the_same(monkeypatch):
    def full():
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(bridge, "temporary", full)
    assert read(called(says(iter([b"z"] * LARGE)), {})) == b"z" * LARGE


@pytest.mark.django_db
def test_who_asks_for_a_body_that_has_not_come_has_done_nothing():
    before = Load.objects.count()

    @transaction.atomic
    def stores_then_reads(environ, start_response):
        Load.objects.create(new=1, changed=0, removed=0)
        try:
            environ["wsgi.input"].read(10)
        except Exception:
            start_response("500 Failed", [])
        return [b""]

    assert answered_early(stores_then_reads, {"wsgi.input": Absent()}) is None
    assert Load.objects.count() == before


@pytest.mark.parametrize("how", ["read", "readline", "readlines", "__next__"])
def test_no_way_of_reading_takes_an_absent_body_for_an_empty_one(how):
    with pytest.raises(bridge.BodyAwaited):
        getattr(Absent(), how)()


def test_who_answers_without_the_body_has_answered():
    assert answered_early(says([b"no"], "401 Unauthorized"), {"wsgi.input": Absent()}).status == 401
