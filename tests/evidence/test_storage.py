"""Where the bytes are kept may be away, full or forgetful: nothing acknowledged is lost by it, nothing is called unreadable for it."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.utils import timezone

from evidence import bucket, losing, storage
from evidence.models import Photo
from safety_api import outbox
from safety_api.models import OutboxMessage, TrailLine
from tests.cast.storages import AWAY, a_bucket, a_folder, said
from tests.cast.units import mine as a_unit
from tests.cast.visits import a_photo, a_visit, photo_id, picture
from tests.evidence.test_photos import VISIT, states, upload

pytestmark = pytest.mark.django_db
SHA = a_photo(1)["sha256"]
ORIGINAL = storage.original_name(SHA)
SMALL = [storage.derived_name(SHA, size, UUID(photo_id(1))) for size in ("screen", "thumb")]


@pytest.fixture(params=["folder", "bucket"])
def kept(request, tmp_path):
    with a_folder(tmp_path / "photos") if request.param == "folder" else a_bucket() as known:
        yield known


@pytest.fixture
def phone(as_):
    client = as_("inspector")
    assert client.put(VISIT, a_visit(a_unit(), photos=[a_photo(1)]), format="json").status_code == 201
    return client


@pytest.fixture
def ready(kept, phone):
    """Photo 1 of the visit is kept, and its small versions are made."""
    assert upload(phone, picture(1)).status_code == 201
    outbox.drain()
    return phone


def link(client, size: str = "original") -> str:
    return client.get(f"/api/v1/photos/{photo_id(1)}").json()["links"][size]


def later(**ago) -> None:
    """What waits is due, and what was stored was stored so long ago."""
    OutboxMessage.objects.update(due_at=timezone.now())
    Photo.objects.exclude(stored_at=None).update(stored_at=timezone.now() - timedelta(**ago))


# --- kept ------------------------------------------------------------------------------------------------------------------
def test_a_photo_and_its_small_versions_are_kept_and_read(kept, ready):
    assert sorted(kept.names()) == sorted([ORIGINAL, *SMALL])
    assert kept.read(ORIGINAL) == picture(1)
    answer = ready.get(link(ready))
    assert (b"".join(answer), answer["Content-Type"], states(ready)) == (picture(1), "image/jpeg", ["ready"])


def test_a_large_photo_is_read_whole(kept, as_):
    content = picture(1) + os.urandom(bucket.IN_MEMORY)
    phone = as_("inspector")
    phone.put(VISIT, a_visit(a_unit(), photos=[a_photo(1, content)]), format="json")
    assert upload(phone, content).status_code == 201
    assert b"".join(phone.get(link(phone))) == content


def test_the_same_content_twice_is_kept_once(kept, ready):
    assert upload(ready, picture(1), number=2).status_code == 202  # another photo, of the same bytes
    assert kept.names().count(ORIGINAL) == 1


def test_nothing_half_made_is_left(kept, phone):
    assert upload(phone, picture(1)[:-1]).status_code == 409
    assert (kept.names(), list(storage.incoming_folder().iterdir())) == ([], [])


def test_what_a_killed_process_was_receiving_goes_after_a_day(tmp_path):
    for name, age in (("photo-old", 100_000), ("photo-new", 100), ("other", 100_000)):
        path = tmp_path / name
        path.touch()
        os.utime(path, (path.stat().st_mtime - age,) * 2)
    storage._swept(tmp_path)
    assert sorted(os.listdir(tmp_path)) == ["other", "photo-new"]


# --- away ------------------------------------------------------------------------------------------------------------------
def test_an_upload_while_the_storage_is_away_is_503_and_succeeds_later(kept, phone):
    upload(phone, picture(2), number=2)  # the storage has been used before
    with kept.away():
        assert said(upload(phone, picture(1))) == AWAY
    assert states(phone) == ["missing"]
    assert (upload(phone, picture(1)).status_code, states(phone)) == (201, ["held"])


def test_a_photo_cannot_be_read_while_the_storage_is_away(kept, ready):
    address = link(ready)
    with kept.away():
        assert said(ready.get(address)) == AWAY
    assert (ready.get(address).status_code, states(ready)) == (200, ["ready"])


def test_a_storage_lost_right_after_the_201_makes_no_photo_unreadable(kept, phone):
    assert upload(phone, picture(1)).status_code == 201
    with kept.away():
        for _ in range(outbox.MOST_ATTEMPTS + 2):
            outbox.drain()
            later(hours=1)
        assert states(phone) == ["held"]
    message = OutboxMessage.objects.get(topic="photo.stored")
    assert (message.parked_at, message.attempts) == (None, 0)
    outbox.drain()
    assert states(phone) == ["ready"]


def test_what_needs_no_storage_does_not_wait_behind_what_does(kept, phone, monkeypatch):
    upload(phone, picture(1))
    outbox.send_many("photo.stored", [{"photo": photo_id(1)}] * 3)
    tried = []
    monkeypatch.setattr(outbox, "_wait", lambda message: tried.append(message.topic))
    with kept.away():
        outbox.drain()
    assert tried == ["photo.stored"]
    assert set(OutboxMessage.objects.values_list("topic", flat=True)) == {"photo.stored"}


def test_readyz_is_unavailable_while_the_storage_is_away(kept, client):
    assert client.get("/readyz").json()["parts"]["storage"] == "ok"
    kept.write("original/aa/bb/some", b"")
    with kept.away():
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"], answer.json()["parts"]["storage"]) == (503, "unavailable", "gone")


def test_a_folder_whose_disk_is_not_mounted_is_away_and_nothing_is_put_under_it(tmp_path, phone, client):
    with a_folder(tmp_path / "photos"):
        upload(phone, picture(1))
        outbox.drain()
        address = link(phone)
    with a_folder(tmp_path / "mountpoint"):
        Path(tmp_path, "mountpoint").mkdir()
        assert [said(phone.get(address)), said(upload(phone, picture(2), number=2))] == [AWAY, AWAY]
        assert client.get("/readyz").status_code == 503
        assert not Path(tmp_path, "mountpoint", "original").exists()
        losing.find_again()
    assert states(phone) == ["ready"]


@pytest.mark.parametrize("fault", [28, 5, 116, 30], ids=["full", "broken", "stale", "read-only"])
def test_a_disk_that_cannot_write_now_is_503(phone, monkeypatch, fault):
    def fails(_):
        raise OSError(fault, os.strerror(fault))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fails)
        assert said(upload(phone, picture(1))) == AWAY
    assert upload(phone, picture(1)).status_code == 201


def test_a_put_that_was_kept_short_is_not_acknowledged(phone, monkeypatch):
    with a_bucket():
        monkeypatch.setattr(bucket.Bucket, "size", lambda self, name: 1)
        assert said(upload(phone, picture(1))) == AWAY
        assert states(phone) == ["missing"]


# --- lost ------------------------------------------------------------------------------------------------------------------
@pytest.fixture(params=["removed", "cut short", "other bytes"])
def spoiled(request, kept, phone):
    """Photo 1 was acknowledged, and the storage has not kept it."""
    upload(phone, picture(1))
    wrong = {"cut short": picture(1)[:-9], "other bytes": picture(1)[:-1] + b"x"}.get(request.param)
    kept.remove(ORIGINAL)
    if wrong:
        kept.write(ORIGINAL, wrong)
    return phone


def shown(client) -> dict:
    return client.get(f"/api/v1/photos/{photo_id(1)}").json()


def letters(client) -> list[str]:
    return [each["kind"] for each in client.get("/api/v1/inbox?done=false").json()["results"] if each["kind"] == "photo.lost"]


def test_a_lost_photo_is_first_tried_again_then_told_and_missing(spoiled, client):
    outbox.drain()
    assert states(spoiled) == ["held"]  # it may be seen late
    later(minutes=2)
    outbox.drain()
    assert (shown(spoiled)["state"], shown(spoiled)["lost_at"] is not None, shown(spoiled)["links"]["original"]) == ("missing", True, None)
    assert spoiled.get(f"{VISIT}/receipt").json()["complete"] is False
    assert letters(spoiled) == ["photo.lost"]
    assert "photos_lost" in {each["name"] for each in client.get("/readyz").json()["degraded"]}
    assert TrailLine.objects.filter(verb="photo.lost").count() == 1
    assert not OutboxMessage.objects.filter(topic="photo.stored").exists()


def test_a_lost_photo_is_whole_again_when_its_bytes_are_sent_again(kept, spoiled):
    later(minutes=2)
    outbox.drain()
    assert upload(spoiled, picture(1)).status_code == 201
    outbox.drain()
    assert (states(spoiled), letters(spoiled), shown(spoiled)["lost_at"]) == (["ready"], [], None)
    assert kept.read(ORIGINAL) == picture(1)


def test_bytes_sent_again_before_anybody_noticed_the_loss_are_kept_again(kept, spoiled):
    assert upload(spoiled, picture(1)).status_code == 200
    assert kept.read(ORIGINAL) == picture(1)
    outbox.drain()
    assert states(spoiled) == ["ready"]


def test_a_lost_photo_that_turns_up_in_the_storage_is_found(kept, spoiled):
    later(minutes=2)
    outbox.drain()
    assert losing.find_again() == 0
    kept.write(ORIGINAL, picture(1))
    assert (losing.find_again(), losing.find_again()) == (1, 0)
    outbox.drain()
    assert (states(spoiled), letters(spoiled)) == (["ready"], [])


def test_a_lost_photo_that_the_phone_has_not_got_either_is_given_up(spoiled, client):
    later(minutes=2)
    outbox.drain()
    answer = spoiled.post(f"/api/v1/photos/{photo_id(1)}/give-up", {"reason": "手机已换，原图无法找回"}, format="json")
    assert (answer.status_code, states(spoiled), letters(spoiled)) == (200, ["refused"], [])
    assert "photos_lost" not in {each["name"] for each in client.get("/readyz").json()["degraded"]}


def test_a_reader_who_meets_a_lost_original_is_told_and_it_is_waited_for(kept, ready):
    address = link(ready)
    kept.remove(ORIGINAL)
    later(minutes=2)
    assert said(ready.get(address))[:2] == (503, "not_in_storage")
    assert (states(ready), letters(ready)) == (["missing"], ["photo.lost"])


def test_a_small_version_that_is_lost_is_made_again(kept, ready):
    kept.remove(SMALL[1])
    address = link(ready, "thumb")
    assert [said(ready.get(address)) for _ in range(3)] == [AWAY] * 3
    assert OutboxMessage.objects.filter(topic="photo.stored").count() == 1
    outbox.drain()
    assert ready.get(address).status_code == 200
