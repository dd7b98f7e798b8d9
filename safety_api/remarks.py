"""提示 What is remarkable about a record from the field: taken all the same, and shown to whoever reviews it.

A record keeps the words in its column `warnings`; a list is asked for one by `?warning=`. docs/remarks.md says what follows from each.
"""

from __future__ import annotations

from django.db.models import Q, TextChoices


class Remark(TextChoices):
    """Each with the sentence that people read. Words are kept for ever; at most 30 signs."""

    NO_LOCATION = "no_location", "没有定位。"
    OUTSIDE_COUNTY = "outside_county", "定位不在本县范围内。"
    LOCATION_VAGUE = "location_vague", "定位精度太差，不能据以判断位置。"
    LOCATION_MOCKED = "location_mocked", "终端说明为模拟定位。"
    FAR_FROM_UNIT = "far_from_unit", "定位离单位（场所）的登记位置较远。"
    POINT_ELSEWHERE = "point_elsewhere", "定位落在另一个乡镇的（示意）范围内。"
    UNIT_ELSEWHERE = "unit_elsewhere", "所列单位登记在另一个乡镇。"
    UNIT_CLOSED = "unit_closed", "单位（场所）当时已经关闭。"
    ENDED_REGION = "ended_region", "所在村（社区）、乡镇的代码当时已经撤并。"
    TOWNSHIP_ADMINISTRATIVE = "township_administrative", "乡镇人员以行政检查名义：须有授权。"
    OVER_CEILING = "over_ceiling", "超过对该单位全年行政检查频次的上限。"
    BODY_NOT_LISTED = (
        "body_not_listed",
        "检查主体不合规定：所在单位当日不在行政检查主体名单内，或者行政检查没有两名持证人员、没有写明专家。",
    )
    OFFICERS_UNCERTIFIED = "officers_uncertified", "行政检查当日没有两名持有效执法证的人员。"
    EXPERTS_UNNAMED = "experts_unnamed", "以“执法+专家”方式检查，没有写明专家。"
    TYPE_ASSUMED = "type_assumed", "没有写明检查类型，暂按日常（专项方式的按专项）记。"
    NO_SOURCE = "no_source", "写了检查类型，没有写明检查来源。"
    SPECIAL_UNORDERED = "special_unordered", "专项检查没有写明计划或者部署文件的文号。"
    NO_APPROVAL = "no_approval", "检查前没有审批。"
    APPROVED_LATE = "approved_late", "审批晚于检查开始；紧急检查未当场报告或者未在规定时间内补办的亦同。"
    APPROVER_TOOK_PART = "approver_took_part", "审批人就是检查人员。"
    APPROVER_NO_LEADER = "approver_no_leader", "所写的审批人不是本机关的负责人。"
    NO_NOTICE = "no_notice", "没有送达行政检查通知书。"
    NOTICE_LATE = "notice_late", "检查结束后才送达行政检查通知书。"
    NOT_SCANNED = "not_scanned", "没有扫码，也没有写明免扫的理由。"
    SCAN_ELSEWHERE = "scan_elsewhere", "所扫的码是另一单位的。"
    SAME_CONTENT = "same_content", "与另一编号的记录内容相同，疑似重复提交。"
    TWO_OFFICES = "two_offices", "两个单位的检查人员同一天查了同一单位的同一检查项。"
    TWO_PLACES = "two_places", "同一人同一时间在两处检查。"
    IN_THE_FUTURE = "in_the_future", "所报时间晚于收到时间，以收到时间计算。"
    LONG_AGO = "told_long_ago", "所报时间早于可以采信的范围，以收到时间计算。"
    CLOCK_SHIFTED = "clock_shifted", "手机时钟误差过大，所报时间按误差换算后计算。"
    CLOCK_WRONG = "clock_wrong", "手机时钟误差过大，换算后仍不可信，以收到时间计算。"
    SENT_LATE = "sent_late", "结束后超过72小时才收到。"
    ENDS_BEFORE_START = "ends_before_start", "所报结束时间早于开始时间。"
    OCCURRED_AT_DOUBTFUL = "occurred_at_doubtful", "所报事故发生时间不可信，暂按收到时间计算，待应急管理局认定。"
    TIME_OUT_OF_ORDER = "time_out_of_order", "所报时间早于事故发生，以事故发生时间计算。"
    DEADLINE_MOVED = "deadline_moved", "所填整改期限随发现时间一并换算。"
    DEADLINE_NOT_CREDIBLE = "deadline_not_credible", "所填整改期限早于发现之日或者不可信，按规定的期限计算。"
    DEADLINE_LONG = "deadline_long", "整改期限超过个人可定的天数，须由负责人审定。"
    DEADLINE_TOO_LONG = "deadline_too_long", "整改期限超过规定的最长天数。"
    UNKNOWN_COMPANION = (
        "unknown_companion",
        "同行人员中有查不到的，或者不在这里工作的（管理员、企业人员、已停用的账号、别处的人）。",
    )
    NO_COMPANION = "no_companion", "同行人员中有不能同行检查的人（原有记录；现在一律记为 unknown_companion）。"
    UNKNOWN_TASK = "unknown_task", "所写的检查任务不存在、不是此人的或者已经完成。"
    UNKNOWN_CRITERION = "unknown_criterion", "所写的判定条目查不到。"
    CRITERION_OF_OTHER_EDITION = "criterion_of_other_edition", "所写的判定依据不属于发现之日有效的判定标准。"
    NO_CRITERION = "no_criterion", "重大隐患没有写明判定条目或条款号，而判定标准只限所列情形。"
    NOT_ORDERED_MAJOR = "not_ordered_major", "现场责令的是重大隐患，须由部门负责人确认，留作已上报。"
    NOT_ORDERED_ALONE = "not_ordered_alone", "现场责令没有两名在此执法的人员，留作已上报。"
    NOT_ORDERED_UNCERTIFIED = "not_ordered_uncertified", "现场责令的人员当日没有有效的执法证，留作已上报。"
    NOT_ORDERED = "not_ordered", "现场责令不能成立（岗位、期限或规定不符），留作已上报。"
    PAPER_DRAFTED = "paper_drafted", "这一步的文书未能出具，存为草稿。"
    REVIEW_NOT_APPLIED = "review_not_applied", "有复查结果没有办成步骤，留存待办公室处理。"
    CORRECTED = "corrected", "记录有误，已更正；原记录保留。"


SAID_BEFORE: dict[str, list[Remark]] = {
    Remark.UNKNOWN_COMPANION: [Remark.NO_COMPANION]
}  # older rows have the other word


def remarked(word: str) -> Q:
    """Rows with this word; the second part lets the index of the remarked rows serve."""
    found = Q(warnings__contains=[word])
    for older in SAID_BEFORE.get(word, ()):
        found |= Q(warnings__contains=[older])
    return found & ~Q(warnings=[])
