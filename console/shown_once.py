"""只显示一次 What is told once and kept nowhere: a first password, the address of a second factor with the code that an authenticator reads."""

from __future__ import annotations

from typing import Any, NamedTuple

import segno
from django.utils.safestring import SafeString, mark_safe


class Secret(NamedTuple):
    """`code`: an SVG of our own making, of nothing but `said`."""

    label: str
    said: str
    code: SafeString | None = None


def secret_of(told: Any) -> Secret | None:
    """In what a door answered."""
    if not isinstance(told, dict):
        return None
    if password := told.get("password"):
        return Secret("初始口令，交给本人，首次登录须改", str(password))
    if str(address := told.get("address", "")).startswith("otpauth://"):
        drawn = segno.make(address, error="m").svg_inline(scale=5, border=4, dark="#000", light="#fff")
        return Secret("由本人当面扫入验证器", address, mark_safe(drawn))  # noqa: S308 - of segno, with our own words in it
    return None
