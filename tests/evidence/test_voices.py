"""语音: a voice note is evidence as a photo is; what it is and how long it lasts is heard in its bytes, whatever its header says of either.

The files in `voices` are real ones: an Opus and an AAC in each container that phones write, of two seconds (`recorder.webm` as Android's recorder
writes them, without a length; `fragments.mp4` as Safari's, with a length of 0), and some that are no voice notes.
"""

from __future__ import annotations

import base64
import hashlib
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest

from evidence import actions, looking
from evidence.models import EarlyUpload, Photo, PhotoState
from readers import Refusal
from readers.media_types import HEAD, media_type_of, voice_type_of
from readers.voices import measured
from tests.cast.units import a_unit
from tests.cast.visits import a_photo, a_visit, photo_id, picture

FOLDER = Path(__file__).with_name("voices")
KINDS = {
    "opus.ogg": "audio/ogg", "recorder.webm": "audio/webm", "aac.m4a": "audio/mp4", "fragments.mp4": "audio/mp4", "adts.aac": "audio/aac",
}  # fmt: skip
NO_VOICES = ("film.webm", "film.mp4", "vorbis.ogg", "song.mp3")


def voice(name: str = "recorder.webm") -> bytes:
    return (FOLDER / name).read_bytes()


def a_voice(name: str = "recorder.webm", number: int = 1, **fields):
    return a_photo(number, voice(name), media_type=f"{KINDS.get(name, 'audio/webm')};codecs=opus", **fields)


# --- what the reader hears ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", KINDS)
def test_every_kind_is_taken_for_what_it_is_and_measured(name):
    [[media_type, lasted, broken]] = measured(BytesIO(voice(name)), most=120)
    assert (media_type, broken) == (KINDS[name], False)
    assert 2000 <= lasted <= 2120  # an encoder begins and ends with a frame of silence


@pytest.mark.parametrize("name", NO_VOICES)
def test_what_is_no_voice_note_is_refused(name):
    with pytest.raises(Refusal, match="not_an_image"):
        list(measured(BytesIO(voice(name)), most=120))


def test_two_minutes_are_not_longer_than_two_minutes():
    most = looking.MOST_VOICE_S + looking.STOPPED_LATE_S
    [[_, lasted, _]] = measured(BytesIO(voice("two_minutes.webm")), most=most)
    assert lasted // 1000 == 120
    with pytest.raises(Refusal, match="voice_too_long"):
        list(measured(BytesIO(voice("too_long.webm")), most=most))


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("end", [1, 4, 30, 70, 500, 1200])
def test_what_breaks_off_is_heard_as_far_as_it_goes_or_refused(name, end):
    try:
        [[_, lasted, _]] = measured(BytesIO(voice(name)[:end]), most=120)
    except Refusal as refusal:
        assert refusal.word == "not_an_image"
    else:
        assert 0 < lasted <= 2120


def test_no_picture_is_taken_for_a_voice_and_no_voice_for_a_picture():
    for form in ("JPEG", "PNG", "WEBP", "HEIF", "AVIF"):
        assert media_type_of(picture(form=form)[:HEAD]) and not looking.is_voice(picture(form=form)[:HEAD])
    for name, kind in KINDS.items():
        assert (media_type_of(voice(name)[:HEAD]), voice_type_of(voice(name)[:HEAD])) == (None, kind)


# --- at the doors -------------------------------------------------------------------------------------------------------------
def put(client, content: bytes, number: int = 1, media_type: str = "audio/webm"):
    return client.generic("PUT", f"/api/v1/photos/{photo_id(number)}/content", content, content_type=media_type)


def submit(client, *voices) -> str:
    key = str(uuid4())
    answer = client.put(f"/api/v1/inspections/{key}", a_visit(a_unit(), photos=list(voices)), format="json")
    assert answer.status_code == 201, answer.content
    return key


@pytest.fixture
def phone(as_):
    return as_("inspector")


@pytest.mark.django_db
@pytest.mark.parametrize("name", KINDS)
def test_a_voice_note_goes_the_way_of_a_photo(phone, name):
    key = submit(phone, a_voice(name))
    assert put(phone, voice(name)).status_code == 201
    assert actions.process(photo_id(1)) == PhotoState.READY
    told = phone.get(f"/api/v1/inspections/{key}/receipt").json()
    shown = phone.get(f"/api/v1/photos/{photo_id(1)}").json()
    assert (told["complete"], told["photos"][0]["state"], shown["kept_type"]) == (True, "ready", KINDS[name])
    assert (2000 <= shown["duration_ms"] <= 2120, shown["width"], shown["height"]) == (True, None, None)
    assert (shown["links"]["thumb"], shown["links"]["screen"]) == (None, None)
    [of_record] = phone.get(f"/api/v1/inspections/{key}").json()["photos"]
    assert (of_record["kept_type"], of_record["duration_ms"]) == (shown["kept_type"], shown["duration_ms"])


@pytest.mark.django_db
def test_it_may_come_before_its_record(phone):
    assert put(phone, voice()).status_code == 202
    submit(phone, a_voice())
    photo = Photo.objects.get()
    assert (photo.state, photo.kept_type, photo.duration_ms // 10) == (PhotoState.HELD, "audio/webm", 200)


@pytest.mark.django_db
def test_it_may_come_in_pieces(phone):
    submit(phone, a_voice())
    content = voice()
    told = ",".join(
        f"{name} {base64.b64encode(value.encode()).decode()}"
        for name, value in {"photo": photo_id(1), "sha256": hashlib.sha256(content).hexdigest()}.items()
    )
    begun = phone.generic("POST", "/api/v1/uploads/", HTTP_TUS_RESUMABLE="1.0.0", HTTP_UPLOAD_LENGTH=str(len(content)), HTTP_UPLOAD_METADATA=told)
    for start in (0, 700, 1400):
        phone.generic(
            "PATCH", begun.headers["Location"], content[start : start + 700], content_type="application/offset+octet-stream",
            HTTP_TUS_RESUMABLE="1.0.0", HTTP_UPLOAD_OFFSET=str(start),
        )  # fmt: skip
    assert Photo.objects.get().state == PhotoState.HELD


REFUSED = {
    "film.webm": "not_an_image", "film.mp4": "not_an_image", "vorbis.ogg": "not_an_image", "song.mp3": "not_an_image",
    "too_long.webm": "voice_too_long",
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("name, word", REFUSED.items(), ids=REFUSED)
def test_what_is_none_is_refused_for_good(phone, name, word):
    key = submit(phone, a_voice(name))
    answer = put(phone, voice(name))
    assert (answer.status_code, answer.json()["code"]) == (400, word)
    assert phone.get(f"/api/v1/inspections/{key}/receipt").json()["photos"][0]["refused_because"] == word


@pytest.mark.django_db
def test_a_voice_note_of_many_bytes_is_refused(phone, monkeypatch):
    monkeypatch.setattr(looking, "MOST_VOICE_MB", 0)
    submit(phone, a_voice())
    assert put(phone, voice()).json()["code"] == "voice_too_large"


@pytest.mark.django_db
def test_a_damaged_one_is_kept_and_said_to_be_damaged(phone):
    content = bytearray(voice("adts.aac"))
    content[1500:1900] = b"\x55" * 400
    submit(phone, a_photo(1, bytes(content), media_type="audio/aac"))
    assert put(phone, bytes(content)).status_code == 201
    assert actions.process(photo_id(1)) == PhotoState.UNREADABLE
    photo = Photo.objects.get()
    assert (photo.kept_type, 0 < photo.duration_ms < 2112) == ("audio/aac", True)


@pytest.mark.django_db
@pytest.mark.parametrize("said, differs", [("audio/x-m4a", False), ("audio/mp4;codecs=mp4a.40.2", False), ("audio/webm", True), ("", False)])
def test_another_type_than_declared_is_a_hint(phone, said, differs):
    submit(phone, a_photo(1, voice("aac.m4a"), media_type=said))
    put(phone, voice("aac.m4a"))
    actions.process(photo_id(1))
    assert ("type_differs" in Photo.objects.get().flags) is differs


@pytest.mark.django_db
def test_nobody_occupies_a_disk_with_voices_either(phone, monkeypatch):
    monkeypatch.setattr(actions, "EARLY", actions.Early(1, 10**9))
    assert [put(phone, voice()).status_code, put(phone, voice("opus.ogg"), 2).status_code] == [202, 409]
    assert EarlyUpload.objects.get().duration_ms // 10 == 200


# --- played -------------------------------------------------------------------------------------------------------------------
@pytest.fixture
def address(phone) -> str:
    submit(phone, a_voice("fragments.mp4"))
    put(phone, voice("fragments.mp4"))
    return phone.get(f"/api/v1/photos/{photo_id(1)}").json()["links"]["original"]


@pytest.mark.django_db
def test_it_is_played_under_its_own_type_and_as_nothing_else(phone, address):
    answer = phone.get(address)
    assert (answer.content, answer.headers["Content-Type"]) == (voice("fragments.mp4"), "audio/mp4")
    assert (answer.headers["X-Content-Type-Options"], answer.headers["Accept-Ranges"]) == ("nosniff", "bytes")
    assert "sandbox" in answer.headers["Content-Security-Policy"]


PARTS = {
    "bytes=0-1": (206, slice(0, 2)), "bytes=10-19": (206, slice(10, 20)), "bytes=4700-": (206, slice(4700, None)), "bytes=-5": (206, slice(-5, None)),
    "bytes=0-999999": (206, slice(None)), "bytes=999999-": (416, slice(0, 0)), "bytes=9-5": (416, slice(0, 0)), "bytes=-0": (416, slice(0, 0)),
    "bytes=-": (200, slice(None)), "bytes=1-2,4-5": (200, slice(None)), "lines=1-2": (200, slice(None)), "bytes=-999999": (206, slice(None)),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("asked, status, part", [(asked, *told) for asked, told in PARTS.items()], ids=PARTS)
def test_players_ask_for_parts(phone, address, asked, status, part):
    answer = phone.get(address, headers={"Range": asked})
    assert (answer.status_code, answer.content) == (status, voice("fragments.mp4")[part])


@pytest.mark.django_db
def test_whoever_may_not_see_the_record_does_not_hear_it(address, as_):
    assert as_("inspector2").get(f"/api/v1/photos/{photo_id(1)}").status_code == 404
