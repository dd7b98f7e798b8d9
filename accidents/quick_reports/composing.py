"""A quick report in words: pure. What is not known yet is said to be 待核实, never left out and never guessed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from accidents.choices import Danger, LegState, ReportType
from accidents.models import Accident
from accidents.quick_reports.gathering import Known, masked
from accidents.rules.reporting import FOLLOW_UP
from evidence.official.sheet import Block, chapter, numeral, p, particulars, table
from evidence.papers.composing import spoken_time
from evidence.papers.signs import cleaned
from reference.terms import AccidentKind, Grade

UNKNOWN = "待核实"
SECTIONS = {  # code → heading, 国务院令第493号 第十二条; what people write replaces what was reported, but of casualties is only added
    "unit": "事故发生单位概况",
    "scene": "事故发生的时间、地点以及事故现场情况",
    "course": "事故的简要经过",
    "casualties": "伤亡、下落不明人数和初步估计的直接经济损失",
    "measures": "已经采取的措施",
    "other": "其他应当报告的情况",
}
LACKS = {
    "units": "事故发生单位", "village": "具体村（社区）", "place": "具体地点", "scene": "现场情况", "description": "简要经过",
    "deaths": "死亡人数", "serious_injuries": "重伤人数", "missing": "下落不明人数", "direct_loss_yuan": "直接经济损失",
    "measures": "已采取的措施", "other": "其他情况",
}  # fmt: skip
COUNTED = (
    ("deaths", "死亡"),
    ("serious_injuries", "重伤"),
    ("acute_poisonings", "急性工业中毒"),
    ("light_injuries", "轻伤"),
)
RISKS = {
    "endangered": "涉险10人及以上",
    "trapped_or_missing": "被困或下落不明3人及以上",
    "evacuated": "紧急疏散500人及以上",
    **dict(Danger.choices),
}
IN_DANGER = (("endangered", "涉险"), ("trapped", "被困"), ("evacuated", "紧急疏散"))
NAMES = {ReportType.FIRST: "快报", ReportType.FOLLOW_UP: "续报", ReportType.SUPPLEMENT: "补报"}


def compose(
    known: Known, form: Mapping[str, Any], *, issue: int, kind: str, words: Mapping[str, str], recipients: str, copies: str,
    before: Mapping[str, Any] | None = None, signer: str = "", signed_at: datetime | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The text of a sheet. `before`: the figures of the last issue signed. Unsigned, signer and moment are left open."""
    organ = form["organ"].format(county=known.county)
    said = spoken_time(signed_at) if signed_at else "　　年　　月　　日　　时　　分"
    return cleaned({
        "style": "brief",
        "mast": form["mast"],
        "title": title_of(known, kind, issue),
        "lead": f"{organ}\t签发：{signer or '　　　　'}",
        "to": f"主报：{recipients}",
        "blocks": list(_blocks(known, words, issue, before)),
        "organ": organ,
        "day": said,
        "ending": [f"抄送：{copies}"] if copies else [],
    })  # fmt: skip


def title_of(known: Known, kind: str, issue: int) -> str:
    """Issues after the first are counted: 续报（一）."""
    day, accident = timezone.localtime(known.accident.occurred_at), known.accident
    what = (
        "较大涉险事故"
        if accident.kind == AccidentKind.EVENT
        else f"{accident.sector.name if accident.sector else ''}事故"
    )
    counted = f"（{numeral(issue - 1)}）" if issue > 1 else ""
    where = known.township or known.county
    return f"关于{where}“{day.month}·{day.day}”{what}的{NAMES[ReportType(kind)]}{counted}"


def _blocks(known: Known, words: Mapping[str, str], issue: int, before: Mapping[str, Any] | None) -> Iterable[Block]:
    yield particulars(_summary(known))
    for number, (code, heading) in enumerate(SECTIONS.items(), 1):
        yield chapter(f"{numeral(number)}、{heading}")
        if code == "casualties":
            yield p(_casualties(known))
            yield from ([p(_since(known, before))] if before is not None else [])
            yield from ([p(words[code])] if words.get(code) else [])
        else:
            yield p(words.get(code) or PHRASES[code](known))
    yield chapter("七、报告情况")
    yield from _reporting(known)
    yield chapter("八、待核实事项")
    yield p(_open_questions(known))


# --- at a glance -----------------------------------------------------------------------------------------------------
def _summary(known: Known) -> Iterable[tuple[str, str]]:
    accident = known.accident
    yield "发生时间", _when(accident)
    yield "发生地点", f"{known.place}{masked(accident.place)}" or UNKNOWN
    yield (
        "事故发生单位",
        "；".join(f"{each.enterprise.name}（{each.get_role_display()}）" for each in known.units) or UNKNOWN,
    )
    yield "类别", accident.get_category_display() if accident.category else UNKNOWN
    if accident.kind == AccidentKind.EVENT:
        yield "涉险情况", _in_danger(known)
    yield "伤亡情况", _hurt(known)
    yield "下落不明", _persons(known.figures["missing"])
    yield "直接经济损失", _loss(known)
    yield "等级（初判）", grade_of(known)
    yield "接报", _first_notified(known)


def grade_of(known: Known) -> str:
    """Of deaths, injuries and loss as reported so far; the investigation decides."""
    if known.accident.kind == AccidentKind.EVENT:
        reasons = "、".join(RISKS[each] for each in known.risks)
        return f"较大涉险事故，不定级{f'（{reasons}）' if reasons else ''}"
    name = Grade(known.accident.grade).label
    if known.figures["deaths"] is None and known.figures["serious_injuries"] is None:
        return f"{UNKNOWN}（暂按{name}报告）"
    return f"{name}（初步判定，以调查认定为准）" + ("，下落不明人员未计入" if known.figures["missing"] else "")


def _hurt(known: Known) -> str:
    """The dead and the seriously injured always, the others when there are any."""
    counts = [
        (label, known.figures[name])
        for name, label in COUNTED
        if name in ("deaths", "serious_injuries") or known.figures[name]
    ]
    return "，".join(_count(label, count) for label, count in counts)


def _persons(count: int | None) -> str:
    return UNKNOWN if count is None else f"{count}人"


def _count(label: str, count: int | None) -> str:
    return f"{label}{_persons(count)}"


def _in_danger(known: Known) -> str:
    return "，".join(_count(label, known.figures[name]) for name, label in IN_DANGER)


def _loss(known: Known) -> str:
    loss = known.figures["direct_loss_yuan"]
    return UNKNOWN if loss is None else f"{loss:,.2f}元（初步估计）"


def _first_notified(known: Known) -> str:
    known_at = known.accident.heard.get("county")
    if not known_at:
        return UNKNOWN
    call = next((each for each in known.calls if each.level == "county"), None)
    whom = (
        f"，{call.get_caller_display()}来电{f'（{masked(call.caller_phone)}）' if call.caller_phone else ''}"
        if call
        else ""
    )
    return f"县应急管理局{spoken_time(known_at['at'])}{whom}"


# --- the six parts ---------------------------------------------------------------------------------------------------
def _unit(known: Known) -> str:
    if known.texts["unit_overview"]:
        return known.texts["unit_overview"]
    if not known.units:
        return f"事故发生单位{UNKNOWN}。"
    named = "；".join(f"{each.enterprise.name}，{each.get_role_display()}" for each in known.units)
    return f"{named}。单位概况{UNKNOWN}。"


def _when(accident: Accident) -> str:
    """A doubtful time is said to be one, and not its receipt to be the accident's."""
    if not accident.time_is_doubtful:
        return spoken_time(accident.occurred_at)
    told = spoken_time(accident.occurred_told_at or accident.occurred_at)
    return f"发生时间{UNKNOWN}（所报为{told}，{spoken_time(accident.received_at)}收到）"


def _scene(known: Known) -> str:
    where = f"{known.place}{masked(known.accident.place)}" or f"地点{UNKNOWN}"
    return f"{_when(known.accident)}，{where}。{known.texts['scene'] or f'现场情况{UNKNOWN}。'}"


def _casualties(known: Known) -> str:
    figures = known.figures
    late = f"（其中期限外死亡{figures['late_deaths']}人，不计入等级）" if figures["late_deaths"] else ""
    risk = f"{_in_danger(known)}。" if known.accident.kind == AccidentKind.EVENT else ""
    return f"截至{spoken_time(known.at)}：{_hurt(known)}{late}；下落不明{_persons(figures['missing'])}。{risk}直接经济损失{_loss(known)}。"


def _since(known: Known, before: Mapping[str, Any]) -> str:
    """What the figures were in the last issue, where they differ."""
    changed = [
        f"{label}由{_persons(before['figures'].get(name))}改为{_persons(known.figures[name])}"
        for name, label in (*COUNTED, ("missing", "下落不明"), *IN_DANGER)
        if before["figures"].get(name) != known.figures[name]
    ]
    if before["figures"].get("grade") != known.figures["grade"] and known.figures["grade"]:
        changed.append(f"初判等级改为{Grade(known.figures['grade']).label}")
    return (
        f"与{before['number']}相比：{'，'.join(changed)}。"
        if changed
        else f"与{before['number']}相比，伤亡数字没有变化。"
    )


PHRASES = {
    "unit": _unit,
    "scene": _scene,
    "course": lambda known: known.texts["course"] or f"{UNKNOWN}。",
    "measures": lambda known: known.texts["measures"] or f"{UNKNOWN}。",
    "other": lambda known: known.texts["other"] or f"{UNKNOWN}。",
}


# --- who was notified when -------------------------------------------------------------------------------------------
STATES = {LegState.IN_TIME: "按时", LegState.LATE: "迟报", LegState.OVERDUE: "超时未报", LegState.OPEN: "待报"}


def _reporting(known: Known) -> Iterable[Block]:
    if not known.legs:
        yield p("按现有认定，本起不属于须逐级上报的生产安全事故。")
        return
    columns = (
        ("报告方", 15),
        ("接收方", 15),
        ("知悉时间", 11),
        ("时限", 11),
        ("上报时间", 11),
        ("方式", 7),
        ("接报人", 10),
        ("结果", 14),
    )
    yield table("各级报告和签收", columns, [_leg(leg) for leg in known.legs])
    late = [leg for leg in known.legs if leg.state(known.at) in (LegState.LATE, LegState.OVERDUE)]
    presumed = "带*的知悉时间无人说明，按事故发生时间推定。" if any(leg.presumed for leg in known.legs) else ""
    found = "".join(
        f"已认定{each.get_kind_display()}（{each.get_level_display()}，{each.document}）。" for each in known.findings
    )
    said = f"超过时限{len(late)}项，有关责任另行认定。" if late else "没有超过时限的环节。"
    yield p(f"{said}{presumed}{found}")


def _leg(leg: Any) -> list[Any]:
    state = leg.shown_state
    took = "、".join(dict.fromkeys(filter(None, (leg.told_to, *(each.person for each in leg.shown_receipts)))))
    result = f"{STATES[state]}{int(leg.minutes_late)}分钟" if state == LegState.LATE else STATES[state]
    return [
        leg.get_level_display(), _to(leg), f"{_minute(leg.received_at)}{'*' if leg.presumed else ''}", _minute(leg.due_at),
        leg.sent_at and _minute(leg.sent_at), leg.get_channel_display() if leg.channel else None, masked(took) or None, result,
    ]  # fmt: skip


def _to(leg: Any) -> str:
    return f"{leg.get_to_display()}（续报）" if leg.code == FOLLOW_UP else leg.get_to_display()


def _minute(moment: datetime) -> str:
    at = timezone.localtime(moment)
    return f"{at.month}月{at.day}日{at.hour:02d}:{at.minute:02d}"


def _open_questions(known: Known) -> str:
    lacks = [LACKS.get(name, name) for _, name in known.missing if name != "other"]
    if not known.accident.category:
        lacks.append("事故类别")
    if known.accident.nature == "undetermined":
        lacks.append("事故性质")
    return f"{'、'.join(dict.fromkeys(lacks))}{UNKNOWN}，核实后续报。" if lacks else "无。"
