"""The columns of a department's list as a workbook, and how their cells are read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from accidents.reports.serializers import MOST_PEOPLE
from reference.terms import Category
from safety_api.sheets import CellFault, Column, day, one_of, shown, text


def plain(most: int) -> Any:
    """Text that no spreadsheet would take for a formula when it is handed on."""

    def read(cell: Any) -> str:
        found = text(cell)
        if len(found) > most:
            raise ValueError(f"过长，至多 {most} 字")
        if found[:1] in ("=", "+", "@", "\t"):
            raise ValueError("不能以 =、+、@ 开头")
        return found

    return read


def people(cell: Any) -> int:
    found = shown(cell)
    if not (found.isascii() and found.isdigit() and len(found) <= 6 and int(found) <= MOST_PEOPLE):
        raise ValueError("应为不小于 0 的整数")
    return int(found)


def clock(cell: Any) -> time:
    """A time of day: of a cell of that kind, or written as 08:30."""
    if isinstance(cell, datetime):
        return cell.time()
    if isinstance(cell, time):
        return cell
    hour, _, minute = shown(cell).replace("：", ":").partition(":")
    try:
        return time(int(hour), int(minute[:2]))
    except ValueError:
        raise ValueError("不是时间，应形如 08:30") from None


COLUMNS = (
    Column("external_number", "对方编号", plain(60), True, "交警、消防自己的编号，同一月内不重复"),
    Column("day", "发生日期", day, True, "如 2026-10-12"),
    Column("time", "时间", clock, note="如 08:30，可不填"),
    Column("region", "地区", plain(60), True, "乡镇或村的名称或代码，如 蔚汾镇、蔚汾镇东关村、141123100"),
    Column("place", "地点", plain(200), note="路段、门牌"),
    Column("deaths", "死亡", people, True, "人数"),
    Column("serious_injuries", "重伤", people, note="人数，含急性中毒；不掌握的不填"),
    Column("category", "类别", one_of(Category.choices), note="Z1 至 Z8 或其名称；不确定的不填"),
    Column("description", "简要情况", plain(2000)),
)
BY_NAME = {column.name: column for column in COLUMNS}


@dataclass
class Entry:
    """A row as it came, and what is wrong with it."""

    line: int
    values: dict[str, Any]
    faults: list[CellFault] = field(default_factory=list)

    def fault(self, name: str, reason: str) -> None:
        value = self.values.get(name, "")
        self.faults.append(CellFault(self.line, BY_NAME[name].heading, shown(value), reason))
