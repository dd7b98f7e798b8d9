"""The “零事故” policy: every parameter of DOMAIN §7.2 as the document says it, or refused by name."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from functools import partial
from typing import Any

from accidents.rules.accidents import Money
from reference import terms
from reference.terms import (
    Denominator,
    Grade,
    MergeRule,
    Mode,
    Order,
    RankKey,
    Subject,
    Suspended,
    TrunkRoads,
    Undetermined,
    UnitRole,
    UnitType,
)

MONEY = re.compile(r"[0-9]{1,15}(\.[0-9]{1,2})?")  # yuan as a string

WORDS = {  # what a parameter may say; one value only means: we do nothing else, so nothing else is taken
    "period": ("calendar_year_to_date",),
    "mode": Mode.values,
    "trunk_roads": TrunkRoads.values,
    "denominator": Denominator.values,
    "suspended": Suspended.values,
    "merge_rule": MergeRule.values,
    "undetermined": Undetermined.values,
    "attribution.village": ("place",),
    "attribution.township_of_unit": ("production_site",),
    "display.decimals": (2,),
    "display.rounding": ("down",),
    "ranking.ties": ("same_rank_next_skipped",),
    "ranking.null_ratio": ("last",),
    "ranking.veto_grade_from": Grade.values,
}
SWITCHES = (
    "late_death_breaks",
    "road_non_production_breaks_village",
    "village_counts_unit_accidents",
    "virtual_villages_in_denominator",
    "ranking.rank_zone",
)
UNREAD = ("targets", "reconcile_with")  # the targets are a document of their own; who signs is not a rule
LISTS: dict[str, tuple[Sequence[str], int]] = {  # the words a list may hold, and the fewest of them
    "unit_types": (UnitType.values, 1),
    "standards_apply_to": (Subject.values, 1),
    "attribution.roles_always": (UnitRole.values, 0),
    "attribution.roles_when_responsible": (UnitRole.values, 0),
}


@dataclass(frozen=True)
class CategoryLine:
    """A kind of accident and what makes one count; any one threshold is enough, None is no threshold."""

    code: str
    name: str
    min_deaths: int  # 0: any such accident
    min_serious_injuries: int | None = None
    min_loss_yuan: Money | None = None


@dataclass(frozen=True)
class Policy:
    """DOMAIN §7.2: every parameter the county may set otherwise, by the names of the document."""

    version: str
    mode: str
    standards_apply_to: tuple[str, ...]  # in the mode accident_and_standard
    categories: tuple[CategoryLine, ...]
    unnamed: CategoryLine  # to which an accident is held until its category is named; a document of its own
    late_death_breaks: bool
    road_non_production_breaks_village: bool
    village_counts_unit_accidents: bool
    trunk_roads: str  # OPEN-14
    unit_types: tuple[str, ...]  # OPEN-5
    denominator: str
    virtual_villages_in_denominator: bool
    min_days_active: int
    suspended: str
    merge_rule: str
    undetermined: str
    roles_always: tuple[str, ...]
    roles_when_responsible: tuple[str, ...]
    rank_keys: tuple[tuple[str, str], ...]
    rank_zone: bool  # OPEN-6
    veto_grade_from: str
    amended: tuple[Mapping[str, Any], ...] = field(
        default=(), compare=False
    )  # values changed by themselves (reference.versions)

    def category(self, code: str | None) -> CategoryLine | None:
        return next((category for category in self.categories if category.code == code), None)

    def asks_standards_of(self, subject: str) -> bool:
        """Whether it must also be accepted by the nine standards for the year."""
        return self.mode == Mode.ACCIDENT_AND_STANDARD and subject in self.standards_apply_to


def read_policy(
    body: Mapping[str, Any], version: str, unnamed: Mapping[str, Any], amended: Iterable[Mapping[str, Any]] = ()
) -> Policy:
    """A policy document's body, and that of `unnamed_category` → Policy. ValueError names every parameter that is wrong or not there."""
    flat = {"standards_apply_to": Subject.values, **dict(_flat(body))}  # not said: of everybody
    wrong = sorted(name for name, value in flat.items() if not _fits(name, value))
    wrong += [name for name in AT.values() if name not in flat]
    if wrong:
        raise ValueError(f"零事故政策{version}的参数有误：{'、'.join(wrong)}")
    read = {name: READ.get(at, _same)(flat[at]) for name, at in AT.items()}
    category = CategoryLine("*", "类别待定的事故", unnamed["min_deaths"])
    return Policy(version=version, unnamed=category, amended=tuple(amended), **read)


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


def _are_words(value: Any, known: Sequence[str], least: int) -> bool:
    if not isinstance(value, (list, tuple)) or not all(isinstance(word, str) for word in value):
        return False
    return least <= len(value) == len(set(value)) and set(value) <= set(known)


CATEGORY_FITS: dict[str, Callable[[Any], bool]] = {
    "code": lambda value: isinstance(value, str) and value in terms.Category.values,
    "name": lambda value: isinstance(value, str) and value != "",
    "min_deaths": _is_count,
    "min_serious_injuries": _is_positive,
    "min_loss_yuan": _is_money,
}


def _are_categories(value: Any) -> bool:
    rows = value if isinstance(value, (list, tuple)) else ()
    sound = all(
        isinstance(row, Mapping)
        and {"code", "name", "min_deaths"} <= set(row) <= set(CATEGORY_FITS)
        and all(CATEGORY_FITS[name](part) for name, part in row.items())
        for row in rows
    )
    return bool(rows) and sound and len({row["code"] for row in rows}) == len(rows)


def _are_rank_keys(value: Any) -> bool:
    rows = value if isinstance(value, (list, tuple)) else ()
    sound = all(
        isinstance(row, Mapping)
        and set(row) == {"key", "order"}
        and row["key"] in RankKey.values
        and row["order"] in Order.values
        for row in rows
    )
    return bool(rows) and sound and len({row["key"] for row in rows}) == len(rows)


def _category(row: Mapping[str, Any]) -> CategoryLine:
    loss = row.get("min_loss_yuan")
    return CategoryLine(**{**row, "min_loss_yuan": Decimal(loss) if isinstance(loss, str) else loss})


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
HEADINGS = {  # fields of Policy that stand under a heading of the document
    "roles_always": "attribution.roles_always",
    "roles_when_responsible": "attribution.roles_when_responsible",
    "rank_keys": "ranking.keys",
    "rank_zone": "ranking.rank_zone",
    "veto_grade_from": "ranking.veto_grade_from",
}
NOT_IN_ITS_BODY = ("version", "unnamed", "amended")
AT = {spec.name: HEADINGS.get(spec.name, spec.name) for spec in fields(Policy) if spec.name not in NOT_IN_ITS_BODY}
