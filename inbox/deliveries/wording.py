"""What a message says outside the house: of which kind, how many, by when, and where to read it. Nobody is named, nothing is quoted: it
passes through others' networks, stands on locked screens and in groups of many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.conf import settings

from inbox.kinds import KINDS

MOST_KINDS = 6


def title(messages: Sequence[Any]) -> str:
    return f"【{settings.MESSAGE_SIGNATURE}】{len(messages)} 条新消息"


def text(messages: Sequence[Any], *, group: str = "") -> str:
    kinds = Counter(_label(each.kind) for each in messages)
    said = [f"{label} {count} 条" for label, count in kinds.most_common(MOST_KINDS)]
    more = "等" if len(kinds) > MOST_KINDS else ""
    days = [each.due_on for each in messages if each.due_on]
    limit = f"，最近的期限 {min(days):%m月%d日}" if days else ""
    whose = f"{group}：" if group else ""
    return f"【{settings.MESSAGE_SIGNATURE}】{whose}{'、'.join(said)}{more}{limit}。{_where()}"


def _label(kind: str) -> str:
    return KINDS[kind].label if kind in KINDS else "消息"


def _where() -> str:
    """The link carries nothing of its own: whoever opens it signs in."""
    return f"请登录查看：{settings.PUBLIC_URL}/m/#/notices" if settings.PUBLIC_URL else "请登录系统查看。"
