"""What has changed since a closing was frozen: the frozen figures against those of now, in words. Pure but for `since`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from assessment.closings.content import drafting, ranking
from assessment.closings.content.closing_facts import ClosingFacts
from assessment.models import Closing

OF_A_TOWNSHIP = {
    "rank": "名次", "village_zero": "零事故村", "village_total": "村总数", "unit_zero": "零事故单位", "unit_total": "单位总数",
    "deaths": "死亡", "accidents": "起数", "hazards_due": "到期隐患", "hazards_on_time": "按期整改", "veto": "较大及以上事故",
}  # fmt: skip
OF_THE_COUNTY = {
    "zero": "零事故",
    "total": "总数",
    "broken": "破零",
    "provisional": "其中暂计",
    "target": "目标",
    "met": "达标",
}
OF_A_BROKEN = {"broken_on": "破零日", "provisional": "暂计", "accidents": "事故"}
OF_AN_ACCIDENT = {
    "occurred_at": "发生时间", "region": "发生地", "category": "类别", "nature": "性质", "grade": "等级", "deaths": "死亡",
    "serious_injuries": "重伤", "missing": "下落不明", "direct_loss_yuan": "直接经济损失（元）", "stat_status": "统计状态",
    "in_statistics": "计入统计", "breaks": "破零", "line": "口径条目",
}  # fmt: skip
BEYOND = 500


def since(closing: Closing) -> dict[str, Any]:
    """Of a frozen one: what is otherwise now, and the reasons given since. Some sixty queries."""
    now = drafting.draft(closing)
    facts = ClosingFacts(closing, closing.frozen_at or closing.opened_at)
    return {
        "changed": between(closing.content, now),
        "reasons": ranking.reasons_since(facts, closing.known_at),
        "figures_revision": now["figures_revision"],
    }


def between(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each figure that is otherwise: {what, key, name, field, label, before, after}; what is new or gone has no field."""
    found = _policy(before, after)
    for name in ("villages", "units"):
        pair = before["ratios"][name], after["ratios"][name]
        found += _fields("county", name, "全县", *pair, OF_THE_COUNTY)
    found += _rows("township", before["ranking"], after["ranking"], "region", "name", OF_A_TOWNSHIP)
    found += _rows("broken", before["broken"], after["broken"], "key", "name", OF_A_BROKEN)
    found += _rows("accident", before["accidents"], after["accidents"], "accident", "region_name", OF_AN_ACCIDENT)
    return found[:BEYOND]


def _policy(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    return _fields("policy", "", "口径", before["policy"], after["policy"], {"version": "版本"})


def _rows(
    what: str, before: Iterable[Mapping], after: Iterable[Mapping], key: str, name: str,
    labels: Mapping[str, str],
) -> list[dict[str, Any]]:  # fmt: skip
    old, new = ({row[key]: row for row in rows} for rows in (before, after))
    found = []
    for each in [*old, *(each for each in new if each not in old)]:
        was, is_now = old.get(each), new.get(each)
        said = (is_now or was or {})[name]
        if was is None or is_now is None:
            found.append(
                _said(what, each, said, "", "", was and _short(was, labels), is_now and _short(is_now, labels))
            )
        else:
            found += _fields(what, each, said, was, is_now, labels)
    return found


def _short(row: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, Any]:
    return {name: row.get(name) for name in labels}


def _fields(
    what: str, key: str, name: str, before: Mapping[str, Any], after: Mapping[str, Any], labels: Mapping[str, str]
) -> list[dict[str, Any]]:
    pairs = ((field, label, before.get(field), after.get(field)) for field, label in labels.items())
    return [_said(what, key, name, field, label, was, is_now) for field, label, was, is_now in pairs if was != is_now]


def _said(what: str, key: str, name: str, field: str, label: str, before: Any, after: Any) -> dict[str, Any]:
    return {"what": what, "key": key, "name": name, "field": field, "label": label, "before": before, "after": after}
