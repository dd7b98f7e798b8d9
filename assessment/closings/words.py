"""Words of closings, of what is reconciled and of objections."""

from django.db.models import TextChoices


class SettlementKind(TextChoices):
    """What a person decided of one row of theirs, or of one accident of ours that they do not list."""

    MATCHED = "matched", "是我方这起事故"
    CREATED = "created", "补录为新事故"
    SET_ASIDE = "set_aside", "不补录"
    UNLISTED = "unlisted", "对方未列，已说明"


class DifferenceKind(TextChoices):
    ONLY_THEIRS = "only_theirs", "对方有、我方无"
    ONLY_OURS = "only_ours", "我方有、对方无"
    DIFFERS = "differs", "数字不一致"
    NONE = "none", "一致"


class ObjectionMatter(TextChoices):
    """What of an accident a township objects to."""

    VILLAGE = "village", "计入的村（社区）"
    UNIT = "unit", "计入的单位"
    RESPONSIBILITY = "responsibility", "责任认定"
    CATEGORY = "category", "事故类别"


class ObjectionState(TextChoices):
    OPEN = "open", "待答复"
    UPHELD = "upheld", "异议成立"
    REJECTED = "rejected", "异议不成立"
    WITHDRAWN = "withdrawn", "已撤回"


class ClosingVerb(TextChoices):
    """What was done with a closing."""

    OPEN = "open", "开始核对"
    NO_OBJECTION = "no_objection", "声明无异议"
    SIGN = "sign", "签发"
    WITHDRAW = "withdraw", "撤回签发"
    FREEZE = "freeze", "冻结"
    REVISE = "revise", "修订"
