"""The words of every register."""

from __future__ import annotations

from django.db.models import TextChoices


# --- 挂牌督办 ---------------------------------------------------------------------------------------------------------
class ListingLevel(TextChoices):
    COUNTY = "county", "县级"
    CITY = "city", "市级"
    PROVINCE = "province", "省级"


class ListingState(TextChoices):
    LISTED = "listed", "督办中"
    APPLIED = "applied", "申请验收"
    ACCEPTED = "accepted", "验收合格"
    DELISTED = "delisted", "已摘牌"


class Every(TextChoices):
    """How often progress is reported (DOMAIN §3.6)."""

    MONTH = "month", "每月"
    QUARTER = "quarter", "每季度"


MONTHS = {Every.MONTH: 1, Every.QUARTER: 3}


class Trigger(TextChoices):
    """Why a listing is proposed (DOMAIN §3.6); the first three come of themselves."""

    OVERDUE = "overdue", "重大隐患逾期"
    REPEATED = "repeated", "重大隐患重复出现"
    OUTSIDE_FACTOR = "outside_factor", "外部因素致自身难以整改"
    REPORTED = "reported", "部门提请"


class ProposalState(TextChoices):
    OPEN = "open", "待决定"
    LISTED = "listed", "已挂牌"
    DECLINED = "declined", "不挂牌"
    LAPSED = "lapsed", "隐患已了结"


# --- 停产停业 ---------------------------------------------------------------------------------------------------------
class Extent(TextChoices):
    WHOLE = "whole", "全部停产停业"
    PARTIAL = "partial", "部分停产停业"


class StopState(TextChoices):
    STOPPED = "stopped", "停产中"
    APPLIED = "applied", "已申请复产"
    ACCEPTED = "accepted", "复产验收合格"
    RESUMED = "resumed", "已复产"
    WITHDRAWN = "withdrawn", "已撤销"
    CLOSED = "closed", "单位已关闭"


COAL = "coal_mine"  # the sector to which 煤矿安全生产条例 applies


# --- 案件 ---------------------------------------------------------------------------------------------------------------
class CaseState(TextChoices):
    OPEN = "open", "办理中"
    PENALIZED = "penalized", "已处罚"
    NO_PENALTY = "no_penalty", "不予处罚"


class Penalty(TextChoices):
    """行政处罚法 第九条"""

    WARNING = "warning", "警告、通报批评"
    FINE = "fine", "罚款"
    CONFISCATION = "confiscation", "没收违法所得、没收非法财物"
    LICENCE = "licence", "暂扣、吊销许可证件，降低资质等级"
    STOP = "stop", "限制开展生产经营活动、责令停产停业、责令关闭、限制从业"
    DETENTION = "detention", "行政拘留"
    OTHER = "other", "法律、行政法规规定的其他行政处罚"


WITH_AMOUNT = frozenset({Penalty.FINE, Penalty.CONFISCATION})


# --- 审管衔接 ---------------------------------------------------------------------------------------------------------
class HandoverState(TextChoices):
    SENT = "sent", "待答复"
    ANSWERED = "answered", "已答复"


class HandoverResult(TextChoices):
    HANDLED = "handled", "已处理"
    REVOKED = "revoked", "已撤销、注销或吊销许可"
    SUPPLEMENTED = "supplemented", "已补办手续"
    UNFOUNDED = "unfounded", "经核查手续合法"
    NOT_OURS = "not_ours", "不属本部门职责"


class Approval(TextChoices):
    """What the approving department tells."""

    GRANTED = "granted", "准予许可"
    CHANGED = "changed", "变更"
    RENEWED = "renewed", "延续"
    REFUSED = "refused", "不予许可"
    REVOKED = "revoked", "撤销、注销"


# --- 追责问责、联合惩戒 -------------------------------------------------------------------------------------------------
class Measure(TextChoices):
    TALK = "talk", "约谈提醒"
    CRITICISM = "criticism", "通报批评"
    WRITTEN_CHECK = "written_check", "责令书面检查"
    ADMONITION = "admonition", "诫勉"
    REASSIGNED = "reassigned", "停职、调整职务"
    PARTY = "party", "党纪处分"
    SANCTION = "sanction", "政务处分"
    PENALTY = "penalty", "行政处罚"
    JUDICIARY = "judiciary", "移送司法机关"
    OTHER = "other", "其他"


class SubjectKind(TextChoices):
    UNIT = "unit", "单位"
    PERSON = "person", "人员"


class JointMeasure(TextChoices):
    """安全生产法 第七十八条 and what departments agree on besides."""

    MORE_INSPECTIONS = "more_inspections", "加大执法检查频次"
    APPROVALS_SUSPENDED = "approvals_suspended", "暂停项目审批"
    INSURANCE_RATE = "insurance_rate", "上调有关保险费率"
    OCCUPATION_BAN = "occupation_ban", "行业或者职业禁入"
    NO_HONOURS = "no_honours", "限制评先评优"
    NO_SUPPORT = "no_support", "限制享受优惠政策和财政资金"
    FINANCE = "finance", "供金融机构授信参考"
    BIDDING = "bidding", "限制参与招标投标"
    PUBLICITY = "publicity", "向社会公示"


# --- 严重失信主体名单 ---------------------------------------------------------------------------------------------------
class DishonestyState(TextChoices):
    NOTIFIED = "notified", "已告知，待决定"
    DROPPED = "dropped", "不予列入"
    LISTED = "listed", "已列入"
    REMOVED = "removed", "已移出"


class Removal(TextChoices):
    EXPIRED = "expired", "期满移出"
    EARLY = "early", "提前移出"
    REVOKED = "revoked", "列入决定被撤销"
