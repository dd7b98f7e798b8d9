"""Each fate of a request: what reaches the server, and what the phone hears of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice, repeat

import pytest

from chaos.client import Connection
from chaos.lines import Lines
from chaos.tally import Tally
from chaos.weather import Fate, Lot, lots
from tests.ground.connections import until

BODY = b"x" * 50_000


class Web(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_PUT(self):
        said = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.came.append(len(said))
        answer = b'{"state": "held"}'
        self.send_response(201)
        for name, value in (("Content-Type", "application/json"), ("Content-Length", str(len(answer))), ("X-Trace-Id", "1")):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    def handle_error(self, *_):
        """That a line was cut is what is tried here."""


@pytest.fixture
def web() -> Iterator[ThreadingHTTPServer]:
    with Server(("127.0.0.1", 0), Web) as server:
        server.came = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def lines(web) -> Iterator[Lines]:
    made = Lines(web.server_address[1], ["phone"], 1, Tally())
    made.start()
    yield made
    made.stop()


@pytest.mark.parametrize(
    ("fate", "heard", "came"),
    [
        (Fate.CLEAR, True, [50_000]),
        (Fate.CUT_BEFORE, False, []),
        (Fate.CUT_WITHIN, False, [25_000]),
        (Fate.CUT_AFTER, False, [50_000]),
        (Fate.ANSWER_LOST, False, [50_000]),
        (Fate.ANSWER_CUT, False, [50_000]),
        (Fate.SILENCE, False, []),
        (Fate.PORTAL, False, []),
        (Fate.DOUBLED, True, [50_000, 50_000]),
        (Fate.AGAIN_LATER, True, [50_000, 50_000]),
        (Fate.HELD_BACK, False, [50_000]),
    ],
)
def test_what_reaches_the_server_and_what_the_phone_hears(web, lines, fate, heard, came):
    lines._lots["phone"] = repeat(Lot(fate, 0.5))
    said = Connection(lines.ports["phone"]).ask("PUT", "photos/1", BODY, {})
    assert (said is not None and said.status == 201) is heard
    until(lambda: lines.settled() and len(web.came) >= len(came), seconds=30)
    assert web.came == came


@pytest.mark.parametrize("part", [number / 50 for number in range(50)])
def test_an_answer_that_was_cut_anywhere_is_none(web, lines, part):
    lines._lots["phone"] = repeat(Lot(Fate.ANSWER_CUT, part))
    assert Connection(lines.ports["phone"]).ask("PUT", "photos/1", b"", {}) is None


def test_after_a_cut_the_phone_dials_anew(web, lines):
    lines._lots["phone"] = iter([Lot(Fate.ANSWER_LOST), Lot(Fate.CLEAR)])
    phone = Connection(lines.ports["phone"])
    assert phone.ask("PUT", "photos/1", BODY, {}) is None
    assert phone.ask("PUT", "photos/1", BODY, {}).told == {"state": "held"}


def test_a_seed_brings_each_phone_the_same_weather_again():
    first, again, other = (list(islice(lots(seed, "phone01"), 300)) for seed in (1, 1, 2))
    assert first == again != other
    assert first != list(islice(lots(1, "phone02"), 300))
    assert {lot.fate for lot in first} == set(Fate)
