"""Slow lines: who sends or reads slowly holds nobody up, and everyone hears at once what the headers decide."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from bench.client import Ask
from bench.slow_lines import kinds, open_lines, took
from tests.cast.visits import picture
from tests.ground.connections import phone_of, until
from tests.ops.front import Wire, web, wires

ANY = "7a2f6c39-5b44-4be5-9a38-6f3f1f1c0777"
PHOTO = f"PUT /api/v1/photos/{ANY}/content"
VISIT = f"PUT /api/v1/inspections/{ANY}"
LOGIN = "POST /api/v1/auth/login"
JSON = "Content-Type: application/json"
TIGHT = {"LINE_STALLED_SECONDS": "1", "LINES_MAX": "4", "LINES_PER_ADDRESS": "2", "TRUSTED_PROXIES": "1", "SPOOL_DISK_MB": "1", "BODY_MAX_MB": "30"}


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), web() as running:
        yield running


@pytest.fixture(scope="module")
def tight(django_db_setup, django_db_blocker):
    """The same with bounds that a test reaches."""
    with django_db_blocker.unblock(), web(**TIGHT) as running:
        yield running


@pytest.fixture
def token(committed) -> str:
    return phone_of("inspector")._credentials["HTTP_AUTHORIZATION"].removeprefix("Bearer ")


@pytest.fixture
def signed(token) -> str:
    return f"Authorization: Bearer {token}"


# --- beside slow lines -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("number", range(5), ids=[each.name for each in kinds("")])
def test_two_hundred_slow_lines_hold_nobody_up(house, token, number):
    with open_lines(house.port, kinds(token)[number], 200):
        beside = took(house.port, Ask("GET", "/api/v1/me", token), times=5, patience=20)
    assert max(beside) < 20_000  # before: none was answered


def test_an_honest_phone_gets_its_photo_through_however_long_it_takes(tight, signed):
    """Longer than any bound on waiting, for something comes all the time."""
    photo, wire = picture(1) + b"\0" * 400_000, Wire(tight.port)
    wire.ask(PHOTO, signed, "Content-Type: image/jpeg", f"Content-Length: {len(photo)}")
    for start in range(0, len(photo), len(photo) // 8):
        wire.socket.sendall(photo[start : start + len(photo) // 8])
        pause(0.4)
    status, _, body = wire.said()
    assert (status, json.loads(body)["state"]) == (202, "held")


def pause(seconds: float) -> None:
    """So long a line is silent: that is the case, not a wait for something."""
    silent, _ = socket.socketpair()
    silent.settimeout(seconds)
    with silent, pytest.raises(TimeoutError):
        silent.recv(1)


# --- answered while the client still sends ------------------------------------------------------------------------------
EARLY = [
    ("a missing token", PHOTO, [], 8_000_000, (401, "unauthenticated")),
    ("a photo over the limit", PHOTO, ["signed"], 40_000_000, (413, "photo_too_large")),
    ("more than any door takes", PHOTO, ["signed"], 900_000_000, (413, "photo_too_large")),
    ("more than any door takes, elsewhere", VISIT, ["signed", JSON], 900_000_000, (413, "too_large")),
    ("a visit over the limit", VISIT, ["signed", JSON], 3_000_000, (413, "too_large")),
    ("an address that is none", "POST /api/v1/nowhere", [], 8_000_000, (404, "not_found")),
    ("a method that is none", "POST /api/v1/me", ["signed"], 8_000_000, (405, "method_not_allowed")),
]


@pytest.mark.parametrize("line, headers, size, told", [row[1:] for row in EARLY], ids=[row[0] for row in EARLY])
@pytest.mark.parametrize("more", [[], ["Expect: 100-continue"]], ids=["", "asks before it sends"])
def test_what_the_headers_decide_is_told_before_the_body_came(house, signed, line, headers, size, told, more):
    headers = [signed if each == "signed" else each for each in headers]
    wire = Wire(house.port).ask(line, *headers, *more, f"Content-Length: {size}", body=b"" if more else b"abc")
    assert wire.word() == told


def test_a_body_in_chunks_is_refused_at_once(house, signed):
    assert Wire(house.port).ask(PHOTO, signed, "Transfer-Encoding: chunked", body=b"3\r\nabc\r\n").word() == (411, "length_required")


def test_who_asks_first_is_told_to_go_on(house, signed):
    wire = Wire(house.port).ask(PHOTO, signed, "Expect: 100-continue", f"Content-Length: {len(picture(1))}")
    assert wire.said()[0] == 100
    wire.socket.sendall(picture(1))
    assert wire.said()[0] == 202


@pytest.mark.parametrize("size", [100_000, 20_000_000])
def test_a_client_that_writes_all_first_sees_the_answer(house, size):
    line = http.client.HTTPConnection("127.0.0.1", house.port, timeout=60)
    line.request("PUT", PHOTO.split()[1], b"z" * size)
    assert json.load(line.getresponse())["code"] == "unauthenticated"


def test_urllib_sees_the_answer_to_a_body_too_large(house, token):
    asked = urllib.request.Request(
        f"http://127.0.0.1:{house.port}{PHOTO.split()[1]}", b"z" * 40_000_000, {"Authorization": f"Bearer {token}"}, method="PUT"
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(asked, timeout=60)
    assert json.load(refused.value)["code"] == "photo_too_large"


def test_a_step_asked_for_its_body_has_done_nothing_before_it_comes(house, signed):
    """The headers of a visit are looked at, then its body is waited for; only then is it stored, once."""
    wire = Wire(house.port).ask(VISIT, signed, JSON, "Content-Length: 6000", body=b"{")
    pause(0.5)
    wire.socket.sendall(b" " * 5998 + b"}")
    assert wire.word()[0] == 400


# --- bounds, each with its word -----------------------------------------------------------------------------------------
def test_a_line_without_progress_is_ended_with_a_word(tight):
    wire = Wire(tight.port).ask(LOGIN, JSON, "Accept-Language: zh", "Content-Length: 100", body=b"{")
    status, headers, body = wire.said()
    assert (status, json.loads(body)["detail"]) == (408, "1 秒没有收到数据，已停止等待。请重新发送。")
    assert headers["connection"] == "close"


def waiting(port: int, count: int, address: str = "10.0.0.1"):
    return wires(port, count, PHOTO, f"X-Forwarded-For: {address}", "Content-Length: 4000")


BODY = "Content-Length: 4000"  # below what is asked for by its headers: these lines only wait


@pytest.mark.parametrize("path, told", [(PHOTO, (429, "too_many_lines")), ("POST /api/v1/uploads/", (503, "lines_full"))], ids=["photo", "uploads"])
def test_one_address_keeps_only_so_many_waiting(house_of_two, path, told):
    with waiting(house_of_two.port, 2):
        wire = Wire(house_of_two.port).ask(path, "X-Forwarded-For: 10.0.0.1", BODY)
        status, headers, body = wire.said()
        assert ((status, json.loads(body)["code"]), headers["retry-after"]) == (told, "5")
        assert house_of_two.answers


def test_all_together_keep_only_so_many_waiting(house_of_two):
    with waiting(house_of_two.port, 2, "10.0.0.1"), waiting(house_of_two.port, 2, "10.0.0.2"):
        assert Wire(house_of_two.port).ask(PHOTO, "X-Forwarded-For: 10.0.0.3", BODY).word() == (503, "lines_full")


def test_a_place_is_free_again_when_its_line_has_gone(house_of_two):
    with waiting(house_of_two.port, 2):
        pass
    with waiting(house_of_two.port, 1) as (wire,):
        wire.socket.sendall(b"z" * 4000)
        assert wire.word() == (401, "unauthenticated")


# --- the slowest gives way --------------------------------------------------------------------------------------------
READS = ("GET /api/v1/schema", "X-Forwarded-For: 10.0.0.9")  # a megabyte, of which nobody reads anything


def unread(port: int, count: int) -> list[Wire]:
    """So many whose answer has begun to come."""
    opened = [Wire(port, room=4096).ask(*READS) for _ in range(count)]
    for wire in opened:
        wire.socket.recv(1)
    return opened


def answered(port: int, address: str) -> int:
    return Wire(port).ask("GET /healthz", f"X-Forwarded-For: {address}").said()[0]


def test_answers_that_nobody_reads_take_places_of_their_address_and_give_way(house_of_two):
    """Refused before anything is computed, until the first of them has been idle for long enough to be cut."""
    held = unread(house_of_two.port, 2)
    assert Wire(house_of_two.port).ask(*READS).word() == (429, "too_many_lines")
    assert answered(house_of_two.port, "10.0.0.8") == 200
    until(lambda: answered(house_of_two.port, "10.0.0.9") == 200)
    assert sum(ended(wire) for wire in held) == 1
    for wire in held:
        wire.close()


def ended(wire: Wire) -> bool:
    """What was under way can be read; then nothing more comes, though the answer is not whole."""
    wire.socket.settimeout(1)
    came = 0
    try:
        while block := wire.socket.recv(65536):
            came += len(block)
    except TimeoutError:
        return False
    except ConnectionError:
        return True
    return came < 1_000_000


def test_answers_that_nobody_reads_have_a_bound_on_their_bytes(narrow):
    held = unread(narrow.port, 2)
    assert Wire(narrow.port).ask("GET /healthz").word() == (503, "lines_full")
    for wire in held:
        wire.close()
    until(lambda: answered(narrow.port, "10.0.0.9") == 200)


@pytest.fixture(scope="module")
def narrow(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), web(SPOOL_DISK_MB="1") as running:
        yield running


def test_a_body_that_stands_still_gives_way_to_a_new_one(house_of_two):
    with waiting(house_of_two.port, 2) as held:
        asked = (PHOTO, "X-Forwarded-For: 10.0.0.1", BODY)
        assert Wire(house_of_two.port).ask(*asked).word() == (429, "too_many_lines")
        until(lambda: takes_a_place(Wire(house_of_two.port).ask(*asked)))
        assert held[0].word() == (408, "body_stalled")


def takes_a_place(wire: Wire) -> bool:
    wire.socket.settimeout(0.5)
    try:
        wire.said()
    except TimeoutError:
        return True
    return False


@pytest.fixture(scope="module")
def house_of_two(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), web(**TIGHT | {"LINE_STALLED_SECONDS": "30", "SPOOL_DISK_MB": "16"}) as running:
        yield running


def test_without_room_for_a_body_it_is_told_to_come_again(tight, signed):
    status, headers, body = Wire(tight.port).ask(PHOTO, signed, "Content-Length: 3000000", body=b"z" * 3_000_000).said()
    assert (status, json.loads(body)["code"], headers["retry-after"]) == (503, "spool_full", "5")


def test_headers_without_end_are_refused(house):
    assert Wire(house.port).ask("GET /healthz", f"X-Long: {'a' * 40_000}").word() == (431, "headers_too_large")


def test_who_reads_nothing_of_an_answer_is_let_go(tight):
    wire = Wire(tight.port, room=4096).ask("GET /api/v1/schema")
    mine = f":{wire.socket.getsockname()[1]:04X}"

    def gone() -> bool:
        lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        return not any(local.endswith(f":{tight.port:04X}") and far.endswith(mine) and state == "01" for _, local, far, state, *_ in lines)

    assert not gone()
    until(gone, seconds=20)


def test_lines_that_break_off_use_up_nobodys_tries_to_sign_in(house, committed):
    """An office shares one address: sixty sign-ins a minute, and none of them is a body that never came whole."""
    with wires(house.port, 70, LOGIN, JSON, "Content-Length: 100", body=b"{") as broken:
        for wire in broken:
            wire.socket.shutdown(socket.SHUT_WR)
            assert wire.word() == (400, "cut_off")
    assert Wire(house.port).ask(LOGIN, JSON, "Content-Length: 2", body=b"{}").word() == (400, "invalid")


# --- what a request says stays -----------------------------------------------------------------------------------------
def test_a_body_that_breaks_off_is_told_and_kept_nowhere(house, signed):
    wire = Wire(house.port).ask(PHOTO, signed, "Content-Length: 9000", body=b"z" * 100)
    wire.socket.shutdown(socket.SHUT_WR)
    assert wire.word() == (400, "cut_off")


def test_requests_one_after_another_and_all_at_once_on_one_connection(house):
    wire = Wire(house.port).ask("GET /healthz").ask("GET /healthz")
    came = b""
    while came.count(b"alive") < 2:
        came += wire.socket.recv(65536) or pytest.fail("the connection was closed")
    assert wire.ask(PHOTO, "Content-Length: 2", body=b"{}").word() == (401, "unauthenticated")
    assert wire.ask("GET /healthz").said()[0] == 200


def test_a_large_answer_comes_whole_and_once_more_is_not_sent(house):
    status, headers, body = Wire(house.port).ask("GET /api/v1/schema").said()
    assert (status, len(body) > 1_000_000, json.loads(body)["openapi"]) == (200, True, "3.1.0")
    again = Wire(house.port).ask("GET /api/v1/schema", f"If-None-Match: {headers['etag']}").said()
    assert (again[0], again[2]) == (304, b"")


def test_the_head_of_a_large_answer_comes_alone(house):
    line = http.client.HTTPConnection("127.0.0.1", house.port, timeout=60)
    for method, path in (("HEAD", "/api/v1/schema"), ("GET", "/healthz")):
        line.request(method, path)
        answer = line.getresponse()
        assert (answer.status, len(answer.read())) == (200, 0 if method == "HEAD" else len('{"status": "alive"}'))


def test_a_stopped_server_answers_what_it_holds(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), web() as running:
        wire = Wire(running.port).ask(PHOTO, "Content-Length: 4000", body=b"z")
        pause(0.5)
        running.process.send_signal(signal.SIGTERM)
        pause(0.5)
        wire.socket.sendall(b"z" * 3999)
        assert wire.word() == (401, "unauthenticated")
        assert running.process.wait(timeout=30) == 0
