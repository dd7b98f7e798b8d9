"""Choices of this room that stand in constraints and shapes; what they mean is said in rules/."""

from __future__ import annotations

from django.db.models import TextChoices


class Charged(TextChoices):
    """What an override is about: one village, one unit, or the accident as a whole."""

    VILLAGE = "village", "村（社区）"
    UNIT = "unit", "企事业单位"
    ACCIDENT = "accident", "整起事故"


class Effect(TextChoices):
    CHARGE = "charge", "计入"
    EXCLUDE = "exclude", "不计入"


class NoticeKind(TextChoices):
    """What of a township's figures changed."""

    RANK = "rank", "名次变化"
    VILLAGE_TARGET = "village_target", "村目标"
    UNIT_TARGET = "unit_target", "单位目标"
    VETO = "veto", "较大及以上事故"
    BROKEN = "broken", "新增破零"
    RESTORED = "restored", "恢复零事故"
