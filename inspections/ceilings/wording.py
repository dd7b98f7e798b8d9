"""The year of a unit as a paper says it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

BESIDE = {"case": "个案检查，不计入上限", "supervision": "督导，另行计数", "review": "复查，不计入上限"}


def spoken(year: Mapping[str, Any], number: int | None, word: str) -> str:
    """`number`: which one it is of those that count, None for one that does not."""
    which = f"{year['year']}年度"
    made = f"{which}第{number}次" if number else f"{BESIDE.get(word, '不计入上限')}；{which}已计入{year['counted']}次"
    return f"{made}，{_most(year, word)}"


def _most(year: Mapping[str, Any], word: str) -> str:
    most = year["supervision_ceiling"] if word == "supervision" else year["ceiling"]
    if most is None:
        return year["note"].rstrip("。") or "没有规定上限"
    by = "县里自定" if year["ours"] else f"{year['published_by']}公布"
    return f"全年上限{most}次（{by}）"
