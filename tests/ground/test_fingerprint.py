"""The fingerprint is RFC 8785, whichever encoder writes it."""

import hashlib

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from safety_api.idempotency import fingerprint
from safety_api.problems import Problem

SPOKEN = st.text(st.characters(exclude_categories=("Cs",)))
NUMBERS = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
BODIES = st.recursive(
    st.none() | st.booleans() | NUMBERS | SPOKEN, lambda inner: st.lists(inner) | st.dictionaries(SPOKEN, inner)
)


@given(BODIES)
def test_the_fingerprint_of_a_body_is_the_hash_of_its_rfc8785_form(body):
    assert fingerprint(body) == hashlib.sha256(rfc8785.dumps(body)).hexdigest()


@pytest.mark.parametrize("value", [8, 8.0, 8.5, 1e-4, 1e-7, 1e15, 1e16, 1e21, 1e22, -0.0, 0.1 + 0.2, 111.13397212345])
def test_edge_case_numbers_are_hashed_as_ecmascript_writes_them(value):
    assert fingerprint({"n": value}) == hashlib.sha256(rfc8785.dumps({"n": value})).hexdigest()


@pytest.mark.parametrize("names", [("b", "a"), ("é", "e"), ("\U0001f600", "\ufb33"), ("煤", "矿")])
def test_object_keys_are_sorted_by_utf_16(names):
    body = dict.fromkeys(names, 1)
    assert fingerprint(body) == hashlib.sha256(rfc8785.dumps(body)).hexdigest()


@pytest.mark.parametrize("value", [2**53, -(2**53), "\ud800"])
def test_values_json_cannot_hold_exactly_are_refused(value):
    with pytest.raises(Problem):
        fingerprint({"value": value})
