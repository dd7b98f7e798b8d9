"""水印 Words along the lower edge of a picture that is shown, so that a copy of it still says when, where and by whom it was taken.

Never on an original: what is evidence is not drawn on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

SMALLEST, PART_OF_WIDTH = 12, 44  # pixels; a letter is so large a part of the width
APART = "　"
MOST_OF_HEIGHT = 0.34  # the strip is no larger a part of the picture; else nothing is written
DARK, LIGHT = (0, 0, 0, 150), (255, 255, 255, 255)


class Face(NamedTuple):
    """A font's file, and which of the faces in it."""

    path: str
    number: int


def marked(image: Image.Image, words: Sequence[str], face: Face) -> Image.Image:
    """The same picture with these words on a dark strip that lets it shine through; a word is whole or not there."""
    size = max(SMALLEST, max(image.size) // PART_OF_WIDTH)
    font = ImageFont.truetype(face.path, size, index=face.number)
    gap = size // 2
    lines = _lines(words, font, image.width - 2 * gap)
    step = round(size * 1.4)
    high = step * len(lines) + gap
    if not lines or high > image.height * MOST_OF_HEIGHT:
        return image
    shown = image.convert("RGB")
    strip = Image.new("RGBA", (image.width, high), DARK)
    draw = ImageDraw.Draw(strip)
    for number, line in enumerate(lines):
        draw.text((gap, gap // 2 + number * step), line, font=font, fill=LIGHT)
    shown.paste(strip, (0, image.height - high), strip)
    return shown


def _lines(words: Sequence[str], font: ImageFont.FreeTypeFont, wide: int) -> list[str]:
    """As many words to a line as there is room for; one that is too long for a line of its own is left out."""
    lines: list[str] = []
    for word in words:
        if font.getlength(word) > wide:
            continue
        if lines and font.getlength(f"{lines[-1]}{APART}{word}") <= wide:
            lines[-1] = f"{lines[-1]}{APART}{word}"
        else:
            lines.append(word)
    return lines
