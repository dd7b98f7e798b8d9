"""Paging: every row once, in both directions, whatever arrives in between; what we did not make is refused."""

from __future__ import annotations

import base64
import json
from itertools import pairwise
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given
from hypothesis import settings as trials
from hypothesis import strategies as st

from reference.models import Load, Sector
from safety_api.paging import SEAL, decode, encode, list_of
from safety_api.problems import Problem
from tests.conftest import tries

NOTES = "/api/v1/notes"
SCORES = [5, 3, 5, 1, 4, 5, 2, 3, 5, 4, 1, 2]  # with ties, so that the second key matters


@pytest.fixture
def phone(notes, as_):
    Load.objects.bulk_create(Load(new=score, changed=0, removed=0) for score in SCORES)
    return as_("inspector")


def code_of(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def cursor_of(body: dict, way: str) -> str | None:
    return parse_qs(urlsplit(body[way]).query)["cursor"][0] if body[way] else None


def cursor(*values) -> str:
    """As one was before they were sealed, and as anybody could write one."""
    return base64.urlsafe_b64encode(json.dumps(list(values)).encode()).decode().rstrip("=")


@pytest.fixture
def sealed(phone, people):
    """A cursor with our own seal, whatever stands in it: where the key is lost, the values are still looked at."""
    seen = parse_qs(urlsplit(phone.get(NOTES, {"limit": 1}).json()["next"]).query)["cursor"][0]

    def make(*values) -> str:
        request = SimpleNamespace(user=people["inspector"], path_info=NOTES, query_params=QueryDict())
        return encode(values[0], list(values[1:]), list_of(request)) if values else seen

    return make


def walk(client, way: str, start: str | None = None, limit: int = 5, between=lambda: None) -> list[list[int]]:
    pages, at = [], start
    while True:
        body = client.get(NOTES, {"limit": limit, **({"cursor": at} if at else {})}).json()
        pages.append([row["id"] for row in body["results"]])
        at = cursor_of(body, way)
        between()
        if at is None:
            return pages


@pytest.mark.parametrize(
    "limit", ["0", "-5", "201", "abc", "1.5", "٣", "１", "", " 5", "5 ", "0x5", "1e1", "999999999999999999999", "+5"]
)
def test_an_invalid_limit_is_refused(phone, limit):
    assert code_of(phone.get(NOTES, {"limit": limit})) == (400, "bad_limit")


@pytest.mark.parametrize("limit, shown", [("1", 1), ("5", 5), ("005", 5), ("200", 12)])
def test_a_valid_limit_is_applied(phone, limit, shown):
    assert len(phone.get(NOTES, {"limit": limit}).json()["results"]) == shown


BROKEN = [
    "", "x", "null", "%", "🙂", "=" * 40, "A" * 5000, cursor(), cursor("n"), cursor("n", 1), cursor("n", 1, 2, 3), cursor("x", 1, 2),
    cursor(["n"], 1, 2), cursor("n", None, 1), cursor("n", "five", 1), cursor("n", [5], 1), cursor("n", {"a": 1}, 1), cursor("n", 1.5, 1),
    cursor("n", "\x00", 1), cursor("n", "\ud800", 1), cursor("n", float("inf"), 1), cursor("n", float("nan"), 1),
    base64.urlsafe_b64encode(b"[" * 100_000).decode(), base64.urlsafe_b64encode(b"\xff\xfe[").decode(),
    base64.urlsafe_b64encode(b'["n", 1e999, 1]').decode(), base64.urlsafe_b64encode(b'{"n": 1, "b": 2, "c": 3}').decode(),
    base64.urlsafe_b64encode(b'["n", ' + b"9" * 5000 + b", 1]").decode(),
]  # fmt: skip


@pytest.mark.parametrize("text", BROKEN, ids=range(len(BROKEN)))
def test_an_invalid_cursor_is_refused(phone, text):
    assert code_of(phone.get(NOTES, {"cursor": text})) == (400, "bad_cursor")


ODD = [
    ("n",), ("n", 1), ("n", 1, 2, 3), ("n", None, 1), ("n", "five", 1), ("n", [5], 1), ("n", {"a": 1}, 1), ("n", 1.5, 1), ("n", "\x00", 1),
    ("n", float("inf"), 1), ("n", float("nan"), 1),
]  # fmt: skip


@pytest.mark.parametrize("values", ODD, ids=range(len(ODD)))
def test_an_odd_value_in_a_cursor_is_refused_though_it_is_sealed(phone, sealed, values):
    assert code_of(phone.get(NOTES, {"cursor": sealed(*values)})) == (400, "bad_cursor")


def test_a_cursor_beyond_every_row_gives_an_empty_page(phone, sealed):
    assert phone.get(NOTES, {"cursor": sealed("n", -(10**30), 1)}).json()["results"] == []


# --- of one list ---------------------------------------------------------------------------------------------------------------
OTHERS = [  # a list beside the one that made the cursor: asked otherwise, sorted otherwise, at another address
    f"{NOTES}?new=5", f"{NOTES}?sort=new", f"{NOTES}?sort=-new", "/api/v1/hazards", "/api/v1/inspections", "/api/v1/regions", "/api/v1/inbox",
]  # fmt: skip


@pytest.mark.parametrize("address", OTHERS)
def test_a_cursor_of_one_list_is_refused_by_another(phone, sealed, address):
    mark = "&" if "?" in address else "?"
    answer = phone.get(f"{address}{mark}cursor={sealed()}")
    assert (code_of(answer), answer.json()["title"]) == ((400, "bad_cursor"), "翻页标记无效，请从第一页重新开始。")


def test_a_cursor_of_a_filtered_list_is_refused_by_the_whole_one(phone):
    of_fives = cursor_of(phone.get(NOTES, {"new": 5, "limit": 2}).json(), "next")
    assert code_of(phone.get(NOTES, {"cursor": of_fives})) == (400, "bad_cursor")
    assert code_of(phone.get(NOTES, {"cursor": of_fives, "new": 4})) == (400, "bad_cursor")
    assert phone.get(NOTES, {"cursor": of_fives, "new": 5}).status_code == 200


def test_a_cursor_of_one_person_is_refused_to_another(phone, sealed, as_):
    assert code_of(as_("inspector2").get(NOTES, {"cursor": sealed()})) == (400, "bad_cursor")


def test_a_cursor_goes_on_with_another_limit_and_with_a_count(phone, sealed):
    assert phone.get(NOTES, {"cursor": sealed(), "limit": 7, "count": "true"}).json()["total"] == len(SCORES)


def test_a_cursor_is_refused_when_a_sign_of_it_was_changed(phone, sealed):
    opened = base64.urlsafe_b64decode(sealed() + "==").decode()
    for place in (0, SEAL - 1, len(opened) - 2):
        sign = "0" if opened[place] != "0" else "1"
        changed = base64.urlsafe_b64encode(f"{opened[:place]}{sign}{opened[place + 1 :]}".encode()).decode()
        assert code_of(phone.get(NOTES, {"cursor": changed})) == (400, "bad_cursor")


@given(st.text(max_size=60))
def test_any_text_as_cursor_is_refused_without_a_fault(text):
    with pytest.raises(Problem) as refusal:
        decode(text, Load.objects.all(), ["new", "id"], "a list")
    assert refusal.value.kind.code == "bad_cursor"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=6,
)


@trials(max_examples=tries(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(JSON, max_size=3), way=st.sampled_from("np"))
def test_a_sealed_cursor_is_answered_or_refused_and_never_a_fault(phone, sealed, values, way):
    answer = phone.get(NOTES, {"cursor": sealed(way, *values)})
    assert answer.status_code == 200 or code_of(answer) == (400, "bad_cursor")
    assert code_of(phone.get(NOTES, {"cursor": cursor(way, *values)})) == (400, "bad_cursor")


@trials(max_examples=tries(60))
@given(key=st.text(max_size=20))
def test_a_text_key_in_a_cursor_is_valid_for_the_database(key):
    try:
        assert decode(encode("n", [key], "a list"), Sector.objects.all(), ["code"], "a list") == ("n", [key])
    except Problem:
        assert "\x00" in key or any("\ud800" <= sign <= "\udfff" for sign in key)


@pytest.mark.parametrize("limit", [1, 2, 5, 12, 50])
def test_paging_forward_returns_every_row_once_in_order(phone, limit):
    rows = [row for page in walk(phone, "next", limit=limit) for row in page]
    assert rows == list(Load.objects.order_by("-new", "id").values_list("id", flat=True))


@pytest.mark.parametrize("limit", [1, 2, 5, 12])
def test_paging_backward_returns_the_same_rows(phone, limit):
    at = None
    while body := phone.get(NOTES, {"limit": limit, **({"cursor": at} if at else {})}).json():
        if not cursor_of(body, "next"):
            break
        at = cursor_of(body, "next")
    back = (
        walk(phone, "previous", start=cursor_of(body, "previous"), limit=limit) if cursor_of(body, "previous") else []
    )
    rows = [row for page in back[::-1] for row in page] + [row["id"] for row in body["results"]]
    assert rows == list(Load.objects.order_by("-new", "id").values_list("id", flat=True))


def test_rows_added_while_paging_shift_no_other_row(phone):
    known = set(Load.objects.values_list("id", flat=True))
    pages = walk(phone, "next", limit=2, between=lambda: Load.objects.create(new=5, changed=0, removed=0))
    met = [row for page in pages for row in page]
    assert len(met) == len(set(met))
    assert known <= set(met)


def test_rows_deleted_while_paging_hide_no_other_row(phone):
    order = list(Load.objects.order_by("-new", "id").values_list("id", flat=True))
    first = phone.get(NOTES, {"limit": 4}).json()
    Load.objects.filter(pk__in=order[2:4]).delete()  # the very row that the cursor stands on too
    rest = walk(phone, "next", start=cursor_of(first, "next"), limit=4)
    assert [row for page in rest for row in page] == order[4:]


def test_the_first_page_has_no_previous_and_the_last_no_next(phone):
    first = phone.get(NOTES, {"limit": 12}).json()
    assert (first["previous"], first["next"]) == (None, None)


def test_links_keep_the_other_parameters(phone):
    body = phone.get(NOTES, {"limit": 2, "least": 3, "count": "true"}).json()
    assert parse_qs(urlsplit(body["next"]).query) | {"cursor": []} == {
        "limit": ["2"],
        "least": ["3"],
        "count": ["true"],
        "cursor": [],
    }
    assert body["total"] == 8
    rows = [row["new"] for row in phone.get(body["next"]).json()["results"]]
    assert all(one >= other for one, other in pairwise(rows)) and min(rows) >= 3


def test_a_total_is_given_only_when_requested(phone):
    assert "total" not in phone.get(NOTES).json()
    assert "total" not in phone.get(NOTES, {"count": "false"}).json()
    assert phone.get(NOTES, {"count": "true", "limit": 1}).json()["total"] == 12


@pytest.mark.parametrize(
    "query", ["wrong=1", "Limit=5", "format=xlsx", "count=yes", "count=", "page=2", "%00=1", "least=5&x"]
)
def test_an_unknown_or_misspelt_parameter_is_refused_not_ignored(phone, query):
    assert code_of(phone.get(f"{NOTES}?{query}")) == (400, "bad_parameter")


@pytest.mark.parametrize("query", ["least=x", "least=-1", "least=%00", "least="])
def test_a_parameter_with_an_invalid_value_is_refused_by_name(phone, query):
    answer = phone.get(f"{NOTES}?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/least")
