"""The columns of the Excel lists of units, of sites and of people, and how their cells name places."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from enterprises.kinds import KINDS, SiteKind, Status
from geo.codes import is_code, whole
from geo.coordinates import Crs
from reference import law
from reference.terms import Class, Trait, UnitType
from safety_api.roles import Role
from safety_api.sheets import Column, day, decimal_degrees, flag, one_of, several, short, text

CRS = [(str(crs), str(crs)) for crs in Crs]
GRADED = [(name, kind.label) for name, kind in KINDS.items() if kind.by_paper]
COUNTY_OFFICE = re.compile(r"(居民委员会|村民委员会|居委会|村委会|委会)$")


def sector(cell) -> str:
    """A sector's code or name."""
    word = text(cell)
    found = {name: each.code for each in law.sectors() for name in (each.code, each.name)}
    if word not in found:
        raise ValueError("没有这个行业领域")
    return found[word]


PLACE = (
    Column("region", "区划代码", short(12), note="村（社区）12位代码；不填则按乡镇、村名查找"),
    Column("township", "乡镇", short(60), note="如 蔚汾镇"),
    Column("village", "村（社区）", short(60), note="如 东关村"),
)
POINT = (
    Column("lon", "经度", decimal_degrees),
    Column("lat", "纬度", decimal_degrees),
    Column("crs", "坐标系", one_of(CRS), note="填了经纬度必填：" + "、".join(Crs)),
)
UNIT_COLUMNS = (
    Column("name", "单位名称", short(120), True, "与营业执照一致"),
    Column("credit_code", "统一社会信用代码", short(40), note="18位；没有的填下一列"),
    Column("no_credit_code_reason", "无代码原因", short(100), note="如 个体经营，未办执照"),
    Column("unit_type", "单位类型", one_of(UnitType.choices), True, "、".join(UnitType.labels)),
    Column("sector", "主要行业", sector, True, "11个重点行业领域之一，或 其他行业领域"),
    Column("sectors", "其他行业", several(sector), note="可多个，用；分开"),
    *PLACE,
    Column("address", "地址", short(200)),
    Column("principal_name", "主要负责人", short(60)),
    Column("principal_phone", "联系电话", short(30), note="手机，或带区号的固定电话"),
    Column("opened_on", "开业日期", day, note="如 2016-05-01"),
    Column("status", "状态", one_of(Status.choices), note="、".join(Status.labels) + "；不填为在营"),
    Column("status_on", "状态自", day, note="停产、关闭的必填"),
    Column("above_scale", "规模以上", flag, note="是 或 否"),
    Column("producing", "生产矿井", flag, note="仅煤矿"),
    Column("underground", "井工", flag),
    Column("special_geology", "灾害严重矿井", flag, note="突出、冲击地压或水文地质类型极复杂"),
    Column("traits", "特征", several(one_of(Trait.choices)), note="可多个，用；分开：" + "、".join(Trait.labels)),
    Column("registered_region", "登记地代码", short(12), note="12位"),
    *POINT,
)
SITE_COLUMNS = (
    Column("kind", "类别", one_of(SiteKind.choices), True, "、".join(SiteKind.labels)),
    Column("name", "名称", short(120), True, "车辆填车牌号"),
    Column("unit", "所属单位", short(120), note="单位的信用代码或全称；没有的不填"),
    Column("sector", "行业", sector, True, "11个重点行业领域之一，或 其他行业领域"),
    *PLACE,
    Column("place_type", "场所类型", short(20), note="消防检查表的场所类型，如 九小场所"),
    Column("project_type", "工程类别", short(20), note="城市建设检查表的工程类别，如 房屋"),
    Column("address", "地址", short(200)),
    Column("owner_name", "责任人", short(60)),
    Column("owner_phone", "责任人电话", short(30), note="手机，或带区号的固定电话"),
    Column("opened_on", "启用日期", day, note="如 2016-05-01"),
    Column("closed_on", "停用日期", day),
    *POINT,
)
PERSON_COLUMNS = (
    Column("username", "用户名", short(40), True, "小写字母、数字，登录用"),
    Column("name", "姓名", short(60), True),
    Column("role", "岗位", one_of(Role.choices), True, "、".join(Role.labels)),
    Column("phone", "手机", short(20)),
    Column("region", "管辖区划", short(60), note="代码，或 全县、乡镇名、乡镇名/村名；企业人员和管理员不填"),
    Column("sectors", "管辖行业", several(sector), note="可多个，用；分开；不填为全部"),
    Column("department", "部门", short(60), note="部门名称或代码"),
    Column("unit", "本单位", short(120), note="企业安全员：单位的信用代码或全称"),
    Column("is_leader", "部门负责人", flag, note="是 或 否"),
    Column("is_principal", "企业主要负责人", flag),
    Column("may_investigate", "可参与事故调查", flag),
    Column("legal_reviewer", "法制审核人", flag),
)
GRADE_COLUMNS = (
    Column("unit", "单位", short(120), True, "信用代码或全称"),
    Column("kind", "依据", one_of(GRADED), True, "、".join(label for _, label in GRADED)),
    Column("grade", "等级", one_of((each, each) for each in Class.values), True, "、".join(Class.values)),
    Column("held_from", "自", day, True, "评定生效之日，如 2026-01-01"),
    Column("held_to", "至", day, note="末日；没有的不填，直到下一次评定"),
    Column("document", "依据文书", short(200), True, "评定等级的文书名称、文号"),
)
TEMPLATES = {"enterprises": UNIT_COLUMNS, "sites": SITE_COLUMNS, "users": PERSON_COLUMNS, "grades": GRADE_COLUMNS}
# Where a check's field stands in the list, when not under its own name.
HEADING_OF_FIELD = {"location": "lon"}


def column_of(columns: Iterable[Column], field: str) -> Column:
    name = HEADING_OF_FIELD.get(field.split("/")[0], field.split("/")[0])
    return next((column for column in columns if column.name == name), next(iter(columns)))


@dataclass(frozen=True)
class Gazetteer:
    """Places of today by code and by the names people write. `regions`: (code, name, level)."""

    names: dict[str, str]
    townships: dict[str, set[str]]
    villages: dict[tuple[str, str], set[str]]

    @classmethod
    def of(cls, regions: Iterable[tuple[str, str, str]]) -> Gazetteer:
        names, townships, villages = {}, defaultdict(set), defaultdict(set)
        for code, name, level in regions:
            names[code] = name
            if level == "township":
                for written in spellings(name):
                    townships[written].add(code)
            if level == "village":
                for written in spellings(name):
                    villages[whole(code[:9]), written].add(code)
        return cls(names, townships, villages)

    def village(self, township: str, village: str) -> str:
        """Raises ValueError."""
        return _only(self.villages.get((self.township(township), village), set()), "村（社区）")

    def township(self, written: str) -> str:
        """Raises ValueError."""
        return _only(self.townships.get(written, set()), "乡镇")

    def prefix(self, written: str) -> str:
        """The jurisdiction that a cell names: a code, 全县, a township, a township/village. Raises ValueError."""
        if written.isdigit():
            if not is_code(whole(written)) or whole(written) not in self.names:
                raise ValueError("没有这个行政区划")
            return written
        township, _, village = written.partition("/")
        if written in ("全县", "县"):
            return _only({code[:6] for code in self.names}, "县")
        return self.village(township, village) if village else self.township(township)[:9]


def _only(found: set[str], what: str) -> str:
    if len(found) != 1:
        raise ValueError(f"有不止一个这样的{what}，请填代码" if found else f"没有这个{what}")
    return next(iter(found))


def spellings(name: str) -> set[str]:
    """东关村委会 is also written 东关村 and 东关; 蔚汾镇 also 蔚汾."""
    office = COUNTY_OFFICE.sub("", name)
    place = office if office == name or office.endswith(("社区", "村")) else f"{office}村"
    return {name, place, re.sub(r"(社区|村|镇|乡)$", "", place) or place}
