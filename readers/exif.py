"""What a picture's EXIF says of time and place. Field by field, and never raises."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from math import isfinite
from typing import Any
from zoneinfo import ZoneInfo

COUNTY_TIME = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Taken:
    """When (aware) and where (WGS-84 degrees) a photo was taken: as its file says, or as the phone said."""

    taken_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None

    def plain(self) -> list[Any]:
        return [self.taken_at and self.taken_at.isoformat(), self.lon, self.lat]

    @classmethod
    def of(cls, plain: list[Any]) -> Taken:
        return cls(plain[0] and datetime.fromisoformat(plain[0]), *plain[1:])


IMAGE, CAMERA, GPS = 0, 0x8769, 0x8825  # where tables of fields stand
TIMES = (
    (CAMERA, 0x9003, 0x9011),
    (CAMERA, 0x9004, 0x9012),
    (IMAGE, 0x0132, 0x9010),
)  # taken, digitized, changed: with its offset
MOMENT = re.compile(r"(\d{4})[:./-](\d{1,2})[:./-](\d{1,2})[ T]+(\d{1,2}):(\d{2}):(\d{2})")
OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d{2})")
YEARS = range(1980, 2100)  # before there was no digital camera: a field never set


def exif_of(tags: Any) -> Taken:
    """Field by field: what cannot be read is absent and takes nothing else along; a time without an offset is county time. Never raises."""
    tables: dict[int, Any] = {IMAGE: tags, **{at: _readable(tags.get_ifd, at) or {} for at in (CAMERA, GPS)}}
    times = (_readable(_time, tables[at], time, offset) for at, time, offset in TIMES)
    taken_at = next(filter(None, times), None) or _readable(_satellite_time, tables[GPS])
    return Taken(taken_at, *(_readable(_place, tables[GPS]) or (None, None)))


def _readable(read: Callable[..., Any], *of: Any) -> Any:
    try:
        return read(*of)
    except Exception:  # EXIF is a stranger's bytes and only a hint
        return None


def _time(tags: Mapping, time: int, offset: int) -> datetime | None:
    return _moment(tags.get(time), tags.get(offset))


def _words(value: Any) -> str:
    text = value.decode("ascii", "replace") if isinstance(value, bytes) else str(value or "")
    return text.replace("\x00", " ").strip()


def _moment(said: Any, offset: Any) -> datetime | None:
    found = MOMENT.match(_words(said))
    if not found or int(found.group(1)) not in YEARS:
        return None
    try:
        return datetime(*map(int, found.groups()), tzinfo=_zone(offset))  # type: ignore[arg-type,misc]
    except ValueError:  # month 0, hour 24
        return None


def _zone(offset: Any) -> timezone | ZoneInfo:
    words = _words(offset)
    found = OFFSET.fullmatch(words)
    if not found:
        return UTC if words in ("Z", "z") else COUNTY_TIME
    sign, hours, minutes = found.groups()
    away = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
    return timezone(away) if abs(away) <= timedelta(hours=14) else COUNTY_TIME


def _satellite_time(gps: Mapping) -> datetime | None:
    """UTC, from GPSDateStamp and GPSTimeStamp."""
    hours, minutes, seconds = (int(float(part)) for part in gps[7])
    return _moment(f"{_words(gps[29])} {hours}:{minutes:02}:{seconds:02}", "Z")


def _place(gps: Mapping) -> tuple[float, float] | None:
    lat, lon = _degrees(gps.get(2), gps.get(1), "S"), _degrees(gps.get(4), gps.get(3), "W")
    if lat is None or lon is None or (lon, lat) == (0, 0):
        return None
    return (lon, lat) if abs(lon) <= 180 and abs(lat) <= 90 else None


def _degrees(said: Any, half: Any, negative: str) -> float | None:
    """From degrees, degrees and minutes, or all three. Seconds that are 0/0 were not measured."""
    parts = [float(part) for part in (said if isinstance(said, tuple | list) else (said,)) if part is not None]
    if len(parts) == 3 and not isfinite(parts[2]):
        parts.pop()
    if not 1 <= len(parts) <= 3 or not all(map(isfinite, parts)) or any(not 0 <= part <= 60 for part in parts[1:]):
        return None
    value = sum(abs(part) / 60**power for power, part in enumerate(parts))
    return -value if (parts[0] < 0) != (_words(half).upper()[:1] == negative) else value
