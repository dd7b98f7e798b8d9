"""The base of all shapes: NFC text without NUL, unknown fields refused, bounds that stand in the schema."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from rest_framework import serializers


class Shape(serializers.Serializer):
    """A body or a part of one. A field we do not know is refused: it might have been meant."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if isinstance(data, Mapping):
            unknown = [name for name in data if name not in self.fields]
            if unknown:
                raise serializers.ValidationError(
                    {str(name)[:60]: serializers.ErrorDetail("没有这个字段。", "unknown_field") for name in unknown[:20]}
                )
        return super().to_internal_value(data)


class Text(serializers.CharField):
    """Text in NFC, stripped, without control characters other than line breaks and tabs; numbers are not text."""

    default_error_messages = {"nul": "文字中含有无效字符。", "invalid": "应为文字。"}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        text = unicodedata.normalize("NFC", super().to_internal_value(data))
        if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\r\t" for sign in text):
            self.fail("nul")
        return text


class Whole(serializers.IntegerField):
    """A JSON integer: neither true nor "5" nor 5.0 stands for one."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class Moment(serializers.DateTimeField):
    """RFC 3339 with an offset: a time without one is refused, because a guess may be eight hours off."""

    default_error_messages = {"offset": "时间必须带时区，例如 2026-11-23T09:00:00+08:00。"}

    def to_internal_value(self, value: Any):
        if isinstance(value, str) and not (value.endswith(("Z", "z")) or value[-6:-5] in ("+", "-")):
            self.fail("offset")
        return super().to_internal_value(value)


class Money(serializers.DecimalField):
    """Yuan with two decimals, as text: "1200000.00". A JSON number is refused, for it may have passed through a float."""

    default_error_messages = {"money": "金额应为文字，例如 \"1200000.00\"。"}

    def __init__(self, **options):
        super().__init__(**{"max_digits": 16, "decimal_places": 2, "min_value": 0, **options})

    def to_internal_value(self, data: Any):
        if not isinstance(data, str):
            self.fail("money")
        return super().to_internal_value(data)
