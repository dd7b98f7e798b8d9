"""What a phone says of a photo, and how it differs from what the file says of time and place (readers/exif.py). No ORM, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, hypot, radians
from typing import Any, Protocol

from django.db.models import TextChoices

from readers.exif import Taken

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
    "image/avif-sequence": "image/avif", "audio/opus": "audio/ogg", "application/ogg": "audio/ogg", "audio/x-m4a": "audio/mp4",
    "audio/m4a": "audio/mp4", "audio/mp4a-latm": "audio/mp4", "audio/x-aac": "audio/aac", "audio/aacp": "audio/aac",
}  # fmt: skip
SAYS_NOTHING = ("", "application/octet-stream", "binary/octet-stream", "image/*", "*/*")


def believed(said: Any) -> str:
    """In lower case, without parameters and odd signs. What is no text says nothing: it never refuses a record."""
    plain = said.split(";")[0].strip().lower() if isinstance(said, str) else ""
    return "".join(sign for sign in plain if " " < sign <= "~")[:MOST_BELIEVED]


def types_differ(said: str, kept: str | None) -> bool:
    one, other = (ALIASES.get(each, each) for each in (believed(said), kept or ""))
    return one not in SAYS_NOTHING and other not in SAYS_NOTHING and one != other


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
