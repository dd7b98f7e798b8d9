"""统一社会信用代码: every example of DOMAIN §10.3, and what a typing clerk can do to a code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enterprises.rules import (
    ALPHABET,
    BadCreditCode,
    check_credit_code,
    credit_check,
    credit_code_of,
    organisation_check,
)

VALID = [
    ("91141123MA0K000135", "enterprise"),
    ("92141123MA0L00022J", "individual_business"),
    ("12141123760000011U", "public_institution"),
    ("91141123MA0U0008XH", "enterprise"),  # organisation check X
    ("91350100M000100Y43", "enterprise"),  # the standard's worked example, with the end it should have
]


@pytest.mark.parametrize("code, kind", VALID)
def test_a_credit_code_with_both_check_digits_right_passes(code, kind):
    found = check_credit_code(code)
    assert (found.code, found.kind, found.warnings) == (code, kind, ())


@pytest.mark.parametrize("text, reason", [
    ("91141123MA0K000134", "check"),        # 5 expected
    ("91141123MA0I000135", "alphabet"),     # letter I
    ("91141123MA0K00013", "length"),
    ("911A1123MA0K000135", "division"),
    ("91350100M000100Y4Z", "alphabet"),
    ("", "length"),
    (" ", "length"),
    ("91141123MA0K0001355", "length"),
    ("91141123MA0K00013\0", "alphabet"),
    ("91141123MA0K00013-", "alphabet"),
    ("9114112３MA0K000134", "check"),       # full-width is read, then judged
    ("91141123MA0K00013５ ", None),
    ("911411٢3MA0K000135", "alphabet"),     # an Arabic digit is not a digit of the alphabet
    ("91141123MA0K00013²", "alphabet"),
    ("91141123MA0O000135", "alphabet"),     # O
    ("91141123MA0S000135", "alphabet"),     # S
    ("91141123MA0V000135", "alphabet"),     # V
    ("91141123ma0ſ000135", "alphabet"),     # a long s does not become S
    ("9114112XMA0K000135", "division"),
    ("00000000000000000" + "0", None),      # well formed: whose it is, is another question
    ("统一社会信用代码统一社会信用代码统一", "alphabet"),
])
def test_an_invalid_credit_code_is_refused_with_its_first_reason(text, reason):
    if reason is None:
        check_credit_code(text)
        return
    with pytest.raises(BadCreditCode) as refused:
        check_credit_code(text)
    assert refused.value.reason == reason
    assert "统一社会信用代码" in str(refused.value)


@pytest.mark.parametrize("typed", [
    "91141123ma0k000135",
    " 91141123MA0K000135\n",
    "9114 1123 MA0K 0001 35",
    "９１１４１１２３ＭＡ０Ｋ０００１３５",
    "９１１４１１２３ｍａ０ｋ０００１３５",
    "91141123\u3000MA0K000135",
    "91141123\u00a0MA0K000135",
])
def test_a_typed_credit_code_is_normalised_to_one_form(typed):
    assert check_credit_code(typed).code == "91141123MA0K000135"


def test_a_wrong_organisation_check_digit_is_only_a_warning():
    body = "91141123MA0K00014"  # the organisation check would be 3
    assert check_credit_code(body + credit_check(body)).warnings == ("organisation_check",)


@pytest.mark.parametrize("pair, kind", [
    ("91", "enterprise"), ("92", "individual_business"), ("93", "cooperative"), ("12", "public_institution"),
    ("11", "state_organ"), ("54", "village_body"), ("Y1", None), ("A1", None),
])
def test_the_first_two_characters_of_a_credit_code_give_the_unit_type(pair, kind):
    assert check_credit_code(credit_code_of(pair, "141123", "MA0K0001")).kind == kind


@pytest.mark.parametrize("first8, check", [("MA0K0001", "3"), ("MA0U0008", "X"), ("M000100Y", "4"), ("00000000", "0")])
def test_an_organisation_check_of_11_is_written_0_and_of_10_is_written_x(first8, check):
    assert organisation_check(first8) == check


def test_a_remainder_of_zero_gives_the_check_digit_zero():
    assert credit_check("0" * 17) == "0"


@given(st.data())
def test_one_wrong_character_in_a_credit_code_is_always_detected(data):
    code = data.draw(st.sampled_from([code for code, _ in VALID]))
    at = data.draw(st.integers(0, 17))
    other = data.draw(st.sampled_from([char for char in ALPHABET if char != code[at]]))
    with pytest.raises(BadCreditCode):
        check_credit_code(code[:at] + other + code[at + 1:])


@given(st.text(max_size=40))
def test_any_text_as_credit_code_is_accepted_or_refused_with_a_reason(text):
    try:
        assert len(check_credit_code(text).code) == 18
    except BadCreditCode as refused:
        assert refused.reason in BadCreditCode.WORDS
