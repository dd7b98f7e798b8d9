"""Pictures for the demo: real JPEG files of one colour with the word 演示, drawn dot by dot: no font needed."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

YAN = (
    "..........#.....",
    ".#...##########.",
    "..#..#........#.",
    ".......######...",
    "#.........#.....",
    ".#....########..",
    "......#...#..#..",
    "...#..########..",
    "..#...#...#..#..",
    "..#...########..",
    ".#......#..#....",
    ".#.....#....#...",
    "#.....#......#..",
)
SHI = (
    "................",
    "...#########....",
    "................",
    "................",
    ".##############.",
    ".......#........",
    ".......#........",
    "...#...#...#....",
    "..#....#....#...",
    ".#.....#.....#..",
    "#......#......#.",
    ".....###........",
    "......#.........",
)
DOT = 12  # pixels
COLOURS = ((176, 96, 64), (84, 124, 92), (92, 104, 148), (148, 120, 68), (120, 84, 128), (96, 136, 148))


def picture(number: int) -> bytes:
    """The n-th picture: 640 × 480, about 10 KB; two numbers are two files."""
    image = Image.new("RGB", (640, 480), COLOURS[number % len(COLOURS)])
    for place, sign in enumerate((YAN, SHI)):
        for row, dots in enumerate(sign):
            for column, dot in enumerate(dots):
                if dot == "#":
                    left, top = 110 + place * 220 + column * DOT, 160 + row * DOT
                    image.paste((245, 245, 240), (left, top, left + DOT, top + DOT))
    image.paste((245, 245, 240), (20, 450, 20 + 4 * (number + 1), 460))
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()
