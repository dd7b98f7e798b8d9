"""导航 Where one can go, in the order of the day; each is shown to whom its page opens."""

from __future__ import annotations

from typing import Any, NamedTuple

from safety_api.permissions import MAY


class Place(NamedTuple):
    """`route`: the line of MAY by which its page opens (gate.py)."""

    label: str
    path: str
    route: str


PLACES = (
    Place("今日", "/", "inbox.list"),
    Place("隐患图", "/map", "map.tile"),
    Place("排名", "/ranking", "zero_accident.ranking"),
    Place("隐患", "/hazards", "hazards.list"),
    Place("检查", "/inspections", "inspections.list"),
    Place("任务", "/tasks", "tasks.list"),
    Place("单位", "/enterprises", "enterprises.list"),
    Place("事故", "/accidents", "accidents.list"),
    Place("文书", "/papers", "papers.list"),
    Place("台账", "/ledgers", "ledger_rectification.list"),
    Place("定稿", "/closings", "closings.list"),
    Place("名册导入", "/imports", "imports.list"),
    Place("账号", "/accounts", "accounts.list"),
    Place("后台任务", "/outbox", "outbox.list"),
    Place("留痕", "/trail", "trail.list"),
    Place("封存", "/trail/seals", "seals.list"),
)


def places_of(user: Any) -> list[Place]:
    return [place for place in PLACES if user.role in MAY[place.route]]


def place_at(path: str) -> str:
    """The path of the place a page belongs to: `/hazards` of `/hazards/17`; empty for none."""
    within = [place.path for place in PLACES if path == place.path or path.startswith(f"{place.path.rstrip('/')}/")]
    return max((each for each in within if each != "/" or path == "/"), key=len, default="")
