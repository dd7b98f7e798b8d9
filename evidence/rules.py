"""What the door accepts as a photo, and what a file's EXIF says about time and place. No ORM, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, hypot, radians
from pathlib import Path
from zoneinfo import ZoneInfo

import pillow_heif
from PIL import Image, UnidentifiedImageError

from safety_api.problems import NOT_AN_IMAGE, TOO_MANY_PIXELS

pillow_heif.register_heif_opener()
Image.MAX_IMAGE_PIXELS = None  # our own limit is checked on the header, before anything is decoded

FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "HEIF": "image/heic"}
MEDIA_TYPES = (*FORMATS.values(), "image/heif")
COUNTY_TIME = ZoneInfo("Asia/Shanghai")
CLOCK_SLACK = timedelta(minutes=10)  # a phone and its camera may differ this much
PLACE_SLACK_M = 500  # a photo may be taken across the yard


@dataclass(frozen=True)
class Header:
    media_type: str
    width: int
    height: int


def read_header(path: Path, *, most_pixels: int) -> Header:
    """Magic and dimensions without decoding a pixel. Raises NOT_AN_IMAGE or TOO_MANY_PIXELS."""
    try:
        with Image.open(path, formats=tuple(FORMATS)) as image:
            header = Header(FORMATS[image.format or ""], *image.size)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, KeyError, EOFError, RuntimeError):
        raise NOT_AN_IMAGE() from None
    if header.width * header.height > most_pixels:
        raise TOO_MANY_PIXELS(millions=header.width * header.height // 1_000_000, most=most_pixels // 1_000_000)
    return header


@dataclass(frozen=True)
class Exif:
    """What the file says: time (aware; without an offset in the file, county time) and WGS-84 degrees."""

    taken_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None


def exif_of(image: Image.Image) -> Exif:
    """Never raises: what cannot be read is absent."""
    try:
        tags = image.getexif()
        return Exif(_time(tags.get_ifd(0x8769)), *_place(tags.get_ifd(0x8825)))
    except Exception:  # EXIF is a stranger's bytes and only a hint
        return Exif()


def _time(tags: Mapping) -> datetime | None:
    text, offset = tags.get(0x9003), tags.get(0x9011)
    if not text:
        return None
    if offset:
        return datetime.strptime(f"{text} {offset}", "%Y:%m:%d %H:%M:%S %z")
    return datetime.strptime(text, "%Y:%m:%d %H:%M:%S").replace(tzinfo=COUNTY_TIME)


def _place(tags: Mapping) -> tuple[float | None, float | None]:
    if 2 not in tags or 4 not in tags:
        return None, None
    lat = _degrees(tags[2]) * (-1 if tags.get(1) == "S" else 1)
    lon = _degrees(tags[4]) * (-1 if tags.get(3) == "W" else 1)
    sound = -180 <= lon <= 180 and -90 <= lat <= 90 and (lon, lat) != (0, 0)
    return (lon, lat) if sound else (None, None)


def _degrees(parts) -> float:
    degrees, minutes, seconds = map(float, parts)
    return degrees + minutes / 60 + seconds / 3600


def metres(lon: float, lat: float, lon2: float, lat2: float) -> float:
    """Near enough over a few kilometres."""
    return hypot((lon - lon2) * 111_320 * cos(radians(lat)), (lat - lat2) * 110_950)


def flags_of(exif: Exif, *, taken_at: datetime | None, lon: float | None, lat: float | None) -> list[str]:
    """Differences between the file and the phone: hints for a reviewer, never a refusal."""
    found = []
    if exif.taken_at and taken_at and abs(exif.taken_at - taken_at) > CLOCK_SLACK:
        found.append("exif_time_differs")
    if None not in (exif.lon, exif.lat, lon, lat) and metres(exif.lon, exif.lat, lon, lat) > PLACE_SLACK_M:  # type: ignore[arg-type]
        found.append("exif_place_differs")
    return found
