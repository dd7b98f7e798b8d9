"""备机: what a standby has not confirmed is not acknowledged (tests/ops/test_failover.py has real ones); what a replica may answer."""

from __future__ import annotations

import pytest
from django.db import connection, connections

from reference.models import Load
from safety_api import replica, standby
from tests.ground.connections import phone_of
from tests.ground.test_connection_loss import NOTES


@pytest.fixture
def phone(lasting_notes, monkeypatch):
    monkeypatch.setattr(standby, "vigil", standby.Vigil())
    return phone_of("inspector")


@pytest.fixture
def unconfirmed_once(monkeypatch):
    """A commit that PostgreSQL stopped waiting for, once."""
    write, times = Load.objects.create, iter([True])

    def write_alone(**fields):
        connection.unconfirmed = next(times, False)
        return write(**fields)

    monkeypatch.setattr(Load.objects, "create", write_alone)


def told(answer) -> tuple[int, str, str]:
    return answer.status_code, answer.json()["code"], answer["Retry-After"]


def test_what_is_on_the_primary_alone_is_not_acknowledged_and_reading_goes_on(phone, unconfirmed_once):
    away = (503, "standby_away", "5")
    assert told(phone.post(NOTES, {"new": 5}, format="json")) == away
    assert Load.objects.filter(new=5).exists()
    assert (told(phone.post(NOTES, {"new": 6}, format="json")), phone.get(NOTES).status_code) == (away, 200)
    assert not Load.objects.filter(new=6).exists()


def test_writing_goes_on_when_the_primary_waits_for_nobody_who_is_away(phone, unconfirmed_once):
    phone.post(NOTES, {"new": 5}, format="json")
    standby.vigil.look()
    assert phone.post(NOTES, {"new": 6}, format="json").status_code == 201


def test_other_warnings_of_the_database_are_no_missing_standby(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "DO $$BEGIN RAISE WARNING 'canceling wait for synchronous replication due to user request'; END$$"
        )
    assert not getattr(connection, "unconfirmed", False)


ADDRESSES = [
    ("/api/v1/hazards", True),
    ("/api/v1/map/tiles/hazards/8/205/98.mvt", True),
    ("/api/v1/zero-accident/ranking", True),
    ("/api/v1/hazards/7a2f6c39-5b44-4be5-9a38-6f3f1f1cb001", False),
    ("/api/v1/me", False),
    ("/readyz", False),
    ("/nowhere", False),
]


@pytest.mark.parametrize("path, may", ADDRESSES, ids=[row[0] for row in ADDRESSES])
def test_lists_maps_and_rankings_may_be_read_from_a_replica(path, may):
    assert replica.Replica().reads(path) is may


def test_a_door_that_fails_there_again_and_again_is_left_to_the_primary():
    known = replica.Replica()
    known.failures[replica._door("/api/v1/hazards")] = replica.MOST_FAILURES
    assert (known.reads("/api/v1/hazards"), known.reads("/api/v1/inspections")) == (False, True)


def test_whoever_wrote_reads_there_when_it_has_read_as_far(monkeypatch):
    known = replica.Replica()
    looks = iter([replica.Look(0, 90, True), replica.Look(0, 120, True)])
    monkeypatch.setattr(replica, "look", lambda: next(looks))
    known.look()
    assert (known.has_read(80), known.has_read(100), known.has_read(None)) == (True, True, False)


def test_while_a_replica_answers_whoever_asks_asks_there(db):
    primary, other = connections["default"], connections["default"].copy()
    with replica._default_is(other):
        assert connections["default"] is other
    assert connections["default"] is primary
