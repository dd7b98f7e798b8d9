"""One folding for what is stored and what is asked; pinyin right where the dictionary is wrong; what is asked is found by numbers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safety_api import words

DAY = date(2026, 11, 30)


def found(text: str, asked: str) -> bool:
    """By the index and by the text, as the database is asked."""
    stored, wanted = words.spelled(text), words.asked(asked)
    by_text = bool(wanted) and words.holds(stored, wanted)
    by_signs = set(words.signs_asked(wanted)) <= set(words.signs_of(stored))
    assert by_signs or not by_text  # the index brings whatever the text holds
    return by_text and by_signs


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("配电箱Ａ１２未接地", "a12"), ("配电箱a12未接地", "Ａ１２"), ("CO报警器失效", "co报警"), ("co报警器失效", "ＣＯ"),
        ("甲烷超限，掘进面", "甲烷超限"), ("甲烷超限，掘进面", "掘进 甲烷"), ("甲烷超限", "甲\u200b烷"), ("甲\ufeff烷超限", "甲烷"),
        ("兴县（蔚汾）煤业", "兴县蔚汾煤业"), ("兴县(蔚汾)煤业", "（蔚汾）"), ("甲烷超限", "　甲烷　超限　"), ("甲烷超限", "甲烷，超限"),
        ("甲烷超限", "jiawan"), ("甲烷超限", "jwcx"), ("甲烷超限", "JW"), ("甲烷超限", "ｊｗ"), ("甲烷超限", "烷"), ("绿化带", "lvhua"),
        ("绿化带", "lühua"), ("C09-12", "c09-12"), ("½吨", "1"), ("㎡不足", "m2"),
        ("掘进工作面回风流中安设的CO报警器失效", "co"), ("0000000000000", "00"),
    ],
)  # fmt: skip
def test_a_text_is_found_as_people_write(text, asked):
    assert found(text, asked)


@pytest.mark.parametrize("asked", ["", "  ", "%", "_", "，", "\u200b", "（）"])
def test_nothing_is_found_by_what_says_nothing(asked):
    assert words.asked(asked) == ()


@pytest.mark.parametrize(("text", "asked"), [("甲烷超限", "烷甲"), ("甲烷超限", "甲烷 瓦斯"), ("甲烷超限", "wj"), ("甲烷", "甲烷超限")])
def test_every_word_asked_must_be_in_the_text_as_asked(text, asked):
    assert not found(text, asked)


@pytest.mark.parametrize(
    ("name", "initials", "syllables"),
    [
        ("长治", "cz", "changzhi"), ("单县", "sx", "shanxian"), ("兴县长兴", "xxcx", "xingxianchangxing"),
        ("兴县长盛", "xxcs", "xingxianchangsheng"), ("兴县长治路", "xxczl", "xingxianchangzhilu"),
        ("兴县朝阳", "xxcy", "xingxianchaoyang"), ("兴县朝阳沟煤矿", "xxcygmk", "xingxianchaoyanggoumeikuang"),
        ("太原市长治路", "tysczl", "taiyuanshichangzhilu"), ("蔚汾镇长青村", "yfzcqc", "yufenzhenchangqingcun"),
        ("重庆", "cq", "chongqing"), ("甲烷Ａ１", "jwa1", "jiawana1"),
    ],
)  # fmt: skip
def test_a_name_is_read_as_the_people_there_read_it(name, initials, syllables):
    assert words.pinyin_of(name) == f"{initials} {syllables}"


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("长治", "zhangzhi"), ("单县", "danxian"), ("兴县长兴", "xxzx"), ("兴县长盛", "zhangsheng"), ("兴县朝阳", "zhaoyang"),
        ("蔚汾煤业", "weifen"), ("蔚汾煤业", "yufen"), ("蔚汾煤业", "wfmy"), ("乐平堡", "lepingbu"), ("行长朝阳重庆乐单解", "xing"),
        ("吕梁铝业", "lvliang"), ("吕梁铝业", "luliang"), ("吕梁铝业", "lyuliang"),
    ],
)  # fmt: skip
def test_a_name_is_found_by_either_reading_of_a_sign_with_two(name, asked):
    assert found(name, asked)


def test_a_text_of_very_many_readings_is_kept_short():
    assert len(words.sounds("长单朝行乐重盛蔚")) <= words.MOST_SOUNDS + 1


@given(st.text(max_size=40), st.integers(0, 30), st.integers(1, 12))
def test_any_part_of_a_folded_text_is_found(text, first, length):
    whole = words.folded(text)
    part = whole[first : first + length]
    if part:
        assert found(text, part)


@pytest.mark.parametrize("span", words.SPANS)
@pytest.mark.parametrize("back", [0, 1, 9])
def test_a_window_holds_the_days_just_before(span, back):
    stored = set(words.signs_of("甲烷", DAY - timedelta(days=min(back, span - 1) if span > 1 else min(back, 1))))
    assert stored & set(words.windows(DAY, span))


@pytest.mark.parametrize(("span", "had", "then"), [(1, 0, None), (1, 60, 4), (1, 20, 16), (1, 3, 256), (16, 1, None), (1024, 99, None)])
def test_the_next_window_is_as_wide_as_the_page_needs(span, had, then):
    assert words.next_span(span, had, 101) == then
