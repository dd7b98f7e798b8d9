"""The reverse proxies of ops/: started as they stand there, with slow lines before them; what the web tells at once comes through."""

from __future__ import annotations

import http.client
import json
import subprocess

import pytest

from bench import proxies
from bench.client import Ask
from bench.slow_lines import kinds, open_lines, took
from ops.home import PROJECT
from ops.install import foreign_program
from tests.cast.visits import picture
from tests.ground.connections import phone_of
from tests.ops.front import Wire, web

pytestmark = pytest.mark.foreign
PHOTO = "/api/v1/photos/7a2f6c39-5b44-4be5-9a38-6f3f1f1c0777/content"


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), web(TRUSTED_PROXIES="1") as running:
        yield running


@pytest.fixture(scope="module", params=proxies.PROXIES)
def proxy(request, house, tmp_path_factory):
    if foreign_program(request.param) is None:
        pytest.skip(f"no {request.param} on this machine: apt-get install {request.param}")
    folder = tmp_path_factory.mktemp(request.param)
    with proxies.proxy(request.param, folder, house.port) as port:
        yield port


@pytest.fixture
def token(committed) -> str:
    return phone_of("inspector")._credentials["HTTP_AUTHORIZATION"].removeprefix("Bearer ")


@pytest.mark.parametrize("number", range(5), ids=[each.name for each in kinds("")])
def test_slow_lines_before_a_proxy_hold_nobody_up(proxy, token, number):
    with open_lines(proxy, kinds(token)[number], 200):
        beside = took(proxy, Ask("GET", "/api/v1/me", token), times=5, patience=20)
    assert max(beside) < 20_000


def test_a_missing_token_is_told_through_a_proxy_while_the_photo_is_sent(proxy):
    assert Wire(proxy).ask(f"PUT {PHOTO}", "Content-Length: 8000000", body=b"z" * 10_000).word() == (401, "unauthenticated")


def test_who_writes_all_first_sees_the_answer_through_a_proxy(proxy):
    line = http.client.HTTPConnection("127.0.0.1", proxy, timeout=60)
    line.request("PUT", PHOTO, b"z" * 20_000_000)
    assert json.load(line.getresponse())["code"] == "unauthenticated"


def test_a_photo_goes_through_a_proxy(proxy, token):
    line = http.client.HTTPConnection("127.0.0.1", proxy, timeout=60)
    line.request("PUT", PHOTO, picture(1), {"Authorization": f"Bearer {token}", "Content-Type": "image/jpeg"})
    answer = line.getresponse()
    assert (answer.status, json.load(answer)["state"]) == (202, "held")


@pytest.fixture
def certificates(tmp_path):
    """Where the files expect them, and the folder that stands for it."""
    pair = ["-keyout", tmp_path / "privkey.pem", "-out", tmp_path / "fullchain.pem", "-subj", "/CN=aqjg.example.gov.cn"]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *pair], check=True, capture_output=True)
    (tmp_path / "safety.pem").write_bytes((tmp_path / "fullchain.pem").read_bytes() + (tmp_path / "privkey.pem").read_bytes())
    return tmp_path


CHECKED = {"nginx.conf": ["nginx", "-t", "-e", "error.log", "-c"], "haproxy.cfg": ["haproxy", "-c", "-f"]}


@pytest.mark.parametrize("name", CHECKED)
def test_the_file_of_a_proxy_is_sound_as_it_stands(certificates, name):
    program, *words = CHECKED[name]
    if foreign_program(program) is None:
        pytest.skip(f"no {program} on this machine: apt-get install {program}")
    text = (PROJECT / "ops" / name).read_text(encoding="utf-8").replace("/etc/ssl/safety", str(certificates))
    (certificates / "safety.conf").write_text(text, encoding="utf-8")
    whole = proxies.NGINX.format(folder=certificates) if program == "nginx" else text
    (certificates / name).write_text(whole, encoding="utf-8")
    command = [foreign_program(program), *words, certificates / name]
    done = subprocess.run(command, cwd=certificates, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
