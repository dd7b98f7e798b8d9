"""留痕的说法: what a line of the trail is called in the office, and the rule under which it was done.

A verb that has no row here is shown as it stands, without a rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hazards.models import EditionLook
from hazards.states import FLOW, Origin, State
from reference.terms import HazardLevel, Loop

# verb: (words, rule). Articles from memory are those of DOMAIN §3 and are marked so in its tables.
HAZARD = {
    "report": "安全生产法 第四十一条、第七十五条", "reject": "", "confirm": "安全生产法 第四十一条；判定标准见隐患记录",
    "transfer": "安全生产法 第六十九条",
    "order": "安全生产法 第六十五条", "close-on-spot": "安全生产法 第六十五条", "start": "安全生产法 第四十一条",
    "acknowledge": "安全生产法 第四十一条（五落实）", "request-review": "隐患排查治理暂行规定 第十八条", "fall-due": "隐患整改与复查时限",
    "pass": "安全生产违法行为行政处罚办法（复查）", "fail": "安全生产违法行为行政处罚办法（复查）", "enforce": "安全生产法 第一百零二条",
    "resume": "", "unit-close": "政府关闭决定", "void": "", "recur": "", "escalate": "乡镇闭环：重大、拒不整改或逾期上报县级",
    "correct-wording": "",
}  # fmt: skip
OTHERS = {
    "hazard.ask-extension": ("申请延期", "安全生产违法行为行政处罚办法 第十六条"),
    "hazard.extension-granted": ("同意延期", "安全生产违法行为行政处罚办法 第十六条"),
    "hazard.extension-denied": ("不同意延期", "安全生产违法行为行政处罚办法 第十六条"),
    "hazard.extend": ("同意延期", "安全生产违法行为行政处罚办法 第十六条"),
    "hazard.overdue": ("首次逾期", "隐患整改与复查时限"),
    "hazard.list": ("挂牌督办", "兴政发〔2021〕11号（四）"),
    "hazard.delist": ("摘牌销号", "兴政发〔2021〕11号（四）"),
    "hazard.accept-listing": ("挂牌验收", "兴政发〔2021〕11号（四）"),
    "hazard.mark_reported": ("已报上级平台", ""),
    "hazard.join": ("并入同一条隐患", ""),
    "hazard.separate": ("撤销合并", ""),
    "hazard.take-double": ("重复的一条并入本条", ""),
    "hazard.give-double-back": ("重复的一条撤销合并", ""),
    "hazard.relocate": ("随单位迁移", ""),
    "hazard.look-again": ("按现行判定标准复看", ""),
    "hazard.name_edition": ("按原文认定判定标准", ""),
    "hazard.remark": ("提示", ""),
    "inspection.remark": ("提示", ""),
    "inspection.join": ("并入同一次检查", ""),
    "inspection.separate": ("撤销合并", ""),
    "task.relocate": ("任务随单位迁移", ""),
    "inspection.receive": ("检查", "安全生产法 第六十五条"),
    "photo.store": ("照片入库", ""),
    "photo.lost": ("照片在存储中丢失", ""),
    "photo.found": ("丢失的照片已找回", ""),
    "paper.issue": ("出具文书", "安全生产法 第六十七条；行政处罚法 第四十二条"),
    "paper.correct": ("更正文书", ""),
    "paper.draft": ("文书存为草稿", ""),
    "paper.issue-draft": ("出具草稿", ""),
    "paper.discard": ("作废草稿", ""),
    "paper.relocate-draft": ("随单位迁移", ""),
    "paper.sign-left-out": ("签名图像无效，未留存", ""),
    "paper.sign": ("签名", ""),
    "paper.refuse": ("拒签记录", "安全生产法 第六十八条"),
    "paper.serve": ("送达", ""),
    "paper.scan": ("签章原件入库", ""),
    "reminder.seen": ("阅知提醒", ""),
    "listing.propose": ("提出挂牌建议", "兴政发〔2021〕11号（四）"),
    "listing.decline": ("不予挂牌", "兴政发〔2021〕11号（四）"),
    "listing.put_up": ("决定挂牌", "兴政发〔2021〕11号（四）"),
    "listing.publish": ("公告", ""),
    "listing.progress": ("报告进展", "兴政发〔2021〕11号（四）"),
    "listing.apply": ("申请验收", ""),
    "listing.accept": ("验收合格", ""),
    "listing.refuse": ("验收不合格", ""),
    "listing.delist": ("摘牌", ""),
    "stop_order.issue": ("责令停产停业", "安全生产法 第六十五条"),
    "stop_order.publish": ("公告", "煤矿安全生产条例 第四十九条"),
    "stop_order.apply": ("申请复产", "煤矿安全生产条例 第四十八条"),
    "stop_order.accept": ("复产验收合格", "煤矿安全生产条例 第四十八条"),
    "stop_order.consent": ("签字（同意、批准）", "煤矿安全生产条例 第四十八条"),
    "stop_order.resume": ("准予复产", "煤矿安全生产条例 第四十八条"),
    "case.open": ("立案", "行政处罚法 第五十四条"),
    "case.decide": ("处罚决定（不予处罚）", "行政处罚法 第五十七条"),
    "case.correct": ("更正案件登记", ""),
    "handover.send": ("抄告审批部门", "兴政发〔2021〕11号（四）审管衔接"),
    "handover.remind": ("催办", ""),
    "handover.answer": ("审批部门答复", ""),
    "accident.report": ("事故初报", "国务院令第493号 第九条"),
    "accident.state_casualties": ("续报、补报", "国务院令第493号 第十三条"),
    "accident.state_told": ("登记知悉时间", "国务院令第493号 第九条"),
    "accident.report_leg": ("上报", "国务院令第493号 第十条"),
    "accident.send_leg": ("上报", "国务院令第493号 第十条"),
    "accident.receive_leg": ("签收", "国务院令第493号 第十条"),
    "accident.remind": ("时限提醒", "国务院令第493号 第十条"),
    "accident.see_reminder": ("阅知提醒", ""),
    "accident.end_rescue": ("救援结束", ""),
    "accident.decide": ("认定", "生产安全事故统计管理办法"),
    "accident.write_off": ("核销", "生产安全事故统计管理办法"),
    "accident.correct_wording": ("更正文字", ""),
    "accident.override": ("归属调整", ""),
    "accident.join": ("并入同一起事故", ""),
    "accident.find_wrong": ("违规报告认定", "应急管理部令第14号"),
    "accident.revoke_finding": ("撤销认定", "应急管理部令第14号"),
    "investigation.open": ("启动调查", "国务院令第493号 第十九条"),
}  # fmt: skip
WORDS: dict[str, tuple[str, str]] = {
    f"hazard.{step.name}": (step.label, HAZARD.get(step.name, ""))
    for step in reversed(FLOW.rows)  # of two rows of one name the first: 复查合格
} | OTHERS


def said(verb: str) -> tuple[str, str]:
    """(what it is called, the rule); the rule is "" where none prescribes it."""
    return WORDS.get(verb, (verb, ""))


# What stands in a line's details. A name without a word here is not shown on paper; the JSON has all of them.
NAMES = {
    "level": "级别", "origin": "来源", "before": "原状态", "note": "说明", "reason": "理由", "officers": "人员", "deadline": "期限",
    "document": "文号", "number": "文号", "amount_yuan": "金额（元）",
    "department": "接收部门", "cost_yuan": "费用（元）", "evaluation_report": "评估报告", "onsite_measures": "现场措施",
    "plan": "方案", "responsible_person": "责任人", "measures": "措施", "funds_yuan": "资金（元）", "emergency_plan": "应急预案",
    "due_on": "期限", "new_due_on": "延至", "old_due_on": "原期限", "name": "姓名", "certificate": "执法证号", "percent": "完成（%）", "on": "日期",
    "to": "送", "of": "对象", "stage": "阶段", "roles": "岗位", "seen_by": "阅知", "late": "迟报", "minutes_late": "迟报（分钟）", "how": "方式",
    "statement": "说明", "application": "申请", "acceptance": "验收意见",
    "field": "更正", "was": "原文", "text": "改为",
    "word": "结论", "due": "应按的判定标准", "edition": "判定标准", "criterion": "判定条目", "standard_clause": "判定标准条款",
    "approvals": "批准", "chief": "局长签字", "mine_safety_office": "矿山安全监察机构", "government": "政府", "date": "日期",
}  # fmt: skip
VALUES = {str(each.value): str(each.label) for words in (State, HazardLevel, Loop, Origin, EditionLook.Word) for each in words} | {
    "description": "描述", "place": "地点", "standard_clause": "判定标准条款", "criterion": "判定条目", "judged_by_expert": "专家判定",
}  # fmt: skip


def spoken(details: Any) -> str:
    """Details on paper: 名：值；名：值."""
    if isinstance(details, Mapping):
        return "；".join(
            f"{NAMES[name]}：{said}" for name, each in details.items() if name in NAMES and (said := spoken(each))
        )
    if isinstance(details, list):
        return "、".join(filter(None, map(spoken, details)))
    if details is None or details is False or details == "":
        return ""
    return "是" if details is True else VALUES.get(str(details), str(details))
