"""The bulletin in words: pure, from the content of a closing (`facts`), the form of the day and what people wrote.

Money is Decimal, percentages are text as rounded down by the rules; persons are never named. What is empty says 本月无.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from evidence.official.sheet import Block, chapter, numeral, p, part, percent, table
from evidence.papers.composing import spoken_day, spoken_time
from evidence.papers.signs import cleaned
from reference.terms import Grade, UnitType

NONE = "本月无。"
CHAPTERS = {  # code → heading, in their order; paragraphs may be added to each by its code
    "ratios": "“零事故”创建情况",
    "ranking": "乡镇排名",
    "changes": "变化情况",
    "accidents": "事故情况",
    "hazards": "逾期未整改隐患",
    "reporting": "事故报告情况",
    "reconciliation": "核对和异议处理情况",
    "requirements": "工作要求",
}
MOST_ROWS = 300  # of a list: what is more is said, and stands in the platform
SUBJECTS = {"villages": ("村（社区）", "village"), "units": ("企事业单位", "unit")}
KINDS = {"village": "村", "unit": "单位"}
THRESHOLDS = {"min_deaths": "死亡人数", "min_serious_injuries": "重伤人数", "min_loss_yuan": "直接经济损失"}


@dataclass(frozen=True)
class Written:
    """What people wrote."""

    recipients: str
    copies: str
    opening: str = ""
    paragraphs: Mapping[str, Sequence[str]] = field(default_factory=dict)
    requirements: Sequence[str] = ()


@dataclass(frozen=True)
class Correction:
    """What a later revision corrects: the first bulletin, the last one when there were several, and why."""

    number: str
    title: str
    day: date
    last_number: str
    reason: str
    changes: Sequence[tuple[str, str, str]]  # what, before, now


def compose(
    facts: Mapping[str, Any], form: Mapping[str, Any], written: Written, *, day: date | None,
    correction: Correction | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The text of a sheet. `day`: of the signature; None leaves its place empty."""
    names = {"county": facts["county"]["name"], "period": facts["period"]["said"]}
    said = spoken_day(day) if day else "　　年　　月　　日"
    organ = form["organ"].format(**names)
    return cleaned({
        "style": "document",
        "mast": form["mast"].format(**names),
        "title": form["correction_title" if correction else "title"].format(**names),
        "to": written.recipients,
        "blocks": [*_opening(facts, written, correction), *_chapters(facts, written)],
        "organ": organ,
        "day": said,
        "ending": [*([f"抄送：{written.copies}"] if written.copies else []), f"{organ}\t{said}印发"],
    })  # fmt: skip


def _opening(facts: Mapping[str, Any], written: Written, correction: Correction | None) -> list[Block]:
    period, policy = facts["period"], facts["policy"]
    known = spoken_time(facts["known_at"]) if facts.get("known_at") else ""
    usual = (
        f"现将{period['said']}“零事故”创建和隐患整改情况通报如下。数据为{period['year']}年1月1日至"
        f"{spoken_day(period['last_day'])}的事实，以{known}所掌握的情况为准，统计口径为{policy['version']}。"
    )
    blocks = _correcting(correction) if correction else []
    return [*blocks, p(written.opening or usual)]


def _correcting(correction: Correction) -> list[Block]:
    last = f"（最近一次更正为{correction.last_number}）" if correction.last_number != correction.number else ""
    said = (
        f"{spoken_day(correction.day)}印发的{correction.number}《{correction.title}》{last}有关数据更正如下，"
        f"其余以本通报为准。更正原因：{correction.reason.rstrip('。')}。"
    )
    if not correction.changes:
        return [p(said), p("经核对，主要数据没有变化。")]
    return [p(said), table("更正内容", (("事项", 22), ("原通报", 14), ("更正后", 14)), correction.changes)]


def _chapters(facts: Mapping[str, Any], written: Written) -> Iterable[Block]:
    for number, (code, heading) in enumerate(CHAPTERS.items(), 1):
        yield chapter(f"{numeral(number)}、{heading}")
        yield from (_demands(written) if code == "requirements" else WRITERS[code](facts))
        yield from map(p, written.paragraphs.get(code, ()))


def _demands(written: Written) -> list[Block]:
    many = len(written.requirements) > 1
    said = [f"（{numeral(at)}）{each}" if many else each for at, each in enumerate(written.requirements, 1)]
    return [p(each) for each in said] or [p("请各乡镇、各部门对照通报抓好整改。")]


# --- 一 --------------------------------------------------------------------------------------------------------------
def _ratios(facts: Mapping[str, Any]) -> Iterable[Block]:
    found = [(*SUBJECTS[name], facts["ratios"][name]) for name in SUBJECTS]
    yield p("".join(_said_ratio(name, each) for name, _, each in found))
    columns = (("对象", 13), ("总数", 7), ("零事故", 8), ("破零", 7), ("其中暂计", 10), ("零事故率", 10), ("目标", 9),
               ("是否达标", 10), ("尚可破零\n（个）", 10))  # fmt: skip
    yield table("“零事故”创建目标完成情况", columns, [_ratio_row(name, each) for name, _, each in found])
    yield from _split(facts["ratios"]["units"].get("split") or {})
    if others := [
        (name, each) for name, _, each in found if each["target_year"] not in (None, facts["period"]["year"])
    ]:
        yield p("".join(f"{name}本年度目标尚未下达，沿用{each['target_year']}年度目标。" for name, each in others))


def _said_ratio(name: str, each: Mapping[str, Any]) -> str:
    if not each["total"]:
        return f"全县没有纳入统计的{name}。"
    short = (
        f"，另有{each['short']}个未发生事故而创建标准未达标" if each.get("short") else ""
    )  # in the mode that asks for both
    share = f"{each['zero']}/{each['total']}"
    return f"全县{each['total']}个{name}中，零事故{each['zero']}个（{share}），零事故率{percent(each['ratio'])}{short}，{forecast(name, each)}"


def forecast(name: str, each: Mapping[str, Any]) -> str:
    """In plain words how far the target is. `spare`: how many more may break; below nought, how many too many have."""
    target, spare = f"目标{each['target']}%", each.get("spare")
    if spare is None:
        return "未设定目标。" if each.get("target") is None else f"{target}。"
    if spare < 0:
        return f"未达到{target}，已多破零{-spare}个。"
    if spare == 0:
        return f"达到{target}；年内再有1个破零，即不能达到目标。"
    return f"达到{target}；年内再破零不超过{spare}个，仍可达到目标。"


def _ratio_row(name: str, each: Mapping[str, Any]) -> list[Any]:
    met = {True: "达标", False: "未达标", None: None}[each["met"]]
    target = f"{each['target']}%" if each.get("target") is not None else None
    return [
        name,
        each["total"],
        each["zero"],
        each["broken"],
        each["provisional"],
        percent(each["ratio"]),
        target,
        met,
        each.get("spare"),
    ]


def _split(split: Mapping[str, Any]) -> Iterable[Block]:
    labels = dict(UnitType.choices)
    parts = [
        f"{labels.get(kind, kind)}{each['zero']}/{each['total']}（{percent(each['ratio'])}）"
        for kind, each in split.items()
        if each["total"]
    ]
    if len(parts) > 1:
        yield p(f"企事业单位中，{'，'.join(parts)}。")


# --- 二 --------------------------------------------------------------------------------------------------------------
def _ranking(facts: Mapping[str, Any]) -> Iterable[Block]:
    rows = facts["ranking"]
    if not rows:
        yield p(NONE)
        return
    before = facts.get("before")
    yield p(
        f"升降与{spoken_day(before['as_of'])}相比。"
        if before and any(each["moved"] is not None for each in rows)
        else "本期没有上月名次可比。"
    )
    columns = (("名次", 4), ("升降", 6), ("乡镇（区）", 11), ("零事故村/总数", 9), ("村零事\n故率", 9), ("零事故单位/总数", 10),
               ("单位零\n事故率", 9), ("死亡", 4), ("起数", 4), ("按期\n整改率", 9), ("备注", 10))  # fmt: skip
    yield table("乡镇“零事故”创建排名", columns, map(_rank_row, rows))
    vetoed = [each["name"] for each in rows if each["veto"]]
    unranked = [each["name"] for each in rows if each["rank"] is None]
    said = "名次相同的并列；死亡人数、起数为破零事故的数字；按期整改率为到期隐患中按期整改的比例。"
    said += f"{'、'.join(vetoed)}发生较大及以上生产安全事故，列一票否决建议，排在其他乡镇之后。" if vetoed else ""
    said += f"{'、'.join(unranked)}单独列示，不参加排名。" if unranked else ""
    yield p(said)


def _rank_row(row: Mapping[str, Any]) -> list[Any]:
    marks = [word for word, is_so in (("一票否决", row["veto"]), ("不排名", row["rank"] is None)) if is_so]
    return [
        row["rank"], moved(row["moved"], row["rank"]), row["name"], f"{row['village_zero']}/{row['village_total']}", percent(row["village_ratio"]),
        f"{row['unit_zero']}/{row['unit_total']}", percent(row["unit_ratio"]), row["deaths"], row["accidents"], percent(row["on_time_rate"]),
        "、".join(marks),
    ]  # fmt: skip


def moved(places: int | None, rank: int | None) -> str | None:
    """+2 → 升2"""
    if places is None or rank is None:
        return None
    return "持平" if places == 0 else f"升{places}" if places > 0 else f"降{-places}"


# --- 三 --------------------------------------------------------------------------------------------------------------
def _changes(facts: Mapping[str, Any]) -> Iterable[Block]:
    changes = facts["changes"]
    accidents = {each["accident"]: each for each in facts["accidents"]}
    yield part("（一）新破零的村和单位")
    yield from _listed(
        "新破零的村和单位", (("类别", 6), ("名称", 18), ("所在乡镇", 11), ("破零日期", 12), ("事故及计入依据", 27)),
        [_broken_row(each, accidents) for each in changes["broken"]],
    )  # fmt: skip
    yield part("（二）恢复零事故的村和单位")
    if changes["restored"] is None:
        yield p("没有上月定稿可比，本期不列。")
        return
    yield from _listed(
        "恢复零事故的村和单位", (("类别", 6), ("名称", 18), ("所在乡镇", 11), ("原破零日期", 12), ("原计入依据", 27)),
        [_broken_row(each, accidents) for each in changes["restored"]],
    )  # fmt: skip


def _broken_row(each: Mapping[str, Any], accidents: Mapping[str, Any]) -> list[Any]:
    day = each["broken_on"] + ("（暂计）" if each["provisional"] else "")
    return [
        KINDS[each["kind"]],
        each["name"],
        each["township_name"],
        day,
        "\n".join(_because(one, accidents) for one in each["accidents"]),
    ]


def _because(one: Mapping[str, Any], accidents: Mapping[str, Any]) -> str:
    """The sentence of the rule names day, category and what was enough; without one, the accident's own day and category."""
    known = accidents.get(one["accident"])
    usual = f"{_month_day(known['occurred_at'])}{known['category_name'] or '类别待定'}" if known else ""
    return f"{one['sentence'] or usual}（口径：{line_said(one['line'])}）"


def line_said(line: str) -> str:
    """The line of the policy that counted it, as an office says it: min_deaths.Z1 → Z1类，死亡人数"""
    threshold, _, category = line.partition(".")
    if threshold in THRESHOLDS and category:
        return f"{'类别待定' if category == '*' else f'{category}类'}，{THRESHOLDS[threshold]}"
    return line


def _month_day(moment: str) -> str:
    day = datetime.fromisoformat(moment)
    return f"{day.month}月{day.day}日"


# --- 四 --------------------------------------------------------------------------------------------------------------
def _accidents(facts: Mapping[str, Any]) -> Iterable[Block]:
    found = [each for each in facts["accidents"] if each["stat_status"] != "written_off"]
    written_off, events = len(facts["accidents"]) - len(found), facts["risk_events"]
    if not (found or written_off or events):
        yield p(NONE)
        return
    yield p(_said_accidents(found))
    if found:
        yield table("事故情况（按等级）", COUNTED, _counted(found, "grade", dict(Grade.choices)))
        names = {each["category"] or "": each["category_name"] or "类别待定" for each in found}
        yield table("事故情况（按类别）", COUNTED, _counted(found, "category", dict(sorted(names.items()))))
    if events:
        yield p(f"另有较大涉险事故{events}起，无人员伤亡，不计等级。")
    if written_off:
        yield p(f"另有{written_off}起经批准核销，不计入。")


COUNTED = (
    ("项目", 18),
    ("起数", 6),
    ("死亡", 6),
    ("重伤", 6),
    ("下落不明", 9),
    ("直接经济\n损失（元）", 14),
    ("计入生产\n安全统计", 10),
)


def _said_accidents(accidents: Sequence[Mapping[str, Any]]) -> str:
    counted = [each for each in accidents if each["in_statistics"]]
    breaking = sum(bool(each["breaks"]) for each in accidents)
    return (
        f"本月全县发生各类事故{len(accidents)}起，死亡{_sum(accidents, 'deaths')}人，重伤{_sum(accidents, 'serious_injuries')}人，"
        f"下落不明{_sum(accidents, 'missing')}人，直接经济损失{_loss(accidents)}。其中计入生产安全事故统计{len(counted)}起、"
        f"死亡{_sum(counted, 'deaths')}人；造成破零{breaking}起。"
    )


def _sum(rows: Iterable[Mapping[str, Any]], name: str) -> int:
    return sum(each[name] or 0 for each in rows)


def _loss(rows: Iterable[Mapping[str, Any]]) -> str:
    known = [Decimal(each["direct_loss_yuan"]) for each in rows if each["direct_loss_yuan"] is not None]
    return f"{sum(known):,.2f}元" if known else "待核定"


def _counted(rows: Sequence[Mapping[str, Any]], by: str, names: Mapping[str, str]) -> Iterable[list[Any]]:
    for code, name in names.items():
        own = [each for each in rows if (each[by] or "") == code]
        if own:
            yield [name, *_figures(own)]
    yield ["合计", *_figures(rows)]


def _figures(rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    counts = [_sum(rows, name) for name in ("deaths", "serious_injuries", "missing")]
    return [len(rows), *counts, _loss(rows).removesuffix("元"), sum(bool(each["in_statistics"]) for each in rows)]


# --- 五 --------------------------------------------------------------------------------------------------------------
def _hazards(facts: Mapping[str, Any]) -> Iterable[Block]:
    by_place, by_sector, major = facts["overdue_hazards"], facts["overdue_sectors"], facts["overdue_major"]
    if not by_place:
        yield p(NONE)
        return
    total, worst = sum(each["total"] for each in by_place), sum(each["major"] for each in by_place)
    yield p(f"逾期未整改隐患{total}条，其中重大隐患{worst}条。")
    yield part("（一）分布")
    columns = (("乡镇（区）", 16), ("一般隐患", 8), ("重大隐患", 8), ("合计", 8))
    yield table("逾期未整改隐患（按乡镇）", columns, _overdue(by_place))
    yield table("逾期未整改隐患（按行业领域）", (("行业领域", 16), *columns[1:]), _overdue(by_sector))
    yield part("（二）逾期未整改的重大隐患")
    yield from _listed(
        "逾期未整改的重大隐患", (("乡镇", 9), ("单位（场所）", 19), ("行业领域", 10), ("整改期限", 12), ("逾期天数", 9), ("挂牌督办", 9)),
        [[each["township_name"], each["name"], each["sector_name"], each["due_on"], each["days"], each["listed"]] for each in major],
    )  # fmt: skip


def _overdue(rows: Sequence[Mapping[str, Any]]) -> Iterable[list[Any]]:
    names = ("general", "major", "total")
    yield from ([each["name"], *(each[name] for name in names)] for each in rows)
    yield ["合计", *(sum(each[name] for each in rows) for name in names)]


# --- 六 --------------------------------------------------------------------------------------------------------------
def _reporting(facts: Mapping[str, Any]) -> Iterable[Block]:
    accidents = {each["accident"]: each for each in facts["accidents"]}
    yield part("（一）超过时限的报告")
    yield from _listed(
        "超过时限的报告", (("事故", 16), ("报告方", 12), ("接收方", 12), ("时限", 13), ("上报时间", 13), ("超时\n（分钟）", 9)),
        [_late_row(each, accidents) for each in facts["late_reports"]],
    )  # fmt: skip
    yield part("（二）违规报告的认定")
    yield from _listed(
        "违规报告的认定", (("情形", 7), ("责任方", 12), ("事故", 18), ("认定日期", 10), ("文书", 16)),
        [[each["kind_name"], each["level_name"], _where(each), each["decided_on"], each["document"]] for each in facts["findings"]],
    )  # fmt: skip


def _late_row(each: Mapping[str, Any], accidents: Mapping[str, Any]) -> list[Any]:
    known = accidents.get(each["accident"], {})
    sent = _minute(each["sent_at"]) if each["sent_at"] else "尚未上报"
    return [
        _where({**known, **each}),
        each["level_name"],
        each["to_name"],
        _minute(each["due_at"]),
        sent,
        each["minutes"],
    ]


def _where(each: Mapping[str, Any]) -> str:
    return f"{_month_day(each['occurred_at'])}{each.get('township_name') or ''}事故"


def _minute(moment: str) -> str:
    at = datetime.fromisoformat(moment)
    return f"{at.month}月{at.day}日{at.hour:02d}:{at.minute:02d}"


# --- 七 --------------------------------------------------------------------------------------------------------------
SETTLED = {"matched": "与我方记录对应", "created": "补录", "set_aside": "不补录并说明", "unlisted": "对方未列、已说明"}
ANSWERED = {"upheld": "成立", "rejected": "不成立", "withdrawn": "撤回", "open": "未答复"}


def _reconciliation(facts: Mapping[str, Any]) -> Iterable[Block]:
    sources, differences, objections = facts["sources"], facts["differences"], facts["objections"]
    if not (sources or differences or objections):
        yield p(NONE)
        return
    yield p(
        _said_sources(sources) + _said_counts("差异", "条", differences, "kind", SETTLED) + _said_objections(objections)
    )
    if objections:
        yield table(
            "异议和答复", (("乡镇", 10), ("事项", 12), ("结果", 10), ("答复文书", 18)),
            [[each["township_name"], each["about_name"], each["state_name"], each["document"]] for each in objections[:MOST_ROWS]],
        )  # fmt: skip


def _said_sources(sources: Sequence[Mapping[str, Any]]) -> str:
    if not sources:
        return "本月没有部门报送数据。"
    said = [f"{each['name']}{'（无事故）' if each['nil_return'] else str(each['rows']) + '条'}" for each in sources]
    return f"收到部门月报{len(sources)}份：{'，'.join(said)}。"


def _said_counts(what: str, unit: str, rows: Sequence[Mapping[str, Any]], by: str, names: Mapping[str, str]) -> str:
    if not rows:
        return f"本月没有{what}。"
    counts = Counter(each[by] for each in rows)
    parts = [f"{name}{counts[code]}{unit}" for code, name in names.items() if counts[code]]
    return f"处理{what}{len(rows)}{unit}：{'，'.join(parts)}。"


def _said_objections(rows: Sequence[Mapping[str, Any]]) -> str:
    return _said_counts("异议", "件", rows, "state", ANSWERED).replace("处理异议", "收到并办理乡镇异议", 1)


# --- lists -----------------------------------------------------------------------------------------------------------
def _listed(name: str, columns: Sequence[tuple[str, int]], rows: Sequence[Sequence[Any]]) -> Iterable[Block]:
    if not rows:
        yield p(NONE)
        return
    yield table(name, columns, rows[:MOST_ROWS], titled=False)  # its heading has just said it
    if len(rows) > MOST_ROWS:
        yield p(f"共{len(rows)}条，以上列{MOST_ROWS}条，其余见平台。")


WRITERS: dict[str, Callable[[Mapping[str, Any]], Iterable[Block]]] = {
    "ratios": _ratios,
    "ranking": _ranking,
    "changes": _changes,
    "accidents": _accidents,
    "hazards": _hazards,
    "reporting": _reporting,
    "reconciliation": _reconciliation,
}


# --- what a revision changed -----------------------------------------------------------------------------------------
def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(what, as published, as it is): ratios of the county, and of townships rank and ratios, only where they differ."""
    pairs = [
        (f"全县{name}零事故率", _share(before["ratios"][code]), _share(now["ratios"][code]))
        for code, (name, _) in SUBJECTS.items()
    ]
    old = {each["region"]: each for each in before["ranking"]}
    for each in now["ranking"]:
        if each["region"] in old:
            pairs += _differ(each["name"], old[each["region"]], each)
    return [pair for pair in pairs if pair[1] != pair[2]]


def _share(each: Mapping[str, Any]) -> str:
    return f"{each['zero']}/{each['total']}（{percent(each['ratio'])}）"


def _differ(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    found = [(f"{name}名次", *(f"第{row['rank']}" if row["rank"] else "不排名" for row in (old, new)))]
    for code, what in (("village", "村零事故率"), ("unit", "单位零事故率")):
        said = (
            f"{row[f'{code}_zero']}/{row[f'{code}_total']}（{percent(row[f'{code}_ratio'])}）" for row in (old, new)
        )
        found.append((f"{name}{what}", *said))
    return found  # type: ignore[return-value]


# --- changes since the month before ----------------------------------------------------------------------------------
def changes(
    broken: Sequence[Mapping[str, Any]], before: Sequence[Mapping[str, Any]] | None, *, first_day: date
) -> dict[str, Any]:
    """Who broke and who was restored against the list of the month before; without one, who broke in the month itself.
    In January nothing is restored: the year begins anew.
    """
    if before is None:
        new = [each for each in broken if date.fromisoformat(each["broken_on"]) >= first_day]
        return {"broken": new, "restored": [] if first_day.month == 1 else None}
    known, now = ({(each["kind"], each["key"]) for each in rows} for rows in (before, broken))
    return {
        "broken": [each for each in broken if (each["kind"], each["key"]) not in known],
        "restored": [each for each in before if (each["kind"], each["key"]) not in now],
    }
