"""What the registry of units says to people."""

from inbox.kinds import MessageKind, declare

PASSWORD_RESET = "account.password_reset"  # noqa: S105 - the word of a kind
DEPUTY = "account.deputy"
SIGN_IN_LOCKED = "account.sign_in_locked"
DUE = "enterprise.due"
KINDS = declare(
    MessageKind(PASSWORD_RESET, "口令已重置", until_seen=True),
    MessageKind(DEPUTY, "代行职务", until_seen=True),
    MessageKind(SIGN_IN_LOCKED, "口令输错锁定", until_seen=True),
    MessageKind(DUE, "单位到期事项"),
)
