"""Whom an accident breaks, and by which line of the policy (DOMAIN §7.2, Breaking accident and Attribution)."""

from collections.abc import Callable
from dataclasses import dataclass

from accidents.rules.accidents import AccidentFacts, Money, UnitPart, at_least, exact
from reference.terms import Grade, Nature
from zero_accident.rules.attribution import AttributedAccident
from zero_accident.rules.policy import Policy


@dataclass(frozen=True)
class SubjectBreak:
    """One village or unit broken by one accident, with the line of the policy that made it so."""

    subject: str  # village | unit
    key: str  # the village's code or the unit's id
    accident: str
    line: str  # the parameter of the policy, e.g. min_deaths.Z1
    attribution: str  # place | override | occurring | contractor | owner
    reason: str  # a Chinese sentence
    provisional: bool = False  # 性质待定: until it is decided or written off


@dataclass(frozen=True)
class Verdict:
    """Does this accident break anybody at all? The line of the policy that decided, and its sentence."""

    breaks: bool
    line: str
    reason: str


def breaks(policy: Policy, accident: AttributedAccident) -> list[SubjectBreak]:
    """Every village and unit whose “零事故” this accident ends, the village first, then units by id."""
    verdict = judge(policy, accident)
    if not verdict.breaks:
        return []
    village = [("village", key, how) for key, how in _village(policy, accident)]
    units = [("unit", key, how) for key, how in sorted(_units(policy, accident).items())]
    return [_break(policy, accident, verdict, *charged) for charged in village + units]


def judge(policy: Policy, accident: AttributedAccident) -> Verdict:
    """The first line of the policy that decides, in the order of STOPS and then of the thresholds."""
    for line, stops, reason in STOPS:
        if stops(policy, accident):
            return Verdict(False, line, reason)
    return _threshold(policy, accident)


STOPS: tuple[tuple[str, Callable[[Policy, AttributedAccident], bool], str], ...] = (
    ("written_off", lambda policy, accident: accident.stat_status == "written_off", "事故已核销，不计入“零事故”"),
    ("excluded", lambda policy, accident: accident.excluded, "经批准不计入“零事故”"),
    ("no_accident", lambda policy, accident: not accident.counts, "较大涉险，或已并入同一起事故，不另计入"),
    (
        "undetermined",
        lambda policy, accident: policy.undetermined == "does_not_break" and is_undetermined(accident),
        "事故性质未定，政策规定暂不计入",
    ),
    (
        "categories",
        lambda policy, accident: accident.category is not None and policy.category(accident.category) is None,
        "该类事故不在政策规定的统计范围内",
    ),
)


def is_undetermined(accident: AttributedAccident) -> bool:
    return accident.nature == Nature.UNDETERMINED or accident.category is None


def effective_deaths(policy: Policy, accident: AttributedAccident) -> int:
    """The deaths “零事故” looks at, also as the third key of the ranking."""
    found = accident.casualties
    return found.deaths + (found.late_deaths if policy.late_death_breaks else 0)


def _threshold(policy: Policy, accident: AttributedAccident) -> Verdict:
    """Any one of deaths, serious injuries, loss is enough. A category not yet named has its own."""
    least = policy.category(accident.category) or policy.unnamed
    found, deaths = accident.casualties, effective_deaths(policy, accident)
    for parameter, what, figure, needed, unit in (
        ("min_deaths", "死亡", deaths, least.min_deaths, "人"),
        ("min_serious_injuries", "重伤", found.serious_injuries, least.min_serious_injuries, "人"),
        ("min_loss_yuan", "直接经济损失", accident.loss_yuan, least.min_loss_yuan, "元"),
    ):
        if figure is not None and needed is not None and exact(figure) >= needed:
            return Verdict(True, f"{parameter}.{least.code}", _enough(what, figure, needed, unit))
    return Verdict(False, f"min_deaths.{least.code}", f"死亡{deaths}人，未达到政策规定的死亡{least.min_deaths}人")


def _enough(what: str, found: Money, least: Money, unit: str) -> str:
    return f"{what}{found}{unit}，达到{least}{unit}及以上" if least else f"{what}{found}{unit}，此类事故发生即计入"


def _village(policy: Policy, accident: AttributedAccident) -> list[tuple[str, str]]:
    """At most one village: the approved one, else that of the place unless a line of the policy lets it off."""
    orders = [order for order in accident.overrides if order.subject == "village"]
    charged = sorted(order.key for order in orders if order.charged)
    if charged:
        return [(charged[0], "override")]
    let_off = any(not order.charged and order.key == accident.village for order in orders)
    if accident.village is None or let_off or _village_let_off(policy, accident):
        return []
    return [(accident.village, "place")]


def would_break_a_village(policy: Policy, accident: AttributedAccident) -> bool:
    """It breaks the village that nobody has named yet, whichever it is: it counts for its township all the same.
    Saying less must not look better, nor worse.
    """
    return accident.village is None and judge(policy, accident).breaks and not _village_let_off(policy, accident)


def _village_let_off(policy: Policy, accident: AttributedAccident) -> bool:
    of_a_unit = any(part.role == "occurring" or _charged(policy, part) for part in accident.roles)
    return (
        (accident.category == "Z2" and not policy.road_non_production_breaks_village)
        or (of_a_unit and not policy.village_counts_unit_accidents)
        or (accident.on_trunk_road and policy.trunk_roads == "not_counted")
    )


def _units(policy: Policy, accident: AttributedAccident) -> dict[str, str]:
    """Unit → how it is charged: roles of the policy, then the approved changes. A unit in two roles is charged once."""
    orders = [order for order in accident.overrides if order.subject == "unit"]
    charged: dict[str, str] = {}
    for part in accident.roles:
        if _charged(policy, part):
            charged[part.unit] = min(part.role, charged.get(part.unit, part.role), key=_weight)
    charged |= {order.key: "override" for order in orders if order.charged}
    released = {order.key for order in orders if not order.charged}
    return {unit: how for unit, how in charged.items() if unit not in released}


def _charged(policy: Policy, part: UnitPart) -> bool:
    return part.role in policy.roles_always or (part.role in policy.roles_when_responsible and part.responsible is True)


def _weight(role: str) -> tuple[bool, str]:
    return role != "occurring", role


ATTRIBUTIONS = {
    "occurring": "事故发生单位",
    "contractor": "负有责任的承包单位",
    "owner": "负有责任的发包单位",
    "place": "事故发生地",
    "override": "经批准认定",
}


def _break(
    policy: Policy, accident: AttributedAccident, verdict: Verdict, subject: str, key: str, attribution: str
) -> SubjectBreak:
    undetermined = is_undetermined(accident)
    what = (policy.category(accident.category) or policy.unnamed).name
    code = f"（{accident.category}）" if accident.category else ""
    note = "；性质待定，暂计入，核销后恢复" if undetermined else ""
    reason = (
        f"{accident.occurred_on}发生{what}{code}，{verdict.reason}；{ATTRIBUTIONS.get(attribution, attribution)}{note}"
    )
    return SubjectBreak(subject, key, accident.id, verdict.line, attribution, reason, undetermined)


def proposes_veto(accident: AccidentFacts, from_grade: str) -> bool:
    """一票否决 (通知 三十六): a production accident of this grade or above. A proposal; a person confirms it."""
    is_accident = accident.counts and accident.nature == Nature.PRODUCTION and accident.stat_status != "written_off"
    return is_accident and at_least(accident.grade, Grade(from_grade))
