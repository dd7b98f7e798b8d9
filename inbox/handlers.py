"""What came into the inbox is brought to telephones, mailboxes and groups; a code for a lost password goes the same way."""

from typing import Any

from inbox.deliveries import making
from safety_api.outbox import handles


@handles("inbox.sent")
def on_inbox_sent(payload: dict[str, Any]) -> None:
    making.make(payload["messages"])
