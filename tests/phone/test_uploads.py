"""续传: a photo in pieces over any number of lines is the photo sent whole; what is refused is said before the bytes are sent for nothing."""

from __future__ import annotations

import base64
import hashlib
import random
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from evidence import actions as evidence
from evidence.models import EarlyUpload, Photo, PhotoState
from evidence.storage import original_name
from phone.models import Upload, UploadPart
from phone.uploads import actions, pieces
from tests.cast.storages import a_bucket
from tests.cast.units import a_unit
from tests.cast.visits import a_photo, a_visit, photo_id, picture

pytestmark = pytest.mark.django_db
UPLOADS = "/api/v1/uploads/"
BYTES = picture(3, (300, 200))
PIECE = "application/offset+octet-stream"


class Line:
    """One connection of a tus client."""

    def __init__(self, client):
        self.client = client

    def send(self, method: str, path: str, content: bytes = b"", media_type: str = PIECE, *, version: str | None = "1.0.0", **headers):
        given = {f"HTTP_{name.upper().replace('-', '_')}": str(value) for name, value in headers.items()}
        given |= {"HTTP_TUS_RESUMABLE": version} if version else {}
        return self.client.generic(method, path, content, content_type=media_type, **given)

    def begin(self, content: bytes = BYTES, photo: str = photo_id(1), *, status: int = 201, sha256: str | None = None, **headers) -> str:
        told = {"photo": photo, "sha256": hashlib.sha256(content).hexdigest() if sha256 is None else sha256}
        told = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in told.items() if value)
        answer = self.send("POST", UPLOADS, media_type="", **{"Upload-Length": len(content), "Upload-Metadata": told, **headers})
        assert answer.status_code == status, answer.content
        return answer.headers.get("Location") or answer.json()["code"]

    def go_on(self, at: str, offset: int, until: int | None = None, *, status: int = 204, content: bytes = BYTES, **headers):
        answer = self.send("PATCH", at, content[offset:until], **{"Upload-Offset": offset, **headers})
        assert answer.status_code == status, answer.content
        return answer

    def where(self, at: str) -> int:
        answer = self.send("HEAD", at)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
        return int(answer.headers["Upload-Offset"])


@pytest.fixture
def line(as_) -> Line:
    return Line(as_("inspector"))


@pytest.fixture
def declared(as_) -> str:
    """A visit that declares the photo has come."""
    answer = as_("inspector").put(f"/api/v1/inspections/{uuid4()}", a_visit(a_unit(), photos=[a_photo(1, BYTES)]), format="json")
    assert answer.status_code == 201, answer.content
    return photo_id(1)


# --- a photo in pieces --------------------------------------------------------------------------------------------------------
def test_pieces_over_two_lines_become_the_photo(as_, line, declared):
    at = line.begin()
    line.go_on(at, 0, 100)
    other = Line(as_("inspector"))
    assert other.where(at) == 100
    other.go_on(at, 100)
    photo = Photo.objects.get(pk=declared)
    assert (photo.state, photo.sha256, other.where(at)) == (PhotoState.HELD, hashlib.sha256(BYTES).hexdigest(), len(BYTES))
    with default_storage.open(original_name(photo.sha256)) as kept:
        assert kept.read() == BYTES


def test_a_photo_before_its_record_is_held(line):
    at = line.begin()
    line.go_on(at, 0)
    assert EarlyUpload.objects.get(photo_id=photo_id(1)).sha256 == hashlib.sha256(BYTES).hexdigest()


def test_what_was_put_together_leaves_no_pieces(line, declared):
    at = line.begin()
    line.go_on(at, 0, 50)
    line.go_on(at, 50)
    key = Upload.objects.get().pk
    assert not UploadPart.objects.exists()
    assert not default_storage.exists(pieces.folder_of(key)) and not list(default_storage.names(pieces.folder_of(key)))


def test_the_first_piece_may_come_with_the_beginning(line, declared):
    told = ",".join(
        f"{name} {base64.b64encode(value.encode()).decode()}"
        for name, value in {"photo": photo_id(1), "sha256": hashlib.sha256(BYTES).hexdigest()}.items()
    )
    answer = line.send("POST", UPLOADS, BYTES, **{"Upload-Length": len(BYTES), "Upload-Metadata": told})
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, str(len(BYTES)))
    assert Photo.objects.get().state == PhotoState.HELD


def test_who_lost_the_last_answer_asks_and_it_is_done(line, declared, monkeypatch):
    at = line.begin()
    with monkeypatch.context() as broken:
        broken.setattr(actions, "put_together", lambda *_, **__: None)  # killed between the last piece and the photo
        line.go_on(at, 0)
    assert Photo.objects.get().state == PhotoState.MISSING
    assert (line.where(at), Photo.objects.get().state) == (len(BYTES), PhotoState.HELD)


def test_pieces_that_the_storage_lost_are_asked_for_anew(line, declared):
    at = line.begin()
    line.go_on(at, 0, 100)
    for name in default_storage.names(pieces.FOLDER):
        default_storage.delete(name)
    assert line.go_on(at, 100, status=404).json()["code"] == "upload_gone"
    line.go_on(line.begin(), 0)
    assert Photo.objects.get().state == PhotoState.HELD


def test_a_piece_that_was_never_committed_goes_with_the_upload(line):
    at = line.begin()
    line.go_on(at, 0, 100)
    key = Upload.objects.get().pk
    default_storage.save(f"{pieces.folder_of(key)}/000000000100", ContentFile(b"of a process that was killed"))
    line.send("DELETE", at)
    assert not list(default_storage.names(pieces.FOLDER))


def test_two_who_put_it_together_at_once_both_hear_that_it_is_there(people, line, declared):
    at = line.begin()
    line.go_on(at, 0, 100)
    late = Upload.objects.get()
    late.offset = late.size  # read before the other one had finished
    line.go_on(at, 100)
    actions.put_together(late, by=people["inspector"])
    assert (line.where(at), Photo.objects.get().state, Upload.objects.count()) == (len(BYTES), PhotoState.HELD, 1)


def test_an_upload_whose_piece_is_not_in_the_storage_begins_anew(line, declared, monkeypatch):
    at = line.begin()
    monkeypatch.setattr(actions, "put_together", lambda upload, *, by: None)  # killed before it came to that
    line.go_on(at, 0)
    monkeypatch.undo()
    default_storage.delete(pieces._piece(Upload.objects.get().pk, 0))
    assert line.send("HEAD", at).status_code == 404
    again = line.begin()
    line.go_on(again, 0)
    assert Photo.objects.get().state == PhotoState.HELD


def test_the_same_photo_again_is_stored_once(line, declared):
    for _ in range(2):
        line.go_on(line.begin(), 0)
    assert Photo.objects.get().state == PhotoState.HELD


# --- what does not fit --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("offset", [0, 99, 101, 10**9])
def test_a_piece_for_another_place_is_told_where_to_go_on(line, offset):
    at = line.begin()
    line.go_on(at, 0, 100)
    answer = line.send("PATCH", at, b"x" * 10, **{"Upload-Offset": offset})
    assert (answer.status_code, answer.json()["code"], line.where(at)) == (409, "offset_differs", 100)


def test_a_piece_that_changed_on_its_way_is_not_kept(line):
    at = line.begin()
    good = f"sha256 {base64.b64encode(hashlib.sha256(BYTES[:100]).digest()).decode()}"
    assert line.send("PATCH", at, b"y" * 100, **{"Upload-Offset": 0, "Upload-Checksum": good}).status_code == 460
    line.go_on(at, 0, 100, **{"Upload-Checksum": good})
    sha1 = f"sha1 {base64.b64encode(hashlib.sha1(BYTES[100:]).digest()).decode()}"
    line.go_on(at, 100, **{"Upload-Checksum": sha1})


@pytest.mark.parametrize("said", ["md5 abcd", "sha256 !!", "sha256 YWJj", "sha256", ""])
def test_a_checksum_that_cannot_be_one_is_refused(line, said):
    at = line.begin()
    assert line.send("PATCH", at, b"abc", **{"Upload-Offset": 0, "Upload-Checksum": said}).status_code == 400


def test_more_than_was_announced_is_refused(line):
    at = line.begin()
    assert line.send("PATCH", at, BYTES + b"x", **{"Upload-Offset": 0}).status_code == 413


@pytest.mark.parametrize("version", [None, "0.2.2", "1.0.1"])
def test_another_version_of_the_protocol_is_told_ours(line, version):
    answer = line.send("POST", UPLOADS, version=version)
    assert (answer.status_code, answer.headers["Tus-Version"]) == (412, "1.0.0")


@pytest.mark.parametrize(
    "headers",
    [{"Upload-Length": ""}, {"Upload-Length": "-1"}, {"Upload-Length": "1e3"}, {"Upload-Metadata": ""}, {"Upload-Metadata": "photo !!"},
     {"Upload-Metadata": "photo YWJj"}, {"Upload-Defer-Length": "1", "Upload-Length": ""}],
    ids=lambda headers: "-".join(headers),
)  # fmt: skip
def test_headers_that_say_nothing_are_refused(line, headers):
    assert line.begin(status=400, **headers) == "bad_upload_metadata"


def test_another_kind_of_body_is_refused(line):
    answer = line.send("PATCH", line.begin(), b"x", "application/json", **{"Upload-Offset": 0})
    assert answer.status_code == 415


def test_too_large_and_empty_photos_are_refused_before_a_byte_is_sent(line, settings):
    settings.PHOTO_MAX_BYTES = 100
    assert (line.begin(status=413), line.begin(b"", status=400)) == ("photo_too_large", "empty_photo")


def test_other_content_than_the_record_declared_is_refused_at_once(line, declared):
    assert line.begin(picture(4, (300, 201)), status=409) == "bytes_differ"


def test_other_content_under_an_id_that_came_early_is_refused_at_once(line):
    line.go_on(line.begin(), 0)
    assert line.begin(picture(4, (300, 201)), status=409) == "bytes_differ"


def test_bytes_that_are_not_those_announced_end_the_upload(line):
    other = bytes([*BYTES[:-1], BYTES[-1] ^ 1])
    at = line.begin()
    answer = line.send("PATCH", at, other, **{"Upload-Offset": 0})
    assert (answer.status_code, answer.json()["code"]) == (400, "photo_refused")
    assert line.send("HEAD", at).status_code == 404


def test_what_is_no_picture_is_refused_at_the_end(line):
    text = b"no picture at all" * 10
    at = line.begin(text)
    assert line.go_on(at, 0, content=text, status=400).json()["errors"] == []


# --- whose it is --------------------------------------------------------------------------------------------------------------
def test_an_upload_is_its_makers_alone(as_, line):
    at = line.begin()
    other = Line(as_("inspector2"))
    assert {other.send(method, at, b"x", **{"Upload-Offset": 0}).status_code for method in ("HEAD", "PATCH", "DELETE")} == {404}


def test_a_photo_that_another_declared_is_not_taken(as_, declared):
    assert Line(as_("inspector2")).begin(status=404) == "not_found"


def test_a_companion_brings_a_photo_in_pieces_as_whole(as_, declared):
    """Whoever sees the record: the one check that `photos/{id}/content` makes."""
    other = Line(as_("township"))
    other.go_on(other.begin(), 0)
    assert Photo.objects.get(pk=declared).state == PhotoState.HELD


def test_a_companions_photo_before_the_record_is_the_records(as_):
    other = Line(as_("township"))
    other.go_on(other.begin(), 0)
    as_("inspector").put(f"/api/v1/inspections/{uuid4()}", a_visit(a_unit(), photos=[a_photo(1, BYTES)]), format="json")
    assert (Photo.objects.get().state, EarlyUpload.objects.count()) == (PhotoState.HELD, 0)


def test_an_upload_that_is_no_longer_wanted_is_forgotten(line):
    at = line.begin()
    line.go_on(at, 0, 100)
    assert (line.send("DELETE", at).status_code, line.send("HEAD", at).status_code) == (204, 404)
    assert not UploadPart.objects.exists()


def test_what_nobody_went_on_with_is_forgotten_with_its_pieces(line):
    at = line.begin()
    line.go_on(at, 0, 100)
    Upload.objects.update(expires_at=timezone.now())
    assert line.send("HEAD", at).status_code == 404
    assert (actions.forget_expired(), Upload.objects.count()) == (1, 0)


def test_who_begins_too_many_is_asked_to_wait_in_words_that_clients_obey(line, monkeypatch):
    monkeypatch.setattr(actions, "BY_TOKEN", actions.OfADay(1, 10**9))
    line.begin()
    assert line.begin(status=503) == "too_many_uploads"


def test_a_photo_that_has_no_room_before_its_record_is_not_lost(line, monkeypatch):
    monkeypatch.setattr(evidence, "EARLY", evidence.Early(0, 10**9))
    at = line.begin()
    assert line.go_on(at, 0, status=503).headers["Retry-After"] == "600"
    monkeypatch.undo()
    assert (line.where(at), EarlyUpload.objects.count()) == (len(BYTES), 1)


def test_what_the_server_offers_is_told(line):
    answer = line.send("OPTIONS", UPLOADS, version=None)
    assert answer.status_code == 204
    assert {"creation", "checksum", "expiration", "termination"} <= set(answer.headers["Tus-Extension"].split(","))


# --- a bucket puts the parts together -----------------------------------------------------------------------------------------
MB = 1024 * 1024
GREAT = BYTES + bytes(random.Random(5).randbytes(12 * MB))  # a JPEG with something behind it, as motion photos have


@pytest.fixture
def in_bucket():
    with a_bucket():
        yield


def begun_in_bucket() -> list[dict]:
    return default_storage.client.list_multipart_uploads(Bucket=default_storage.bucket).get("Uploads", [])


STEPS = {"pieces of a weak line": MB // 2, "pieces larger than a part": 6 * MB, "in one": len(GREAT), "uneven": 3 * MB + 7}


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_in_a_bucket_pieces_become_parts_of_one_object(in_bucket, line, step):
    at = line.begin(GREAT)
    for start in range(0, len(GREAT) - step, step):
        line.go_on(at, start, start + step, content=GREAT)
        parts = list(UploadPart.objects.order_by("start").values_list("start", "size", "number"))
        assert sum(size for _, size, _ in parts) == line.where(at)
        assert all(size >= 5 * MB for _, size, number in parts if number)
        assert sum(size for _, size, number in parts if not number) < 5 * MB
    line.go_on(at, len(range(0, len(GREAT) - step, step)) * step, content=GREAT)
    with default_storage.open(original_name(EarlyUpload.objects.get().sha256)) as kept:
        assert kept.read() == GREAT
    assert (begun_in_bucket(), list(default_storage.names(pieces.FOLDER))) == ([], [])


def test_in_a_bucket_an_upload_that_is_no_longer_wanted_leaves_nothing(in_bucket, line):
    at = line.begin(GREAT)
    line.go_on(at, 0, 6 * MB, content=GREAT)
    line.go_on(at, 6 * MB, 7 * MB, content=GREAT)
    assert len(begun_in_bucket()) == 1
    assert line.send("DELETE", at).status_code == 204
    assert (begun_in_bucket(), list(default_storage.names(pieces.FOLDER)), UploadPart.objects.count()) == ([], [], 0)


def test_in_a_bucket_whoever_lost_the_last_answer_asks_and_it_is_done(in_bucket, line, monkeypatch):
    at = line.begin(GREAT)
    line.go_on(at, 0, 6 * MB, content=GREAT)
    with monkeypatch.context() as broken:
        broken.setattr(evidence, "take_in", lambda *_, **__: list(pieces.chunks(Upload.objects.get())) and 1 / 0)  # killed when they were joined
        line.client.raise_request_exception = False
        line.go_on(at, 6 * MB, content=GREAT, status=500)
    assert (line.where(at), EarlyUpload.objects.count()) == (len(GREAT), 1)


def test_in_a_bucket_parts_that_were_dropped_are_asked_for_anew(in_bucket, line, monkeypatch):
    at = line.begin(GREAT)
    with monkeypatch.context() as broken:
        broken.setattr(actions, "put_together", lambda *_, **__: None)
        line.go_on(at, 0, content=GREAT)
    def gone(*_):
        raise FileNotFoundError("NoSuchUpload")

    monkeypatch.setattr(default_storage._wrapped, "join_parts", gone)  # moto answers 500 to it, S3 and SeaweedFS so
    assert line.send("HEAD", at).status_code == 404
    assert not Upload.objects.exists()
