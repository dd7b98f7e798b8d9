"""What can be done with an accident: the rows of deeds.py for it, and which of them stand on its page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accidents.choices import STATISTICS, LegState, ReportType, StatStatus, WrongReportKind
from accidents.clock.limits import level_of
from console.deeds import Body, Deed, asked, moments
from console.step_forms import Control
from reference.terms import Category, Channel, Nature, ReportLevel
from safety_api.roles import COUNTY

COUNTS = {
    "deaths": "死亡", "serious_injuries": "重伤", "acute_poisonings": "急性工业中毒", "light_injuries": "轻伤", "missing": "失联",
    "trapped": "被困", "evacuated": "紧急疏散",
}  # fmt: skip
WORDS = {"course": "简要经过", "scene": "现场情况", "measures": "已经采取的措施", "note": "说明；没有新情况的写“情况没有变化”"}
REASON, MAY_REASON = Control("reason", "理由", "area", True, most=1000), Control("reason", "理由", "area", False, most=1000)
DOCUMENT, APPROVED = Control("document", "文号", "text", True, most=200), Control("approved_by", "批准人", "text", True, most=100)
ON = Control("on", "日期", "date", False, hint="不填为今天")
NOW = "不填为现在"


def _report(_: dict[str, Any], typed: Mapping[str, str]) -> Body:
    said = asked("kind", "direct_loss_yuan", "reason", *WORDS)(_, typed)
    counted = {name: int(typed[name]) if typed[name].isdigit() else typed[name] for name in COUNTS if typed.get(name, "").strip()}
    return {**said, **counted, **moments("held_at")(typed)}


def _with_moments(*names: str, also: tuple[str, ...] = ()) -> Any:
    return lambda row, typed: {**asked(*also)(row, typed), **moments(*names)(typed)}


def _text(name: str, label: str, most: int, required: bool = False) -> Control:
    return Control(name, label, "text", required, most=most)


LEVELS = tuple(ReportLevel.choices)
ACCIDENT, LEG = "accidents/{key}", "accidents/{key}/legs/{of}"
DEEDS: dict[str, Deed] = {
    "report": Deed(
        "续报、补报", "accidents.report", f"{ACCIDENT}/reports", "reports", "数字是累计数，不是新增；没有填的照旧。数字减少的，写明理由",
        (
            Control("kind", "哪一种", "choice", True, choices=tuple(each for each in ReportType.choices if each[0] != ReportType.FIRST)),
            Control("held_at", "数字截止", "moment", False, hint=f"后来死亡的，为死亡之日；{NOW}"),
            *(Control(name, f"{label}（人）", "count", False) for name, label in COUNTS.items()),
            Control("direct_loss_yuan", "直接经济损失（元）", "money", False),
            *(Control(name, label, "area", False, most=4000) for name, label in WORDS.items()), MAY_REASON._replace(label="数字减少的理由"),
        ), _report,
    ),
    "send": Deed(
        "登记已报出", "accidents.send_leg", f"{LEG}/send", "legs", "以何种方式、何时报到，何人接报；更正已登记的，写明理由",
        (
            Control("channel", "方式", "choice", True, choices=tuple(Channel.choices)), Control("sent_at", "报出", "moment", False, hint=NOW),
            _text("told_to", "对方接报人", 60), _text("note", "备注", 200), MAY_REASON._replace(label="更正的理由"),
        ), _with_moments("sent_at", also=("channel", "told_to", "note", "reason")), True,
    ),
    "receive": Deed(
        "登记已签收", "accidents.receive_leg", f"{LEG}/receive", "legs", "本级收到，或代上级登记签收人",
        (Control("received_at", "收到", "moment", False, hint=NOW), _text("person", "签收人（代上级登记的）", 60)),
        _with_moments("received_at", also=("person",)), True,
    ),
    "told": Deed(
        "登记某一级何时知悉", "accidents.told", f"{ACCIDENT}/told", "legs", "时限由知悉起算；以此为准，推定的不再用",
        (Control("level", "哪一级", "choice", True, choices=LEVELS), Control("at", "知悉", "moment", True), REASON),
        _with_moments("at", also=("level", "reason")), True,
    ),
    "rescue-ended": Deed(
        "登记救援结束", "accidents.rescue_ended", f"{ACCIDENT}/rescue-ended", "legs", "此后不再每日续报",
        (Control("at", "结束", "moment", True), _text("note", "备注", 1000)), _with_moments("at", also=("note",)), True,
    ),
    "decide": Deed(
        "认定", "accidents.decide", f"{ACCIDENT}/decide", "decisions", "只填要认定的；改变已有认定、决定不纳入统计的，写明理由、文号和批准人",
        (
            Control("nature", "性质", "choice", False, choices=tuple(Nature.choices)),
            Control("category", "类别", "choice", False, choices=tuple(Category.choices)),
            Control("stat_status", "统计", "choice", False, choices=tuple(each for each in StatStatus.choices if each[0] != StatStatus.WRITTEN_OFF)),
            ON, MAY_REASON, DOCUMENT._replace(required=False), APPROVED._replace(required=False),
        ), asked("nature", "category", "stat_status", "on", "reason", "document", "approved_by"), True,
    ),
    "write-off": Deed(
        "核销", "accidents.write_off", f"{ACCIDENT}/write-off", "decisions", "经认定不是生产安全事故、也不再统计的；记录仍在",
        (REASON, DOCUMENT, APPROVED, ON), asked("reason", "document", "approved_by", "on"), True,
    ),
    "find": Deed(
        "认定违规报告", "accidents.find", f"{ACCIDENT}/findings", "findings", "应急管理部令第14号：迟报、漏报、谎报、瞒报；写明事实、文号、批准人",
        (
            Control("kind", "哪一种", "choice", True, choices=tuple(WrongReportKind.choices)),
            Control("level", "哪一级", "choice", True, choices=LEVELS),
            Control("evidence", "事实和证据", "area", True, most=2000), DOCUMENT, APPROVED, ON,
        ), asked("kind", "level", "evidence", "document", "approved_by", "on"), True,
    ),
    "revoke": Deed(
        "撤销这一项", "accidents.revoke", f"{ACCIDENT}/findings/{{of}}/revoke", "findings", "怎样作出的，怎样撤销",
        (REASON, DOCUMENT, APPROVED, ON), asked("reason", "document", "approved_by", "on"), True,
    ),
    "join": Deed(
        "并入另一条", "accidents.join", f"{ACCIDENT}/join", "twins", "同一起事故：数字只计一次，两边的报告、照片、环节都保留",
        (Control("into", "保留哪一条", "choice", True), REASON), asked("into", "reason"), True,
    ),
    "separate": Deed(
        "撤销合并", "accidents.separate", f"{ACCIDENT}/separate", "twins", "本条恢复单独计算", (REASON,), asked("reason"), True,
    ),
    "correct-wording": Deed(
        "更正文字", "accidents.correct_wording", f"{ACCIDENT}/correct-wording", "wordings", "原文保留，注明何时由谁更正；数字和时间不在此更正",
        (
            Control("field", "哪一处", "choice", True, choices=(("description", "简要经过"), ("place", "地点"))),
            Control("text", "更正为", "area", True, most=4000), REASON,
        ), asked("field", "text", "reason"), True,
    ),
}  # fmt: skip


def of_a_leg(leg: Mapping[str, Any], user: Any) -> list[str]:
    """What may be written down of this leg by whoever looks: the county for everybody, others for their own level."""
    if leg["state"] == LegState.VOID or leg["to"] == STATISTICS:
        return []
    county = user.role in COUNTY
    mine = county or level_of(user) in (leg["level"], leg["to"])
    sends = ["send"] if mine and (county or not leg["sent_at"]) else []
    receives = ["receive"] if leg["sent_at"] and not leg["receipts"] and (county or level_of(user) == leg["to"]) else []
    return [*receives, *sends] if leg["sent_at"] else sends
