"""Tables a safety officer can review: kinds of units and sites, and the facts that may be stated about a unit."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices

from reference.terms import Class
from safety_api.roles import Role


class Status(TextChoices):
    OPERATING = "operating", "在营"
    SUSPENDED = "suspended", "停产停业"
    STOPPED_BY_ORDER = "stopped_by_order", "责令停产停业"
    CLOSED = "closed", "关闭"


STOPPED = frozenset({Status.SUSPENDED, Status.STOPPED_BY_ORDER})


class SiteKind(TextChoices):
    MINE = "mine", "矿井（矿山）"
    PROJECT = "project", "工程项目"
    HOUSE = "house", "房屋"
    VENUE = "venue", "经营场所、公共场所"
    SHOP = "shop", "门店"
    WAREHOUSE = "warehouse", "仓库"
    POND = "pond", "尾矿库、塘坝"
    SLOPE = "slope", "边坡、地质灾害点"
    RESERVOIR = "reservoir", "水库"
    ROAD = "road", "路段"
    FOREST = "forest", "林区"
    PARK = "park", "园区"
    CARRIER = "carrier", "承运单位"
    VEHICLE = "vehicle", "车辆"
    SMALL = "small", "九小场所"
    OTHER = "other", "其他"


class Scheme(TextChoices):
    COAL = "coal", "煤矿安全生产标准化管理体系"
    NON_COAL = "non_coal", "非煤矿山安全生产标准化"
    INDUSTRY = "industry", "危险化学品、工贸、烟花爆竹企业安全生产标准化"  # 应急〔2021〕83号
    TRANSPORT = "transport", "交通运输企业安全生产标准化"
    CONSTRUCTION = "construction", "建筑施工安全生产标准化"
    OTHER = "other", "其他"


class LicenceKind(TextChoices):
    WORK_SAFETY = "work_safety", "安全生产许可证"  # 安全生产许可证条例 第二条
    HAZCHEM_BUSINESS = "hazchem_business", "危险化学品经营许可证"
    HAZCHEM_USE = "hazchem_use", "危险化学品安全使用许可证"
    FIREWORKS_BUSINESS = "fireworks_business", "烟花爆竹经营许可证"
    ROAD_TRANSPORT = "road_transport", "道路运输经营许可证"
    HAZARDOUS_WASTE = "hazardous_waste", "危险废物经营许可证"
    FIRE_CHECK = "fire_check", "公众聚集场所消防安全检查合格证"
    MINING = "mining", "采矿许可证"
    OTHER = "other", "其他许可"


# Whose lapse stops production (XX-ABCD-1, K08). 采矿许可证 is a property right, not a safety licence.
SAFETY_LICENCES = frozenset(LicenceKind) - {LicenceKind.MINING, LicenceKind.OTHER}


class PaperState(TextChoices):
    """What an authority did to a paper; that its time ran out follows from its dates."""

    VALID = "valid", "有效"
    LOWERED = "lowered", "降级"
    SUSPENDED = "suspended", "暂扣"
    REVOKED = "revoked", "撤销（吊销）"


class FactSource(TextChoices):
    AUTHORITY = "authority", "监管部门"
    SELF = "self", "单位自报"
    IMPORT = "import", "名册导入"
    PLATFORM = "platform", "上级平台"


@dataclass(frozen=True)
class FactKind:
    """`value`: name → what may stand there; `?`: it may be left out. `lasts`: holds until `held_to`, open without."""

    label: str
    value: dict[str, str]
    law: str
    lasts: bool = False
    by_unit: bool = False  # the unit itself may state it
    by_paper: bool = False  # counts with the paper that says so, and no other way
    own_table: bool = False


GRADES = "|".join(Class.values)
KINDS: dict[str, FactKind] = {
    "standardization": FactKind(
        "安全生产标准化等级",
        {"scheme": "|".join(Scheme.values), "level": "1-3", "certificate_no": "text", "issued_by": "text?",
         "state": "valid|lowered|revoked?", "state_on": "day?"},
        "兴政发〔2021〕11号（十八）；应急〔2021〕83号", lasts=True, own_table=True,
    ),
    "licence": FactKind(
        "安全许可",
        {"licence": "|".join(LicenceKind.values), "number": "text", "issued_by": "text?",
         "state": "valid|suspended|revoked?", "state_on": "day?"},
        "安全生产许可证条例 第二条", lasts=True, own_table=True,
    ),
    "insurance": FactKind(
        "安全生产责任保险",
        {"insurer": "text", "policy_no": "text", "limit_person_yuan": "yuan?", "workers_covered": "whole?",
         "all_workers": "flag?", "one_sum": "flag?"},
        "安全生产法 第五十一条；应急〔2025〕27号", lasts=True, own_table=True,
    ),
    "no_standardization": FactKind(
        "经核实未取得标准化等级", {"note": "text?"}, "兴政发〔2021〕11号（十八）", lasts=True,
    ),
    "penalty": FactKind(
        "行政处罚（heavy：停产停业整顿、暂扣或吊销许可、罚款十万元以上）",
        {"severity": "ordinary|heavy", "fine_yuan": "yuan?", "measures": "text?"}, "行政处罚法 第九条",
    ),
    "stop_order": FactKind("责令停产停业（停产整顿）", {"reason": "text?"}, "煤矿安全生产条例 第四十八条", lasts=True),
    "dishonesty_listing": FactKind("列入严重失信主体名单", {"clause": "text?"}, "应急管理部令第11号", lasts=True),
    "concealment": FactKind("经查实谎报、瞒报事故", {"accident": "text?"}, "应急管理部令第14号（2024）"),
    "refusal": FactKind(
        "拒绝检查或拒不执行监管指令", {"order": "text?"}, "安全生产法 第六十六条（凭记忆）", lasts=True,
    ),
    "risk_review": FactKind("风险辨识评估", {"red_orange_controlled": "flag"}, "兴政发〔2021〕11号（十七）"),
    "self_check": FactKind("隐患自查", {"due": "whole", "done": "whole"}, "兴政发〔2021〕11号（十七）", by_unit=True),
    "plan_filing": FactKind("应急预案备案", {"number": "text?"}, "生产安全事故应急条例 第七条（凭记忆）", lasts=True),
    "plan": FactKind(
        "应急预案（自公布之日）",
        {"title": "text?", "submitted_on": "day?", "answered_on": "day?", "answer": "filed|incomplete?", "number": "text?",
         "evaluated_on": "day?"},
        "生产安全事故应急预案管理办法 第二十六、二十八、三十五条", lasts=True,
    ),
    "special_operation": FactKind(
        "特种作业证（自发证之日，至证上的有效期）",
        {"holder": "text", "operation": "text", "item": "text?", "number": "text?", "issued_by": "text?", "next_on": "day?"},
        "应急管理部令第19号 第四、三十六条", lasts=True, by_unit=True,
    ),
    "drill": FactKind(
        "应急演练", {"scope": "comprehensive|special|on_site", "people": "whole?"}, "生产安全事故应急条例 第八条",
        by_unit=True,
    ),
    "people_certified": FactKind(
        "主要负责人和安全管理人员考核合格", {"principal": "flag", "safety_officers": "flag"},
        "安全生产法 第二十七条（凭记忆）", lasts=True,
    ),
    "coal_assurance": FactKind(
        "煤矿安全保障程度等级", {"grade": GRADES}, "国办发〔2024〕54号；检查频次上限的依据", lasts=True, by_paper=True,
    ),
    "mine_risk": FactKind(
        "非煤矿山安全风险等级", {"grade": GRADES}, "国办发〔2024〕54号；检查频次上限的依据", lasts=True, by_paper=True,
    ),
    "training": FactKind(
        "安全培训", {"plan_done": "flag", "topic": "text?", "people": "whole?"}, "兴政发〔2021〕11号（二）",
        by_unit=True,
    ),
}  # fmt: skip
# What of a unit is not this role's to change: what decides who supervises it, by which scheme it is classed and in which ratio it
# counts is the county's; names, addresses, people and the place are found out on the spot. (Registering a new unit is everybody's.)
NOT_TO_CHANGE: dict[str, frozenset[str]] = {
    Role.TOWNSHIP_OFFICER: frozenset(
        {
            "sector",
            "sectors",
            "unit_type",
            "above_scale",
            "producing",
            "underground",
            "special_geology",
            "traits",
            "correction",
        }
    ),
}
NOT_TO_SET: dict[str, frozenset[str]] = {
    Role.TOWNSHIP_OFFICER: frozenset({Status.STOPPED_BY_ORDER})
}  # neither given nor lifted
BY_UNIT = frozenset(name for name, kind in KINDS.items() if kind.by_unit)
