"""Who is in the denominator, who is without accident, and the ratio against its target in integers (DOMAIN §7.2)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from accidents.rules.accidents import Money, exact, whole
from zero_accident.rules.policy import Policy


def period_of(policy: Policy, as_of: date) -> tuple[date, date]:
    """First and last day (both inclusive) of the year to date."""
    return date(as_of.year, 1, 1), as_of


@dataclass(frozen=True)
class UnitFacts:
    id: str
    type: str
    registered_on: date | None = None  # None: always there
    closed_on: date | None = None  # from this day on it is closed
    suspended: bool = False  # 停产停业, still a unit


def in_unit_denominator(policy: Policy, unit: UnitFacts, as_of: date, *, broken: bool) -> bool:
    """A unit at `as_of`, or one closed in the period after a breaking accident.

    A broken unit cannot leave by closing, by standing idle or by being young: so nobody cleans a figure.
    """
    start, _ = period_of(policy, as_of)
    if unit.type not in policy.unit_types or (unit.registered_on and unit.registered_on > as_of):
        return False
    stays = broken and policy.denominator == "as_of_plus_closed_with_accident"
    if unit.closed_on and unit.closed_on <= as_of:
        return stays and unit.closed_on >= start
    return stays or _counts_open(policy, unit, as_of)


def _counts_open(policy: Policy, unit: UnitFacts, as_of: date) -> bool:
    days = (as_of - unit.registered_on).days if unit.registered_on else policy.min_days_active
    return days >= policy.min_days_active and not (unit.suspended and policy.suspended == "not_counted")


@dataclass(frozen=True)
class VillageFacts:
    """A village or community of the list at `as_of`; predecessors are those it took over within the period."""

    code: str
    virtual: bool = False  # 虚拟社区
    predecessors: tuple[str, ...] = ()


def in_village_denominator(policy: Policy, village: VillageFacts) -> bool:
    return policy.virtual_villages_in_denominator or not village.virtual


def broken_villages(
    policy: Policy,
    villages: Iterable[VillageFacts],
    broken: Collection[str],
    older: Mapping[str, Collection[str]] | None = None,
) -> set[str]:
    """Codes of the list that are broken, by themselves or (merge_rule) by any village they came from in the period.

    `older` names the predecessors of villages that are themselves gone from the list (merged twice in a year).
    """
    predecessors, broken = {village.code: village.predecessors for village in villages}, set(broken)
    if policy.merge_rule == "own_accidents_only":
        return predecessors.keys() & broken
    came_from = {**(older or {}), **predecessors}
    return {code for code in predecessors if not ancestry(code, came_from).isdisjoint(broken)}


def ancestry(code: str, came_from: Mapping[str, Collection[str]]) -> set[str]:
    """The village itself and all it came from, however far; a circle in the records does no harm."""
    found, ahead = {code}, [code]
    while ahead:
        new = set(came_from.get(ahead.pop(), ())) - found
        found |= new
        ahead += new
    return found


def is_zero(policy: Policy, *, broken: bool, standards_accepted: bool = False) -> bool:
    """Unbroken; in the mode accident_and_standard also accepted by the nine standards for the year."""
    return not broken and (policy.mode == "accident_only" or standards_accepted)


class Ratio(NamedTuple):
    """`zero` of `total`; `percent` as it is shown."""

    zero: int
    total: int
    target: Money | None = None  # percent
    percent: str | None = None  # two decimals, rounded down: 84.995 % is never shown as 85.00
    met: bool | None = None


def ratio(zero: int, total: int, target: Money | None = None) -> Ratio:
    """Nothing over nothing is no ratio: percent and met are None. ValueError when zero exceeds total."""
    if whole(zero) > whole(total):
        raise ValueError("more without accident than there are")
    if target is not None:
        exact(target)
    if not total:
        return Ratio(zero, total, target)
    hundredths = zero * 10_000 // total
    met = None if target is None else zero * 100 >= target * total
    return Ratio(zero, total, target, f"{hundredths // 100}.{hundredths % 100:02d}", met)


def spare(found: Ratio) -> int | None:
    """How many more may break before the target is missed; below nought: how many too many are broken already."""
    if not found.total or found.target is None:
        return None
    numerator, denominator = (found.target * found.total).as_integer_ratio()
    return found.zero - -(-numerator // (denominator * 100))


@dataclass(frozen=True)
class YearTarget:
    year: int
    percent: Money


def target_for(targets: Mapping[int, Money], year: int) -> YearTarget | None:
    """The target of the year; a year without its own shows the last one before it, with that one's year."""
    set_before = [known for known in targets if known <= year]
    return YearTarget(max(set_before), targets[max(set_before)]) if set_before else None
