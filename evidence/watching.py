"""What an operator should see: photos that the storage has not kept."""

from __future__ import annotations

from datetime import date

from evidence.models import Photo
from safety_api.watching import watches


@watches
def photos_lost(today: date) -> list[str]:
    count = Photo.objects.lost().count()
    return [f"{count} 张照片曾经收到，存储中却找不到：已通知申报人重新上传，或从备份恢复（docs/operations.md）"] if count else []
