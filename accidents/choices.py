"""Words of this room that stand in constraints and shapes; what they mean is said in rules/."""

from __future__ import annotations

from django.db.models import TextChoices

from reference.terms import ReportLevel


class StatStatus(TextChoices):
    PROVISIONAL = "provisional", "暂列统计"
    COUNTED = "counted", "纳入统计"
    NOT_COUNTED = "not_counted", "不纳入统计"
    WRITTEN_OFF = "written_off", "已核销"


class ReportType(TextChoices):
    FIRST = "first", "首报"
    FOLLOW_UP = "follow_up", "续报"
    SUPPLEMENT = "supplement", "补报"


class Danger(TextChoices):
    """What makes an event a serious risk where no number does."""

    POLLUTION = "pollution", "因生产安全事故造成环境严重污染"
    IMPORTANT_PLACE = "important_place", "危及重要场所和设施安全"
    OTHER = "other", "其他较大涉险事故"


STATISTICS = "statistics"  # where accidents are entered and counted: no level that is notified, and it notifies nobody
LEG_ENDS = [*ReportLevel.choices, (STATISTICS, "统计联网直报")]


class Caller(TextChoices):
    """Who reported it by telephone."""

    ENTERPRISE = "enterprise", "事故单位"
    SCENE = "scene", "现场人员"
    TOWNSHIP = "township", "乡镇"
    VILLAGE = "village", "村（社区）"
    DEPARTMENT = "department", "行业主管部门"
    POLICE = "police", "公安（110、122）"
    FIRE = "fire", "消防（119）"
    MEDICAL = "medical", "急救（120）"
    PUBLIC = "public", "群众"
    OTHER = "other", "其他"


LEG_OF = {  # report_limits: the leg whose limit binds this level (国务院令第493号 第九、十、十一条)
    ReportLevel.ENTERPRISE: "R1",
    ReportLevel.TOWNSHIP: "R2",
    ReportLevel.COUNTY: "R2",
    ReportLevel.CITY: "R2",
    ReportLevel.PROVINCE: "R2",
}


class LegState(TextChoices):
    OPEN = "open", "待报"
    OVERDUE = "overdue", "超时未报"
    IN_TIME = "in_time", "按时"
    LATE = "late", "迟报"
    VOID = "void", "不再需要"


class WrongReportKind(TextChoices):
    """应急管理部令第14号（2024）; 误报: 通知 三十二."""

    LATE = "late", "迟报"
    OMITTED = "omitted", "漏报"
    FALSE = "false", "谎报"
    CONCEALED = "concealed", "瞒报"
    MISTAKEN = "mistaken", "误报"


class DuplicateState(TextChoices):
    PROPOSED = "proposed", "疑似同一起"
    JOINED = "joined", "已合并"
    DISMISSED = "dismissed", "不是同一起"
    SEPARATED = "separated", "合并已撤销"


class LessonMark(TextChoices):
    """四不放过."""

    CAUSE = "cause", "事故原因已查清"
    RESPONSIBLE = "responsible", "责任人员已处理"
    MEASURES = "measures", "整改措施已落实"
    EDUCATED = "educated", "有关人员已受到教育"
