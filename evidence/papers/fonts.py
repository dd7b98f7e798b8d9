"""The fonts of all papers and files, in the order in which they are asked for a sign, and which signs each of them has.

The wheel of typst prints an empty box for a sign that no font has and says nothing: what can be drawn is read here, from the fonts' own
tables (OpenType, `cmap`). Without the first font nothing is printed: better no paper than one of empty boxes.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import typst
from django.conf import settings

from safety_api.problems import NO_FONT


class Font(NamedTuple):
    family: str
    file: str


CHAIN = (
    Font("Noto Serif CJK SC", "NotoSerifCJK-Regular.ttc"),
    Font("Noto Sans CJK SC", "NotoSansCJK-Regular.ttc"),  # 𬎆 and some sixty more
    Font("DejaVu Sans", "DejaVuSans.ttf"),  # ₄ ⌀ ☑; comes with GDAL's packages
)
FAMILIES = [font.family for font in CHAIN]
FOLDERS = (  # as Debian's fonts-noto-cjk and fonts-dejavu-core, Fedora's and Arch's packages have them
    "/usr/share/fonts/opentype/noto",
    "/usr/share/fonts/google-noto-serif-cjk-fonts",
    "/usr/share/fonts/google-noto-sans-cjk-fonts",
    "/usr/share/fonts/noto-cjk",
    "/usr/share/fonts/truetype/dejavu",
    "/usr/share/fonts/dejavu-sans-fonts",
    "/usr/share/fonts/TTF",
)
NEVER = re.compile(r"(?!)")
Ranges = tuple[tuple[int, int], ...]


def path_of(font: Font) -> Path | None:
    folders = (Path(each) for each in (settings.FONT_DIR, *FOLDERS) if each)
    return next((folder / font.file for folder in folders if (folder / font.file).exists()), None)


@cache
def loaded() -> Any:
    """For typst: these fonts alone, so that a paper looks the same on every machine. Some 75 MB stay in the process. Raises NO_FONT."""
    found = [path_of(font) for font in CHAIN]
    if found[0] is None:
        raise NO_FONT()
    folders = list(dict.fromkeys(str(path.parent) for path in found if path))
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


# --- which signs -------------------------------------------------------------------------------------------------------------
@cache
def undrawable() -> re.Pattern[str]:
    """A sign that no font has. Where there is no font at all, that is nobody's business: a workbook is written all the same."""
    return _none_of(CHAIN)


@cache
def beyond_the_first() -> re.Pattern[str]:
    """A run of signs that the first font does not have."""
    return _none_of(CHAIN[:1])


@lru_cache(maxsize=2048)
def family_of(sign: str) -> str:
    """The first that has it, "" when none has."""
    return next((font.family for font in CHAIN if _has(font, ord(sign))), "")


def _has(font: Font, code: int) -> bool:
    return any(first <= code <= last for first, last in signs_of(font))


def _none_of(fonts: tuple[Font, ...]) -> re.Pattern[str]:
    drawn = "".join(rf"\U{first:08X}-\U{last:08X}" for font in fonts for first, last in signs_of(font))
    return re.compile(rf"[^\n\t{drawn}]") if drawn else NEVER


@cache
def signs_of(font: Font) -> Ranges:
    """First and last code points of the ranges that the font has a glyph for; none when the font is not there. Read once a process."""
    path = path_of(font)
    return tuple(_joined(_groups(path))) if path else ()


def _joined(groups: list[tuple[int, int, int]]) -> Iterator[tuple[int, int]]:
    """Groups of the table end where glyphs are numbered anew, not only where signs are missing."""
    begin, end = groups[0][:2]
    for first, last, _ in groups[1:]:
        if first > end + 1:
            yield begin, end
            begin = first
        end = last
    yield begin, end


def _groups(path: Path) -> list[tuple[int, int, int]]:
    with open(path, "rb") as file:
        start = _characters(file)
        count = _read(file, start + 12, ">I")[0]
        file.seek(start + 16)
        return list(struct.iter_unpack(">III", file.read(12 * count)))


def _characters(file: Any) -> int:
    """Where the subtable of format 12 begins: all of Unicode. In a collection that of the first font: its languages have the same signs."""
    font = _read(file, 12, ">I")[0] if _read(file, 0, ">4s")[0] == b"ttcf" else 0
    tables = (_read(file, font + 12 + 16 * number, ">4sIII") for number in range(_read(file, font + 4, ">H")[0]))
    cmap = next(offset for tag, _, offset, _ in tables if tag == b"cmap")
    subtables = range(_read(file, cmap + 2, ">H")[0])
    starts = (cmap + _read(file, cmap + 8 + 8 * number, ">I")[0] for number in subtables)
    return next(start for start in starts if _read(file, start, ">H")[0] == 12)


def _read(file: Any, at: int, form: str) -> tuple:
    file.seek(at)
    return struct.unpack(form, file.read(struct.calcsize(form)))
