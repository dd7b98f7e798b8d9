"""Every line of a policy by its code, as a leader looks it up: what it is called, what it says, where it comes from.

A broken village or unit cites one of these codes (`min_deaths.Z1`); the code leads here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import TextChoices

from reference.terms import (
    Denominator,
    Grade,
    MergeRule,
    Mode,
    Order,
    RankKey,
    Standard,
    Subject,
    Suspended,
    TrunkRoads,
    Undetermined,
    UnitRole,
    UnitType,
)
from reference.versions import source_at
from zero_accident.rules.policy import CategoryLine, Policy
from zero_accident.rules.standards import LINE

NOTICE = "兴政发〔2021〕11号（八）"
SCOPE = "山西省“零事故”创建标准和事故统计范围（试行）"
OURS = "默认建议"


@dataclass(frozen=True)
class Parameter:
    """A line of the policy. `value` as the document says it, `said` in Chinese; `open_question`: the county has not
    decided yet.
    """

    code: str
    name: str
    value: Any
    said: str
    source: str
    open_question: str | None = None


YES = {True: "是", False: "否"}
SAID: dict[str, type[TextChoices]] = {
    "mode": Mode,
    "trunk_roads": TrunkRoads,
    "denominator": Denominator,
    "suspended": Suspended,
    "merge_rule": MergeRule,
    "undetermined": Undetermined,
}


def _all(words: type[TextChoices]) -> Callable[[Iterable[str]], str]:
    return lambda value: "、".join(str(words(each).label) for each in value) or "无"


def _keys(value: Iterable[tuple[str, str]]) -> str:
    return "；".join(f"{RankKey(name).label}{Order(order).label}" for name, order in value)


@dataclass(frozen=True)
class ParameterRow:
    """One field of Policy."""

    name: str
    code: str = ""  # in the document, when it stands under a heading
    source: str = OURS
    open_question: str | None = None
    say: Callable[[Any], str] | None = None


ROWS: dict[str, ParameterRow] = {
    "mode": ParameterRow("零事故的认定方式"),
    "standards_apply_to": ParameterRow("创建标准适用于", say=_all(Subject)),
    "late_death_breaks": ParameterRow("30日（道路、火灾7日）以外的死亡是否计入", source="国务院令第493号 第十三条"),
    "road_non_production_breaks_village": ParameterRow("非生产经营性道路交通死亡事故是否计入村", source=SCOPE),
    "village_counts_unit_accidents": ParameterRow("村域内企业的事故是否也计入村", source=SCOPE),
    "trunk_roads": ParameterRow("国省干线、铁路上的事故", open_question="OPEN-14"),
    "unit_types": ParameterRow("计入的单位类型", source=NOTICE, open_question="OPEN-5", say=_all(UnitType)),
    "denominator": ParameterRow("单位的分母"),
    "virtual_villages_in_denominator": ParameterRow("虚拟社区是否进分母"),
    "min_days_active": ParameterRow("新设单位满多少天才计入", say=lambda value: f"{value}天"),
    "suspended": ParameterRow("停产停业单位"),
    "merge_rule": ParameterRow("村的撤并"),
    "undetermined": ParameterRow("性质待定的事故"),
    "roles_always": ParameterRow("总是计入的涉事单位", "attribution.roles_always", say=_all(UnitRole)),
    "roles_when_responsible": ParameterRow("认定有责任才计入的涉事单位", "attribution.roles_when_responsible", say=_all(UnitRole)),
    "rank_keys": ParameterRow("排名依次比较", "ranking.keys", say=_keys),
    "rank_zone": ParameterRow("开发区是否参加排名", "ranking.rank_zone", open_question="OPEN-6"),
    "veto_grade_from": ParameterRow(
        "一票否决的事故等级", "ranking.veto_grade_from", "兴政发〔2021〕11号（三十六）",
        say=lambda value: f"{Grade(value).label}及以上",
    ),
}  # fmt: skip
THRESHOLDS = (  # parameter, what it counts, its unit
    ("min_deaths", "死亡", "人"),
    ("min_serious_injuries", "重伤", "人"),
    ("min_loss_yuan", "直接经济损失", "元"),
)
WITHOUT_DEATH = ("Z4", "Z5", "Z6", "Z7")  # OPEN-4
DECIDED_FIRST = (  # why an accident breaks nobody, whatever the thresholds say
    ("written_off", "已核销的事故", "不计入", "总局统计〔2016〕80号"),
    ("excluded", "经批准整起不计入的事故", "不计入", OURS),
    ("no_accident", "较大涉险，或已并入同一起的事故", "不另计入", OURS),
    ("categories", "统计范围以外的事故", "不计入", SCOPE),
)


def parameters_of(policy: Policy) -> list[Parameter]:
    """Every line that the policy has, its thresholds category by category first."""
    thresholds = [line for category in policy.categories for line in _thresholds(category)]
    unnamed = [replace(line, source=OURS) for line in _thresholds(policy.unnamed)]
    fields = [_of_field(name, row, getattr(policy, name)) for name, row in ROWS.items()]
    firsts = [Parameter(code, name, None, said, source) for code, name, said, source in DECIDED_FIRST]
    said = [_with_its_source(each, policy) for each in (*thresholds, *unnamed, *fields)]
    return [*said, *_standards(policy), *firsts]


def _with_its_source(line: Parameter, policy: Policy) -> Parameter:
    """A value that was changed by itself has a source of its own."""
    changed = source_at(policy.amended, _place(line.code))
    return replace(line, source=changed) if changed else line


def _place(code: str) -> str:
    """Where the value of a line stands in the document: min_deaths.Z4 → /categories/Z4/min_deaths."""
    name, _, category = code.partition(".")
    if name in {parameter for parameter, *_ in THRESHOLDS}:
        return f"/categories/{category}/{name}"
    return f"/{code.replace('.', '/')}"


def _standards(policy: Policy) -> Iterable[Parameter]:
    """The line by which one is not broken and still not zero."""
    if policy.mode == Mode.ACCIDENT_AND_STANDARD:
        said = f"{_all(Subject)(policy.standards_apply_to)}须通过全部九项：{'、'.join(Standard.labels)}"
        yield Parameter(LINE, "五到位两健全一落实一及时", Standard.values, said, SCOPE)


def _thresholds(category: CategoryLine) -> Iterable[Parameter]:
    for parameter, what, measure in THRESHOLDS:
        least = getattr(category, parameter)
        if least is not None:
            said = f"{least}{measure}及以上即破零" if least else "此类事故发生即破零"
            asked = "OPEN-4" if category.code in WITHOUT_DEATH and parameter == "min_deaths" else None
            value = least if isinstance(least, int) else str(least)
            yield Parameter(f"{parameter}.{category.code}", f"{category.name}：{what}", value, said, SCOPE, asked)


def _of_field(name: str, row: ParameterRow, value: Any) -> Parameter:
    said = row.say(value) if row.say else YES[value] if isinstance(value, bool) else str(SAID[name](value).label)
    return Parameter(row.code or name, row.name, _plain(value), said, row.source, row.open_question)


def _plain(value: Any) -> Any:
    return [_plain(each) for each in value] if isinstance(value, tuple) else value
