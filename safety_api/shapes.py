"""The base of all shapes: NFC text without NUL, unknown fields refused, bounds that stand in the schema.

Shapes in are shared, shapes out are compiled: both say the same as DRF's own and cost a third (bench/README.md).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import cache, cached_property, lru_cache
from operator import attrgetter, itemgetter
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.fields import get_error_detail
from rest_framework.validators import ProhibitSurrogateCharactersValidator

from safety_api.field_times import FIRST, LAST
from safety_api.problems import IN_THE_FUTURE, NIL_ID
from safety_api.remarks import Remark


@lru_cache(maxsize=512)
def shared(shape: Any, **context: Any) -> Any:
    """One instance a process for a shape and its (hashable) context: reading and showing leave nothing behind in it, and making the
    fields is what costs."""
    return shape(context=context)


class Shape(serializers.Serializer):
    """A body or a part of one. A field we do not know is refused: it might have been meant."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if isinstance(data, Mapping):
            if not self._names.issuperset(data):
                unknown = [name for name in data if name not in self._names]
                raise serializers.ValidationError(
                    {
                        str(name)[:60]: serializers.ErrorDetail("没有这个字段。", "unknown_field")
                        for name in unknown[:20]
                    }
                )
            return self._values(data)
        return super().to_internal_value(data)

    def _values(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """What DRF does, from a list made once; all faults at once."""
        values: dict[str, Any] = {}
        errors: dict[str, Any] = {}
        for name, field, read, source, check in self._expected:
            try:
                raw = data.get(name, serializers.empty)
                value = field.run_validation(raw) if raw is None or raw is serializers.empty else read(raw)
                values[source] = value if check is None else check(value)
            except serializers.ValidationError as error:
                errors[name] = error.detail
            except DjangoValidationError as error:
                errors[name] = get_error_detail(error)
            except serializers.SkipField:
                pass
        if errors:
            raise serializers.ValidationError(errors)
        return values

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(self.fields)

    @cached_property
    def _expected(self) -> list[tuple[str, serializers.Field, Getter, str, Getter | None]]:
        """Of each field: its name, itself, what reads a value that is there, where the value goes, our own check of it."""
        fields = [(name, field) for name, field in self.fields.items() if not field.read_only]
        checks = {name: getattr(self, f"validate_{name}", None) for name, _ in fields}
        return [(name, field, _reader(field), str(field.source), checks[name]) for name, field in fields]

    def run_validators(self, value: Any) -> None:
        if self.validators:  # of the whole; it has none as a rule
            super().run_validators(value)


def _reader(field: serializers.Field) -> Getter:
    """A field that only converts need not be asked for validators that it has not."""
    only_converts = type(field).run_validation is serializers.Field.run_validation and not field.validators
    return field.to_internal_value if only_converts else field.run_validation


CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")  # and half characters


SAID_BY_CONTROL = (ProhibitNullCharactersValidator, ProhibitSurrogateCharactersValidator)


class Text(serializers.CharField):
    """Text in NFC, stripped, without control characters other than line breaks and tabs; numbers are not text."""

    default_error_messages = {"nul": "文字中含有无效字符。", "invalid": "应为文字。"}

    def __init__(self, **options):
        super().__init__(**options)
        self.validators = [each for each in self.validators if not isinstance(each, SAID_BY_CONTROL)]

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        text = unicodedata.normalize("NFC", super().to_internal_value(data))
        if CONTROL.search(text):
            self.fail("nul")
        return text


class Whole(serializers.IntegerField):
    """A JSON integer: neither true nor "5" nor 5.0 stands for one."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


NO_RECORD = frozenset({UUID(int=0), UUID(int=2**128 - 1)})  # what a program writes that made no id


class RecordId(serializers.UUIDField):
    """The id of a record, as its maker drew it or as another record names it. One that nobody drew is refused: two phones would share it."""

    default_error_messages = {NIL_ID.code: NIL_ID.zh}

    def to_internal_value(self, data: Any) -> UUID:
        key = super().to_internal_value(data)
        if key in NO_RECORD:
            self.fail(NIL_ID.code)
        return key


OFFSET = re.compile(r"[Tt ].*([Zz]|[+-][0-9]{2}:?[0-9]{2})\Z", re.DOTALL)


class Moment(serializers.DateTimeField):
    """RFC 3339 with an offset: a time without one is refused, because a guess may be eight hours off."""

    default_error_messages = {"offset": "时间必须带时区，例如 2026-11-23T09:00:00+08:00。"}

    def to_internal_value(self, value: Any):
        if isinstance(value, str) and not OFFSET.search(value):
            self.fail("offset")  # also of a day alone, whose last dash is none
        try:
            moment = super().to_internal_value(value)
        except OverflowError:  # the year 1 in UTC
            self.fail("overflow")
        if moment.year == 1:  # its first hours lie before the first moment of the driver
            self.fail("overflow")
        return moment


class FieldMoment(Moment):
    """Of a record from the field, which is refused for no time: a moment that no calendar here holds stands as the first or the last that
    one does, such as the year 1 of a time that a program never set."""

    def to_internal_value(self, value: Any):
        try:
            return super().to_internal_value(value)
        except serializers.ValidationError as refused:
            if refused.get_codes() != ["overflow"]:
                raise
            return FIRST if str(value).startswith("0001") else LAST


YUAN = re.compile(r"-?[0-9]{1,14}(\.[0-9]{1,2})?\Z")


class Money(serializers.DecimalField):
    """Yuan with two decimals, as text: "1200000.00". A JSON number is refused, for it may have passed through a float."""

    default_error_messages = {"money": '金额应为文字，例如 "1200000.00"。'}

    def __init__(self, **options):
        super().__init__(**{"max_digits": 16, "decimal_places": 2, "min_value": 0, **options})

    def validate_empty_values(self, data: Any) -> tuple[bool, Any]:
        """Only null is nothing: an empty text is no amount."""
        return serializers.Field.validate_empty_values(self, data)

    def to_internal_value(self, data: Any):
        if not isinstance(data, str) or not YUAN.match(data):
            self.fail("money")
        return super().to_internal_value(data)


# --- out ---------------------------------------------------------------------------------------------------------------
Getter = Callable[[Any], Any]
COUNTY_TIME = timezone.get_default_timezone()
AS_IT_IS = (
    serializers.CharField, serializers.ChoiceField, serializers.IntegerField, serializers.BooleanField,
    serializers.FloatField, serializers.JSONField, serializers.UUIDField, serializers.DateField,
)  # fmt: skip
SPOKEN: dict[type[serializers.Field], Getter] = {
    serializers.DateTimeField: lambda moment: moment.astimezone(COUNTY_TIME),
}


class Out(serializers.Serializer):
    """An answer's shape: the fields are the schema's, the values are fetched by getters made once. Rows are objects or dicts."""

    def to_representation(self, instance: Any) -> dict[str, Any]:
        getters = self._of_dicts if isinstance(instance, Mapping) else self._of_objects
        return {name: get(instance) for name, get in getters}

    @cached_property
    def _of_objects(self) -> list[tuple[str, Getter]]:
        return [
            (name, _getter(field, _whole if field.source == "*" else attrgetter(str(field.source))))
            for name, field in self._shown()
        ]

    @cached_property
    def _of_dicts(self) -> list[tuple[str, Getter]]:
        return [(name, _getter(field, itemgetter(field.source))) for name, field in self._shown()]

    def _shown(self) -> list[tuple[str, serializers.Field]]:
        return [(name, field) for name, field in self.fields.items() if not field.write_only]


def _whole(row: Any) -> Any:
    return row


def _getter(field: serializers.Field, fetch: Getter) -> Getter:
    if isinstance(field, serializers.SerializerMethodField):
        return getattr(field.parent, field.method_name or f"get_{field.field_name}")
    if str(field.source).startswith("get_"):
        return lambda row: fetch(row)()
    if isinstance(field.child if isinstance(field, serializers.ListField) else field, AS_IT_IS):
        return fetch
    if fetch is _whole:
        return field.to_representation
    speak = SPOKEN.get(type(field), field.to_representation)
    return lambda row: None if (value := fetch(row)) is None else speak(value)


class Required(Text):
    """Text that is never empty; its absence has a word of its own."""

    def __init__(self, word: str, sentence: str, **options: Any) -> None:
        self.word, self.sentence = word, sentence
        super().__init__(min_length=1, **options)

    def fail(self, key: str, **values: Any):
        if key in ("required", "blank", "null"):
            raise ValidationError([ErrorDetail(self.sentence, self.word)])
        super().fail(key, **values)


def reason() -> Required:
    return Required("reason_required", "请写明理由。", max_length=1000)


def paper(most: int) -> Required:
    return Required("paper_required", "须写明文书和批准人。", max_length=most)


class PastDay(serializers.DateField):
    """A day that has come, in Asia/Shanghai."""

    def to_internal_value(self, value: Any) -> date:
        day = super().to_internal_value(value)
        if day > timezone.localdate():
            raise ValidationError([ErrorDetail(IN_THE_FUTURE.zh, "in_the_future")])
        return day


# --- remarks ---------------------------------------------------------------------------------------------------------
class RemarkOut(Out):
    code = serializers.ChoiceField(choices=Remark.choices)
    detail = serializers.CharField()


@extend_schema_field(RemarkOut(many=True))
class RemarksField(serializers.Field):
    """The words of `warnings` with their sentences."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"source": "warnings", "read_only": True, **options})

    def to_representation(self, value: Iterable[str]) -> list[dict[str, str]]:
        return [_sentence(word) for word in value]


@cache
def _sentence(word: str) -> dict[str, str]:
    return {"code": word, "detail": Remark(word).label}


def warnings_field() -> serializers.ListField:
    return serializers.ListField(child=serializers.ChoiceField(choices=Remark.choices))


def warning_param() -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=Remark.choices, required=False, help_text="带有此提示的记录")


# --- times of the field ------------------------------------------------------------------------------------------------
@extend_schema_field(serializers.DateTimeField())
class ToldMoment(serializers.Field):
    """A moment as it was stated, of two columns: `…_at`, which counts, and `…_told_at` where another was stated."""

    def __init__(self, name: str, **options: Any) -> None:
        self.counts, self.told = f"{name}_at", f"{name}_told_at"
        super().__init__(**{"source": "*", "read_only": True, **options})

    def to_representation(self, row: Any) -> datetime:
        return (getattr(row, self.told) or getattr(row, self.counts)).astimezone(COUNTY_TIME)


@extend_schema_field(serializers.DateTimeField(allow_null=True))
class CountingField(serializers.Field):
    """The moment that counts where it is another than the one stated; null where it is the same."""

    def __init__(self, name: str) -> None:
        self.counts, self.told = f"{name}_at", f"{name}_told_at"
        super().__init__(source="*", read_only=True, help_text="计算所用的时间；为空即所报时间")

    def to_representation(self, row: Any) -> datetime | None:
        return None if getattr(row, self.told) is None else getattr(row, self.counts).astimezone(COUNTY_TIME)


def skew_field() -> serializers.IntegerField:
    return serializers.IntegerField(
        source="clock_skew_s", allow_null=True, help_text="手机时钟误差：收到时间减发送时的手机时间；未报为空"
    )


# --- parameters ------------------------------------------------------------------------------------------------------
class Year(serializers.IntegerField):
    def __init__(self, **options: Any) -> None:
        super().__init__(**{"min_value": 2000, "max_value": 2200, "required": False, "default": None, **options})


class PaperShape(Shape):
    """What takes a figure back: a reason, a paper, and who approved it."""

    reason = reason()
    document = paper(200)
    approved_by = paper(100)
    on = PastDay(required=False, allow_null=True, default=None)
