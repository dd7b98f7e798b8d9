"""A closing's content as it is signed, by hand: what a bulletin is made of. Only what a test is about is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

TOWNS = {
    "141123100000": "蔚汾镇", "141123101000": "魏家滩镇", "141123102000": "瓦塘镇", "141123103000": "康宁镇", "141123104000": "高家村镇",
    "141123105000": "罗峪口镇", "141123106000": "蔡家会镇", "141123200000": "交楼申乡", "141123201000": "恶虎滩乡", "141123202000": "东会乡",
    "141123203000": "固贤乡", "141123204000": "奥家湾乡", "141123205000": "蔡家崖乡", "141123206000": "孟家坪乡", "141123207000": "赵家坪乡",
    "141123400000": "兴县经济技术开发区",
}  # fmt: skip
ACCIDENT, OTHER = "00000000-0000-4000-8000-0000000000a1", "00000000-0000-4000-8000-0000000000a2"


def share(zero: int, total: int, target: str = "85.00", **more: Any) -> dict[str, Any]:
    hundredths = zero * 10_000 // total if total else None
    needed = -(-int(target.replace(".", "")) * total // 10_000)
    return {
        "zero": zero, "total": total, "ratio": None if hundredths is None else f"{hundredths // 100}.{hundredths % 100:02d}",
        "broken": total - zero, "provisional": 0, "target": target, "target_year": 2025, "met": zero >= needed if total else None,
        "spare": zero - needed if total else None, **more,
    }  # fmt: skip


def town(code: str, rank: int | None, moved: int | None = 0, **more: Any) -> dict[str, Any]:
    return {
        "region": code, "name": TOWNS[code], "rank": rank, "moved": moved, "village_ratio": "95.65", "village_zero": 22, "village_total": 23,
        "unit_ratio": "98.00", "unit_zero": 98, "unit_total": 100, "deaths": 1, "accidents": 1, "on_time_rate": "96.07",
        "hazards_on_time": 49, "hazards_due": 51, "veto": False, "zone": rank is None, **more,
    }  # fmt: skip


def broken_row(kind: str = "village", key: str = "141123100200", name: str = "东关村", **more: Any) -> dict[str, Any]:
    return {
        "kind": kind, "key": key, "region": "141123100200", "region_name": "东关村", "township": "141123100000", "township_name": "蔚汾镇",
        "name": name, "enterprise": None, "broken_on": "2025-03-05", "provisional": False,
        "accidents": [{"accident": ACCIDENT, "line": "min_deaths.Z1",
                       "sentence": "2025-03-05发生生产安全死亡事故（Z1），死亡1人，达到1人及以上；事故发生地"}],
        **more,
    }  # fmt: skip


def accident_row(accident: str = ACCIDENT, **more: Any) -> dict[str, Any]:
    return {
        "accident": accident, "occurred_at": "2025-03-05T09:10:00+08:00", "region": "141123100200", "region_name": "东关村",
        "township": "141123100000", "township_name": "蔚汾镇", "place": "井下1203工作面", "description": "王某某被埋", "sector": "coal_mine",
        "category": "Z1", "category_name": "生产安全死亡事故", "nature": "production", "nature_name": "生产经营性", "grade": "general",
        "grade_name": "一般事故", "deaths": 1, "serious_injuries": 0, "missing": 0, "late_deaths": 0, "direct_loss_yuan": "1200000.00",
        "stat_status": "counted", "stat_status_name": "纳入统计", "in_statistics": True, "breaks": True, "line": "min_deaths.Z1",
        "sentence": "死亡1人，达到1人及以上", **more,
    }  # fmt: skip


def closing_content(**more: Any) -> dict[str, Any]:
    """A month in which nothing happened."""
    return {
        "schema": 1, "county": {"region": "141123000000", "name": "兴县"},
        "period": {"year": 2025, "month": 3, "first_day": "2025-03-01", "last_day": "2025-03-31", "said": "2025年3月"},
        "known_at": "2025-04-03T10:00:00+08:00", "policy": {"version": "ZA-2021-1", "title": "“零事故”创建", "source": "通知 八"},
        "figures_revision": 1, "ratios": {"villages": share(254, 254), "units": share(1000, 1000, "90.00", split={})},
        "ranking": [], "before": None, "broken": [], "accidents": [], "late_reports": [], "overdue_hazards": [], "sources": [],
        "differences": [], "objections": [], "reasons": [], "overdue_sectors": [], "overdue_major": [], "findings": [], "risk_events": 0,
        **more,
    }  # fmt: skip


def a_full_month(**more: Any) -> dict[str, Any]:
    """Something in every chapter, sixteen townships."""
    codes = list(TOWNS)
    rows = [
        town(code, rank, moved)
        for rank, (code, moved) in enumerate(zip(codes[:15], [2, -1, 0, None] * 4, strict=False), 1)
    ]
    rows[14] |= {"veto": True, "village_ratio": None, "village_zero": 0, "village_total": 0}
    unit = broken_row("unit", "u1", "兴县某某煤业有限责任公司（整合重组主体）", enterprise="u1")
    late = {"code": "R1", "level": "enterprise", "level_name": "事故单位", "to": "county", "to_name": "县应急管理局"}
    return closing_content(
        ratios={
            "villages": share(215, 254, provisional=2),
            "units": share(998, 1000, "90.00", split={"enterprise": share(698, 700), "public_institution": share(300, 300)}),
        },
        ranking=[*rows, town(codes[15], None, None)],
        before={"as_of": "2025-02-28", "closing": None, "number": None},
        broken=[broken_row(), unit],
        accidents=[
            accident_row(),
            accident_row(OTHER, category="Z2", category_name="非生产经营性道路交通死亡事故", sector=None, direct_loss_yuan=None, in_statistics=False,
                     serious_injuries=2, nature="non_production"),
        ],
        late_reports=[
            {**late, "accident": ACCIDENT, "occurred_at": "2025-03-05T09:10:00+08:00", "due_at": "2025-03-05T10:10:00+08:00",
             "sent_at": "2025-03-05T11:30:00+08:00", "minutes": 80},
            {**late, "accident": OTHER, "occurred_at": "2025-03-09T09:10:00+08:00", "due_at": "2025-03-09T10:10:00+08:00", "sent_at": None,
             "minutes": 36000},
        ],
        overdue_hazards=[{"region": codes[0], "name": "蔚汾镇", "general": 5, "major": 1, "total": 6}],
        overdue_sectors=[{"sector": "coal_mine", "name": "煤矿", "general": 3, "major": 1, "total": 4},
                         {"sector": "fire_safety", "name": "消防", "general": 2, "major": 0, "total": 2}],
        overdue_major=[{"hazard": "h", "township": codes[0], "township_name": "蔚汾镇", "name": "兴县某某煤业有限责任公司", "sector": "coal_mine",
                        "sector_name": "煤矿", "due_on": "2025-03-20", "days": 14, "listed": "是"}],
        findings=[{"accident": ACCIDENT, "occurred_at": "2025-03-05T09:10:00+08:00", "township_name": "蔚汾镇", "kind": "late", "kind_name": "迟报",
                   "level": "enterprise", "level_name": "事故单位", "decided_on": "2025-03-12", "document": "兴应急认〔2025〕4号"}],
        sources=[{"source": "road", "name": "道路交通（公安交警）", "month": 3, "edition": 1, "nil_return": False, "rows": 2},
                 {"source": "fire", "name": "火灾（消防救援）", "month": 3, "edition": 1, "nil_return": True, "rows": 0}],
        differences=[{"source": "road", "month": 3, "kind": "created"}, {"source": "road", "month": 3, "kind": "matched"}],
        objections=[{"objection": 1, "accident": ACCIDENT, "township_name": "蔚汾镇", "about": "village", "about_name": "计入的村（社区）",
                     "reason": "不在本村", "state": "rejected", "state_name": "异议不成立", "answer": "坐标在村界内", "document": "兴安办复〔2025〕2号"}],
        risk_events=1,
        **more,
    )  # fmt: skip


def queries_of(call: Callable[[], Any]) -> int:
    """How many statements it costs, the first time not counted: accounts and rules are known by then."""
    call()
    with CaptureQueriesContext(connection) as seen:
        call()
    return len(seen)
