"""Two webs behind the proxy of the containers (ops/compose-nginx.conf, by a real nginx): whichever answers, it is one house."""

from __future__ import annotations

import http.client
import json
import socket
import struct
import subprocess
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest

from bench import proxies
from enterprises.models import Enterprise
from inspections.models import Inspection
from ops.home import PROJECT
from ops.install import foreign_program
from safety_api.models import TrailLine
from tests.cast import papers
from tests.cast.units import OTHER_CODE
from tests.cast.units import body as a_unit
from tests.cast.visits import a_visit
from tests.ground.connections import phone_of, until
from tests.ops.front import free_port, web

pytestmark = pytest.mark.foreign
FIRST, SECOND = "127.0.0.2", "127.0.0.3"  # as two containers: two addresses, one port


class Names:
    """Docker's resolver in little: whatever is asked has these addresses."""

    def __init__(self, *addresses: str):
        self.addresses = addresses
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        Thread(target=self._answer, daemon=True).start()

    def _answer(self) -> None:
        while True:
            try:
                asked, who = self.socket.recvfrom(512)
            except OSError:
                return
            question = asked[12 : asked.index(b"\0", 12) + 5]
            rows = b"".join(b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 1, 4) + socket.inet_aton(each) for each in self.addresses)
            head = asked[:2] + struct.pack(">HHHHH", 0x8180, 1, len(self.addresses), 0, 0)
            self.socket.sendto(head + question + rows, who)


def nginx(folder: Path, names: int, inside: int) -> tuple[subprocess.Popen, int]:
    """The file as it stands, but for Docker's addresses."""
    port = free_port()
    text = (PROJECT / "ops" / "compose-nginx.conf").read_text(encoding="utf-8")
    for theirs, ours in (("127.0.0.11", f"127.0.0.1:{names}"), ("web:8000", f"web.test:{inside}"), ("8080", f"127.0.0.1:{port}")):
        assert text.count(theirs) == 1, theirs
        text = text.replace(theirs, ours)
    (folder / "safety.conf").write_text(text, encoding="utf-8")
    (folder / "nginx.conf").write_text(proxies.NGINX.format(folder=folder), encoding="utf-8")
    words = [foreign_program("nginx"), "-e", folder / "error.log", "-c", folder / "nginx.conf", "-p", folder]
    return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL), port


@pytest.fixture
def door(tmp_path) -> Iterator[tuple[int, int]]:
    """The port of the proxy, and the one that its webs have."""
    names, inside = Names(FIRST, SECOND), free_port()
    running, port = nginx(tmp_path, names.port, inside)
    try:
        proxies._wait(port, running)
        yield port, inside
    finally:
        running.terminate()
        running.wait(timeout=30)
        names.socket.close()


def ask(port: int, asked: str, token: str, body: Any = None, *, host: str = "127.0.0.1", **headers: str) -> tuple[int, dict, dict]:
    method, path = asked.split()
    line = http.client.HTTPConnection(host, port, timeout=60)
    told = {"Host": "127.0.0.1", "Authorization": f"Bearer {token}", "Content-Type": "application/json", **headers}
    line.request(method, f"/api/v1/{path}", None if body is None else json.dumps(body), told)
    answer = line.getresponse()
    return answer.status, json.loads(answer.read() or b"{}"), dict(answer.headers)


def token_of(username: str) -> str:
    return phone_of(username)._credentials["HTTP_AUTHORIZATION"].removeprefix("Bearer ")


@pytest.fixture
def token(committed) -> str:
    return token_of("inspector")


def test_what_one_web_answered_holds_at_the_other(door, token):
    port, inside = door
    visit, of_visit, key, bureau = a_visit(papers.mine()), f"PUT inspections/{uuid4()}", str(uuid4()), token_of("bureau")
    with web(host=FIRST, port=inside), web(host=SECOND, port=inside):
        assert [ask(inside, of_visit, token, visit, host=host)[0] for host in (FIRST, SECOND)] == [201, 200]
        posted = [ask(inside, "POST enterprises", bureau, a_unit(credit_code=OTHER_CODE), host=host, **{"Idempotency-Key": key}) for host in (FIRST, SECOND)]
        assert (posted[0][0], posted[0][:2]) == (201, posted[1][:2])
        assert {ask(port, "GET me", token)[0] for _ in range(8)} == {200}
        assert ask(port, of_visit, token, visit)[0] == 200
    assert Enterprise.objects.filter(name=a_unit()["name"]).count() == 1


def test_when_one_web_is_killed_the_proxy_goes_on_with_the_other(door, token):
    port, inside = door
    unit = papers.mine()
    numbers = [str(uuid4()) for _ in range(80)]
    put = lambda number: ask(port, f"PUT inspections/{number}", token, a_visit(unit, hazards=[]))  # noqa: E731
    with web(host=FIRST, port=inside) as first, web(host=SECOND, port=inside), ThreadPoolExecutor(8) as phones:
        told = [phones.submit(put, number) for number in numbers]
        until(lambda: sum(each.done() for each in told) >= 20)
        first.kill()
        answered = {number: each.result()[0] for number, each in zip(numbers, told, strict=True)}
        assert set(answered.values()) <= {200, 201, 503}  # 200: the proxy has asked the other web once more
        again = {number: put(number)[0] for number, status in answered.items() if status == 503}
        assert set(again.values()) <= {200, 201}
        assert {ask(port, "GET me", token)[0] for _ in range(20)} == {200}
    assert set(map(str, Inspection.objects.values_list("pk", flat=True))) == set(numbers)
    assert TrailLine.objects.filter(verb="inspection.receive").count() == len(numbers)
    print(f"acknowledged {Counter(answered.values())}, sent again {Counter(again.values())}, lost 0")


@pytest.fixture
def dying(door) -> Iterator[Counter]:
    """In the place of the first web one that reads what is asked and ends without an answer; by method, how often."""
    asked: Counter = Counter()
    server = socket.create_server((FIRST, door[1]))

    def serve() -> None:
        while True:
            try:
                line, _ = server.accept()
            except OSError:
                return
            with line:
                asked[line.recv(65536).split(b" ")[0].decode()] += 1

    Thread(target=serve, daemon=True).start()
    yield asked
    server.close()


def test_a_post_at_which_a_web_dies_is_told_and_asked_of_no_other(door, dying, token):
    port, inside = door
    unit = papers.mine()
    with web(host=SECOND, port=inside):
        asked = {
            "GET": [ask(port, "GET me", token) for _ in range(8)],
            "PUT": [ask(port, f"PUT inspections/{uuid4()}", token, a_visit(unit, hazards=[])) for _ in range(8)],
            "POST": [ask(port, "POST enterprises", token_of("bureau"), {}) for _ in range(8)],
        }
    answered = {method: Counter(status for status, _, _ in answers) for method, answers in asked.items()}
    assert answered["GET"] == {200: 8}
    assert set(answered["PUT"]) <= {201, 503}
    assert answered["POST"] == {400: 8 - dying["POST"], 503: dying["POST"]} and 0 < dying["POST"] < 8  # each was sent once
    assert dying["GET"] > 0 and Inspection.objects.count() == answered["PUT"][201]
    refused = next((body, headers) for status, body, headers in asked["POST"] if status == 503)
    assert (refused[0]["code"], refused[1]["Retry-After"], refused[1]["Content-Type"]) == ("unavailable", "5", "application/problem+json")


def test_without_any_web_the_proxy_says_try_again(door):
    status, body, headers = ask(door[0], "GET me", "")
    assert (status, body["code"], body["trace_id"] != "", headers["Retry-After"]) == (503, "unavailable", True, "5")
