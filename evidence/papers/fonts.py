"""The Chinese font: where it is, and which characters it can draw. Without it nothing is printed: better no paper than one of empty boxes."""

from __future__ import annotations

import struct
from bisect import bisect_right
from functools import cache, lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

from safety_api.problems import NO_FONT, NO_GLYPH

FAMILY = "Noto Serif CJK SC"
FILE = "NotoSerifCJK-Regular.ttc"
FOLDERS = (  # as Debian's fonts-noto-cjk, Fedora's and Arch's packages have them
    "/usr/share/fonts/opentype/noto",
    "/usr/share/fonts/google-noto-serif-cjk-fonts",
    "/usr/share/fonts/noto-cjk",
)


def folder() -> Path:
    """Raises NO_FONT."""
    for each in (settings.FONT_DIR, *FOLDERS):
        if each and (Path(each) / FILE).exists():
            return Path(each)
    raise NO_FONT()


@cache
def loaded() -> Any:
    """For typst: this font alone, so that a paper looks the same on every machine. Some 75 MB stay in the process."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder())])


@cache
def drawable() -> list[tuple[int, int]]:
    """First and last code points of the ranges that the font has a glyph for, in order."""
    with open(folder() / FILE, "rb") as file:
        start = _characters(file)
        count = _read(file, start + 12, ">I")[0]
        file.seek(start + 16)
        return [(first, last) for first, last, _ in struct.iter_unpack(">III", file.read(12 * count))]


def _characters(file: Any) -> int:
    """Where the subtable of format 12 begins: all of Unicode, in the collection's first font (OpenType, `cmap`)."""
    font = _read(file, 12, ">I")[0]  # ttcf: tag, version, count, then offsets
    tables = (_read(file, font + 12 + 16 * number, ">4sIII") for number in range(_read(file, font + 4, ">H")[0]))
    cmap = next(offset for tag, _, offset, _ in tables if tag == b"cmap")
    subtables = range(_read(file, cmap + 2, ">H")[0])
    starts = (cmap + _read(file, cmap + 8 + 8 * number, ">I")[0] for number in subtables)
    return next(start for start in starts if _read(file, start, ">H")[0] == 12)


def _read(file: Any, at: int, form: str) -> tuple:
    file.seek(at)
    return struct.unpack(form, file.read(struct.calcsize(form)))


@lru_cache(maxsize=8192)
def can_draw(character: str) -> bool:
    code, ranges = ord(character), drawable()
    place = bisect_right(ranges, code, key=itemgetter(0)) - 1
    return character in "\n\t" or (place >= 0 and code <= ranges[place][1])


def check(text: str) -> None:
    """Raises NO_GLYPH naming the characters that would come out as empty boxes."""
    if missing := sorted({each for each in text if not can_draw(each)}):
        raise NO_GLYPH(detail=" ".join(f"{each}（U+{ord(each):04X}）" for each in missing[:20]))
