"""变更戳: a cursor that skips nobody, and a tag that changes exactly when something became visible."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from reference.models import Load, Sector
from safety_api import stamps
from safety_api.models import Epoch, Tombstone, TrailLine
from safety_api.problems import Problem
from safety_api.stamps import SETTLED_BELOW, SNAPSHOT, Cursor, changes_after, etag_of, horizon, settled, state_of
from tests.ground.connections import another, as_owner, phone_of

INSERT = "INSERT INTO reference_load (new, changed, removed) VALUES (%s, 0, 0) RETURNING id"
KINDS = ("reference.Load",)


@pytest.fixture
def table(lasting_notes):
    """A stamped table, and a cursor at its end."""
    return Reader()


class Reader:
    """A phone that keeps its cursor."""

    def __init__(self):
        self.cursor = Cursor()
        self.read()

    def read(self, limit: int = 100) -> list[int]:
        found, self.cursor = changes_after(Load.objects.all(), Cursor.read(str(self.cursor)), limit)
        return [row.new for row in found]


def write(new: int) -> Load:
    return Load.objects.create(new=new, changed=0, removed=0)


def tag() -> str:
    return state_of(KINDS).tag("anybody")


# --- the stamp ----------------------------------------------------------------------------------------------------------------
def test_every_write_stamps_the_row_with_its_transaction(table):
    load = write(1)
    load.refresh_from_db()
    first = etag_of(load)
    Load.objects.filter(pk=load.pk).update(new=2, xid=5, epoch=9)  # what a caller writes there never survives
    load.refresh_from_db()
    assert (load.epoch, load.xid > 5, etag_of(load) != first) == (1, True, True)


def test_a_deleted_row_leaves_a_tombstone(table):
    load = write(1)
    key = str(load.pk)
    load.delete()
    stone = Tombstone.objects.get()
    assert (stone.table_name, stone.key, stone.epoch, stone.xid > 0) == ("reference_load", key, 1, True)


# --- the cursor -----------------------------------------------------------------------------------------------------------------
def test_rows_of_a_late_committing_transaction_are_read_exactly_once(table):
    met = []
    with another() as slow:
        slow.execute(INSERT, [1])
        write(2)
        met += table.read()  # the second has committed, the first has not
        slow.commit()
    met += table.read()
    met += table.read()
    assert met == [1, 2]


def test_a_reader_does_not_pass_ids_that_a_crash_gives_out_again(table):
    """`kill -9` of PostgreSQL after 300 rolled back transactions: the next row was written 24 ids before what a reader had been told is over."""
    newest = write(1)
    newest.refresh_from_db()
    with another() as refused:
        for _ in range(5):
            refused.execute(INSERT, [2])
            refused.rollback()
    now = horizon(KINDS, newest.epoch, newest.xid)
    assert (now.below, now.changed) == (newest.xid + 1, {"reference.Load"})
    assert horizon(KINDS, now.epoch, now.below).changed == set()


def test_with_the_cluster_wide_snapshot_a_late_transaction_is_also_withheld(table, monkeypatch):
    """The other tests count this database's transactions only; here stands what runs in earnest."""
    monkeypatch.setattr(stamps, "SETTLED_BELOW", SETTLED_BELOW)
    monkeypatch.setattr(stamps, "SNAPSHOT", SNAPSHOT)
    with another() as slow:
        slow.execute(INSERT, [1])
        write(2)
        assert table.read() == []
        before = tag()
        slow.commit()
        assert tag() != before
    assert table.read() in ([], [1, 2])  # as soon as the transactions of other databases let it
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {SETTLED_BELOW}, {SNAPSHOT}")
        below, snapshot = cursor.fetchone()
    assert str(below) == snapshot.split(":")[0]


def test_a_row_changed_again_is_read_again_in_its_last_state_only(table):
    load = write(1)
    assert table.read() == [1]
    Load.objects.filter(pk=load.pk).update(new=2)
    Load.objects.filter(pk=load.pk).update(new=3)
    assert (table.read(), table.read()) == ([3], [])


def test_many_rows_of_one_transaction_are_read_in_pages(table):
    with transaction.atomic():
        for number in range(7):
            write(number)
    pages = [table.read(limit=3) for _ in range(4)]
    assert [len(page) for page in pages] == [3, 3, 1, 0]
    assert sorted(number for page in pages for number in page) == list(range(7))


@pytest.mark.parametrize("text", ["", "1", "1.2", "a.b.c", "1.x.", "1..", "1.2.notanumber", "1.2.\x00", "1.2.\ud800"])
def test_an_invalid_cursor_is_refused(db, text):
    with pytest.raises(Problem, match="bad_cursor"):
        changes_after(Load.objects.all(), Cursor.read(text), 10)


@pytest.mark.parametrize("text", ["9" * 40 + ".1.", "1." + "9" * 40 + ".", "-1.-1.", f"1.1.{'9' * 30}"])
def test_a_change_cursor_out_of_range_is_read_without_a_fault(db, text):
    changes_after(Load.objects.all(), Cursor.read(text), 10)


def test_a_stamped_table_joined_to_another_can_be_read(db):
    from reference.models import SectorDepartment

    assert settled(SectorDepartment.objects.select_related("sector", "department")).count() >= 0
    list(settled(SectorDepartment.objects.select_related("sector", "department"))[:1])


# --- the tag ------------------------------------------------------------------------------------------------------------------------
def test_the_etag_is_stable_without_changes_and_differs_per_person(table):
    write(1)
    assert tag() == tag()
    assert tag() != state_of(KINDS).tag("somebody else")


def test_the_etag_changes_when_a_late_transaction_commits(table):
    with another() as slow:
        slow.execute(INSERT, [1])
        write(2)
        before = tag()
        assert tag() == before
        slow.commit()
        assert tag() != before


def test_the_etag_changes_with_a_deletion(table):
    load = write(1)
    write(2)
    before = tag()
    load.delete()
    assert tag() != before


def test_the_etag_changes_with_a_deletion_that_commits_late(table):
    one, other = write(1), write(2)
    write(3)
    with another() as slow:
        slow.execute("DELETE FROM reference_load WHERE id = %s", [one.pk])
        other.delete()
        before = tag()
        slow.commit()
        assert tag() != before


def test_a_list_is_answered_304_until_something_changes(table):
    phone = phone_of("inspector")
    write(1)
    first = phone.get("/api/v1/notes")
    assert (first.status_code, first["Cache-Control"]) == (200, "private, no-cache")
    again = phone.get("/api/v1/notes", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert phone_of("inspector2").get("/api/v1/notes", headers={"If-None-Match": first["ETag"]}).status_code == 200
    assert phone.get("/api/v1/notes?limit=1", headers={"If-None-Match": first["ETag"]}).status_code == 200
    write(2)
    changed = phone.get("/api/v1/notes", headers={"If-None-Match": first["ETag"]})
    assert (changed.status_code, len(changed.json()["results"])) == (200, len(first.json()["results"]) + 1)


def test_a_stale_edit_is_answered_412(table):
    phone, load = phone_of("inspector"), write(1)
    address = f"/api/v1/notes/{load.pk}"
    seen = phone.get(address)["ETag"]
    with transaction.atomic():
        fresh = phone.put(address, {"new": 2}, format="json", headers={"If-Match": seen})
    assert (fresh.status_code, fresh.json()["new"]) == (200, 2)
    with transaction.atomic():
        stale = phone.put(address, {"new": 3}, format="json", headers={"If-Match": seen})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    assert Load.objects.get(pk=load.pk).new == 2


# --- after a restore -----------------------------------------------------------------------------------------------------------------
@pytest.fixture
def epochs(epoch_put_back, table):
    return table


def test_the_application_s_role_cannot_begin_an_epoch(db):
    with pytest.raises(CommandError, match="MIGRATE_DATABASE_URL"), transaction.atomic():
        call_command("after_restore")


def test_after_a_restore_the_epoch_increases_and_cursors_continue(epochs, capsys):
    write(1)
    assert epochs.read() == [1]
    before = tag()
    with as_owner():
        call_command("after_restore")
    assert (capsys.readouterr().out, Epoch.objects.get().number) == ("同步纪元 2。\n", 2)
    assert tag() != before
    write(2)
    assert epochs.cursor.epoch == 1
    assert (epochs.read(), epochs.cursor.epoch, epochs.read()) == ([2], 2, [])


def test_the_trail_is_sealed_and_verified_across_epochs(epochs):
    from safety_api import trail

    person = Sector.objects.first()
    trail.record(trail.SYSTEM, "test.before", person)
    with another(owner=True, autocommit=True) as owner:
        owner.execute("UPDATE safety_epoch SET number = 2")
    trail.record(trail.SYSTEM, "test.after", person)
    trail.seal()
    assert list(TrailLine.objects.filter(verb__startswith="test.").order_by("id").values_list("epoch", flat=True)) == [
        1,
        2,
    ]
    assert list(trail.verify()) == []


# --- after a promotion --------------------------------------------------------------------------------------------------------------
def promote() -> None:
    """The timeline in which the epoch began is another than the server's now, as after a promotion (tests/ops/test_failover.py has a real one)."""
    with another(owner=True, autocommit=True) as owner:
        owner.execute("UPDATE safety_epoch SET timeline = '00000000'")


def test_a_promotion_changes_every_tag_before_anything_was_written(epochs):
    write(1)
    before = tag()
    promote()
    assert tag() != before
    assert tag() == tag()


def test_the_first_write_after_a_promotion_begins_an_epoch_and_the_next_do_not(epochs):
    write(1)
    assert epochs.read() == [1]
    promote()
    loads = [write(2), write(3)]
    for load in loads:
        load.refresh_from_db()
    assert [load.epoch for load in loads] == [2, 2]
    assert (epochs.read(), epochs.cursor.epoch) == ([2, 3], 2)


def test_a_deletion_after_a_promotion_begins_an_epoch_too(epochs):
    load = write(1)
    promote()
    load.delete()
    assert Tombstone.objects.get().epoch == Epoch.objects.get().number == 2


def test_writers_that_meet_after_a_promotion_begin_one_epoch(epochs):
    promote()
    with another() as slow, another() as other:
        slow.execute(INSERT, [1])
        with ThreadPoolExecutor(1) as beside:
            waits = beside.submit(other.execute, INSERT, [2])
            slow.commit()
            waits.result()
        other.commit()
    assert sorted(Load.objects.filter(new__in=(1, 2)).values_list("epoch", flat=True))[-2:] == [2, 2]
    assert Epoch.objects.get().number == 2


SNAPSHOTS = [  # the newest stamp is 700; what a server says of those under way; what of it may still come
    ("701:701:", []),
    ("690:705:690,703", ["690"]),
    ("701:705:703", []),
    ("690:0:0/3016E80", ["0/3016E80"]),
    ("701:0:0/3016E80", []),
]


@pytest.mark.parametrize("snapshot, may_come", SNAPSHOTS, ids=[row[0] for row in SNAPSHOTS])
def test_a_replica_that_names_nobody_under_way_says_how_far_it_has_read(snapshot, may_come):
    assert stamps.under_way(snapshot, 700) == may_come
