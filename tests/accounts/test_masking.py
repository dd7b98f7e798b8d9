"""What of a person's identifiers may be seen, and which numbers are telephones (DOMAIN §10.4)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.masking import is_landline, is_mobile, mask_id, mask_mobile, mask_name


@pytest.mark.parametrize(
    "text, mobile, landline",
    [
        ("13812345678", True, False),
        ("19912345678", True, False),
        ("138 1234 5678", True, False),
        ("１３８12345678", True, False),
        ("12812345678", False, False),
        ("1381234567", False, False),
        ("138123456789", False, False),
        ("13812345678a", False, False),
        ("1381234567٨", False, False),
        ("0358-6321234", False, True),
        ("03586321234", False, True),
        ("010-12345678", False, True),
        ("0358-632123", False, False),
        ("0358--6321234", False, False),
        ("358-6321234", False, False),
        ("", False, False),
    ],
)
def test_mobile_and_landline_numbers_are_recognised(text, mobile, landline):
    assert (is_mobile(text), is_landline(text)) == (mobile, landline)


@pytest.mark.parametrize(
    "mask, given_, shown",
    [
        (mask_name, "张三", "张*"),
        (mask_name, "张小三", "张*三"),
        (mask_name, "欧阳小三", "欧**三"),
        (mask_name, " 张三 ", "张*"),
        (mask_name, "张", "*"),
        (mask_name, "", ""),
        (mask_name, None, ""),
        (mask_mobile, "13812345678", "138****5678"),
        (mask_mobile, "138 1234 5678", "138****5678"),
        (mask_mobile, "0358-6321234", "****-***1234"),
        (mask_mobile, "03586321234", "*******1234"),
        (mask_mobile, "6321234", "*******"),
        (mask_mobile, "", ""),
        (mask_mobile, None, ""),
        (mask_id, "141123198001010015", "141123********0015"),
        (mask_id, "14112319850615003x", "141123********003X"),
        (mask_id, "141123800101001", "***************"),
        (mask_id, "", ""),
        (mask_id, None, ""),
    ],
)
def test_names_phones_and_ids_are_masked_as_in_the_table(mask, given_, shown):
    assert mask(given_) == shown


@pytest.mark.parametrize("mask, most", [(mask_name, 2), (mask_mobile, 7), (mask_id, 10)])
@given(text=st.text(max_size=30).filter(lambda text: "*" not in text))
def test_a_mask_never_shows_more_than_it_promises(mask, most, text):
    shown = mask(text)
    assert sum(char not in "*-" for char in shown) <= most
    assert len(text.strip()) < 2 or shown != text or not shown.strip("-")
