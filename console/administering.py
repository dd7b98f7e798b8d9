"""管理 The lists of the three administrators, and of those who bring lists in: each opens to whom the API's door opens."""

from __future__ import annotations

import json
from typing import Any

from console import names
from console.cells import Cell, late, link, moment, state, text
from console.lists import Column, Filter, Listing
from console.names import Names
from ledgers.importing import KINDS
from ledgers.models import Import
from safety_api.roles import Role

Row = dict[str, Any]
ROLES, STATES = dict(Role.choices), dict(Import.State.choices)
SHOWN = 300  # signs of a line's details


# --- accounts --------------------------------------------------------------------------------------------------------------
def _account(row: Row, _: Names) -> Cell:
    return link(row["name"], f"/accounts/{row['id']}", note=row["username"])


ACCOUNTS = Listing(
    "账号", "accounts", "accounts.list",
    (
        Column("姓名", _account),
        Column("岗位", lambda row, _: text(row["role_name"], note="负责人" if row["is_leader"] else "")),
        Column("管辖", lambda row, named: text(named.place(row["region"]))),
        Column("部门", lambda row, _: text(names.department(row["department"]))),
        Column("手机", lambda row, _: text(row["phone"])),
        Column("", lambda row, _: text("") if row["is_active"] else late("已停用")),
    ),
    (Filter("q", "用户名、姓名"), Filter("role", "岗位"), Filter("active", "启用")),
    unit="个", start=(("active", "true"),), makes=("建立账号", "/accounts/new"),
)  # fmt: skip


# --- the trail -------------------------------------------------------------------------------------------------------------
def _details(row: Row, _: Names) -> Cell:
    said = json.dumps(row["details"], ensure_ascii=False, default=str) if row["details"] else ""
    return text(said if len(said) <= SHOWN else f"{said[:SHOWN]}…")


TRAIL = Listing(
    "留痕", "trail", "trail.list",
    (
        Column("何时", lambda row, _: moment(row["at"])),
        Column("谁", lambda row, _: text(row["actor_name"] or "系统", note=ROLES.get(row["actor_role"], row["actor_role"]))),
        Column("做了什么", lambda row, _: text(row["verb"])),
        Column("对什么", lambda row, _: text(row["object_kind"], note=row["object_id"])),
        Column("在哪里", lambda row, named: text(named.place(row["region"]))),
        Column("内容", _details),
    ),
    (Filter("verb", "做了什么"), Filter("object_kind", "对象种类"), Filter("object_id", "对象编号"), Filter("actor", "人员编号")),
    unit="行",
)  # fmt: skip
SEALS = Listing(
    "封存", "trail/seals", "seals.list",
    (
        Column("号", lambda row, _: text(row["number"])),
        Column("封存", lambda row, _: moment(row["sealed_at"])),
        Column("行数", lambda row, _: text(row["lines"])),
        Column("摘要", lambda row, _: text(row["digest"], note=f"前一号 {row['before']}" if row["before"] else "")),
    ),
    (), unit="号", makes=("核验全部封存", "/trail/verify"),
)  # fmt: skip


# --- the outbox ------------------------------------------------------------------------------------------------------------
OUTBOX = Listing(
    "后台任务", "outbox", "outbox.list",
    (
        Column("号", lambda row, _: text(row["id"])),
        Column("任务", lambda row, _: text(row["topic"])),
        Column("写入", lambda row, _: moment(row["created_at"])),
        Column("下一次", lambda row, _: moment(row["due_at"])),
        Column("试过", lambda row, _: text(f"{row['attempts']} 次")),
        Column("", lambda row, _: late(f"已搁置，{moment(row['parked_at']).text}") if row["parked_at"] else state("待处理")),
        Column("原因", lambda row, _: text(row["error"])),
    ),
    (), unit="件", empty="没有待处理或搁置的后台任务。",
)  # fmt: skip


# --- lists that come in ------------------------------------------------------------------------------------------------------
def _import(row: Row, _: Names) -> Cell:
    return link(KINDS[row["kind"]].label, f"/imports/{row['id']}", note="只检查" if row["dry_run"] else "")


def import_state(row: Row) -> Cell:
    return late(STATES[row["state"]]) if row["state"] == Import.State.REFUSED else state(STATES[row["state"]], "closed" if row["ended_at"] else "")


IMPORTS = Listing(
    "名册导入", "imports", "imports.list",
    (
        Column("名册", _import),
        Column("交来", lambda row, _: moment(row["made_at"])),
        Column("谁", lambda row, _: text(row["by_name"])),
        Column("读到", lambda row, _: text(f"{row['rows_read']} 行")),
        Column("有问题", lambda row, _: text(f"{row['rows_bad']} 行") if row["rows_bad"] else text("")),
        Column("录入", lambda row, _: text(f"{row['rows_written']} 行") if row["rows_written"] else text("")),
        Column("", lambda row, _: import_state(row)),
    ),
    (Filter("kind", "名册"), Filter("state", "结果")), unit="份", empty="还没有交来过名册。", makes=("交一份名册", "/imports/new"),
)  # fmt: skip

PAGES = {"accounts": ACCOUNTS, "trail": TRAIL, "trail/seals": SEALS, "outbox": OUTBOX, "imports": IMPORTS}
