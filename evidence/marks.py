"""水印 What a picture that is shown says of itself: when, where, who. The original has none."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from django.utils.timezone import localtime

from accounts.models import User
from evidence.models import Photo
from evidence.papers.fonts import Font, path_of
from geo.models import Region

SANS = Font("Noto Sans CJK SC", "NotoSansCJK-Regular.ttc")
SIMPLIFIED = 2  # the face of that file for mainland China
DIGITS = 5  # of a degree: one metre


def words_of(photo: Photo) -> list[str]:
    """Time as the phone told it (Asia/Shanghai), else when it was received, and so it says; the township around the point with the point in
    WGS-84, for townships' borders are approximate; whoever declared it, as everybody who may see the photo is told."""
    return [_when(photo), _where(photo.point), *User.objects.filter(pk=photo.declared_by).values_list("name", flat=True)]


def _when(photo: Photo) -> str:
    return _written(photo.taken_at) if photo.taken_at else f"收到 {_written(photo.stored_at)}"


def _written(moment: datetime | None) -> str:
    return f"{localtime(moment):%Y-%m-%d %H:%M}"


def _where(point: Any) -> str:
    if point is None:
        return "无定位"
    around = Region.objects.around(point).values_list("name", flat=True).first()
    pair = f"{point.y:.{DIGITS}f}, {point.x:.{DIGITS}f}"
    return f"{around}一带 {pair}" if around else pair


@cache
def face() -> list[Any] | None:
    """For readers/marks.py; None where the machine has no such font: then pictures are shown without words."""
    path = path_of(SANS)
    return [str(path), SIMPLIFIED] if path else None
