"""补救: whatever no door took is kept whole, an officer places it through the door it was meant for, and its maker hears of it."""

from __future__ import annotations

import hashlib
import json
from uuid import uuid4

import pytest

from accounts.models import User
from inbox.models import Message
from inspections.models import Inspection
from phone.models import Rescue
from phone.rescue import actions
from safety_api.models import TrailLine
from tests.cast.units import a_unit
from tests.cast.visits import a_visit

pytestmark = pytest.mark.django_db
RESCUE, RESCUES = "/api/v1/phone/rescue", "/api/v1/phone/rescues"


def keep(client, content: bytes | str, *, path: str = "", status: int = 201, media_type: str = "application/json", **query):
    content = content.encode() if isinstance(content, str) else content
    told = "&".join(f"{name}={value}" for name, value in {"path": path, **query}.items() if value != "")
    answer = client.generic("POST", f"{RESCUE}?{told}", content, content_type=media_type)
    assert answer.status_code == status, answer.content
    return answer.json()


def place(client, rescued, *, status: int = 200, **body):
    answer = client.post(f"{RESCUES}/{rescued['id']}/place", {"reason": "已与本人核实", **body}, format="json")
    assert answer.status_code == status, answer.content
    return answer.json()


@pytest.fixture
def refused(as_):
    """A visit that its door refused: the unit does not exist. The phone gives it up for rescue."""
    a_unit()
    key, visit = str(uuid4()), a_visit(enterprise=str(uuid4()))
    client = as_("inspector")
    answer = client.put(f"/api/v1/inspections/{key}", visit, format="json")
    assert answer.status_code == 400
    rescued = keep(client, json.dumps(visit), path=f"inspections/{key}", status=201, code=answer.json()["code"])
    return key, visit, rescued


# --- keeping ------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "content", [b'{"a": 1}', b"{broken", b"\x00\x01\xff\xfe", "隐患".encode("gb18030"), b"[" * 3000, b"<html>"],
    ids=["json", "broken json", "no text", "another encoding", "deep", "a page"],
)  # fmt: skip
def test_whatever_it_is_it_is_kept_byte_by_byte(as_, content):
    told = keep(as_("inspector"), content, media_type="application/json")
    assert told["sha256"] == hashlib.sha256(content).hexdigest()
    assert as_("bureau").get(f"{RESCUES}/{told['id']}/content").content == content


def test_the_same_again_is_what_stands(as_):
    first, again = keep(as_("inspector"), b"{}"), keep(as_("inspector"), b"{}", status=200)
    assert (first["id"], Rescue.objects.count()) == (again["id"], 1)


def test_nothing_is_not_kept(as_):
    assert keep(as_("inspector"), b"", status=400)["code"] == "rescue_empty"


def test_what_is_larger_than_any_record_is_refused(as_, monkeypatch):
    monkeypatch.setattr(actions, "MOST_BYTES", 10)
    assert keep(as_("inspector"), b"x" * 11, status=413)["code"] == "too_large"


def test_one_person_cannot_fill_the_list(as_, monkeypatch):
    monkeypatch.setattr(actions, "MOST_WAITING", 2)
    for number in range(2):
        keep(as_("inspector"), f"{number}")
    assert keep(as_("inspector"), "3", status=409)["code"] == "rescues_full"
    keep(as_("township"), "3")


def test_an_administrator_rescues_nothing(as_):
    assert as_("sysadmin").generic("POST", RESCUE, b"{}").status_code == 403


# --- who sees it --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "status"), [("inspector", 200), ("township", 200), ("bureau", 200), ("inspector2", 404), ("department", 404), ("enterprise", 404)]
)
def test_its_maker_and_whoever_places_it_see_it(as_, who, status):
    told = keep(as_("inspector"), b"{}")
    assert as_(who).get(f"{RESCUES}/{told['id']}").status_code == status
    assert len(as_(who).get(RESCUES).json()["results"]) == (status == 200)


def test_the_office_is_told_once_a_person(as_):
    for number in range(3):
        keep(as_("inspector"), f"{number}")
    assert Message.objects.filter(kind="rescue.waiting", done_at=None).count() == 1


# --- placing ------------------------------------------------------------------------------------------------------------------
def test_what_was_put_right_is_placed_for_whoever_made_it(as_, refused):
    key, visit, rescued = refused
    told = place(as_("bureau"), rescued, body={**visit, "enterprise": str(a_unit_key())})
    stored = Inspection.objects.get(pk=key)
    assert (told["state"], told["placed_at_path"], stored.by_name) == ("placed", f"inspections/{key}", told["by_name"])
    line = TrailLine.objects.get(verb="rescue.place")
    assert (line.details["changed"], line.details["path"]) == (True, f"inspections/{key}")


def a_unit_key():
    from enterprises.models import Enterprise

    return Enterprise.objects.values_list("pk", flat=True)[0]


def test_its_maker_hears_that_it_was_placed(as_, refused):
    _, visit, rescued = refused
    place(as_("bureau"), rescued, body={**visit, "enterprise": str(a_unit_key())})
    said = [each["sentence"] for each in as_("inspector").get("/api/v1/inbox").json()["results"]]
    assert any("归入" in each for each in said)


def test_what_its_door_refuses_again_waits_on(as_, refused):
    key, _, rescued = refused
    assert place(as_("bureau"), rescued, status=400)["code"] == "unknown_enterprise"
    assert as_("bureau").get(f"{RESCUES}/{rescued['id']}").json()["state"] == "waiting"
    assert not Inspection.objects.filter(pk=key).exists()


def test_what_was_placed_is_not_placed_again(as_, refused):
    _, visit, rescued = refused
    place(as_("bureau"), rescued, body={**visit, "enterprise": str(a_unit_key())})
    assert place(as_("bureau"), rescued, status=409)["code"] == "wrong_step"


def test_the_work_of_a_locked_officer_is_placed_all_the_same(as_, refused):
    key, visit, rescued = refused
    User.objects.filter(username="inspector").update(is_active=False, must_change_password=True)
    place(as_("bureau"), rescued, body={**visit, "enterprise": str(a_unit_key())})
    assert Inspection.objects.filter(pk=key).exists()


@pytest.mark.parametrize("path", ["", "trail", "accounts/1", "../admin/", "hazards/7a2f6c39-5b44-4be5-9a38-6f3f1f1c0777/void", "inspections/x", "auth/login"])
def test_only_records_of_the_field_are_placed(as_, path):
    rescued = keep(as_("inspector"), b"{}")
    assert place(as_("bureau"), rescued, path=path, status=400)["code"] == "cannot_place"


def test_whoever_made_it_does_not_place_it(as_, refused):
    place(as_("inspector"), refused[2], status=403)


def test_what_need_not_be_placed_is_set_aside_and_kept(as_, refused):
    _, visit, rescued = refused
    answer = as_("township").post(f"{RESCUES}/{rescued['id']}/set-aside", {"reason": "已另行录入"}, format="json")
    assert (answer.status_code, answer.json()["state"]) == (200, "set_aside")
    assert json.loads(as_("inspector").get(f"{RESCUES}/{rescued['id']}").json()["text"]) == visit
