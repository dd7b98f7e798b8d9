"""What lists are asked by, declared like the fields of a body: several words, a day or a moment, whose turn it is.

A parameter given twice means either of its values where several are taken (`Several`), and is refused everywhere else; one that is not
declared is refused at every door (`Door.check_parameters`).
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from safety_api.days import midnight
from safety_api.shapes import Moment

MOST_VALUES = 20
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
PLUS_AS_A_BLANK = re.compile(r" (?=[0-9]{2}:?[0-9]{2}\Z)")  # an address that was not quoted turns + into a blank


class Several(serializers.ListField):
    """Any one of several values: `state=reported&state=confirmed` and `state=reported,confirmed` say the same."""

    def __init__(self, child: serializers.Field, **options: Any) -> None:
        said = options.pop("help_text", "")
        more = "可重复或用逗号隔开，满足其一即可"
        super().__init__(
            child=child,
            **{
                "required": False,
                "max_length": MOST_VALUES,
                "help_text": f"{said}；{more}" if said else more,
                **options,
            },
        )

    def to_internal_value(self, data: list[str]) -> list[Any]:
        words = [word.strip() for each in data for word in each.split(",")]
        return list(dict.fromkeys(super().to_internal_value(words)))


@extend_schema_field({"type": "string", "example": "2026-11-23"})
class DayOrMoment(serializers.Field):
    """A day stands for its first moment in Asia/Shanghai; a time has its offset. Two of them make a half-open range."""

    def __init__(self, **options: Any) -> None:
        said = options.pop("help_text", "")
        how = "日期（当日零时，北京时间）或带时区的时间"
        super().__init__(**{"required": False, "help_text": f"{said}：{how}" if said else how, **options})

    def to_internal_value(self, data: Any) -> datetime:
        if DAY.match(data):
            return midnight(serializers.DateField().to_internal_value(data))
        return Moment().to_internal_value(PLUS_AS_A_BLANK.sub("+", data))


class WaitingFor(serializers.ChoiceField):
    """`waiting_for=me`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(["me"], **{"required": False, "help_text": "me：等本人岗位办理的", **options})


def flag(said: str = "") -> serializers.BooleanField:
    """true, false, or not asked."""
    return serializers.BooleanField(required=False, help_text=said)


def on_day(said: str = "") -> serializers.DateField:
    return serializers.DateField(required=False, help_text=said)
