"""Parameters in the address: each is known, stands once or means several, at every door alike."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from safety_api.paging import both, encode, list_of
from safety_api.parameters import DayOrMoment, Several
from tests.ground.test_pages import NOTES, code_of, phone  # noqa: F401 - a fixture

BEIJING = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    "query", ["least=1&least=2", "limit=1&limit=2", "count=true&count=true", "cursor=a&cursor=b", "sort=new&sort=-new"]
)
def test_a_parameter_given_twice_is_refused(query, phone):  # noqa: F811
    answer = phone.get(f"{NOTES}?{query}")
    assert code_of(answer) == (400, "parameter_twice")
    assert query.partition("=")[0] in answer.json()["title"]


@pytest.mark.parametrize(
    "verb, path", [("get", "/1"), ("put", "/1"), ("post", ""), ("post", "/refuse"), ("get", "/break-down")]
)
def test_an_unknown_parameter_is_refused_at_every_door(verb, path, phone):  # noqa: F811
    before = phone.get(NOTES, {"count": "true"}).json()["total"]
    assert code_of(getattr(phone, verb)(f"{NOTES}{path}?colour=red", {"new": 1}, format="json")) == (
        400,
        "bad_parameter",
    )
    assert phone.get(NOTES, {"count": "true"}).json()["total"] == before


def test_several_words_of_a_parameter_are_combined(phone):  # noqa: F811
    asked = ["new=5&new=3", "new=5,3", "new=5&new=3,5", "new=3, 5"]
    shown = [[row["new"] for row in phone.get(f"{NOTES}?{query}").json()["results"]] for query in asked]
    assert shown == [[5, 5, 5, 5, 3, 3]] * len(asked)


SEVERAL_WRONG = ["red", "1,,2", "", ",", ",".join(map(str, range(21))), "1;2"]


@pytest.mark.parametrize("words", SEVERAL_WRONG)
def test_several_words_are_each_checked(words):
    with pytest.raises(ValidationError):
        Several(serializers.IntegerField()).run_validation([words])


MOMENTS = [
    ("2026-11-23", datetime(2026, 11, 23, tzinfo=BEIJING)),
    ("2026-11-23T09:00:00+08:00", datetime(2026, 11, 23, 9, tzinfo=BEIJING)),
    (
        "2026-11-23T09:00:00 08:00",
        datetime(2026, 11, 23, 9, tzinfo=BEIJING),
    ),  # the plus of an address that was not quoted
    ("2026-11-23T01:00:00Z", datetime(2026, 11, 23, 9, tzinfo=BEIJING)),
]


@pytest.mark.parametrize("text, moment", MOMENTS)
def test_a_day_or_a_moment_begins_a_range(text, moment):
    assert DayOrMoment().run_validation(text) == moment


@pytest.mark.parametrize(
    "text", ["2026-11-31", "2026-11-23T09:00:00", "20261123", "", "gestern", "２０２６-11-23", "0000-01-01"]
)
def test_what_is_neither_a_day_nor_a_moment_is_refused(text):
    with pytest.raises(ValidationError):
        DayOrMoment().run_validation(text)


# --- sorting ---------------------------------------------------------------------------------------------------------
def numbers(client, query: str) -> list[int]:
    """All pages of two."""
    found, address = [], f"{NOTES}?limit=2&{query}"
    while address:
        body = client.get(address).json()
        found += [row["id"] for row in body["results"]]
        address = body["next"]
    return found


@pytest.mark.parametrize("word, sign", [("new", 1), ("-new", -1)])
def test_a_list_is_sorted_by_a_word_over_all_its_pages(word, sign, phone):  # noqa: F811
    rows = phone.get(f"{NOTES}?limit=200").json()["results"]
    expected = sorted(rows, key=lambda row: (sign * row["new"], sign * row["id"]))
    assert numbers(phone, f"sort={word}") == [row["id"] for row in expected]


def test_a_list_is_sorted_by_its_own_words_only(phone):  # noqa: F811
    assert code_of(phone.get(f"{NOTES}?sort=epoch")) == (400, "bad_parameter")
    assert code_of(phone.get(f"{NOTES}/1?sort=new")) == (400, "bad_parameter")


def test_a_cursor_of_another_order_is_refused(phone):  # noqa: F811
    by_default, sorted_by = phone.get(f"{NOTES}?limit=2").json(), phone.get(f"{NOTES}?limit=2&sort=new").json()
    plain = by_default["next"].partition("cursor=")[2]
    ordered = sorted_by["next"].partition("cursor=")[2].partition("&")[0]
    assert code_of(phone.get(f"{NOTES}?sort=new&cursor={plain}")) == (400, "bad_cursor")
    assert code_of(phone.get(f"{NOTES}?sort=-new&cursor={ordered}")) == (400, "bad_cursor")
    assert code_of(phone.get(f"{NOTES}?cursor={ordered}")) == (400, "bad_cursor")


def test_an_order_from_behind_flips_every_key():
    assert both(found_at=("found_at", "-id")) == {"found_at": ("found_at", "-id"), "-found_at": ("-found_at", "id")}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1.5])
def test_a_cursor_holds_no_fraction_for_a_whole_number(value, phone, people):  # noqa: F811
    asked = SimpleNamespace(user=people["inspector"], path_info=NOTES, query_params=QueryDict("sort=new"))
    cursor = encode("n", [value, 1], list_of(asked))
    assert code_of(phone.get(NOTES, {"sort": "new", "cursor": cursor})) == (400, "bad_cursor")
