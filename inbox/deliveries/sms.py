"""短信 One interface, whatever gateway the county has: `send(phone, text, once)` returns when it is taken, else raises one of `answers`.

The code by which a unit's officer finds a lost password goes the same way (`accounts.recovery`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol
from uuid import uuid4

import orjson
from django.conf import settings
from django.core.cache import cache

from inbox.deliveries.answers import Away, Refused
from inbox.deliveries.posting import post
from safety_api.problems import UNAVAILABLE

NUMBER_REFUSED = (400, 422)
TOO_FAST = 429
CODES_AWAY, FOR = "sms-codes-away", 30  # seconds: nobody who wants a code waits for a dead gateway twice


class Gateway(Protocol):
    def send(self, phone: str, text: str, once: str) -> None: ...


class HttpGateway:
    """POST {id, phone, text}: 2xx is taken; 400 and 422 are about this number; anything else is tried again."""

    def send(self, phone: str, text: str, once: str) -> None:
        bearer = {"Authorization": f"Bearer {settings.SMS_TOKEN}"} if settings.SMS_TOKEN else {}
        answer = post(settings.SMS_URL, {"id": once, "phone": phone, "text": text}, {**bearer, "Idempotency-Key": once})
        if answer.status in NUMBER_REFUSED:
            raise Refused(f"短信网关不收这个号码（{answer.status}）")
        if not 200 <= answer.status < 300:
            raise Away("短信网关限速" if answer.status == TOO_FAST else f"短信网关答复 {answer.status}")


class RecordingGateway:
    """Of tests and demonstrations: a line of JSON a message, nothing is sent."""

    @staticmethod
    def book() -> Path:
        return settings.STATE_DIR / "short-messages.jsonl"

    def send(self, phone: str, text: str, once: str) -> None:
        line = orjson.dumps({"phone": phone, "text": text, "id": once}, option=orjson.OPT_APPEND_NEWLINE)
        with self.book().open("ab") as book:
            book.write(line)


GATEWAYS: dict[str, type[Gateway]] = {"http": HttpGateway, "recording": RecordingGateway}


def gateway() -> Gateway:
    return GATEWAYS[settings.SMS_GATEWAY]()


def hand_over_code(phone: str, text: str) -> None:
    """Raises UNAVAILABLE while the gateway is away: the code is asked for again, and made anew."""
    if cache.get(CODES_AWAY):
        raise UNAVAILABLE()
    try:
        gateway().send(phone, f"【{settings.MESSAGE_SIGNATURE}】{text}", f"code-{uuid4()}")
    except Away:
        cache.set(CODES_AWAY, True, FOR)
        raise UNAVAILABLE() from None
