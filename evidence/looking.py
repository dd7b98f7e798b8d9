"""Photos, voice notes, scans and signatures looked at by a process apart: our limits, and what its word means at a door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from os import SEEK_END
from pathlib import Path
from typing import Any

from django.conf import settings

from readers import TOO_HEAVY, Refusal
from readers.exif import Taken
from readers.media_types import HEAD, Bytes, media_type_of, voice_type_of
from safety_api.apart import MB, Limits, read
from safety_api.problems import (
    FILE_TOO_HEAVY,
    NOT_A_SIGNATURE,
    NOT_AN_IMAGE,
    TOO_MANY_PIXELS,
    VOICE_TOO_LARGE,
    VOICE_TOO_LONG,
)

SIZES = ("screen", "thumb")
MOST_SIGNATURE = 200 * 1024  # bytes
MOST_SIDE = 2000  # pixels of a signature
HEADER = Limits(memory=512 * MB, cpu=5, seconds=40, answer=MB)
WHOLE = Limits(memory=1536 * MB, cpu=40, seconds=200, answer=16 * MB)  # 120 megapixels, whatever they are coded in
VOICE = Limits(memory=512 * MB, cpu=10, seconds=40, answer=MB)
MOST_VOICE_S, MOST_VOICE_MB = 120, 6
STOPPED_LATE_S = 0.5  # by a recorder whose clock ended it
SIGNATURE = Limits(memory=256 * MB, cpu=5, seconds=40, answer=32 * MB)


@dataclass(frozen=True)
class Header:
    """`width` and `height` as people see it: upright."""

    media_type: str
    width: int = 0
    height: int = 0
    duration_ms: int | None = None  # of a voice


@dataclass(frozen=True)
class Shown:
    """A picture that can be shown: what it is, what its EXIF says, its derivatives by size."""

    header: Header
    exif: Taken
    derivatives: dict[str, bytes]


class Unreadable(Exception):
    """The decoder's word, or that it was ended by a limit. `exif`: what could be read all the same."""

    def __init__(self, refusal: Refusal):
        self.by_a_limit = refusal.word == TOO_HEAVY
        self.because = refusal.values["by"] if self.by_a_limit else refusal.word
        self.exif = Taken.of(refusal.said[0]) if refusal.said else Taken()
        super().__init__(self.because)


def header_of(path: Path) -> Header:
    """Raises NOT_AN_IMAGE, TOO_MANY_PIXELS, FILE_TOO_HEAVY; READERS_BUSY."""
    try:
        with open(path, "rb") as file:
            [found] = read("picture.header", file, limits=HEADER, most_pixels=settings.PHOTO_MAX_PIXELS)
    except Refusal as refusal:
        kind = {TOO_MANY_PIXELS.code: TOO_MANY_PIXELS, TOO_HEAVY: FILE_TOO_HEAVY}.get(refusal.word, NOT_AN_IMAGE)
        raise kind(**refusal.values) from None
    return Header(*found)


def is_voice(head: bytes) -> bool:
    """By the first HEAD bytes."""
    return media_type_of(head) is None and voice_type_of(head) is not None


def header_of_evidence(path: Path) -> Header:
    """Of a photo or of a voice note. Raises what `header_of` and `voice_of` raise."""
    with open(path, "rb") as file:
        if not is_voice(file.read(HEAD)):
            return header_of(path)
        return voice_of(file)[0]


def voice_of(file: Any) -> tuple[Header, bool]:
    """What it is, and whether some of it could not be decoded. Raises NOT_AN_IMAGE, VOICE_TOO_LONG, VOICE_TOO_LARGE, FILE_TOO_HEAVY; READERS_BUSY."""
    if file.seek(0, SEEK_END) > MOST_VOICE_MB * MB:
        raise VOICE_TOO_LARGE(most=MOST_VOICE_MB)
    try:
        [(media_type, lasted, broken)] = read("voice.measured", file, limits=VOICE, most=MOST_VOICE_S + STOPPED_LATE_S)
    except Refusal as refusal:
        kind = {VOICE_TOO_LONG.code: VOICE_TOO_LONG, TOO_HEAVY: FILE_TOO_HEAVY}.get(refusal.word, NOT_AN_IMAGE)
        raise kind(**{"most": MOST_VOICE_S, **refusal.values}) from None
    return Header(media_type, duration_ms=lasted), broken


def shown(file: Bytes | bytes, sizes: tuple[str, ...] = SIZES, *, words: Sequence[str] = (), face: list[Any] | None = None) -> Shown:
    """Decodes all of it; `words` in this `face` stand on the larger size. Raises Unreadable: nothing else says so of a picture; READERS_BUSY."""
    try:
        _, (*header, exif), *made = read("picture.shown", file, limits=WHOLE, sizes=sizes, words=[*words], face=face)
    except Refusal as refusal:
        raise Unreadable(refusal) from None
    return Shown(Header(*header), Taken.of(exif), dict(zip(sizes, made, strict=True)))


def signature(content: bytes) -> tuple[int, int, bytes]:
    """Width, height, and the same picture written anew: what is printed holds no stranger's bytes. Raises NOT_A_SIGNATURE; READERS_BUSY."""
    if len(content) > MOST_SIGNATURE:
        raise NOT_A_SIGNATURE()
    try:
        (width, height), png = read("picture.signature", content, limits=SIGNATURE, most_side=MOST_SIDE)
    except Refusal:
        raise NOT_A_SIGNATURE() from None
    return width, height, png
