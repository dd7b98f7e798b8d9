"""The ways in, each bounded. For JSON one: strict UTF-8, no NaN, no NUL, no depth that could exhaust the stack; for workbooks their bytes."""

import hashlib
import json
import re
from operator import itemgetter
from typing import Any

from django.conf import settings
from rest_framework.parsers import BaseParser

from safety_api.bodies import announced
from safety_api.problems import BROKEN_JSON, TEXT_NUL, TOO_LARGE
from safety_api.sheets import MOST_BYTES

MOST_NESTING = 20  # the deepest body of the contract has 5
NUL = re.compile(
    r"\x00|(?<!\\)(?:\\\\)*\\u0000"
)  # as such, or escaped: an even number of backslashes before it escapes nothing
# A string that does not end goes to the end of the text: whatever comes, nothing is looked at twice.
STRINGS_AND_BRACKETS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
MOST_DIGITS = 40  # no number of the contract is longer; a longer one is an attack on the parser


def _number(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise ValueError("数字过长")
    return int(text)


def _fraction(text: str) -> float:
    value = float(text)
    if len(text) > MOST_DIGITS or value in (float("inf"), float("-inf")):
        raise ValueError("数字过大")
    return value


def _constant(name: str) -> None:
    raise ValueError(f"不允许 {name}")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("同一层里有重复的名字")
    return found


def _too_deep(text: str) -> bool:
    """Counts brackets outside strings, cheaply: a body whose brackets are few cannot be deep."""
    if text.count("[") + text.count("{") <= MOST_NESTING:
        return False
    depth = 0
    for sign in map(itemgetter(0), STRINGS_AND_BRACKETS.findall(text)):
        if sign in "[{":
            depth += 1
            if depth > MOST_NESTING:
                return True
        elif sign in "]}":
            depth -= 1
    return False


def _encodable(value: Any) -> Any:
    """Raises UnicodeEncodeError for half a character: no database and no hash takes it."""
    json.dumps(value, ensure_ascii=False).encode("utf-8")
    return value


def storable(text: str) -> str:
    """Raises ValueError for what PostgreSQL takes in no text: NUL and half a character."""
    if b"\x00" in text.encode("utf-8"):
        raise ValueError("NUL")
    return text


def read_json(raw: bytes) -> Any:
    """Strict JSON from bytes; raises BROKEN_JSON, or TEXT_NUL for a NUL character anywhere."""
    try:
        text = raw.decode("utf-8")
        if NUL.search(text):
            raise TEXT_NUL()
        if _too_deep(text):
            raise ValueError("嵌套过深")
        value = json.loads(
            text,
            parse_int=_number,
            parse_float=_fraction,
            parse_constant=_constant,
            object_pairs_hook=_once,
        )
        return _encodable(value) if "\\u" in text else value
    except ValueError as error:
        raise BROKEN_JSON(detail=_reason(error)) from None


def _reason(error: ValueError) -> str:
    if isinstance(error, UnicodeError):
        return "文字不是有效的 UTF-8。"
    if isinstance(error, json.JSONDecodeError):
        return f"第 {error.lineno} 行第 {error.colno} 列。"
    return f"{error}。"


class StrictJSON(BaseParser):
    """Reads at most JSON_MAX_BYTES, whatever the headers claim; `request.data` keeps no raw copy."""

    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None):
        raw = at_most(settings.JSON_MAX_BYTES, stream, parser_context)
        return read_json(raw) if raw.strip() else {}


def at_most(most: int, stream: Any, context: Any) -> bytes:
    """A whole body. Raises TOO_LARGE, before anything is read where more is announced."""
    request = (context or {}).get("request")
    if ((request and announced(request)) or 0) > most or len(raw := stream.read(most + 1)) > most:
        raise TOO_LARGE(most=f"{most // 1024 // 1024} MB")
    return raw


class WorkbookBytes(BaseParser):
    """The body as it is, bounded, as the view's `content`. `request.data` is its hash, which is what an Idempotency-Key stands for."""

    media_type = "*/*"

    def parse(self, stream, media_type=None, parser_context=None):
        view: Any = (parser_context or {})["view"]
        view.content = at_most(MOST_BYTES, stream, parser_context)
        return {"sha256": hashlib.sha256(view.content).hexdigest()}
