"""The “零事故” policy: every parameter of DOMAIN §7.2 as the document says it, or refused by name."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import partial
from typing import Any

from accidents.rules.accidents import Grade, Money

MONEY = re.compile(r"[0-9]{1,15}(\.[0-9]{1,2})?")  # yuan as a string

STANDARDS = {  # 五到位、两健全、一落实、一及时
    "leadership": "组织领导到位",
    "risk_control": "风险管控到位",
    "hazard_rectification": "隐患整治到位",
    "education": "宣传教育到位",
    "assessment": "考核奖惩到位",
    "organisation": "管理组织健全",
    "responsibility": "责任制度健全",
    "meetings": "会议制度落实",
    "reporting": "信息报告及时",
}
WORDS = {  # what a parameter may say; one value only means: we do nothing else, so nothing else is taken
    "period": ("calendar_year_to_date",),
    "mode": ("accident_only", "accident_and_standard"),
    "trunk_roads": ("counted", "not_counted"),
    "denominator": ("as_of_plus_closed_with_accident", "as_of"),
    "suspended": ("counted", "not_counted"),
    "merge_rule": ("successor_broken_if_any_predecessor_broken", "own_accidents_only"),
    "undetermined": ("breaks_provisionally", "does_not_break"),
    "attribution.village": ("place",),
    "attribution.township_of_unit": ("production_site",),
    "display.decimals": (2,),
    "display.rounding": ("down",),
    "ranking.ties": ("same_rank_next_skipped",),
    "ranking.null_ratio": ("last",),
    "ranking.veto_grade_from": tuple(Grade),
}
SWITCHES = (
    "late_death_breaks",
    "road_non_production_breaks_village",
    "village_counts_unit_accidents",
    "virtual_villages_in_denominator",
    "ranking.rank_zone",
)
UNREAD = ("targets", "reconcile_with")  # the targets are a document of their own; who signs is not a rule
ROLES = ("occurring", "contractor", "owner")  # words.Part
UNIT_TYPES = (  # enterprises.kinds.UnitType
    "enterprise", "individual_business", "cooperative", "public_institution", "state_organ", "village_body",
    "social_organisation", "other",
)  # fmt: skip
SUBJECTS = ("village", "unit")
LISTS: dict[str, tuple[tuple[str, ...], int]] = {  # the words a list may hold, and the fewest of them
    "unit_types": (UNIT_TYPES, 1),
    "standards_apply_to": (SUBJECTS, 1),
    "attribution.roles_always": (ROLES, 0),
    "attribution.roles_when_responsible": (ROLES, 0),
}


@dataclass(frozen=True)
class Category:
    """A kind of accident and what makes one count; any one threshold is enough, None is no threshold."""

    code: str
    name: str
    min_deaths: int = 1  # 0: any such accident
    min_serious_injuries: int | None = None
    min_loss_yuan: Money | None = None


CATEGORIES = (  # 山西省“零事故”创建标准和事故统计范围（试行）, 2020
    Category("Z1", "生产安全死亡事故"),
    Category("Z2", "非生产经营性道路交通死亡事故"),
    Category("Z3", "村民自建、维修住房、窑洞、仓房等死亡事故"),
    Category("Z4", "火灾事故"),
    Category("Z5", "森林草原火灾和野外用火事故"),
    Category("Z6", "燃气（煤气）泄漏、爆炸事故"),
    Category("Z7", "非法生产、储存、燃放烟花爆竹事故"),
    Category("Z8", "其他因安全管理不到位造成的死亡事故（高处坠落、物体打击、中毒、窒息、淹溺、触电等）"),
)
RANK_KEYS = (  # DOMAIN §7.3, in this order
    ("village_ratio", "desc"),
    ("unit_ratio", "desc"),
    ("deaths", "asc"),
    ("accidents", "asc"),
    ("on_time_rate", "desc"),
)


@dataclass(frozen=True)
class Policy:
    """ZA-2021-1 (DOMAIN §7.2): every parameter the county may set otherwise, by the names of the document."""

    version: str = "ZA-2021-1"
    mode: str = "accident_only"
    standards_apply_to: tuple[str, ...] = SUBJECTS  # in the mode accident_and_standard
    categories: tuple[Category, ...] = CATEGORIES
    late_death_breaks: bool = False
    road_non_production_breaks_village: bool = True
    village_counts_unit_accidents: bool = True
    trunk_roads: str = "counted"  # OPEN-14
    unit_types: tuple[str, ...] = ("enterprise", "public_institution")  # OPEN-5
    denominator: str = "as_of_plus_closed_with_accident"
    virtual_villages_in_denominator: bool = False
    min_days_active: int = 0
    suspended: str = "counted"
    merge_rule: str = "successor_broken_if_any_predecessor_broken"
    undetermined: str = "breaks_provisionally"
    roles_always: tuple[str, ...] = ("occurring",)
    roles_when_responsible: tuple[str, ...] = ("contractor", "owner")
    rank_keys: tuple[tuple[str, str], ...] = RANK_KEYS
    rank_zone: bool = False  # OPEN-6
    veto_grade_from: str = Grade.LARGER

    def category(self, code: str | None) -> Category | None:
        return next((category for category in self.categories if category.code == code), None)

    def asks_standards_of(self, subject: str) -> bool:
        """Whether it must also be accepted by the nine standards for the year."""
        return self.mode == "accident_and_standard" and subject in self.standards_apply_to


POLICY = Policy()


def read_policy(body: Mapping[str, Any], version: str) -> Policy:
    """A policy document's body → Policy; absent parameters are the defaults. ValueError names every wrong one."""
    flat = dict(_flat(body))
    wrong = sorted(name for name, value in flat.items() if not _fits(name, value))
    if wrong:
        raise ValueError(f"零事故政策{version}的参数有误：{'、'.join(wrong)}")
    read = {name.rpartition(".")[2]: READ.get(name, _same)(value) for name, value in flat.items()}
    read["rank_keys"] = read.pop("keys", RANK_KEYS)
    return Policy(version=version, **{name: value for name, value in read.items() if name in POLICY_FIELDS})


def _flat(body: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    for name, value in body.items():
        if name in ("attribution", "display", "ranking") and isinstance(value, Mapping):
            yield from ((f"{name}.{inner}", part) for inner, part in value.items())
        else:
            yield name, value


def _fits(name: str, value: Any) -> bool:
    if name in WORDS:
        return not isinstance(value, bool) and value in WORDS[name]
    return name in FITS and FITS[name](value)


def _same(value: Any) -> Any:
    return value


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_positive(value: Any) -> bool:
    return _is_count(value) and value > 0


def _is_money(value: Any) -> bool:
    return _is_count(value) or (isinstance(value, str) and MONEY.fullmatch(value) is not None)


def _are_words(value: Any, known: tuple[str, ...], least: int) -> bool:
    if not isinstance(value, (list, tuple)) or not all(isinstance(word, str) for word in value):
        return False
    return least <= len(value) == len(set(value)) and set(value) <= set(known)


CATEGORY_FITS: dict[str, Callable[[Any], bool]] = {
    "code": lambda value: isinstance(value, str) and re.fullmatch("Z[0-9]{1,2}", value) is not None,
    "name": lambda value: isinstance(value, str) and value != "",
    "min_deaths": _is_count,
    "min_serious_injuries": _is_positive,
    "min_loss_yuan": _is_money,
}


def _are_categories(value: Any) -> bool:
    rows = value if isinstance(value, (list, tuple)) else ()
    sound = all(
        isinstance(row, Mapping)
        and {"code", "name"} <= set(row) <= set(CATEGORY_FITS)
        and all(CATEGORY_FITS[name](part) for name, part in row.items())
        for row in rows
    )
    return bool(rows) and sound and len({row["code"] for row in rows}) == len(rows)


def _are_rank_keys(value: Any) -> bool:
    rows = value if isinstance(value, (list, tuple)) else ()
    sound = all(
        isinstance(row, Mapping)
        and set(row) == {"key", "order"}
        and row["key"] in dict(RANK_KEYS)
        and row["order"] in ("asc", "desc")
        for row in rows
    )
    return bool(rows) and sound and len({row["key"] for row in rows}) == len(rows)


def _category(row: Mapping[str, Any]) -> Category:
    loss = row.get("min_loss_yuan")
    return Category(**{**row, "min_loss_yuan": Decimal(loss) if isinstance(loss, str) else loss})


FITS: dict[str, Callable[[Any], bool]] = {
    "categories": _are_categories,
    "min_days_active": _is_count,
    "ranking.keys": _are_rank_keys,
    **{name: partial(_are_words, known=known, least=least) for name, (known, least) in LISTS.items()},
    **dict.fromkeys(SWITCHES, lambda value: isinstance(value, bool)),
    **dict.fromkeys(UNREAD, lambda value: True),
}
READ: dict[str, Callable[[Any], Any]] = {
    "categories": lambda rows: tuple(map(_category, rows)),
    "ranking.keys": lambda rows: tuple((row["key"], row["order"]) for row in rows),
    **dict.fromkeys(LISTS, tuple),
}
POLICY_FIELDS = {spec.name for spec in fields(Policy)}
