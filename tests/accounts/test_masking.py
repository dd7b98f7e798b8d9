"""What of a person's identifiers may be seen, and which identifiers are well formed (DOMAIN §10.4)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.masking import BadCitizenId, check_citizen_id, is_landline, is_mobile, mask_id, mask_mobile, mask_name


@pytest.mark.parametrize("typed, stored", [
    ("141123198001010015", "141123198001010015"),
    ("141123199912311040", "141123199912311040"),
    ("141123200002290039", "141123200002290039"),   # 29 February of a leap year
    ("14112319850615003X", "14112319850615003X"),
    ("14112319850615003x", "14112319850615003X"),
    ("14112319850615003ｘ", "14112319850615003X"),
    (" 141123 19800101 0015 ", "141123198001010015"),
])
def test_a_valid_citizen_id_is_stored_in_one_form(typed, stored):
    assert check_citizen_id(typed) == stored


@pytest.mark.parametrize("typed, reason", [
    ("141123197502290014", "birth"),    # 1975 had no 29 February
    ("141123198013010015", "birth"),
    ("141123000001010015", "birth"),
    ("141123198001010016", "check"),
    ("14112319800101001X", "check"),
    ("141123800101001", "length"),      # the old 15 digits
    ("", "length"),
    ("1411231980010100155", "length"),
    ("14112X198001010015", "digits"),
    ("14112319800101001A", "digits"),
    ("14112319800101001٥", "digits"),
])
def test_a_bad_citizen_id_is_refused_with_a_reason(typed, reason):
    with pytest.raises(BadCitizenId) as refused:
        check_citizen_id(typed)
    assert refused.value.reason == reason


@pytest.mark.parametrize("text, mobile, landline", [
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
])
def test_numbers_of_telephones(text, mobile, landline):
    assert (is_mobile(text), is_landline(text)) == (mobile, landline)


@pytest.mark.parametrize("mask, given_, shown", [
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
])
def test_what_a_list_may_show(mask, given_, shown):
    assert mask(given_) == shown


@pytest.mark.parametrize("mask, most", [(mask_name, 2), (mask_mobile, 7), (mask_id, 10)])
@given(text=st.text(max_size=30).filter(lambda text: "*" not in text))
def test_a_mask_never_shows_more_than_it_promises(mask, most, text):
    shown = mask(text)
    assert sum(char not in "*-" for char in shown) <= most
    assert len(text.strip()) < 2 or shown != text or not shown.strip("-")
