"""Bad input: a clear problem, nothing half stored, never a fault."""

from __future__ import annotations

import json
import re

import pytest
from django.urls import get_resolver
from hypothesis import HealthCheck, given
from hypothesis import settings as trials
from hypothesis import strategies as st

from reference.models import Load
from safety_api.parsers import MOST_NESTING, read_json
from safety_api.permissions import MAY
from safety_api.problems import REGISTRY, Problem, pointers
from tests.cast.people import CAST
from tests.conftest import tries

NOTES = "/api/v1/notes"
NAMES = {"type", "title", "status", "detail", "code", "trace_id", "errors"}
SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@pytest.fixture
def phone(notes, as_):
    client = as_("inspector")
    client.raise_request_exception = False
    return client


def send(client, raw: bytes, content_type="application/json", address=NOTES, **headers):
    return client.generic("POST", address, raw, content_type=content_type, headers=headers)


def is_a_problem(answer, status: int, code: str) -> bool:
    body = json.loads(answer.content)
    assert answer["Content-Type"] == "application/problem+json"
    assert body.keys() >= NAMES
    assert (body["type"], body["status"], body["trace_id"]) == (f"/problems/{body['code']}", answer.status_code, answer["X-Trace-Id"])
    assert all(error.keys() == {"pointer", "code", "detail"} for error in body["errors"])
    assert (answer.status_code, body["code"]) == (status, code)
    return True


DEEP = 10_000
BROKEN = {
    "not_utf8": (b'{"new": 1, "word": "\xff\xfe"}', "broken_json"),
    "gbk": ('{"new": 1, "word": "煤矿"}'.encode("gbk"), "broken_json"),
    "utf16": ('{"new": 1}'.encode("utf-16"), "broken_json"),
    "byte_order_mark": (b'\xef\xbb\xbf{"new": 1}', "broken_json"),
    "cut_off": (b'{"new": 1', "broken_json"),
    "two_values": (b'{"new": 1}{"new": 2}', "broken_json"),
    "single_quotes": (b"{'new': 1}", "broken_json"),
    "comment": (b'{"new": 1} // one', "broken_json"),
    "nul": (b'{"new": 1, "word": "a\x00b"}', "nul"),
    "escaped_nul": (b'{"new": 1, "word": "a\\u0000b"}', "nul"),
    "nul_after_a_backslash": (b'{"new": 1, "word": "a\\\\\\u0000b"}', "nul"),
    "nul_in_a_name": (b'{"new": 1, "\\u0000": 1}', "nul"),
    "deep_lists": (b"[" * DEEP + b"]" * DEEP, "broken_json"),
    "deep_objects": (b'{"a":' * DEEP + b"1" + b"}" * DEEP, "broken_json"),
    "deep_and_open": (b"[" * DEEP, "broken_json"),
    "a_bit_too_deep": (b"[" * (MOST_NESTING + 1) + b"]" * (MOST_NESTING + 1), "broken_json"),
    "400_digits": (b'{"new": ' + b"9" * 400 + b"}", "broken_json"),
    "400_decimals": (b'{"new": 0.' + b"9" * 400 + b"}", "broken_json"),
    "5000_digits": (b'{"new": ' + b"9" * 5000 + b"}", "broken_json"),
    "huge_exponent": (b'{"new": 1e999}', "broken_json"),
    "nan": (b'{"new": NaN}', "broken_json"),
    "infinity": (b'{"new": -Infinity}', "broken_json"),
    "twice": (b'{"new": 1, "new": 2}', "broken_json"),
    "twice_inside": (b'{"new": 1, "parts": [{"a": 1, "a": 1}]}', "broken_json"),
    "half_a_character": (b'{"new": 1, "word": "\\ud800"}', "broken_json"),
    "the_other_half": (b'{"new": 1, "word": "\\udc00\\ud83d"}', "broken_json"),
    "half_a_name": (b'{"new": 1, "\\ud800": 1}', "broken_json"),
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("key", [{}, {"Idempotency-Key": "11111111-2222-4333-8444-555555555555"}], ids=["plain", "keyed"])
def test_a_malformed_body_is_refused_with_a_code_and_nothing_is_stored(phone, name, key):
    raw, code = BROKEN[name]
    assert is_a_problem(send(phone, raw, **key), 400, code)
    assert not Load.objects.exists()


SHAPELESS = {
    "empty": b"", "spaces": b" \n", "object": b"{}", "list": b"[]", "word": b'"x"', "number": b"5", "true": b"true", "null": b"null",
    "list_of_objects": b'[{"new": 1}]', "of_the_wrong_kinds": b'{"new": "1"}', "whole_as_fraction": b'{"new": 1.0}', "yes": b'{"new": true}',
    "below": b'{"new": -1}', "beyond": b'{"new": 1000001}', "unknown_beside": b'{"new": 1, "nwe": 1}', "long": b'{"new": 1, "word": "%s"}' % (b"a" * 101),
    "word_as_number": b'{"new": 1, "word": 5}', "control_sign": b'{"new": 1, "word": "a\\u0007b"}', "time_without_offset": b'{"new": 1, "at": "2026-11-23T09:00:00"}',
    "no_time": b'{"new": 1, "at": "yesterday"}', "money_as_number": b'{"new": 1, "loss": 1.5}', "money_of_three_decimals": b'{"new": 1, "loss": "1.005"}',
    "money_of_400_digits": b'{"new": 1, "loss": "%s"}' % (b"9" * 400), "money_nan": b'{"new": 1, "loss": "NaN"}', "money_below": b'{"new": 1, "loss": "-1.00"}',
    "too_many_parts": b'{"new": 1, "parts": ["a","a","a","a","a","a"]}', "part_of_the_wrong_kind": b'{"new": 1, "parts": ["a", {}]}', "parts_as_object": b'{"new": 1, "parts": {}}',
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPELESS)
def test_a_body_of_the_wrong_shape_is_refused_with_pointers(phone, name):
    answer = send(phone, SHAPELESS[name])
    assert answer.status_code == 400 and answer.json()["errors"]
    assert is_a_problem(answer, 400, answer.json()["code"])
    assert not Load.objects.exists()


@pytest.mark.parametrize(
    "raw, pointer, code",
    [
        (b'{"new": 1, "a/b~c": 1}', "/a~1b~0c", "unknown_field"),
        (b'{"new": 1, "parts": ["a", "b", 3]}', "/parts/2", "invalid"),
        (b"{}", "/new", "required"),
        (b"[]", "", "invalid"),
    ],
)
def test_the_pointer_of_an_error_leads_to_its_field(phone, raw, pointer, code):
    assert [(error["pointer"], error["code"]) for error in send(phone, raw).json()["errors"]] == [(pointer, code)]


def test_an_escaped_backslash_before_u0000_is_plain_text(phone):
    assert send(phone, b'{"new": 1, "word": "C:\\\\u0000"}').status_code == 201


def test_a_surrogate_pair_is_accepted_as_a_character(phone):
    assert send(phone, b'{"new": 1, "word": "\\ud83d\\udd25"}').status_code == 201


@pytest.mark.parametrize("address", [NOTES, "/api/v1/auth/login"])
def test_a_body_of_five_megabytes_is_refused(phone, address):
    answer = send(phone, b'{"word": "' + b"a" * 5_000_000 + b'"}', address=address)
    assert is_a_problem(answer, 413, "too_large")


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/xml", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "json", "a/b/c", "é"]
)
def test_another_content_type_is_refused(phone, content_type):
    assert is_a_problem(send(phone, b'{"new": 1}', content_type), 415, "unsupported_media")


def test_another_charset_than_utf8_does_not_change_the_bytes(phone):
    assert send(phone, '{"new": 1, "word": "煤矿"}'.encode(), "application/json; charset=gbk").status_code == 201


def test_a_request_that_does_not_accept_json_is_refused(phone):
    assert is_a_problem(phone.get(NOTES, headers={"Accept": "text/html"}), 406, "not_acceptable")


@pytest.mark.parametrize("address", ["/api/v1/nothing", "/nothing", "/api/v1/notes/", "/api/v1/notes/abc", "/api/v1/hazards/%00", "/%ff%fe"])
def test_an_unknown_address_is_answered_as_a_problem(phone, address):
    assert is_a_problem(phone.get(address), 404, "not_found")


def test_an_unknown_row_and_a_number_out_of_range_are_both_not_found(phone):
    assert is_a_problem(phone.get(f"{NOTES}/5"), 404, "not_found")
    assert is_a_problem(phone.get(f"{NOTES}/{10**30}"), 404, "not_found")


@pytest.mark.parametrize("method", ["DELETE", "PATCH", "PUT", "TRACE", "BREW"])
def test_a_method_not_allowed_is_answered_as_a_problem(phone, method):
    assert is_a_problem(phone.generic(method, NOTES), 405, "method_not_allowed")


def test_a_server_fault_is_logged_with_its_trace_and_reveals_nothing(phone, caplog):
    answer = phone.get(f"{NOTES}/break-down")
    assert is_a_problem(answer, 500, "failed")
    assert b"ZeroDivision" not in answer.content
    assert "ZeroDivisionError" in caplog.text


def test_a_foreign_host_header_is_answered_as_a_problem(phone):
    assert is_a_problem(phone.get(NOTES, headers={"Host": "evil.example"}), 400, "invalid")


def test_problem_texts_are_chinese_or_english_by_accept_language(phone):
    chinese = send(phone, b"{").json()
    english = send(phone, b"{", **{"Accept-Language": "en-GB,en;q=0.9"}).json()
    assert (chinese["title"].startswith("提交的内容"), english["title"].startswith("The body is not valid JSON")) == (True, True)
    assert send(phone, b"{", **{"Accept-Language": "fr"}).json()["title"] == chinese["title"]


@pytest.mark.parametrize("trace, kept", [("4bf92f3577b34da6a3ce929d0e0e4736", True), ("x" * 32, False), ("", False)])
def test_a_valid_traceparent_is_continued_and_an_invalid_one_replaced(phone, trace, kept):
    answer = phone.get(NOTES, headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01"})
    assert re.fullmatch("[0-9a-f]{32}", answer["X-Trace-Id"])
    assert (answer["X-Trace-Id"] == trace) is kept


# --- whatever may come -----------------------------------------------------------------------------------------------------------
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["new", "word", "at", "loss", "parts", "x"]), inner, max_size=4),
    max_leaves=12,
)


@trials(max_examples=tries(150), suppress_health_check=SLOW)
@given(raw=st.binary(max_size=200))
def test_any_bytes_are_parsed_or_refused_with_400(raw):
    try:
        read_json(raw)
    except Problem as problem:
        assert problem.kind.status == 400


@trials(max_examples=tries(120), suppress_health_check=SLOW)
@given(body=ANYTHING)
def test_any_json_body_is_accepted_or_refused_as_a_problem(phone, body):
    answer = send(phone, json.dumps(body).encode())
    assert answer.status_code in (201, 400)
    assert answer.status_code == 201 or is_a_problem(answer, 400, answer.json()["code"])


@trials(max_examples=tries(60), suppress_health_check=SLOW)
@given(body=st.fixed_dictionaries({}, optional=dict.fromkeys(("username", "password", "otp", "device_id", "device_name"), ANYTHING)))
def test_any_json_body_at_sign_in_is_refused_as_a_problem(phone, body):
    phone.credentials()
    raw = json.dumps({"password": 5, **body} if isinstance(body.get("password"), str) else body).encode()  # hashing is slow
    answer = send(phone, raw, address="/api/v1/auth/login")
    assert is_a_problem(answer, answer.status_code, answer.json()["code"]) and answer.status_code in (400, 401, 429)


def doors_that_take_a_body() -> list[tuple[str, str, str]]:
    """(method, address, somebody who may) of every door of the house."""
    found = []
    for path, callback in _callbacks(get_resolver("safety_api.urls").url_patterns):
        for method, action in (getattr(callback, "actions", None) or {}).items():
            roles = MAY.get(f"{callback.initkwargs.get('basename')}.{action}", ())
            names = [name for name, person in CAST.items() if person["role"] in roles]
            if method in ("post", "put", "patch") and names:
                found.append((method, path, names[0]))
    return sorted(found)


def _callbacks(patterns, before: str = "/"):
    for each in patterns:
        path = before + re.sub(r"<int:\w+>", "1", re.sub(r"<uuid:\w+>", "7a2f6c39-5b44-4be5-9a38-6f3f1f1c0001", str(each.pattern)))
        if hasattr(each, "url_patterns"):
            yield from _callbacks(each.url_patterns, path)
        else:
            yield re.sub(r"<(\w+:)?\w+>", "x", path), each.callback


@pytest.mark.parametrize("raw", [b"", b"[]", b'"x"', b"5", b"null", b"true", b"[[1]]", b'{"x": {}}'])
def test_no_endpoint_answers_500_to_a_body_of_the_wrong_shape(people, as_, raw):
    doors = doors_that_take_a_body()
    assert len(doors) > 5
    clients = {name: as_(name) for name in {name for _, _, name in doors}}
    faults = []
    for method, path, name in doors:
        clients[name].raise_request_exception = False
        answer = clients[name].generic(method.upper(), path, raw, content_type="application/json")
        if answer.status_code >= 500:
            faults.append(f"{method.upper()} {path} with {raw!r}: {answer.status_code}")
    assert faults == []


# --- the registry -------------------------------------------------------------------------------------------------------------------
class Anything(dict):
    def __missing__(self, name):
        return "…"


@pytest.mark.parametrize("code", sorted(REGISTRY))
def test_every_problem_code_has_both_languages_with_the_same_placeholders(code):
    kind = REGISTRY[code]
    assert re.fullmatch(r"[a-z][a-z0-9_]*", code) and 400 <= kind.status < 600
    values = [set(re.findall(r"{(\w+)}", sentence)) for sentence in (kind.zh, kind.en)]
    assert values[0] == values[1]
    assert re.search("[一-鿿]", kind.zh) and not re.search("[一-鿿]", kind.en.format_map(Anything()))


def test_pointers_of_nested_errors_are_flat():
    found = [(each["pointer"], each["detail"]) for each in pointers({"a": [{}, {"b": ["x", "y"]}], "non_field_errors": ["z"]})]
    assert found == [("/a/1/b", "x"), ("/a/1/b", "y"), ("", "z")]
