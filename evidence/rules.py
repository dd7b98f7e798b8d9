"""What a phone says of a photo, what the file's EXIF says of time and place, and how they differ. No ORM, no clock."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from math import cos, hypot, isfinite, radians
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.db.models import TextChoices
from PIL import Image

COUNTY_TIME = ZoneInfo("Asia/Shanghai")
CLOCK_SLACK = timedelta(
    minutes=10
)  # a phone and its camera may differ this much, and a photo be taken on the way in or out
PLACE_SLACK_M = 500  # a photo may be taken across the yard

# --- the type as the phone believes it -------------------------------------------------------------------------------------
MOST_BELIEVED = 40  # signs
ALIASES = {
    "image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg", "image/jpe": "image/jpeg", "image/jfif": "image/jpeg",
    "image/mpo": "image/jpeg", "image/x-png": "image/png", "image/apng": "image/png", "image/x-webp": "image/webp",
    "image/heif": "image/heic", "image/heic-sequence": "image/heic", "image/heif-sequence": "image/heic",
    "image/avif-sequence": "image/avif",
}  # fmt: skip
SAYS_NOTHING = ("", "application/octet-stream", "binary/octet-stream", "image/*", "*/*")


def believed(said: Any) -> str:
    """In lower case, without parameters and odd signs. What is no text says nothing: it never refuses a record."""
    plain = said.split(";")[0].strip().lower() if isinstance(said, str) else ""
    return "".join(sign for sign in plain if " " < sign <= "~")[:MOST_BELIEVED]


def types_differ(said: str, kept: str | None) -> bool:
    one, other = (ALIASES.get(each, each) for each in (believed(said), kept or ""))
    return one not in SAYS_NOTHING and other not in SAYS_NOTHING and one != other


# --- EXIF --------------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Taken:
    """When (aware) and where (WGS-84 degrees) a photo was taken: as its file says, or as the phone said."""

    taken_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None


IMAGE, CAMERA, GPS = 0, 0x8769, 0x8825  # where tables of fields stand
TIMES = (
    (CAMERA, 0x9003, 0x9011),
    (CAMERA, 0x9004, 0x9012),
    (IMAGE, 0x0132, 0x9010),
)  # taken, digitized, changed: with its offset
MOMENT = re.compile(r"(\d{4})[:./-](\d{1,2})[:./-](\d{1,2})[ T]+(\d{1,2}):(\d{2}):(\d{2})")
OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d{2})")
YEARS = range(1980, 2100)  # before there was no digital camera: a field never set


def exif_of(tags: Image.Exif) -> Taken:
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


# --- differences -----------------------------------------------------------------------------------------------------------
class Flag(TextChoices):
    """What a reviewer is told of a photo, each with its sentence. Words are kept for ever; at most 30 signs."""

    TIME_DIFFERS = "exif_time_differs", "照片内记的时间与手机所报的拍摄时间不符。"
    PLACE_DIFFERS = "exif_place_differs", "照片内记的位置与手机所报的拍摄位置不符。"
    OUTSIDE_TIME = "time_outside_record", "拍摄时间不在所属记录的时间之内。"
    OUTSIDE_PLACE = "place_outside_record", "拍摄位置远离所属记录的位置。"
    TYPE_DIFFERS = "type_differs", "文件的实际类型与申报的不符。"
    LOCATION_MOCKED = "location_mocked", "终端说明拍摄位置为模拟定位。"
    SAME_BYTES = "same_bytes", "同样的照片还见于另一记录或另一人。"


class Point(Protocol):
    @property
    def x(self) -> float: ...
    @property
    def y(self) -> float: ...


@dataclass(frozen=True)
class Scene:
    """When and where its record was made, in WGS-84 degrees; `slack_m` is how inexact that place is."""

    begun: datetime | None = None
    ended: datetime | None = None
    point: Point | None = None
    slack_m: float = 0


def metres(lon: float, lat: float, lon2: float, lat2: float) -> float:
    """Near enough over a few kilometres."""
    return hypot((lon - lon2) * 111_320 * cos(radians(lat)), (lat - lat2) * 110_950)


def _far(taken: Taken, lon: float | None, lat: float | None, slack_m: float) -> bool:
    if taken.lon is None or taken.lat is None or lon is None or lat is None:
        return False
    return metres(taken.lon, taken.lat, lon, lat) > slack_m


def _outside_time(taken: Taken, scene: Scene) -> bool:
    moment = taken.taken_at
    if moment is None:
        return False
    early = scene.begun is not None and moment < scene.begun - CLOCK_SLACK
    return early or (scene.ended is not None and moment > scene.ended + CLOCK_SLACK)


def _outside_place(taken: Taken, scene: Scene) -> bool:
    return scene.point is not None and _far(taken, scene.point.x, scene.point.y, PLACE_SLACK_M + scene.slack_m)


def flags_of(exif: Taken, said: Taken, scene: Scene) -> list[str]:
    """Differences between the file, the phone (`said`) and the record: hints for a reviewer, never a refusal."""
    differ = bool(exif.taken_at and said.taken_at and abs(exif.taken_at - said.taken_at) > CLOCK_SLACK)
    rows = {
        Flag.TIME_DIFFERS: differ,
        Flag.PLACE_DIFFERS: _far(exif, said.lon, said.lat, PLACE_SLACK_M),
        Flag.OUTSIDE_TIME: any(_outside_time(each, scene) for each in (exif, said)),
        Flag.OUTSIDE_PLACE: any(_outside_place(each, scene) for each in (exif, said)),
    }
    return [word.value for word, found in rows.items() if found]
