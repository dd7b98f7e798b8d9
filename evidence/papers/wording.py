"""更正文字: words that papers print are corrected by a step with its reason; the record keeps the original in its own history.

What was issued stays as it is (a mistake in it is `papers/{id}/correct`); papers issued later print the corrected words.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Model
from rest_framework import serializers

from safety_api.problems import SAME_WORDING
from safety_api.shapes import Shape, Text, reason


class WordingShape(Shape):
    """A subclass says of which `model`, and as `field` which of its columns. No wording is taken away, only replaced."""

    model: ClassVar[type[Model]]
    text = Text(min_length=1, max_length=4000)
    reason = reason()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        column: Any = self.model._meta.get_field(attrs["field"])
        if len(attrs["text"]) > column.max_length:
            raise serializers.ValidationError(
                {"text": serializers.ErrorDetail(f"不能超过 {column.max_length} 字。", "max_length")}
            )
        return attrs


def replace(record: Any, field: str, text: str) -> str:
    """Sets the words, not yet saved, and returns the original. Raises SAME_WORDING."""
    was = getattr(record, field)
    if was == text:
        raise SAME_WORDING.at("/text")
    setattr(record, field, text)
    return was
