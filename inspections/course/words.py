"""The remarks of the course, and what heals each of them."""

from __future__ import annotations

from inspections.course.rules import WORDS
from safety_api.remarks import Remark

OF_BODIES = frozenset({Remark.BODY_NOT_LISTED, Remark.OFFICERS_UNCERTIFIED, Remark.EXPERTS_UNNAMED})
OF_THE_COURSE = WORDS | OF_BODIES | {Remark.OVER_CEILING}
BY_APPROVAL = frozenset({Remark.NO_APPROVAL, Remark.APPROVER_TOOK_PART, Remark.APPROVER_NO_LEADER})
# word → the step that heals it, and in words. What cannot be made good is settled by a leader, with what was done about it.
HEALS: dict[Remark, tuple[str, str]] = {
    Remark.NO_APPROVAL: ("approve", "由负责人补办审批"),
    Remark.APPROVER_TOOK_PART: ("approve", "由检查人员以外的负责人补办审批"),
    Remark.APPROVER_NO_LEADER: ("approve", "由负责人补办审批"),
    Remark.NO_NOTICE: ("notice", "补送行政检查通知书"),
    Remark.NOT_SCANNED: ("scan", "补扫，或者写明免扫的理由"),
    Remark.SCAN_ELSEWHERE: ("scan", "补扫本单位的码；单位录错的，更正检查"),
    Remark.TYPE_ASSUMED: ("correct", "更正类型和来源"),
    Remark.NO_SOURCE: ("correct", "补写来源"),
    Remark.SPECIAL_UNORDERED: ("correct", "补写计划或者部署文件的文号"),
    Remark.APPROVED_LATE: ("settle", "不能补正，由负责人写明处理情况"),
    Remark.NOTICE_LATE: ("settle", "不能补正，由负责人写明处理情况"),
    Remark.OVER_CEILING: ("settle", "不能补正，由负责人写明处理情况"),
    Remark.BODY_NOT_LISTED: ("settle", "不能补正，由负责人写明处理情况"),
    Remark.OFFICERS_UNCERTIFIED: ("settle", "不能补正，由负责人写明处理情况"),
    Remark.EXPERTS_UNNAMED: ("settle", "不能补正，由负责人写明处理情况"),
}
SETTLED_ONLY = frozenset(word for word, (step, _) in HEALS.items() if step == "settle")
