"""Words of this room that stand in constraints and shapes; what they mean is said in rules/."""

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


class Subject(TextChoices):
    VILLAGE = "village", "村（社区）"
    UNIT = "unit", "企事业单位"


class Charged(TextChoices):
    """What an override is about: one village, one unit, or the accident as a whole."""

    VILLAGE = "village", "村（社区）"
    UNIT = "unit", "企事业单位"
    ACCIDENT = "accident", "整起事故"


class Effect(TextChoices):
    CHARGE = "charge", "计入"
    EXCLUDE = "exclude", "不计入"


class ReportLevel(TextChoices):
    """Who had to pass the report on."""

    ENTERPRISE = "enterprise", "事故单位"
    TOWNSHIP = "township", "乡镇"
    COUNTY = "county", "县"
    CITY = "city", "市"


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
}
