"""正文: at no door is a body that broke off on its way taken for whole."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from io import BytesIO

import pytest

from safety_api.bodies import WholeBody
from safety_api.models import TrailLine
from safety_api.problems import Problem
from tests.cast.units import mine as a_unit
from tests.cast.uploads import cut
from tests.cast.visits import HAZARD, a_visit, picture

ANY = "7a2f6c39-5b44-4be5-9a38-6f3f1f1c0777"
JSON, BYTES = "application/json", "application/octet-stream"
DOORS = [
    ("inspector", "PUT", f"/api/v1/photos/{ANY}/content", BYTES),
    ("inspector", "PUT", f"/api/v1/inspections/{ANY}", JSON),
    ("inspector", "PUT", f"/api/v1/accidents/{ANY}", JSON),
    ("inspector", "POST", "/api/v1/receipts/check", JSON),
    ("bureau", "POST", "/api/v1/imports/enterprises", BYTES),
    ("bureau", "POST", "/api/v1/report-templates?ledger=rectification&name=x", BYTES),
    ("bureau", "POST", "/api/v1/zero-accident/source-lists/xlsx?source=fire&year=2026&month=10&region=141123", BYTES),
    ("", "POST", "/api/v1/auth/login", JSON),
]


@pytest.mark.django_db
@pytest.mark.parametrize("who, method, address, media_type", DOORS, ids=[address[8:30] for _, _, address, _ in DOORS])
@pytest.mark.parametrize("came", [0, 100])
def test_a_body_that_broke_off_is_taken_at_no_door(as_, who, method, address, media_type, came):
    answer = cut(as_(who), method, address, b'{"a": 1}' + b" " * 200, came=came, media_type=media_type)
    assert (answer.status_code, answer.json()["code"]) == (400, "cut_off")


@pytest.mark.django_db
def test_a_step_whose_body_did_not_come_is_not_taken_without_it(as_):
    phone = as_("inspector")
    phone.put(f"/api/v1/inspections/{ANY}", a_visit(a_unit()), format="json")
    lines = TrailLine.objects.count()
    answer = cut(
        phone, "POST", f"/api/v1/hazards/{HAZARD}/report", b'{"note": "x"}', came=0, media_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"], TrailLine.objects.count()) == (400, "cut_off", lines)


@pytest.mark.django_db
def test_a_form_that_broke_off_is_refused_too(client):
    form = b"username=bureau&password=" + b"x" * 90
    answer = cut(client, "POST", "/admin/login/", form, media_type="application/x-www-form-urlencoded")
    assert (answer.status_code, answer.json()["code"]) == (400, "cut_off")


class Sips(BytesIO):
    """A server that gives less than it is asked for."""

    def read(self, size=-1, /):
        return super().read(min(size, 3) if size and size > 0 else size)


@pytest.mark.parametrize("size", [-1, None, 4, 1000])
def test_a_whole_body_is_read_whole_from_a_server_that_gives_it_in_sips(size):
    body = WholeBody(Sips(b"0123456789"), 10, None)
    read = [body.read(size), body.read(), body.read()]
    assert b"".join(read) == b"0123456789"
    assert len(read[0]) == (4 if size == 4 else 10)


def test_no_more_is_read_than_was_announced():
    assert WholeBody(BytesIO(b"0123456789"), 4, None).read() == b"0123"


class Breaks(BytesIO):
    def read(self, size=-1, /):
        raise OSError("connection reset")


def test_a_connection_that_breaks_is_a_body_cut_off():
    with pytest.raises(Problem, match="cut_off"):
        WholeBody(Breaks(), 10, None).read()


def digest_of(content: bytes) -> str:
    return f"sha-512=:AAAA:, sha-256=:{b64encode(hashlib.sha256(content).digest()).decode()}:"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "digest, status",
    [(digest_of(picture(1)), 202), (digest_of(b"other"), 400), ("sha-256=:junk:", 400), ("md5=:AAAA:", 202)],
)
def test_a_body_is_held_against_the_digest_that_its_sender_names(as_, digest, status):
    answer = as_("inspector").put(
        f"/api/v1/photos/{ANY}/content", picture(1), content_type="image/jpeg", headers={"Content-Digest": digest}
    )
    assert answer.status_code == status
    assert answer.json().get("code") == (None if status == 202 else "digest_differs")
