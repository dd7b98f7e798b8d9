"""Words of this room that stand in constraints and shapes; what they mean is said in rules/."""

from __future__ import annotations

from django.db.models import TextChoices


class Category(TextChoices):
    """山西省“零事故”创建标准和事故统计范围（试行）; which of them count is said by the policy."""

    Z1 = "Z1", "生产安全死亡事故"
    Z2 = "Z2", "非生产经营性道路交通死亡事故"
    Z3 = "Z3", "村民自建、维修住房、窑洞、仓房等死亡事故"
    Z4 = "Z4", "火灾事故"
    Z5 = "Z5", "森林草原火灾和野外用火事故"
    Z6 = "Z6", "燃气（煤气）泄漏、爆炸事故"
    Z7 = "Z7", "非法生产、储存、燃放烟花爆竹事故"
    Z8 = "Z8", "其他因安全管理不到位造成的死亡事故（高处坠落、物体打击、中毒、窒息、淹溺、触电等）"


class Grade(TextChoices):
    GENERAL = "general", "一般事故"
    LARGER = "larger", "较大事故"
    MAJOR = "major", "重大事故"
    EXTRA_MAJOR = "extra_major", "特别重大事故"


class Nature(TextChoices):
    PRODUCTION = "production", "生产经营性"
    NON_PRODUCTION = "non_production", "非生产经营性"
    UNDETERMINED = "undetermined", "性质待定"


class StatStatus(TextChoices):
    PROVISIONAL = "provisional", "暂列统计"
    COUNTED = "counted", "纳入统计"
    NOT_COUNTED = "not_counted", "不纳入统计"
    WRITTEN_OFF = "written_off", "已核销"


class Telling(TextChoices):
    FIRST = "first", "首报"
    FOLLOW_UP = "follow_up", "续报"
    SUPPLEMENT = "supplement", "补报"


class Part(TextChoices):
    """A unit's part in an accident."""

    OCCURRING = "occurring", "事故发生单位"
    CONTRACTOR = "contractor", "承包单位"
    OWNER = "owner", "发包单位"


class Kind(TextChoices):
    """较大涉险 is reported like an accident and has no grade (原安监总局令第21号 第二十六条)."""

    ACCIDENT = "accident", "事故"
    EVENT = "serious_risk_event", "较大涉险事故"


class Danger(TextChoices):
    """What makes an event a serious risk where no number does."""

    POLLUTION = "pollution", "因生产安全事故造成环境严重污染"
    IMPORTANT_PLACE = "important_place", "危及重要场所和设施安全"
    OTHER = "other", "其他较大涉险事故"


class ReportLevel(TextChoices):
    """Who is told, and who has to pass the report on."""

    ENTERPRISE = "enterprise", "事故单位"
    TOWNSHIP = "township", "乡镇"
    COUNTY = "county", "县应急管理局"
    DEPARTMENT = "department", "行业主管部门"
    GOVERNMENT = "government", "县人民政府"
    ORGANS = "organs", "公安、人社、工会、检察院"
    CITY = "city", "市"
    PROVINCE = "province", "省"
    STATE = "state", "国务院有关部门"
    MINE_SAFETY = "mine_safety", "国家矿山安全监察局山西局"


STATISTICS = "statistics"  # where accidents are entered and counted: no level that is told, and tells nobody
LEG_ENDS = [*ReportLevel.choices, (STATISTICS, "统计联网直报")]


class Caller(TextChoices):
    """Who told it by telephone."""

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


class Channel(TextChoices):
    APP = "app", "手机上报"
    TELEPHONE = "telephone", "电话"
    WRITTEN = "written", "书面"
    PLATFORM = "platform", "上级平台"


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


class Stage(TextChoices):
    """Reminders of a leg, in the order of the clock."""

    BEFORE = "before", "临近时限"
    OVERDUE = "overdue", "已过时限"
    ESCALATED = "escalated", "升级提醒"


class Wrong(TextChoices):
    """应急管理部令第14号（2024）; 误报: 通知 三十二."""

    LATE = "late", "迟报"
    OMITTED = "omitted", "漏报"
    FALSE = "false", "谎报"
    CONCEALED = "concealed", "瞒报"
    MISTAKEN = "mistaken", "误报"


class TwinState(TextChoices):
    PROPOSED = "proposed", "疑似同一起"
    JOINED = "joined", "已合并"
    DISMISSED = "dismissed", "不是同一起"
    SEPARATED = "separated", "合并已撤销"


class InvestigationLevel(TextChoices):
    """国务院令第493号 第十九条；煤矿安全生产条例 第六十条."""

    UNIT = "unit", "事故单位（受县级委托）"
    COUNTY = "county", "县级人民政府"
    CITY = "city", "设区的市级人民政府"
    PROVINCE = "province", "省级人民政府"
    STATE = "state", "国务院"
    MINE_SAFETY = "mine_safety", "国家矿山安全监察机构"


class Mark(TextChoices):
    """四不放过."""

    CAUSE = "cause", "事故原因已查清"
    RESPONSIBLE = "responsible", "责任人员已处理"
    MEASURES = "measures", "整改措施已落实"
    EDUCATED = "educated", "有关人员已受到教育"
