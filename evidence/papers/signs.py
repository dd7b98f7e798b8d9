"""Words as they can be printed: whatever was accepted is printed, on every paper and in every file alike.

Line ends become one kind; signs that nobody sees are dropped; a sign that none of the fonts has becomes 〓, with a note that names its code
point. Nothing else is changed, and what is stored is never changed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from evidence.papers import fonts

GETA = "〓"  # what printers set for a sign that they do not have
LINE_END = re.compile("\r\n?|[\x85\u2028\u2029]")
# Control signs; signs that turn the direction of writing, and could make a line say something else; joiners, fillers, variants and tags.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def plain(text: str) -> str:
    """With one kind of line end, and without what nobody sees."""
    return UNSEEN.sub("", LINE_END.sub("\n", text))


def cleaned(value: Any) -> Any:
    """All words of a content, plain."""
    return _each(value, plain)


def _each(value: Any, change: Any) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {name: _each(inner, change) for name, inner in value.items()}
    return [_each(inner, change) for inner in value] if isinstance(value, list | tuple) else value


class Fitting:
    """One document's words as the fonts can draw them; it remembers what they could not, for the note at its end."""

    def __init__(self) -> None:
        self.marks: dict[str, str] = {}  # sign → what stands for it, in the order in which they came

    def __call__(self, value: Any) -> Any:
        return _each(value, self.text)

    def text(self, words: str) -> str:
        if words.isascii() and words.isprintable():
            return words
        return fonts.undrawable().sub(self._mark, plain(words))

    def _mark(self, found: re.Match[str]) -> str:
        sign = found[0]
        if unicodedata.category(sign) == "Zs":
            return " "
        return self.marks.setdefault(sign, GETA + _counted(len(self.marks) + 1))

    @property
    def note(self) -> str:
        """ "" when everything could be drawn."""
        named = "，".join(f"{mark}为 U+{ord(sign):04X}" for sign, mark in self.marks.items())
        return f"注：系统字库没有的字以{GETA}代替，{named}。" if named else ""


def _counted(number: int) -> str:
    """The first is not numbered: there is seldom a second."""
    if number == 1:
        return ""
    return chr(0x245F + number) if number <= 20 else f"（{number}）"


def fitted_rows(rows: Iterable[Iterable[Any]]) -> Iterator[list[Any]]:
    """The lines of a plain table, and under them the note where one is needed."""
    fit = Fitting()
    for row in rows:
        yield [fit(cell) for cell in row]
    if fit.note:
        yield [fit.note]


def runs(text: str) -> Iterator[tuple[str, str]]:
    """(family, words) in order; "" is the font of the place: for a form that chooses its fonts run by run."""
    end = 0
    for found in fonts.beyond_the_first().finditer(text):
        if found.start() > end:
            yield "", text[end : found.start()]
        yield fonts.family_of(found[0]), found[0]
        end = found.end()
    if end < len(text) or not text:
        yield "", text[end:]
