"""What an operator should see: photos that the storage has not kept."""

from __future__ import annotations

from datetime import date

from evidence.marks import face
from evidence.models import Photo
from safety_api.watching import watches


@watches
def photos_lost(today: date) -> list[str]:
    count = Photo.objects.lost().count()
    return [f"{count} 张照片曾经收到，存储中却找不到：已通知申报人重新上传，或从备份恢复（docs/operations.md）"] if count else []


@watches
def marks_without_a_font(today: date) -> list[str]:
    return [] if face() else ["照片水印没有字体：照片照常显示，但不带时间、地点和姓名（安装 fonts-noto-cjk）"]
