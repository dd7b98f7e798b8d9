"""What visits and the visits still to make say to people."""

from inbox.kinds import MessageKind, declare

TO_MAKE, NOT_TO_MAKE, CORRECTED = "task.to_make", "task.not_to_make", "inspection.corrected"
APPROVAL_ASKED, APPROVAL_ANSWERED, APPROVAL_DUE = (
    "inspection.approval_asked", "inspection.approval_answered", "inspection.approval_due",
)  # fmt: skip
KINDS = declare(
    MessageKind(TO_MAKE, "检查任务"),
    MessageKind(NOT_TO_MAKE, "检查任务取消或改派", until_seen=True),
    MessageKind(CORRECTED, "检查记录被更正", until_seen=True),
    MessageKind(APPROVAL_ASKED, "检查待审批"),
    MessageKind(APPROVAL_ANSWERED, "检查审批的答复", until_seen=True),
    MessageKind(APPROVAL_DUE, "紧急检查待补办审批"),
)
