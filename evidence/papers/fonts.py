"""The Chinese font: where it is, and which characters it can draw. Without it nothing is printed: better no paper than one of empty boxes."""

from __future__ import annotations

import struct
from functools import cache
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
        return list(_ranges(file))


def _ranges(file: Any):
    """The cmap subtable of format 12 of the collection's first font (OpenType, `cmap`)."""
    at = _read(file, 12, ">I")[0]  # ttcf: tag, version, count, then offsets
    tables = _read(file, at + 4, ">H")[0]
    for number in range(tables):
        tag, _, offset, _ = _read(file, at + 12 + 16 * number, ">4sIII")
        if tag == b"cmap":
            break
    for number in range(_read(file, offset + 2, ">H")[0]):
        start = offset + _read(file, offset + 8 + 8 * number, ">I")[0]
        if _read(file, start, ">H")[0] == 12:
            for group in range(_read(file, start + 12, ">I")[0]):
                yield _read(file, start + 16 + 12 * group, ">II")
            return


def _read(file: Any, at: int, form: str) -> tuple:
    file.seek(at)
    return struct.unpack(form, file.read(struct.calcsize(form)))


@cache
def can_draw(character: str) -> bool:
    code = ord(character)
    return character in "\n\t" or any(first <= code <= last for first, last in drawable())


def check(text: str) -> None:
    """Raises NO_GLYPH naming the characters that would come out as empty boxes."""
    if missing := sorted({each for each in text if not can_draw(each)}):
        raise NO_GLYPH(detail=" ".join(f"{each}（U+{ord(each):04X}）" for each in missing[:20]))
