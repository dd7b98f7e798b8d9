"""Choices of this room that stand in constraints and shapes; what they mean is said in rules/."""

from __future__ import annotations

from django.db.models import TextChoices


class Subject(TextChoices):
    VILLAGE = "village", "村（社区）"
    UNIT = "unit", "企事业单位"


class Standard(TextChoices):
    """五到位、两健全、一落实、一及时 (山西省“零事故”创建标准和事故统计范围（试行）)."""

    LEADERSHIP = "leadership", "组织领导到位"
    RISK_CONTROL = "risk_control", "风险管控到位"
    HAZARD_RECTIFICATION = "hazard_rectification", "隐患整治到位"
    EDUCATION = "education", "宣传教育到位"
    ASSESSMENT = "assessment", "考核奖惩到位"
    ORGANISATION = "organisation", "管理组织健全"
    RESPONSIBILITY = "responsibility", "责任制度健全"
    MEETINGS = "meetings", "会议制度落实"
    REPORTING = "reporting", "信息报告及时"


class Charged(TextChoices):
    """What an override is about: one village, one unit, or the accident as a whole."""

    VILLAGE = "village", "村（社区）"
    UNIT = "unit", "企事业单位"
    ACCIDENT = "accident", "整起事故"


class Effect(TextChoices):
    CHARGE = "charge", "计入"
    EXCLUDE = "exclude", "不计入"


class NoticeKind(TextChoices):
    """What of a township's standing changed."""

    RANK = "rank", "名次变化"
    VILLAGE_TARGET = "village_target", "村目标"
    UNIT_TARGET = "unit_target", "单位目标"
    VETO = "veto", "较大及以上事故"
    BROKEN = "broken", "新增破零"
    RESTORED = "restored", "恢复零事故"
