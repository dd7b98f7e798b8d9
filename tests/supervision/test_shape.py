"""What a check of a document takes, and with which word it refuses."""

from decimal import Decimal

import pytest

from supervision.rules.shape import choice, day, month_day, number, or_null, text, truth, whole

CHECKS = [  # the check, made anew each time; what it takes; with which word it refuses what
    (lambda: whole(1, 3), [1, 3],
     {"not_an_integer": [True, 2.0, "2", None], "out_of_range": [0, 4, 10**5000]}),
    (lambda: number(0, 100), [0, 100, 0.5, "99.5", Decimal("100.0")],
     {"not_a_number": [True, None, "", "1e2", "-1", "1.", float("nan"), float("inf"), Decimal("NaN")],
      "out_of_range": [-1, 101, "100.1", 100.5, Decimal("-0.1"), 10**5000]}),
    (lambda: text(4), ["矿", "四个汉字"],
     {"not_text": ["", "五个字太长", " ", "a\nb", 5, None]}),
    (lambda: choice("A", 1), ["A", 1],
     {"not_a_choice": ["B", "a", True, 1.0, None]}),
    (lambda: or_null(day), [None, "2026-02-28"],
     {"not_a_date": ["2026-02-29", 5]}),
    (lambda: truth, [True, False],
     {"not_a_boolean": [0, 1, "true", None]}),
    (lambda: day, ["2026-02-28"],
     {"not_a_date": ["2026-02-29", "20260228", "2026-W09-6", 20260228, None]}),
    (lambda: month_day, ["01-01", "12-31"],  # a day that every year has
     {"not_a_date": ["02-29", "13-01", "1-1", 101, None]}),
]  # fmt: skip


@pytest.mark.parametrize("made, taken, refused", CHECKS)
def test_a_check_takes_what_it_says_and_refuses_the_rest_with_its_word(made, taken, refused):
    check = made()
    assert [check(value) for value in taken] == [None] * len(taken)
    assert {word: [check(value) for value in values] for word, values in refused.items()} == {
        word: [word] * len(values) for word, values in refused.items()
    }
