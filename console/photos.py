"""照片 What is shown of a record's photos: small ones in a row, the large one in a box; when, by whom, and what does not agree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from console.cells import moment
from evidence.models import PhotoState
from evidence.shown import SHOWS
from readers.media_types import VOICES


class Picture(NamedTuple):
    """`said`: in a line; `remarks`: sentences of what does not agree."""

    small: str
    large: str
    said: str
    remarks: tuple[str, ...]


def pictures_of(photos: Iterable[Mapping[str, Any]]) -> tuple[Picture, ...]:
    """Those that can be seen, as the API tells them."""
    return tuple(_picture(each) for each in photos if each["state"] == PhotoState.READY and each["kept_type"] not in VOICES)


def _picture(photo: Mapping[str, Any]) -> Picture:
    address = f"/api/v1/photos/{photo['id']}"
    parts = [SHOWS.get(photo["shows"], ""), moment(photo["taken_at"]).text if photo["taken_at"] else "", photo["by_name"] or ""]
    remarks = tuple(each["detail"] for each in photo["remarks"])
    return Picture(f"{address}?size=thumb", f"{address}?size=screen", "，".join(filter(None, parts)), remarks)
