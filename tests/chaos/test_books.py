"""What a phone of the chaos knows is what docs/mobile.md lets it know."""

from __future__ import annotations

import pytest

from chaos.books import Book, Photo, Record, Step, fingerprint
from chaos.making import Maker
from safety_api.idempotency import content_of
from safety_api.idempotency import fingerprint as content_fingerprint
from tests.cast.visits import a_visit

FIRST = {"reset": False, "streams": {"sites": {"columns": ["id", "name"], "rows": [["1", "甲"], ["2", "乙"]], "gone": []}}, "lists": {}, "cursor": "a"}
SECOND = {"reset": False, "streams": {"sites": {"columns": ["id", "name"], "rows": [["2", "丙"]], "gone": ["1", "2"]}}, "lists": {}, "cursor": "b"}


def test_the_phones_compute_the_fingerprint_that_the_server_computes():
    visit = a_visit(location={"lon": 111.10, "lat": 38.0, "crs": "wgs84"})
    assert fingerprint(visit) == content_of(visit)


def test_a_page_of_sync_takes_away_before_it_brings():
    book = Book("phone")
    book.take(FIRST)
    book.take(SECOND)
    assert (book.known("sites"), book.cursor) == ([{"id": "2", "name": "丙"}], "b")
    book.take({**FIRST, "reset": True, "streams": {}})
    assert book.rows == {}


@pytest.mark.parametrize(
    ("fields", "sent", "done"),
    [
        ({}, True, False),
        ({"stands": True}, True, False),
        ({"held": True}, True, True),
        ({"rescued": "f" * 64}, True, True),
        ({"rescued": "f" * 64}, False, False),  # its photos go home by themselves
    ],
)
def test_a_record_is_done_by_a_receipt_or_a_rescue_alone(fields, sent, done):
    assert Record("inspections/1", {}, [Photo("p", b"x", "h", 1, sent=sent)], **fields).done is done


def test_a_check_knows_a_step_by_what_the_server_keeps_of_it():
    step = Step("hazards/1/report", {"note": "x"}, "key", None)
    assert step.sha256 == content_fingerprint(["/api/v1/hazards/1/report", {}, {"note": "x"}])


def test_no_two_phones_make_the_same_photo():
    shots = [Maker(Book(phone), 1).shot() for phone in ("phone01", "phone01", "phone02")]
    assert shots[0] == shots[1] != shots[2]


def test_a_seed_draws_the_same_ids_again():
    one, two, other = (Maker(Book("phone01"), seed).new_id() for seed in (1, 1, 2))
    assert one == two != other
