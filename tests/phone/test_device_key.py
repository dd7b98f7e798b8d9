"""终端密钥: an officer who was moved, locked or signed out loses no queue: the phone brings it home by its own key, which opens nothing else."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.core.cache import caches
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import actions as accounts
from accounts import known_devices, throttles
from accounts.models import Device, KnownDevice, User
from accounts.tasks import forget_ended_sign_ins
from evidence import actions as evidence
from evidence.models import EarlyUpload, Photo, PhotoState
from inspections.models import Inspection
from phone.models import Rescue, Upload
from phone.rescue import actions
from phone.uploads import actions as uploads
from safety_api.trail import SYSTEM
from tests.cast.units import a_unit
from tests.cast.visits import a_photo, a_visit, photo_id, picture
from tests.test_permissions import ROUTES

pytestmark = pytest.mark.django_db
RESCUE, RESCUES = "/api/v1/phone/rescue", "/api/v1/phone/rescues"
PICTURE = picture(5, (300, 200))
OPENS = {"rescues.keep", "photos.content", "uploads.about", "uploads.begin", "uploads.where", "uploads.go_on", "uploads.terminate"}


class Key:
    """A phone whose token is gone, and its key."""

    def __init__(self, user: User, device_id: str = "phone-1"):
        self.user = user
        _, self.key = known_devices.remember(user, "", device_id=device_id, device_name="执法手机")
        self.client = APIClient(raise_request_exception=False)

    def send(self, method: str, path: str, content: bytes = b"", *, key: str = "", media_type: str = "application/octet-stream", **headers):
        said = key or f"{self.user.pk}.{self.key}"
        return self.client.generic(method, path, content, content_type=media_type, HTTP_AUTHORIZATION=f"Device {said}", **headers)

    def rescue(self, content: bytes = b"{}", path: str = "", **more):
        return self.send("POST", f"{RESCUE}?path={path}", content, **more)

    def photo(self, number: int = 1, content: bytes = PICTURE):
        return self.send("PUT", f"/api/v1/photos/{photo_id(number)}/content", content)


@pytest.fixture
def phone(people, counts_of_its_own) -> Key:
    return Key(people["inspector"])


@pytest.fixture
def counts_of_its_own(monkeypatch):
    """Tests before this one were at the same address, and their devices bore the same numbers."""
    monkeypatch.setattr(caches["default"], "key_prefix", f"safety-{uuid4()}")


# --- whoever it happened to ---------------------------------------------------------------------------------------------------
HAPPENED = {
    "nothing": lambda user: None,
    "the token ran out": lambda user: Device.objects.all().delete(),
    "locked": lambda user: accounts.set_active(user, False, by=SYSTEM),
    "the password was reset": lambda user: accounts.reset_password(user, by=SYSTEM),
    "the phone was revoked": lambda user: accounts.revoke_device(user, "phone-1", by=SYSTEM),
    "moved to another township": lambda user: accounts.move(user, by=SYSTEM, region="141123101"),
    "moved to a desk that makes no visits": lambda user: accounts.move(user, by=SYSTEM, role="audit_admin", region=""),
    "signed in on eight others since": lambda user: [Key(user, f"other-{number}") for number in range(9)],
    "revoked, then locked": lambda user: [accounts.revoke_device(user, "phone-1", by=SYSTEM), accounts.set_active(user, False, by=SYSTEM)],
}


@pytest.mark.parametrize("how", HAPPENED)
def test_whatever_happened_to_the_account_the_queue_comes_home(phone, as_, how):
    visit = a_visit(a_unit(), photos=[a_photo(1, PICTURE)])
    HAPPENED[how](phone.user)
    key, content = str(uuid4()), json.dumps(visit).encode()
    assert phone.photo().status_code == 202
    told = phone.rescue(content, f"inspections/{key}")
    assert (told.status_code, told.json()["sha256"]) == (201, hashlib.sha256(content).hexdigest())
    answer = as_("bureau").post(f"{RESCUES}/{told.json()['id']}/place", {"reason": "本人已调动"}, format="json")
    assert answer.status_code == 200, answer.content
    assert Inspection.objects.get(pk=key).by_id == phone.user.pk
    assert Photo.objects.get(pk=photo_id(1)).state == PhotoState.HELD


def test_the_office_sees_that_no_more_than_the_device_vouches_for_it(phone, as_):
    phone.rescue(b"one")
    said = [each["sentence"] for each in as_("bureau").get("/api/v1/inbox").json()["results"]]
    assert any("凭终端密钥" in each for each in said)
    as_("inspector").generic("POST", RESCUE, b"two", content_type="text/plain")
    rows = {row["sha256"]: row["proven_by_device"] for row in as_("bureau").get(RESCUES).json()["results"]}
    assert rows == {hashlib.sha256(b"one").hexdigest(): True, hashlib.sha256(b"two").hexdigest(): False}
    assert [row["device_id"] for row in as_("bureau").get(f"{RESCUES}?proven_by_device=true").json()["results"]] == ["phone-1"]


def test_the_queue_of_a_unit_is_listed_where_the_unit_lies(people, as_):
    unit = a_unit()
    officer = people["enterprise"]
    User.objects.filter(pk=officer.pk).update(enterprise_id=unit.pk)
    officer.refresh_from_db()
    Key(officer).rescue(b"{}")
    assert len(as_("township").get(RESCUES).json()["results"]) == 1


def test_two_people_of_one_phone_bring_home_each_their_own(phone, people):
    known_devices.remember(people["inspector2"], phone.key, device_id="phone-1", device_name="")
    phone.rescue(b"mine")
    phone.rescue(b"theirs", key=f"{people['inspector2'].pk}.{phone.key}")
    assert {row.by_name for row in Rescue.objects.all()} == {people["inspector"].name, people["inspector2"].name}


# --- what it does not open ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("route", [route for route in ROUTES if route.name not in OPENS], ids=str)
def test_the_key_opens_no_other_door(phone, route):
    answer = phone.send(route.method.upper(), route.address, b"{}", media_type="application/json")
    open_to_all = route.name in {"auth.login", "auth.ask_code", "auth.use_code", "verify.show"}
    assert answer.status_code != 200 if open_to_all else answer.status_code == 401


def test_the_doors_it_opens_are_those_of_the_table():
    from safety_api.permissions import WITH_A_DEVICE_KEY

    assert WITH_A_DEVICE_KEY == OPENS


@pytest.mark.parametrize("path", ["/m/", "/admin/", "/api/v1/me", "/api/v1/sync", RESCUES, "/photos/x", f"/api/v1/photos/{photo_id(1)}"])
def test_the_key_shows_nothing(phone, path):
    answer = phone.send("GET", path)
    assert phone.user.name not in answer.content.decode(errors="replace")
    assert answer.status_code in (200, 302, 401, 404) and (answer.status_code != 200 or path == "/m/")


def test_an_ended_key_signs_nobody_in(phone):
    accounts.revoke_device(phone.user, "phone-1", by=SYSTEM)
    assert known_devices.find(phone.user.username, phone.key) is None
    _, key = known_devices.remember(phone.user, phone.key, device_id="phone-1", device_name="")
    assert key != phone.key


def test_the_answer_says_nothing_of_the_account_nor_of_what_became_of_it(phone, as_):
    told = phone.rescue(b"{}").json()
    as_("bureau").post(f"{RESCUES}/{told['id']}/set-aside", {"reason": "本人已离岗"}, format="json")
    again = phone.rescue(b"{}")
    assert (again.status_code, again.json()) == (200, told)
    assert told.keys() == {"id", "received_at", "sha256", "size", "path", "proven_by_device"}


def test_the_photo_of_another_person_is_not_there_for_a_key(phone, as_, people):
    other = Key(people["township"])  # who sees the visit, and with a token could bring its photo
    as_("inspector").put(f"/api/v1/inspections/{uuid4()}", a_visit(a_unit(), photos=[a_photo(1, PICTURE)]), format="json")
    assert other.photo().status_code == 404
    assert as_("township").generic("PUT", f"/api/v1/photos/{photo_id(1)}/content", PICTURE, content_type="image/png").status_code == 201


# --- wrong keys ---------------------------------------------------------------------------------------------------------------
def wrong_keys(phone: Key) -> dict[str, str]:
    return {
        "another key": f"{phone.user.pk}.{'A' * 43}", "nobody": f"{uuid4()}.{phone.key}", "no key": f"{phone.user.pk}.", "no person": f".{phone.key}",
        "nothing": ".", "a name": f"inspector.{phone.key}", "the digest": f"{phone.user.pk}.{known_devices._digest(phone.key)}",
        "zeros": f"{UUID(int=0)}.{phone.key}", "signs": f"{phone.user.pk}.\x00{phone.key[1:]}", "too long": f"{phone.user.pk}.{phone.key}{'A' * 9000}",
    }  # fmt: skip


def test_wrong_keys_answer_alike(phone):
    said = set()
    for key in wrong_keys(phone).values():
        body = phone.rescue(key=key)
        said.add((body.status_code, json.dumps({**body.json(), "trace_id": ""}), body.headers["WWW-Authenticate"]))
    assert len(said) == 1 and {status for status, *_ in said} == {401}
    assert not Rescue.objects.exists()


def test_wrong_keys_count_and_a_right_one_passes_all_the_same(phone, monkeypatch):
    monkeypatch.setattr(throttles, "WRONG_KEYS", 3)
    wrong = f"{phone.user.pk}.{'A' * 43}"
    answers = [phone.rescue(key=wrong) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 503]
    assert (answers[-1].json()["code"], answers[-1].headers["Retry-After"]) == ("too_many_keys", "3600")
    assert phone.rescue().status_code == 201


def test_wrong_keys_lock_no_account_and_no_sign_in(phone):
    for _ in range(8):
        phone.rescue(key=f"{phone.user.pk}.{'A' * 43}")
    known = KnownDevice.objects.get()
    assert (known.failures, known.locked_until) == (0, None)


def test_one_device_is_slowed_down_by_itself(phone, monkeypatch):
    monkeypatch.setattr(throttles, "PER_KEY", 2)
    assert [phone.rescue(f"{number}".encode()).status_code for number in range(3)] == [201, 201, 503]


ENDED = {
    "revoked a month ago": {"ended_at": timezone.now() - timedelta(days=30, seconds=1)},
    "half a year without a sign-in": {"used_at": timezone.now() - timedelta(days=180, seconds=1)},
}


@pytest.mark.parametrize("fields", ENDED.values(), ids=ENDED)
def test_a_key_ends_for_good(phone, fields):
    KnownDevice.objects.update(**fields)
    assert phone.rescue().status_code == 401
    forget_ended_sign_ins()
    assert not KnownDevice.objects.exists()


def test_a_revoked_key_has_a_month(phone):
    accounts.revoke_device(phone.user, "phone-1", by=SYSTEM)
    KnownDevice.objects.update(ended_at=timezone.now() - timedelta(days=29), used_at=timezone.now() - timedelta(days=300))
    forget_ended_sign_ins()
    assert phone.rescue().status_code == 201


def test_of_keys_that_ended_the_latest_are_kept(people, monkeypatch):
    monkeypatch.setattr(known_devices, "MOST_ENDED", 2)
    keys = [Key(people["inspector"], f"phone-{number}") for number in range(4)]
    for number in range(4):
        accounts.revoke_device(people["inspector"], f"phone-{number}", by=SYSTEM)
    assert [key.rescue(f"{number}".encode()).status_code for number, key in enumerate(keys)] == [401, 401, 201, 201]


# --- bounds -------------------------------------------------------------------------------------------------------------------
def test_one_device_fills_no_list(phone, monkeypatch, as_):
    monkeypatch.setattr(actions, "MOST_OF_DEVICE", 2)
    assert [phone.rescue(f"{number}".encode()).status_code for number in range(3)] == [201, 201, 409]
    assert Key(phone.user, "phone-2").rescue(b"3").status_code == 201
    assert as_("inspector").generic("POST", RESCUE, b"4", content_type="text/plain").status_code == 201


def test_one_device_fills_no_disk(phone, monkeypatch):
    monkeypatch.setattr(actions, "MOST_BYTES_OF_DEVICE", 10)
    assert [phone.rescue(b"x" * 6).status_code, phone.rescue(b"y" * 6).json()["code"]] == [201, "rescues_full"]
    monkeypatch.setattr(actions, "MOST_BYTES", 4)
    assert phone.rescue(b"x" * 5).status_code == 413


@pytest.mark.parametrize("most", [evidence.Early(1, 10**9), evidence.Early(9, len(PICTURE) + 1)], ids=["photos", "bytes"])
def test_photos_before_their_record_are_bounded_for_a_key(phone, monkeypatch, most, as_):
    monkeypatch.setattr(evidence, "EARLY_BY_DEVICE", most)
    assert [phone.photo(1).status_code, phone.photo(1).status_code, phone.photo(2, picture(6, (300, 200))).status_code] == [202, 202, 409]
    assert EarlyUpload.objects.count() == 1


def test_photos_come_home_in_pieces(phone, monkeypatch):
    told = ",".join(
        f"{name} {base64.b64encode(value.encode()).decode()}"
        for name, value in {"photo": photo_id(1), "sha256": hashlib.sha256(PICTURE).hexdigest()}.items()
    )
    tus = {"HTTP_TUS_RESUMABLE": "1.0.0"}
    begun = phone.send("POST", "/api/v1/uploads/", HTTP_UPLOAD_LENGTH=str(len(PICTURE)), HTTP_UPLOAD_METADATA=told, **tus)
    piece = {"media_type": "application/offset+octet-stream", **tus}
    phone.send("PATCH", begun.headers["Location"], PICTURE[:100], HTTP_UPLOAD_OFFSET="0", **piece)
    assert phone.send("HEAD", begun.headers["Location"], **tus).headers["Upload-Offset"] == "100"
    assert phone.send("PATCH", begun.headers["Location"], PICTURE[100:], HTTP_UPLOAD_OFFSET="100", **piece).status_code == 204
    assert EarlyUpload.objects.get().uploaded_by == phone.user.pk
    monkeypatch.setattr(uploads, "BY_DEVICE", uploads.OfADay(1, 10**9))
    later = phone.send("POST", "/api/v1/uploads/", HTTP_UPLOAD_LENGTH=str(len(PICTURE)), HTTP_UPLOAD_METADATA=told, **tus)
    assert (later.status_code, later.headers["Retry-After"], Upload.objects.count()) == (503, "600", 1)
