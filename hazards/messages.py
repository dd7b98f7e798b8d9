"""What hazards say to people."""

from inbox.kinds import MessageKind, declare

CLOCK, CONFIRMED, REJECTED = "hazard.clock", "hazard.confirmed", "hazard.rejected"
ASKED, ANSWERED = "hazard.extension_asked", "hazard.extension_answered"
ORDERED, PASSED, FAILED = "hazard.ordered", "hazard.passed", "hazard.failed"
MAJOR_FOUND, REVIEW_ASKED = "hazard.major_found", "hazard.review_asked"
KINDS = declare(
    MessageKind(CLOCK, "隐患期限提醒"),  # which of the table `reminders`, its details say
    MessageKind(CONFIRMED, "上报的隐患已确认", until_seen=True),
    MessageKind(REJECTED, "上报的隐患认定不成立", until_seen=True),
    MessageKind(ORDERED, "责令整改", until_seen=True),
    MessageKind(PASSED, "复查合格", until_seen=True),
    MessageKind(FAILED, "复查不合格", until_seen=True),
    MessageKind(MAJOR_FOUND, "单位自查发现重大隐患", until_seen=True),
    MessageKind(REVIEW_ASKED, "隐患待复查"),
    MessageKind(ASKED, "延期申请待答复"),
    MessageKind(ANSWERED, "延期申请已答复", until_seen=True),
)
