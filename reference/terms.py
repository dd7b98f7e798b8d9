"""用语: the words of law, each stated once with its Chinese label and where it comes from.

Law files may say these words and no others (shapes.py), tables keep them, doors offer them. What a word is worth (how many
deaths make an accident major, which classes may be raised) stands in the dated files alone.
"""

from django.db.models import TextChoices


# --- units and classes ------------------------------------------------------------------------------------------------
class UnitType(TextChoices):
    """统一社会信用代码 (GB 32100): registering department and kind of organisation."""

    ENTERPRISE = "enterprise", "企业"
    INDIVIDUAL_BUSINESS = "individual_business", "个体工商户"
    COOPERATIVE = "cooperative", "农民专业合作社"
    PUBLIC_INSTITUTION = "public_institution", "事业单位"
    STATE_ORGAN = "state_organ", "机关"
    VILLAGE_BODY = "village_body", "基层群众性自治组织"
    SOCIAL_ORGANISATION = "social_organisation", "社会组织"
    OTHER = "other", "其他"


class Class(TextChoices):
    """兴政发〔2021〕11号（十八）, from the best to the worst."""

    A, B, C, D = "A", "B", "C", "D"


class Trait(TextChoices):
    """What decides minimum levels, drills and insurance where the sector alone does not."""

    TAILINGS_POND = "tailings_pond", "尾矿库及配套选矿厂"
    FIREWORKS = "fireworks", "烟花爆竹"
    METAL_SMELTING = "metal_smelting", "金属冶炼"
    CONSTRUCTION = "construction", "建筑施工"
    CIVIL_EXPLOSIVES = "civil_explosives", "民用爆炸物品"
    FISHERY = "fishery", "渔业生产"
    CITY_GAS = "city_gas", "城镇燃气"
    POWER = "power", "电力"
    CROWDED_PLACE = "crowded_place", "人员密集场所"


class InspectionKey(TextChoices):
    """What a published ceiling of inspections goes by (国办发〔2024〕54号): graded by others, not the county's own class."""

    COAL_ASSURANCE = "coal_assurance", "煤矿安全保障程度"
    MINE_RISK = "mine_risk", "非煤矿山风险等级"
    STANDARDIZATION = "standardization", "安全生产标准化等级"


GRADES_OF_KEY = {
    InspectionKey.COAL_ASSURANCE: tuple(Class.values),
    InspectionKey.MINE_RISK: tuple(Class.values),
    InspectionKey.STANDARDIZATION: ("1", "2", "3", "none"),
}


class ReadOf(TextChoices):
    """How much of a text was seen when its clauses were entered."""

    WHOLE = "whole", "全文"
    PART = "part", "部分条文"
    METADATA = "metadata", "题录和条目主题"
    TITLE = "title", "名称和日期"


class Clauses(TextChoices):
    """What there is to be named of an edition."""

    WHOLE = "whole", "条文齐全"
    PART = "part", "条文不全"
    TOPICS = "topics", "只有条号和主题，不能据以判定"
    NOT_ENTERED = "not_entered", "只知名称和日期，条文没有录入"
    ENTERED = "entered", "条文由本县录入，可能不全"


class Changed(TextChoices):
    """What became of an article against the edition before."""

    NEW = "new", "新增"
    GONE = "gone", "删去"
    TIGHTENED = "tightened", "收紧"
    LOOSENED = "loosened", "放宽"
    CHANGED = "changed", "改写"
    KEPT = "kept", "未变"


# --- days -------------------------------------------------------------------------------------------------------------
class DayKind(TextChoices):
    CALENDAR = "calendar", "日历日"
    WORKING = "working", "工作日"


class Basis(TextChoices):
    """Where a number comes from."""

    LAW = "law", "法规"
    DESIGN = "design", "系统默认"
    PRACTICE = "practice", "外地做法"


class Certainty(TextChoices):
    """How far a document of the law was read by whoever entered it, from the surest on."""

    FULL = "full", "全文"
    EXCERPT = "excerpt", "官方文本节录"
    SECONDARY = "secondary", "二手来源"
    MEMORY = "memory", "凭记忆"
    OWN = "own", "本系统的设定"


# --- inspections ------------------------------------------------------------------------------------------------------
class InspectionType(TextChoices):
    """国办发〔2024〕54号: why an inspection is made, beside the way in which it is."""

    DAILY = "daily", "日常检查"
    SPECIAL = "special", "专项检查"
    CASE = "case", "个案检查"


# --- checklists, hazards ----------------------------------------------------------------------------------------------
class SeverityHint(TextChoices):
    """What an answer “no” to an item of a checklist points to."""

    GENERAL = "G", "一般"
    MAJOR = "M", "疑似重大"
    STOP = "S", "停产整顿"
    ACCIDENT = "A", "比照事故调查处理"


class AnsweredBy(TextChoices):
    PLACE_TYPE = "place_type", "场所类型"
    PROJECT_TYPE = "project_type", "工程类别"


class HazardLevel(TextChoices):
    """安全生产事故隐患排查治理暂行规定 (原安监总局令第16号) 第三条."""

    GENERAL = "general", "一般"
    MAJOR = "major", "重大"


class Loop(TextChoices):
    """Who sees to it that a hazard is closed (DESIGN §11): only what needs the county reaches the county."""

    COUNTY = "county", "县级闭环"
    TOWNSHIP = "township", "乡镇闭环"
    UNIT = "unit", "企业自查自改"


class InPlace(TextChoices):
    """五落实: what a plan of rectification states (原安监总局令第16号 第十五条)."""

    RESPONSIBLE_PERSON = "responsible_person", "责任"
    MEASURES = "measures", "措施"
    FUNDS_YUAN = "funds_yuan", "资金"
    DEADLINE = "deadline", "时限"
    EMERGENCY_PLAN = "emergency_plan", "预案"


class Approval(TextChoices):
    """Who signs before a hazard of a coal mine that was stopped is closed (煤矿安全生产条例 第四十八条), in their order."""

    CHIEF = "chief", "部门主要负责人签字"
    MINE_SAFETY_OFFICE = "mine_safety_office", "矿山安全监察机构审核同意"
    GOVERNMENT = "government", "政府主要负责人批准"


class Consent(TextChoices):
    """Who agrees before a coal mine resumes (煤矿安全生产条例 第四十八条), in their order."""

    CHIEF = "chief", "部门主要负责人签字"
    MINE_SAFETY = "mine_safety", "矿山安全监察机构审核同意"
    GOVERNMENT = "government", "政府主要负责人批准"


class Rung(TextChoices):
    """How high a reminder goes."""

    UNIT = "unit", "单位"
    OFFICER = "officer", "承办人员"
    LEADER = "leader", "负责人"
    COUNTY = "county", "县级"


class CountedFrom(TextChoices):
    """The date that a reminder of a hazard is counted from."""

    DEADLINE = "deadline", "整改期限"
    REVIEW = "review", "复查期限"
    EXTENSION = "extension", "延期申请的答复期限"
    ESCALATION = "escalation", "转县级闭环之日"
    MONTH = "month", "每月某日"
    REPORT = "report", "上报之日"


class PaperNature(TextChoices):
    LAW = "law", "执法文书"
    NOTICE = "notice", "属地告知"


# --- risks ------------------------------------------------------------------------------------------------------------
class RiskMethod(TextChoices):
    LEC = "lec", "作业条件危险性评价法（LEC）"
    LS = "ls", "风险矩阵法（LS）"


class Colour(TextChoices):
    """晋安监发〔2017〕221号: four levels in four colours, from the first to the fourth."""

    RED = "red", "重大风险（红）"
    ORANGE = "orange", "较大风险（橙）"
    YELLOW = "yellow", "一般风险（黄）"
    BLUE = "blue", "低风险（蓝）"


LEVEL_OF = {colour: level for level, colour in enumerate(Colour, 1)}
COLOUR_OF = {level: colour for colour, level in LEVEL_OF.items()}


class ControlLevel(TextChoices):
    """Who controls a risk, the highest first; the highest controls together with all below it."""

    COMPANY = "company", "公司（厂）级"
    WORKSHOP = "workshop", "车间（部室）级"
    TEAM = "team", "班组级"
    POST = "post", "岗位级"


class CheckEvery(TextChoices):
    SHIFT = "shift", "每班"
    DAY = "day", "每日"
    WEEK = "week", "每周"
    MONTH = "month", "每月"


# --- departments ------------------------------------------------------------------------------------------------------
class DepartmentKind(TextChoices):
    COUNTY = "county", "县政府部门"
    OFFICE = "office", "安委会办公室"
    ZONE = "zone", "开发区"
    SERVICE = "service", "事业单位"
    VERTICAL = "vertical", "垂直管理、驻县机构"


class Duty(TextChoices):
    """What a department has to do with a sector (三管三必须: 安全生产法 第三条、第十条)."""

    SUPERVISE = "supervise", "监管"
    MANAGE = "manage", "行业管理"
    ASSIST = "assist", "配合"


# --- accidents --------------------------------------------------------------------------------------------------------
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
    """国务院令第493号 第三条, from the least to the gravest."""

    GENERAL = "general", "一般事故"
    LARGER = "larger", "较大事故"
    MAJOR = "major", "重大事故"
    EXTRA_MAJOR = "extra_major", "特别重大事故"


class Nature(TextChoices):
    PRODUCTION = "production", "生产经营性"
    NON_PRODUCTION = "non_production", "非生产经营性"
    UNDETERMINED = "undetermined", "性质待定"


class Window(TextChoices):
    """国务院令第493号 第十三条: how long a later death counts depends on what kind of accident it was."""

    OTHER = "other", "其他事故"
    ROAD_TRAFFIC = "road_traffic", "道路交通事故"
    FIRE = "fire", "火灾事故"


class CountFrom(TextChoices):
    NEXT_DAY = "next_day", "次日起算"
    SAME_DAY = "same_day", "当日起算"


class UnitRole(TextChoices):
    """A unit's part in an accident."""

    OCCURRING = "occurring", "事故发生单位"
    CONTRACTOR = "contractor", "承包单位"
    OWNER = "owner", "发包单位"


class AccidentKind(TextChoices):
    """较大涉险 is reported like an accident and has no grade (原安监总局令第21号 第二十六条)."""

    ACCIDENT = "accident", "事故"
    EVENT = "serious_risk_event", "较大涉险事故"


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


# 国务院令第493号 第十条: level by level
UPWARD = tuple(level.value for level in (ReportLevel.COUNTY, ReportLevel.CITY, ReportLevel.PROVINCE, ReportLevel.STATE))


class Channel(TextChoices):
    APP = "app", "手机上报"
    TELEPHONE = "telephone", "电话"
    WRITTEN = "written", "书面"
    PLATFORM = "platform", "上级平台"


class Outward(TextChoices):
    """By which way a notice leaves the house, besides the inbox."""

    SMS = "sms", "短信"
    EMAIL = "email", "电子邮件"
    ROBOT = "robot", "群机器人"


class Stage(TextChoices):
    """Reminders of a leg, in the order of the clock."""

    BEFORE = "before", "临近时限"
    OVERDUE = "overdue", "已过时限"
    ESCALATED = "escalated", "升级提醒"


class Reminded(TextChoices):
    OWING = "owing", "应报方"
    RECEIVING = "receiving", "接收方"
    LEADERS = "leaders", "县级"


class InvestigationLevel(TextChoices):
    """国务院令第493号 第十九条；煤矿安全生产条例 第六十条."""

    UNIT = "unit", "事故单位（受县级委托）"
    COUNTY = "county", "县级人民政府"
    CITY = "city", "设区的市级人民政府"
    PROVINCE = "province", "省级人民政府"
    STATE = "state", "国务院"
    MINE_SAFETY = "mine_safety", "国家矿山安全监察机构"


# --- 零事故 -----------------------------------------------------------------------------------------------------------
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


class Mode(TextChoices):
    ACCIDENT_ONLY = "accident_only", "只看事故"
    ACCIDENT_AND_STANDARD = "accident_and_standard", "无事故且通过九项创建标准"


class TrunkRoads(TextChoices):
    COUNTED = "counted", "计入途经村"
    NOT_COUNTED = "not_counted", "不计入途经村"


class Denominator(TextChoices):
    PLUS_CLOSED = "as_of_plus_closed_with_accident", "截至当日的名单，加期内注销但有破零事故的单位"
    AS_OF = "as_of", "截至当日的名单"


class Suspended(TextChoices):
    COUNTED = "counted", "停产停业单位计入"
    NOT_COUNTED = "not_counted", "停产停业单位不计入"


class MergeRule(TextChoices):
    SUCCESSOR = "successor_broken_if_any_predecessor_broken", "撤并后的村，原村有一个破零即破零"
    OWN_ONLY = "own_accidents_only", "撤并后的村只看本村事故"


class Undetermined(TextChoices):
    BREAKS = "breaks_provisionally", "性质待定的先计入，核销后恢复"
    DOES_NOT_BREAK = "does_not_break", "性质待定的暂不计入"


class RankKey(TextChoices):
    VILLAGE_RATIO = "village_ratio", "村零事故率"
    UNIT_RATIO = "unit_ratio", "单位零事故率"
    DEATHS = "deaths", "破零事故死亡人数"
    ACCIDENTS = "accidents", "破零事故起数"
    ON_TIME_RATE = "on_time_rate", "隐患按期整改率"


class Order(TextChoices):
    ASC = "asc", "由低到高"
    DESC = "desc", "由高到低"
