"""A document against a table: every fault at once, each with the JSON pointer of its place.

A shape is an object (a dict; a name ending in "?" may be absent), a list of rows ([shape]) or a check, which answers
with the word of a fault or None.
What a hostile document holds beyond its shape is never walked into.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import isfinite
from typing import Any

FAULTS = {
    "required": "缺少此项",
    "unknown_field": "没有此项",
    "not_an_object": "应为对象",
    "not_a_list": "应为列表",
    "not_an_integer": "应为整数",
    "not_a_number": "应为数字",
    "not_a_boolean": "应为 true 或 false",
    "not_a_date": "应为 YYYY-MM-DD 格式的日期",
    "not_text": "应为不空、不含控制字符的短文字",
    "not_a_choice": "不是允许的值",
    "out_of_range": "超出允许的范围",
    "too_many": "项数过多",
    "more_than_due": "按期整改数不能多于到期数",
    "not_in_order": "应从高到低排列，最后一档从 0 起",
    "not_decidable": "条件应有且只有一种判断方式",
}
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
DECIMAL = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")
MOST_FAULTS = 100
MOST_ROWS = 200

Check = Callable[[Any], str | None]
Shape = Any  # Check, {name: Shape} or [Shape]


@dataclass(frozen=True)
class Fault:
    pointer: str  # RFC 6901
    code: str

    @property
    def detail(self) -> str:
        return FAULTS[self.code]


class BadDocument(ValueError):
    """`faults` holds up to a hundred faults, in the order of the shape."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("；".join(f"{fault.pointer or '/'} {fault.detail}" for fault in faults))
        self.faults = tuple(faults)


def faults(shape: Shape, value: Any, pointer: str = "") -> Iterator[Fault]:
    if isinstance(shape, dict):
        yield from _object_faults(shape, value, pointer)
    elif isinstance(shape, list):
        yield from _list_faults(shape[0], value, pointer)
    elif found := shape(value):
        yield Fault(pointer, found)


def _object_faults(shape: dict[str, Shape], value: Any, pointer: str) -> Iterator[Fault]:
    if not isinstance(value, Mapping):
        yield Fault(pointer, "not_an_object")
        return
    for name, inner in shape.items():
        key = name.removesuffix("?")
        if key in value:
            yield from faults(inner, value[key], f"{pointer}/{key}")
        elif key == name:
            yield Fault(f"{pointer}/{key}", "required")
    known = {name.removesuffix("?") for name in shape}
    yield from (Fault(f"{pointer}/{_escaped(key)}", "unknown_field") for key in value if key not in known)


def _list_faults(row: Shape, value: Any, pointer: str) -> Iterator[Fault]:
    if not isinstance(value, (list, tuple)):
        yield Fault(pointer, "not_a_list")
    elif len(value) > MOST_ROWS:
        yield Fault(pointer, "too_many")
    else:
        for index, inner in enumerate(value):
            yield from faults(row, inner, f"{pointer}/{index}")


def _escaped(key: Any) -> str:
    return str(key)[:60].replace("~", "~0").replace("/", "~1")


# ---------------------------------------------------------------- checks


def whole(low: int, high: int) -> Check:
    """An int and nothing that only looks like one: no bool, no 3.0."""

    def check(value: Any) -> str | None:
        if type(value) is not int:
            return "not_an_integer"
        return None if low <= value <= high else "out_of_range"

    return check


def number(low: int, high: int) -> Check:
    """An int, a Decimal, a finite float as JSON has it, or a decimal in a string."""

    def check(value: Any) -> str | None:
        if not _is_number(value):
            return "not_a_number"
        exact = value if type(value) is int else Decimal(str(value))
        return None if low <= exact <= high else "out_of_range"

    return check


def _is_number(value: Any) -> bool:
    if isinstance(value, str):
        return DECIMAL.fullmatch(value) is not None
    if isinstance(value, Decimal):
        return value.is_finite()
    return type(value) is int or (isinstance(value, float) and isfinite(value))


def truth(value: Any) -> str | None:
    return None if isinstance(value, bool) else "not_a_boolean"


def day(value: Any) -> str | None:
    try:
        date.fromisoformat(value if isinstance(value, str) and DAY.fullmatch(value) else "")
    except ValueError:
        return "not_a_date"
    return None


def month_day(value: Any) -> str | None:
    """A day that every year has, as MM-DD."""
    return day(f"2001-{value}") if isinstance(value, str) else "not_a_date"


def text(most: int) -> Check:
    def check(value: Any) -> str | None:
        sound = isinstance(value, str) and 0 < len(value) <= most and value.isprintable() and not value.isspace()
        return None if sound else "not_text"

    return check


def choice(*allowed: Any) -> Check:
    def check(value: Any) -> str | None:
        same = any(type(value) is type(one) and value == one for one in allowed)
        return None if same else "not_a_choice"

    return check


def or_null(check: Check) -> Check:
    return lambda value: None if value is None else check(value)
