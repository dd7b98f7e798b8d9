"""Facts and a scheme → the computed class, part by part, with a Chinese sentence for every figure (DOMAIN §5.2).

Decimal throughout; one decimal, ROUND_HALF_UP. The worst cap wins and never raises a class.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from supervision.rules.facts import BASES, Facts, below_minimum, derived, exact, has_no_level
from supervision.rules.scheme import CLASSES, Scheme

TENTH = Decimal("0.1")
LEVELS = {1: "一级", 2: "二级", 3: "三级"}
EMERGENCY = {
    "plan_filed": "应急预案备案",
    "drill_on_time": "按期演练",
    "people_certified": "主要负责人和安全管理人员持证",
    "training_done": "培训计划完成",
    "insured": "投保安全生产责任保险",
}
FIGURES = {  # how the figure behind a cap is worded
    "months_since_fatal": "距今{}个月",
    "months_since_larger": "距今{}个月",
    "months_since_concealment": "距今{}个月",
    "stopped_months": "已停产{}个月",
    "hazards.major_open": "{}条",
    "hazards.major_overdue": "{}条",
    "major_open_in_time": "{}条",
}


@dataclass(frozen=True)
class Part:
    points: Decimal | None  # None: does not apply
    reason: str


@dataclass(frozen=True)
class Cap:
    id: str
    at_best: str
    reason: str
    sentence: str
    d_reason: str | None = None
    provisional: bool = False


@dataclass(frozen=True)
class ComputedClass:
    """The computed class. `d_reason` says for a D whether `stopped`, `score` or `cap:K…` made it; None otherwise."""

    class_: str
    score: Decimal
    by_score: str
    parts: Mapping[str, Decimal | None]
    caps: tuple[Cap, ...]
    provisional: bool
    reasons: tuple[str, ...]
    d_reason: str | None
    scheme: str

    def answer(self) -> dict[str, Any]:
        """The names of API.md; points and score as strings with one decimal, T null where it does not apply."""
        return {
            "class": self.class_,
            "score": str(self.score),
            "by_score": self.by_score,
            "parts": {name: None if points is None else str(points) for name, points in self.parts.items()},
            "caps": [{"id": cap.id, "class": cap.at_best, "reason": cap.reason} for cap in self.caps],
            "provisional": self.provisional,
            "reasons": list(self.reasons),
        }


def evaluate(facts: Facts, scheme: Scheme) -> ComputedClass:
    """`facts` as read_facts gives them."""
    parts = {name: part(facts, scheme) for name, part in PARTS.items()}
    score = total(parts, scheme)
    by_score = class_of(score, scheme)
    caps = caps_of(facts, scheme)
    class_ = worst(by_score, *(cap.at_best for cap in caps))
    provisional = any(cap.provisional for cap in caps)
    risk = _sum(parts[name].points for name in ("R1", "R2", "R3", "R4"))
    return ComputedClass(
        class_,
        score,
        by_score,
        {"S": parts["S"].points, "T": parts["T"].points, "R": risk}
        | {name: parts[name].points for name in ("R1", "R2", "R3", "R4")},
        caps,
        provisional,
        (
            *(part.reason for part in parts.values()),
            _total_reason(score, by_score, parts, risk, scheme),
            *(cap.sentence for cap in caps),
            _class_reason(class_, by_score, caps, provisional),
        ),
        d_reason(class_, by_score, caps),
        scheme.version,
    )


def worst(*classes: str) -> str:
    return max(classes, key=CLASSES.index)


def class_of(score: Decimal, scheme: Scheme) -> str:
    """Lower bounds are inclusive."""
    return str(next(band["class"] for band in scheme["bands"] if score >= exact(band["score_from"])))


def total(parts: Mapping[str, Part], scheme: Scheme) -> Decimal:
    """S + T + R, or (S + R)·100/70 where there is no standardization scheme for this kind of unit."""
    scored = _sum(part.points for part in parts.values() if part.points is not None)
    if parts["T"].points is not None:
        return scored
    rescale = scheme["standardization"]["rescale_when_not_applicable"]
    return tenths(scored * rescale["times"] / rescale["over"])


def tenths(points: Decimal | int) -> Decimal:
    return Decimal(points).quantize(TENTH, ROUND_HALF_UP)


def _sum(points: Any) -> Decimal:
    return sum(points, Decimal("0.0"))


def _step(value: Decimal | int, steps: list[dict[str, Any]], name: str) -> Decimal:
    """The points of the first step, from the top, that the value reaches."""
    return next((exact(step["points"]) for step in steps if value >= exact(step[name])), Decimal(0))


# ---------------------------------------------------------------- S 安全生产周期


def safe_period(facts: Facts, scheme: Scheme) -> Part:
    """Never fatal: the months of operation count, and at least so many points, before anything is taken off."""
    rule = scheme["safe_period"]
    fatal, operating = facts["months_since_fatal"], facts["months_operating"]
    points = _step((operating if fatal is None else fatal) or 0, rule["points"], "months_from")
    if fatal is None:
        points = max(points, exact(rule["never_fatal_at_least"]))
    lost = _lost(facts, rule)
    left = tenths(max(points - _sum(lost.values()), exact(rule["floor"])))
    minus = "".join(f"近12个月{what}扣{_plain(some)}分，" for what, some in lost.items() if some)
    base = f"对应{_plain(points)}分，{minus}" if minus else ""
    since = _since(fatal, operating, exact(rule["never_fatal_at_least"]))
    return Part(left, f"安全生产周期：{since}{base}{_got(left, rule)}")


def _lost(facts: Facts, rule: Mapping[str, Any]) -> dict[str, Decimal]:
    injuries, others = facts["serious_injury_accidents_12m"], facts["other_accidents_12m"]
    return {
        f"重伤事故{injuries}起": injuries * exact(rule["per_serious_injury_accident"]),
        f"其他事故{others}起": others * exact(rule["per_other_accident"]),
    }


def _since(fatal: int | None, operating: int | None, at_least: Decimal) -> str:
    if fatal is not None:
        return f"距最近一次负有责任的死亡事故{fatal}个月，"
    ran = "运营时间不详" if operating is None else f"已运营{operating}个月"
    return f"从未发生负有责任的死亡事故（不低于{_plain(at_least)}分），{ran}，"


# ---------------------------------------------------------------- T 安全标准化等级


def standardization(facts: Facts, scheme: Scheme) -> Part:
    rule, held = scheme["standardization"], facts["standardization"]
    if not held["applicable"]:
        rescale = rule["rescale_when_not_applicable"]
        return Part(
            None, f"此类单位没有安全标准化体系，不计此项，总分按其余两项×{rescale['times']}÷{rescale['over']}折算"
        )
    if has_no_level(facts, rule["expired_half_until_days"]):
        points = tenths(exact(rule["none_points"]))
        return Part(points, f"{_no_level(held, rule)}，安全标准化{_got(points, rule)}")
    points, words = exact(rule["level_points"][str(held["level"])]), f"安全标准化{LEVELS[held['level']]}"
    if held["expired_days"]:
        points, words = points * exact(rule["expired_factor"]), f"{words}，证书过期{held['expired_days']}天折半"
    if below_minimum(facts):
        least = LEVELS[held["minimum"]]
        points, words = points * exact(rule["below_minimum_factor"]), f"{words}，低于规定的最低等级{least}折半"
    return Part(tenths(points), f"{words}，{_got(tenths(points), rule)}")


def _no_level(held: Mapping[str, Any], rule: Mapping[str, Any]) -> str:
    if held["level"] is None:
        return "没有安全标准化等级"
    until = rule["expired_half_until_days"]
    return f"安全标准化{LEVELS[held['level']]}证书过期{held['expired_days']}天，超过{until}天按无等级计"


# ---------------------------------------------------------------- R 风险管控能力


def dual_prevention(facts: Facts, scheme: Scheme) -> Part:
    """What is not known (null) earns nothing."""
    rule, done = scheme["risk_control"]["R1"], facts["risk_control"]
    reviewed, controlled, rate = (done[name] for name in ("reviewed_12m", "red_orange_controlled", "self_check_rate"))
    earned = {
        f"近12个月{'已' if reviewed else '未'}评审风险辨识": exact(rule["reviewed_12m"]) * bool(reviewed),
        f"红色橙色风险的措施和责任人{'齐全' if controlled else '不齐全'}": (
            exact(rule["red_orange_controlled"]) * bool(controlled)
        ),
        "自查任务完成率不详" if rate is None else f"自查任务完成率{rate}%": (
            Decimal(0) if rate is None else _step(exact(rate), rule["self_check_rate"], "rate_from")
        ),
    }
    points = tenths(_sum(earned.values()))
    words = "，".join(f"{what}计{_plain(some)}分" for what, some in earned.items())
    return Part(points, f"双重预防：{words}，{_got(points, rule)}")


def rectification(facts: Facts, scheme: Scheme) -> Part:
    rule, found = scheme["risk_control"]["R2"], facts["hazards"]
    due, on_time = found["due_12m"], found["on_time_12m"]
    if due:
        points = tenths(exact(rule["max"]) * on_time / due)
        return Part(points, f"近12个月到期隐患{due}条，按期整改{on_time}条，{_got(points, rule)}")
    inspected = found["inspected_12m"] is True
    points = tenths(exact(rule["none_due_inspected" if inspected else "none_due_not_inspected"]))
    visited = "接受过监管部门检查" if inspected else "未接受过监管部门检查"
    return Part(points, f"近12个月没有到期隐患，{visited}，{_got(points, rule)}")


def compliance(facts: Facts, scheme: Scheme) -> Part:
    rule, found = scheme["risk_control"]["R3"], facts["penalties"]
    ordinary = found["ordinary_12m"] * exact(rule["per_ordinary_penalty"])
    heavy = found["heavy_12m"] * exact(rule["per_heavy_penalty"])
    points = tenths(max(exact(rule["max"]) - ordinary - heavy, exact(rule["floor"])))
    words = (
        f"一般处罚{found['ordinary_12m']}次扣{_plain(ordinary)}分，重处罚{found['heavy_12m']}次扣{_plain(heavy)}分"
        if ordinary or heavy
        else "没有处罚"
    )
    return Part(points, f"近12个月{words}，{_got(points, rule)}")


def emergency(facts: Facts, scheme: Scheme) -> Part:
    """One point each; null = not applicable or not known, and then the point is given."""
    rule, done = scheme["risk_control"]["R4"], facts["emergency"]
    lacking = [EMERGENCY[item] for item in rule["items"] if done[item] is False]
    points = tenths(len(rule["items"]) - len(lacking))
    words = f"未达到：{'、'.join(lacking)}" if lacking else "各项达到、不适用或不详"
    return Part(points, f"应急与人员{len(rule['items'])}项，{words}，{_got(points, rule)}")


PARTS = {
    "S": safe_period,
    "T": standardization,
    "R1": dual_prevention,
    "R2": rectification,
    "R3": compliance,
    "R4": emergency,
}


# ---------------------------------------------------------------- 封顶


def caps_of(facts: Facts, scheme: Scheme) -> tuple[Cap, ...]:
    """Every cap that applies, in the order of the scheme."""
    known = derived(facts, scheme["standardization"]["expired_half_until_days"])
    hit = ((cap, _grounds(cap, known)) for cap in scheme["caps"] if _concerns(cap, facts["sector"]))
    return tuple(_cap(cap, grounds, facts) for cap, grounds in hit if grounds)


def _concerns(cap: Mapping[str, Any], sector: str) -> bool:
    return "sectors" not in cap or sector in cap["sectors"]


def _grounds(cap: Mapping[str, Any], known: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The facts that fulfil any one condition; what never happened (null) fulfils none."""
    return [(c["fact"], known[c["fact"]]) for c in cap["when"] if _holds(c, known[c["fact"]])]


def _holds(condition: Mapping[str, Any], value: Any) -> bool:
    if "is" in condition or value is None:
        return value is True
    return bool(condition["from"] <= value and ("below" not in condition or value < condition["below"]))


def _cap(cap: Mapping[str, Any], grounds: list[tuple[str, Any]], facts: Facts) -> Cap:
    figures = [FIGURES[fact].format(value) for fact, value in grounds if fact in FIGURES]
    if any(fact == "missing_bases_count" for fact, _ in grounds):
        figures.append("缺：" + "、".join(BASES.get(base, base) for base in facts["missing_bases"]))
    figure = f"（{'，'.join(figures)}）" if figures else ""
    sentence = f"{cap['id']}：{cap['reason']}{figure}，最高为{cap['at_best']}类"
    return Cap(cap["id"], cap["at_best"], cap["reason"], sentence, cap.get("d_reason"), cap.get("provisional", False))


def d_reason(class_: str, by_score: str, caps: tuple[Cap, ...]) -> str | None:
    """A stopped unit is `stopped` whatever else there is (D of the coal rules); else the score, else the first cap."""
    if class_ != CLASSES[-1]:
        return None
    to_d = [cap for cap in caps if cap.at_best == class_]
    stopped = next((cap.d_reason for cap in to_d if cap.d_reason), None)
    return stopped or ("score" if by_score == class_ else f"cap:{to_d[0].id}")


# ---------------------------------------------------------------- 说明


def _plain(points: Decimal) -> str:
    return str(int(points) if points == int(points) else points.normalize())


def _got(points: Decimal, rule: Mapping[str, Any]) -> str:
    return f"得{_plain(points)}分（满分{_plain(exact(rule['max']))}分）"


def _total_reason(score: Decimal, by_score: str, parts: Mapping[str, Part], risk: Decimal, scheme: Scheme) -> str:
    safe, level = _plain(parts["S"].points or Decimal(0)), parts["T"].points
    if level is None:
        rescale = scheme["standardization"]["rescale_when_not_applicable"]
        sums = f"（{safe}＋{_plain(risk)}）×{rescale['times']}÷{rescale['over']}"
    else:
        sums = f"{safe}＋{_plain(level)}＋{_plain(risk)}"
    return f"总分{sums}＝{score}分，按分数为{by_score}类{_short_of(score, by_score, scheme)}"


def _short_of(score: Decimal, by_score: str, scheme: Scheme) -> str:
    better = [band for band in scheme["bands"] if CLASSES.index(band["class"]) < CLASSES.index(by_score)]
    return f"，距{better[-1]['class']}类差{_plain(exact(better[-1]['score_from']) - score)}分" if better else ""


def _class_reason(class_: str, by_score: str, caps: tuple[Cap, ...], provisional: bool) -> str:
    deciding = "、".join(cap.id for cap in caps if cap.at_best == class_)
    by = f"按{deciding}封顶，" if class_ != by_score else ""
    return f"{by}评定为{class_}类{'（暂定）' if provisional else ''}"
