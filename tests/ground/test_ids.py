"""编号: an id that nobody drew, of zeros or of Fs, is refused by one word wherever a record is named."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from django.urls import get_resolver
from rest_framework import serializers

from safety_api.doors import Filters
from safety_api.shapes import RecordId, Shape
from tests.cast.units import mine
from tests.cast.visits import a_visit

NIL, MAX = "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"
WORDS = [NIL, MAX, NIL.replace("-", ""), MAX.upper()]
PUTS = ["inspections", "hazards", "accidents"]
ON_A_RECORD = [
    ("put", "photos/{}/content"), ("post", "hazards/{}/confirm"), ("post", "inspections/{}/correct"), ("post", "papers/{}/signatures"),
    ("post", "extensions/{}/grant"), ("post", "tasks/{}/cancel"),
]  # fmt: skip
ASKED = [
    "hazards?enterprise={}",
    "inspections?by={}",
    "inspections?enterprise={}",
    "tasks?assignee={}",
    "papers?subject={}",
    "inbox?about={}",
]


def refused(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize("key", [NIL, MAX])
@pytest.mark.parametrize("records", PUTS)
def test_no_record_is_put_under_an_id_that_nobody_drew(as_, records, key):
    assert refused(as_("bureau").put(f"/api/v1/{records}/{key}", {}, format="json")) == (400, "nil_id")


@pytest.mark.parametrize("verb, address", ON_A_RECORD)
def test_no_step_is_taken_at_an_id_that_nobody_drew(as_, verb, address):
    answer = getattr(as_("bureau"), verb)(f"/api/v1/{address.format(NIL)}", {}, format="json")
    assert refused(answer) == (400, "nil_id")


@pytest.mark.parametrize("address", ["inspections/{}", "hazards/{}", "photos/{}", "enterprises/{}"])
def test_nothing_is_found_at_such_an_id(as_, address):
    assert refused(as_("bureau").get(f"/api/v1/{address.format(NIL)}")) == (404, "not_found")


@pytest.mark.parametrize("key", WORDS)
@pytest.mark.parametrize("address", ASKED)
def test_no_list_is_asked_for_such_an_id(as_, address, key):
    assert refused(as_("bureau").get(f"/api/v1/{address.format(key)}")) == (400, "nil_id")


FIELDS = [
    ("/enterprise", lambda key: {"enterprise": key}), ("/site", lambda key: {"site": key}), ("/task", lambda key: {"task": key}),
    ("/companions/0", lambda key: {"companions": [key]}), ("/photos/0/id", lambda key: {"photos": [{"id": key, "sha256": "0" * 64}]}),
]  # fmt: skip


@pytest.mark.parametrize("key", [*WORDS, 0])
@pytest.mark.parametrize("pointer, more", FIELDS)
def test_no_part_of_a_visit_names_such_an_id(as_, pointer, more, key):
    body = {**a_visit(mine(), hazards=[]), **more(key)}
    answer = as_("inspector").put(f"/api/v1/inspections/{uuid4()}", body, format="json")
    assert answer.status_code == 400
    assert (pointer, "nil_id") in [(each["pointer"], each["code"]) for each in answer.json()["errors"]]


@pytest.mark.parametrize("key", [NIL, MAX])
def test_a_key_of_repetition_that_nobody_drew_is_refused(as_, key):
    answer = as_("bureau").post(
        f"/api/v1/hazards/{uuid4()}/confirm", {}, format="json", headers={"Idempotency-Key": key}
    )
    assert refused(answer) == (400, "bad_key")


# --- the whole kind ----------------------------------------------------------------------------------------------------
def shapes_in(shape: type = object) -> Iterator[type]:
    for each in (Shape.__subclasses__() + Filters.__subclasses__()) if shape is object else shape.__subclasses__():
        yield each
        yield from shapes_in(each)


def fields_of(field: serializers.Field) -> Iterator[serializers.Field]:
    yield field
    for inner in [*getattr(field, "fields", {}).values(), *([field.child] if hasattr(field, "child") else [])]:
        yield from fields_of(inner)


def test_every_id_that_is_sent_is_read_as_one_of_a_record():
    assert get_resolver().url_patterns  # every door is known
    loose = [
        f"{shape.__module__}.{shape.__name__}.{field.field_name}"
        for shape in set(shapes_in())
        if shape.__module__.partition(".")[0] != "tests"
        for field in fields_of(shape())
        if isinstance(field, serializers.UUIDField) and not isinstance(field, RecordId)
    ]
    assert loose == []


def test_an_id_is_read_however_it_is_written():
    key = uuid4()
    assert {RecordId().run_validation(each) for each in (str(key), key.hex, str(key).upper(), key)} == {UUID(str(key))}
