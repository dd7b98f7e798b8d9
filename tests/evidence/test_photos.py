"""照片: what was acknowledged is on disk under its hash, and is never silently replaced."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from PIL import Image

from evidence import actions, looking, storage
from evidence.models import EarlyUpload, Photo
from evidence.shown import flagged
from inspections.models import Inspection
from safety_api import outbox
from safety_api.models import OutboxMessage, TrailLine
from safety_api.problems import READERS_BUSY
from tests.cast.hostile import PICTURES, many_scans
from tests.cast.pictures import KINDS, MP4, noise, saved
from tests.cast.units import mine as a_unit
from tests.cast.uploads import cut
from tests.cast.visits import HAZARD, POINT, a_finding, a_photo, a_visit, photo_id, picture

pytestmark = pytest.mark.django_db
VISIT = "/api/v1/inspections/7a2f6c39-5b44-4be5-9a38-6f3f1f1c0001"


def upload(client, content: bytes, number: int = 1):
    return client.put(f"/api/v1/photos/{photo_id(number)}/content", content, content_type="image/jpeg")


@pytest.fixture
def phone(as_):
    """An inspector's phone whose visit with photo 1 has arrived, without the photo."""
    client = as_("inspector")
    assert client.put(VISIT, a_visit(a_unit(), photos=[a_photo(1)]), format="json").status_code == 201
    return client


def states(client) -> list[str]:
    return [photo["state"] for photo in client.get(f"{VISIT}/receipt").json()["photos"]]


def test_a_photo_is_held_then_ready_and_the_receipt_is_complete(phone):
    assert (states(phone), phone.get(f"{VISIT}/receipt").json()["complete"]) == (["missing"], False)
    assert upload(phone, picture(1)).status_code == 201
    assert (states(phone), phone.get(f"{VISIT}/receipt").json()["complete"]) == (["held"], True)
    outbox.drain()
    assert states(phone) == ["ready"]


def test_the_original_is_stored_byte_for_byte_under_its_hash(phone):
    upload(phone, picture(1))
    name = storage.original_name(a_photo(1)["sha256"])
    assert Path(default_storage.path(name)).read_bytes() == picture(1)
    assert not list(storage.incoming_folder().iterdir())  # nothing is left behind


def test_uploading_the_same_bytes_again_changes_nothing(phone):
    assert [upload(phone, picture(1)).status_code for _ in range(3)] == [201, 200, 200]
    assert OutboxMessage.objects.filter(topic="photo.stored").count() == 1


@pytest.mark.parametrize(
    "content", [picture(2), picture(1) + b"x", picture(1)[:-1]], ids=["another", "longer", "shorter"]
)
@pytest.mark.parametrize("already", [False, True], ids=["before", "after"])
def test_bytes_other_than_declared_are_refused_before_and_after_the_upload(phone, content, already):
    if already:
        upload(phone, picture(1))
    answer = upload(phone, content)
    assert (answer.status_code, answer.json()["code"]) in [(409, "bytes_differ"), (413, "photo_too_large")]
    assert states(phone) == ["held" if already else "missing"]


def test_a_photo_uploaded_before_its_record_is_held_and_joined_later(as_):
    client, mine = as_("inspector"), a_unit()
    answer = upload(client, picture(1))
    assert (answer.status_code, answer.json()["state"]) == (202, "held")
    assert upload(client, picture(1)).status_code == 202
    client.put(VISIT, a_visit(mine, photos=[a_photo(1)]), format="json")
    assert states(client) == ["held"]
    assert not EarlyUpload.objects.exists()


def test_an_early_photo_with_other_bytes_is_not_joined_to_its_record(as_):
    client, mine = as_("inspector"), a_unit()
    upload(client, picture(9))
    client.put(VISIT, a_visit(mine, photos=[a_photo(1)]), format="json")
    assert states(client) == ["missing"]


def test_an_early_photo_missed_by_its_record_is_joined_by_the_scheduled_task(phone, people):
    EarlyUpload.objects.create(
        photo_id=photo_id(1), uploaded_by=people["inspector"].pk, sha256=a_photo(1)["sha256"], size=a_photo(1)["size"],
        media_type="image/jpeg", width=64, height=48,
    )  # fmt: skip
    assert (actions.join_early(), actions.join_early()) == (1, 0)
    assert states(phone) == ["held"]


def test_an_early_photo_that_its_phone_sent_again_waits_no_more(phone, people):
    EarlyUpload.objects.create(
        photo_id=photo_id(1), uploaded_by=people["inspector"].pk, sha256=a_photo(1)["sha256"], size=a_photo(1)["size"],
        media_type="image/jpeg", width=64, height=48,
    )  # fmt: skip
    assert upload(phone, picture(1)).status_code == 201
    assert (actions.join_early(), EarlyUpload.objects.count()) == (0, 0)


def test_uploading_first_cannot_block_another_persons_photo(as_):
    upload(as_("inspector2"), picture(9))
    client = as_("inspector")
    client.put(VISIT, a_visit(a_unit(), photos=[a_photo(1)]), format="json")
    assert upload(client, picture(1)).status_code == 201


def test_a_photo_of_another_jurisdiction_is_not_found(phone, as_):
    stranger = as_("inspector2")
    assert upload(stranger, picture(1)).status_code == 404
    assert stranger.get(f"/api/v1/photos/{photo_id(1)}").status_code == 404


def test_a_photo_id_already_in_use_is_refused(phone):
    other = VISIT[:-1] + "2"
    body = a_visit(None, place="东关村口", region="141123100200", hazards=[], photos=[a_photo(1)])
    answer = phone.put(other, body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "id_reused")
    assert phone.get(other).status_code == 404  # nothing half-stored


NOT_PICTURES = {
    "words": b"this is no image at all" * 10,
    "pdf": b"%PDF-1.7\n" + b"0" * 200,
    "magic alone": b"\xff\xd8\xff\xe0" + b"\0" * 40,
}


@pytest.mark.parametrize("content", NOT_PICTURES.values(), ids=NOT_PICTURES)
def test_a_file_that_is_no_image_is_refused(as_, content):
    answer = upload(as_("inspector"), content)
    assert (answer.status_code, answer.json()["code"]) == (400, "not_an_image")


def test_an_empty_photo_is_refused(as_):
    assert upload(as_("inspector"), b"").json()["code"] == "empty_photo"


def test_a_169_megapixel_png_of_few_bytes_is_refused_without_being_decoded(as_):
    buffer = BytesIO()
    Image.new("1", (13000, 13000)).save(buffer, "PNG")
    assert len(buffer.getvalue()) < 600_000
    answer = as_("inspector").put(f"/api/v1/photos/{photo_id(1)}/content", buffer.getvalue(), content_type="image/png")
    assert (answer.status_code, answer.json()["code"]) == (400, "too_many_pixels")


def test_a_photo_above_the_size_limit_is_refused(as_, settings):
    settings.PHOTO_MAX_BYTES = 100
    answer = upload(as_("inspector"), picture(1))
    assert (answer.status_code, answer.json()["code"]) == (413, "photo_too_large")


def test_a_truncated_jpeg_is_stored_and_marked_as_unreadable(as_):
    whole = picture(1, size=(800, 600))
    broken = whole[: len(whole) // 2]
    client = as_("inspector")
    client.put(VISIT, a_visit(a_unit(), photos=[a_photo(1, broken)]), format="json")
    assert upload(client, broken).status_code == 201
    outbox.drain()
    assert states(client) == ["unreadable"]
    assert Path(default_storage.path(storage.original_name(a_photo(1, broken)["sha256"]))).read_bytes() == broken


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF"])
def test_a_damaged_picture_is_unreadable_although_its_exif_can_be_read(as_, form):
    phone, whole = as_("inspector"), noise(form)
    broken = whole[: len(whole) * 3 // 4]
    declared(phone, broken)
    assert upload(phone, broken).status_code == 201
    outbox.drain()
    assert states(phone) == ["unreadable"]


def declared(client, content: bytes, number: int = 1, key: str = VISIT, **fields):
    """A visit without a unit whose photo is about to come."""
    body = a_visit(
        None, place="东关村口", region="141123100200", hazards=[], photos=[a_photo(number, content, **fields)]
    )
    return client.put(key, body, format="json")


@pytest.mark.parametrize("content, media_type", KINDS.values(), ids=KINDS)
def test_every_kind_of_photo_is_taken_shown_and_served_as_it_came(as_, content, media_type):
    phone = as_("inspector")
    declared(phone, content, media_type="application/octet-stream")
    assert upload(phone, content).status_code == 201
    outbox.drain()
    shown = phone.get(f"/api/v1/photos/{photo_id(1)}").json()
    assert (shown["state"], shown["kept_type"], shown["flags"]) == ("ready", media_type, [])
    original = phone.get(shown["links"]["original"])
    assert (original["Content-Type"], b"".join(original.streaming_content)) == (media_type, content)


BELIEVED = [
    "image/jpg",
    "IMAGE/JPEG",
    "application/octet-stream",
    "image/x-unknown",
    "",
    "照片",
    None,
    7,
    ["image/jpeg"],
    "x" * 500,
]


@pytest.mark.parametrize("said", BELIEVED, ids=[f"{said!r:.20}" for said in BELIEVED])
def test_no_media_type_refuses_a_visit(as_, said):
    phone = as_("inspector")
    assert declared(phone, picture(1), media_type=said).status_code == 201
    assert upload(phone, picture(1)).status_code == 201


def test_a_media_type_other_than_that_of_the_bytes_is_a_flag(as_):
    phone, content = as_("inspector"), picture(1, form="PNG")
    declared(phone, content, media_type="image/jpeg")
    upload(phone, content)
    outbox.drain()
    shown = phone.get(f"/api/v1/photos/{photo_id(1)}").json()
    assert (shown["media_type"], shown["kept_type"], shown["flags"]) == ("image/jpeg", "image/png", ["type_differs"])
    assert shown["remarks"] == [{"code": "type_differs", "detail": "文件的实际类型与申报的不符。"}]
    assert phone.get(shown["links"]["original"])["Content-Type"] == "image/png"


def test_a_photo_that_was_stored_before_types_were_kept_is_served_as_what_it_is(phone):
    upload(phone, picture(1))
    Photo.objects.update(kept_type=None, media_type="image/heic")
    links = phone.get(f"/api/v1/photos/{photo_id(1)}").json()["links"]
    assert phone.get(links["original"])["Content-Type"] == "image/jpeg"


# --- what can never be stored --------------------------------------------------------------------------------------------------
TOO_MUCH = [
    ({"size": 31 * 1024 * 1024}, "/photos/0/size", "photo_too_large"),
    ({"size": 200 * 1024 * 1024}, "/photos/0/size", "photo_too_large"),
    ({"width": 20000, "height": 15000}, "/photos/0/width", "too_many_pixels"),
]


@pytest.mark.parametrize("fields, pointer, code", TOO_MUCH)
def test_what_the_door_of_the_bytes_would_not_take_is_refused_when_declared(as_, fields, pointer, code):
    answer = declared(as_("inspector"), picture(1), **fields)
    assert answer.status_code == 400
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [(pointer, code)]


def test_what_could_be_declared_is_taken_after_the_limit_was_lowered(as_, settings):
    phone = as_("inspector")
    assert declared(phone, picture(1)).status_code == 201
    settings.PHOTO_MAX_BYTES = 100
    assert upload(phone, picture(1)).status_code == 201


def vast() -> bytes:
    return saved(Image.new("1", (13000, 13000)), "PNG")


NEVER = {
    "words": (b"no picture " * 9, "not_an_image"),
    "a video": (MP4, "not_an_image"),
    "169 megapixels": (vast(), "too_many_pixels"),
}


@pytest.mark.parametrize("content, word", NEVER.values(), ids=NEVER)
def test_a_photo_that_can_never_be_stored_has_a_final_state_in_the_receipt(as_, content, word):
    phone = as_("inspector")
    declared(phone, content)
    assert [code_of(upload(phone, content)) for _ in range(2)] == [(400, word)] * 2
    receipt = phone.get(f"{VISIT}/receipt").json()
    assert [(each["state"], each["refused_because"]) for each in receipt["photos"]] == [("refused", word)]
    assert receipt["complete"]  # nothing more will come
    assert phone.get(f"/api/v1/photos/{photo_id(1)}").json()["links"] == {
        "thumb": None,
        "screen": None,
        "original": None,
    }


def test_a_photo_whose_header_takes_too_long_is_refused_for_good(as_, monkeypatch):
    monkeypatch.setattr(looking, "HEADER", replace(looking.HEADER, seconds=1e-6))
    phone = as_("inspector")
    declared(phone, picture(1))
    assert code_of(upload(phone, picture(1))) == (422, "file_too_heavy")
    assert [each["refused_because"] for each in phone.get(f"{VISIT}/receipt").json()["photos"]] == ["file_too_heavy"]


def test_a_photo_whose_decoding_takes_too_much_is_unreadable_and_the_trail_says_why(as_, monkeypatch):
    monkeypatch.setattr(looking, "WHOLE", replace(looking.WHOLE, memory=16 * 1024 * 1024))
    phone, large = as_("inspector"), saved(Image.new("RGB", (4000, 4000)), "PNG")
    declared(phone, large)
    assert upload(phone, large).status_code == 201
    outbox.drain()
    assert states(phone) == ["unreadable"] and not OutboxMessage.objects.exists()
    assert TrailLine.objects.get(verb="photo.unreadable").details["because"] == "memory"


@pytest.mark.parametrize("build", [PICTURES["a hundred texts of 1 MB"], PICTURES["a profile of 200 MB"]])
def test_a_picture_whose_parts_unpack_to_much_is_shown_or_unreadable_at_once(as_, build):
    phone, content = as_("inspector"), build()
    declared(phone, content)
    assert upload(phone, content).status_code in (201, 400)
    outbox.drain()
    assert states(phone)[0] in ("ready", "unreadable", "refused") and not OutboxMessage.objects.exists()


def test_a_picture_of_endless_scans_is_unreadable_by_its_cpu_seconds(as_, monkeypatch):
    monkeypatch.setattr(looking, "WHOLE", replace(looking.WHOLE, cpu=1))
    phone, content = as_("inspector"), many_scans(side=3000)
    declared(phone, content)
    assert upload(phone, content).status_code == 201
    outbox.drain()
    assert states(phone) == ["unreadable"]
    assert TrailLine.objects.get(verb="photo.unreadable").details["because"] == "cpu"


def test_a_photo_is_tried_again_when_nothing_could_look_at_it(phone, monkeypatch):
    assert upload(phone, picture(1)).status_code == 201
    monkeypatch.setattr(looking, "read", lambda *_, **__: (_ for _ in ()).throw(READERS_BUSY()))
    outbox.drain()
    assert states(phone) == ["held"] and OutboxMessage.objects.get().attempts == 1
    monkeypatch.undo()
    OutboxMessage.objects.update(due_at=timezone.now())
    outbox.drain()
    assert states(phone) == ["ready"]


def test_a_photo_refused_before_its_record_came_is_refused_in_its_receipt_at_once(as_):
    phone, content = as_("inspector"), NEVER["words"][0]
    assert code_of(upload(phone, content)) == (400, "not_an_image")
    declared(phone, content)
    assert states(phone) == ["refused"]
    assert not EarlyUpload.objects.exists()


def test_bytes_refused_before_their_record_do_not_stand_in_the_way_of_the_right_ones(as_):
    phone = as_("inspector")
    assert code_of(upload(phone, b"no picture")) == (400, "not_an_image")
    assert upload(phone, picture(1)).status_code == 202
    declared(phone, picture(1))
    assert states(phone) == ["held"]


def test_a_refused_photo_is_held_once_its_bytes_are_taken_after_all(as_, settings):
    phone, content = as_("inspector"), picture(1)
    declared(phone, content)
    settings.PHOTO_MAX_PIXELS = 100
    assert code_of(upload(phone, content)) == (400, "too_many_pixels")
    settings.PHOTO_MAX_PIXELS = 1_000_000
    assert upload(phone, content).status_code == 201
    assert states(phone) == ["held"]


def give_up(client, **body):
    return client.post(
        f"/api/v1/photos/{photo_id(1)}/give-up", {"reason": "手机损坏，原图无法找回", **body}, format="json"
    )


def test_a_photo_that_the_phone_lost_is_waited_for_no_longer(phone):
    assert [give_up(phone).status_code for _ in range(2)] == [200, 200]
    assert (states(phone), phone.get(f"{VISIT}/receipt").json()["complete"]) == (["refused"], True)
    line = TrailLine.objects.get(verb="photo.give_up")
    assert line.details["reason"] == "手机损坏，原图无法找回"


def test_a_photo_that_was_given_up_is_held_when_it_turns_up(phone):
    give_up(phone)
    assert upload(phone, picture(1)).status_code == 201
    assert states(phone) == ["held"]


def test_only_its_own_person_gives_a_photo_up_and_only_while_it_is_missing(phone, as_):
    assert give_up(as_("department")).status_code == 404
    assert code_of(give_up(phone, reason=" ")) == (400, "reason_required")
    upload(phone, picture(1))
    assert code_of(give_up(phone)) == (409, "wrong_step")
    assert states(phone) == ["held"]


def test_photos_stored_before_are_read_anew_once(phone, capsys):
    upload(phone, picture(1))
    Photo.objects.update(kept_type=None, state="unreadable", width=48, height=64)
    call_command("reread_photos")
    photo = Photo.objects.get()
    assert (photo.state, photo.kept_type, photo.width, photo.height) == ("ready", "image/jpeg", 64, 48)
    call_command("reread_photos")
    assert capsys.readouterr().out.splitlines()[-1] == "完成：0 张"


def code_of(answer):
    return answer.status_code, answer.json()["code"]


# --- cut on the way --------------------------------------------------------------------------------------------------------------
def test_half_of_an_early_photo_is_not_taken_for_whole(as_):
    phone, content = as_("inspector"), picture(1, size=(800, 600))
    assert code_of(cut(phone, "PUT", f"/api/v1/photos/{photo_id(1)}/content", content)) == (400, "cut_off")
    assert not EarlyUpload.objects.exists()
    assert upload(phone, content).status_code == 202
    assert not list(storage.incoming_folder().iterdir())


def test_half_of_a_declared_photo_is_not_taken_and_its_state_stays(phone):
    assert code_of(cut(phone, "PUT", f"/api/v1/photos/{photo_id(1)}/content", picture(1))) == (400, "cut_off")
    assert states(phone) == ["missing"]
    assert upload(phone, picture(1)).status_code == 201


# --- what the file says ------------------------------------------------------------------------------------------------------------
def test_derivatives_are_upright_bounded_and_without_exif(phone):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif.get_ifd(0x8825).update({1: "N", 2: (38.0, 27.0, 42.0), 3: "E", 4: (111.0, 7.0, 38.0)})
    exif.get_ifd(0x8769)[0x9003] = "2026:11:20 09:41:30"
    content = picture(5, size=(3000, 2000), exif=exif)
    phone.put(
        VISIT[:-1] + "3",
        a_visit(None, place="东关村口", region="141123100200", hazards=[], photos=[a_photo(5, content)]),
        format="json",
    )
    upload(phone, content, 5)
    outbox.drain()
    photo = Photo.objects.get(pk=photo_id(5))
    assert (photo.state, photo.flags, photo.width, photo.height) == ("ready", [], 2000, 3000)
    assert photo.exif_taken_at.isoformat() == "2026-11-20T01:41:30+00:00"
    assert (round(photo.exif_point.x, 4), round(photo.exif_point.y, 4)) == (111.1272, 38.4617)
    for size, longest in (("screen", 1280), ("thumb", 320)):
        with Image.open(default_storage.path(storage.derived_name(photo.sha256, size, photo.pk))) as image:
            assert (image.format, max(image.size), image.height > image.width) == ("WEBP", longest, True)
            assert not image.getexif()


def test_a_photo_whose_exif_differs_in_time_or_place_is_flagged_not_refused(phone):
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (37.0, 0.0, 0.0), 3: "E", 4: (111.0, 0.0, 0.0)})
    exif.get_ifd(0x8769)[0x9003] = "2026:11:19 09:41:30"
    content = picture(6, exif=exif)
    phone.put(
        VISIT[:-1] + "4",
        a_visit(None, place="东关村口", region="141123100200", hazards=[], photos=[a_photo(6, content)]),
        format="json",
    )
    assert upload(phone, content, 6).status_code == 201
    outbox.drain()
    assert Photo.objects.get(pk=photo_id(6)).flags == [
        "exif_time_differs", "exif_place_differs", "time_outside_record", "place_outside_record",
    ]  # fmt: skip


def test_a_photo_taken_at_another_time_and_place_than_its_visit_is_flagged(as_):
    phone, elsewhere = as_("inspector"), {**POINT, "lon": POINT["lon"] + 0.1}
    declared(phone, picture(1), taken_at="2026-11-19T09:41:00+08:00", location=elsewhere)
    upload(phone, picture(1))
    outbox.drain()
    assert Photo.objects.get().flags == ["time_outside_record", "place_outside_record"]


def flags_by_number() -> dict[int, list[str]]:
    return {number: photo.flags for number in (1, 2) for photo in Photo.objects.filter(pk=photo_id(number))}


def test_the_same_bytes_in_another_visit_are_flagged_in_both(as_):
    phone = as_("inspector")
    for number, key in ((1, VISIT), (2, VISIT[:-1] + "2")):
        declared(phone, picture(1), number, key)
        upload(phone, picture(1), number)
        outbox.drain()
    assert flags_by_number() == {1: ["same_bytes"], 2: ["same_bytes"]}
    shown = phone.get(f"/api/v1/photos/{photo_id(2)}").json()["same_bytes_in"]
    assert [(each["id"], each["owner_kind"], each["owner"]) for each in shown] == [
        (photo_id(1), "inspection", VISIT[-36:])
    ]


def test_lists_are_asked_for_records_whose_photos_are_flagged(as_):
    phone = as_("inspector")
    found = a_visit(a_unit(), hazards=[a_finding(photos=[photo_id(1)])], photos=[a_photo(1)])
    phone.put(VISIT, found, format="json")
    declared(phone, picture(1), 2, VISIT[:-1] + "2")
    for number in (1, 2):
        upload(phone, picture(1), number)
    outbox.drain()
    listed = {
        kind: {each["id"] for each in phone.get(f"/api/v1/{kind}?photo_flag=same_bytes").json()["results"]}
        for kind in ("inspections", "hazards")
    }
    assert listed == {"inspections": {VISIT[-36:], VISIT[-36:-1] + "2"}, "hazards": {HAZARD}}
    assert phone.get("/api/v1/inspections?photo_flag=type_differs").json()["results"] == []
    assert phone.get("/api/v1/accidents?photo_flag=same_bytes").json()["results"] == []
    shown = phone.get(f"/api/v1/hazards/{HAZARD}").json()["photos"]
    assert [each["remarks"] for each in shown] == [
        [{"code": "same_bytes", "detail": "同样的照片还见于另一记录或另一人。"}]
    ]


def test_flagged_records_are_found_by_the_index_of_flagged_photos(db):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "photo_flagged" in flagged(Inspection.objects.all(), "inspection", "same_bytes").explain()
    assert (
        "photo_same_bytes"
        in actions.same_bytes(Photo(sha256="a" * 64, owner_id=photo_id(1), declared_by=photo_id(1))).explain()
    )


def test_the_same_bytes_of_another_person_are_flagged_and_theirs_not_shown(as_):
    for who, number, region in (("inspector", 1, "141123100200"), ("inspector2", 2, "141123101201")):
        key, body = (
            VISIT[:-1] + str(number),
            a_visit(None, place="村口", region=region, hazards=[], photos=[a_photo(number, picture(1))]),
        )
        assert as_(who).put(key, body, format="json").status_code == 201
        upload(as_(who), picture(1), number)
    outbox.drain()
    assert flags_by_number() == {1: ["same_bytes"], 2: ["same_bytes"]}
    assert as_("inspector2").get(f"/api/v1/photos/{photo_id(2)}").json()["same_bytes_in"] == []


def test_the_same_bytes_twice_in_one_visit_are_no_flag(as_):
    phone = as_("inspector")
    photos = [a_photo(number, picture(1)) for number in (1, 2)]
    phone.put(VISIT, a_visit(None, place="东关村口", region="141123100200", hazards=[], photos=photos), format="json")
    for number in (1, 2):
        upload(phone, picture(1), number)
    outbox.drain()
    assert flags_by_number() == {1: [], 2: []}


def test_processing_a_photo_twice_gives_the_same_result(phone):
    upload(phone, picture(1))
    assert [actions.process(photo_id(1)) for _ in range(2)] == ["ready", "ready"]


def test_photo_links_work_only_as_signed(phone, client):
    upload(phone, picture(1))
    outbox.drain()
    links = phone.get(f"/api/v1/photos/{photo_id(1)}").json()["links"]
    original = client.get(links["original"])  # no token: the link itself was given after the row check
    assert b"".join(original.streaming_content) == picture(1)
    assert original["X-Content-Type-Options"] == "nosniff"
    assert client.get(links["thumb"])["Content-Type"] == "image/webp"
    assert client.get(links["original"][:-2] + "xx").status_code == 404
    turned = phone.get(f"/api/v1/photos/{photo_id(1)}?size=screen")
    assert (turned.status_code, turned["Location"].startswith("/photos/")) == (302, True)


def test_an_upload_takes_few_queries(phone, django_assert_max_num_queries):
    with django_assert_max_num_queries(6 + 2):  # token · photo · mark · outbox · trail, and the test's own savepoint
        assert upload(phone, picture(1)).status_code == 201
