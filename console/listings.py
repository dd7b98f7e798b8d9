"""The lists of the office, each a table: what it asks, what it shows, by what it can be narrowed."""

from __future__ import annotations

from typing import Any

from console import names
from console.cells import Cell, day, late, level, link, moment, state, text
from console.lists import Column, Filter, Listing
from console.names import Names

Row = dict[str, Any]
PLACE, SECTOR = Filter("region", "乡镇"), Filter("sector", "行业领域")
WORDS = Filter("q", "单位、村、文字、拼音")


def _place(row: Row, named: Names) -> Cell:
    return text(named.place(row["region"]))


def _sector(row: Row, _: Names) -> Cell:
    return text(names.sector(row["sector"]))


# --- hazards -------------------------------------------------------------------------------------------------------------
def _hazard(row: Row, named: Names) -> Cell:
    where = row["enterprise_name"] or row["place"]
    return link(row["description"], f"/hazards/{row['id']}", note="，".join(filter(None, [where, named.place(row["region"])])))


def _hazard_state(row: Row, _: Names) -> Cell:
    return late("逾期") if row["overdue"] else state(row["state_name"], row["state"])


HAZARDS = Listing(
    "隐患", "hazards", "hazards.list",
    (
        Column("级别", lambda row, _: level(row["level"])),
        Column("隐患", _hazard),
        Column("行业领域", _sector),
        Column("发现", lambda row, _: day(row["found_at"]), "found_at"),
        Column("整改期限", lambda row, _: day(row["deadline"]), "deadline"),
        Column("状态", _hazard_state),
    ),
    (
        WORDS, Filter("open", "未结"), Filter("waiting_for", "轮到谁", "等我办的"), Filter("overdue", "逾期", "只看逾期"),
        Filter("level", "级别"), PLACE,
    ),
    (
        Filter("state", "状态"), SECTOR, Filter("department", "部门"), Filter("origin", "来源"), Filter("listed", "挂牌督办", "只看挂牌"),
        Filter("mine", "我的", "我发现的"), Filter("repeat", "重复", "重复发现的"), Filter("found_from", "发现不早于"),
        Filter("found_before", "发现早于"), Filter("due_from", "期限不早于"), Filter("due_before", "期限早于"),
        Filter("extension_pending", "延期", "有待批的延期"), Filter("warning", "提示"), Filter("enterprise", "单位编号"),
    ),
    start=(("open", "true"),),
    empty="没有未结的隐患。",
)  # fmt: skip


FIGURES = Listing(
    "数字里的隐患", "hazard-figures/rows", "hazard_figure_rows.list",
    tuple(each._replace(sort="") for each in HAZARDS.columns),
    (Filter("figure", "哪一项"), Filter("from", "自月份"), Filter("to", "至月份"), PLACE, SECTOR, Filter("level", "级别")),
    (Filter("department", "部门"), Filter("origin", "来源")),
    start=(("figure", "open"),),
)  # fmt: skip


# --- visits --------------------------------------------------------------------------------------------------------------
def _visit(row: Row, named: Names) -> Cell:
    return link(row["enterprise_name"] or row["place"] or "没有编号的场所", f"/inspections/{row['id']}", note=named.place(row["region"]))


INSPECTIONS = Listing(
    "检查", "inspections", "inspections.list",
    (
        Column("单位", _visit),
        Column("行业领域", _sector),
        Column("检查人", lambda row, _: text(row["by_name"])),
        Column("开始", lambda row, _: moment(row["started_at"]), "started_at"),
        Column("隐患", lambda row, _: text(f"{row['hazards_found']} 条") if row["hazards_found"] else text("")),
        Column("提示", lambda row, _: text(f"{len(row['remarks'])} 条") if row["remarks"] else text("")),
    ),
    (WORDS, Filter("mine", "我的", "我检查或同行的"), PLACE, SECTOR, Filter("started_from", "开始不早于"), Filter("started_before", "开始早于")),
    (
        Filter("kind", "类别"), Filter("type", "检查方式"), Filter("authority", "依据"), Filter("complete", "照片齐全"), Filter("warning", "提示"),
        Filter("enterprise", "单位编号"),
    ),
    unit="次", empty="还没有检查记录。",
)  # fmt: skip


# --- units ---------------------------------------------------------------------------------------------------------------
def _unit(row: Row, _: Names) -> Cell:
    return link(row["name"], f"/enterprises/{row['id']}", note=f"{row['township_name'] or ''}{row['region_name'] or ''}")


def _class(row: Row, _: Names) -> Cell:
    return Cell(row["class"], "class", note="暂定" if row["class_provisional"] else "") if row.get("class") else text("")


ENTERPRISES = Listing(
    "单位", "enterprises", "enterprises.list",
    (
        Column("单位", _unit),
        Column("行业领域", _sector),
        Column("类", _class),
        Column("统一社会信用代码", lambda row, _: text(row["credit_code"])),
        Column("最近检查", lambda row, _: day(row["last_visit_on"]), "last_visit_on"),
    ),
    (WORDS, PLACE, SECTOR, Filter("class", "类"), Filter("status", "状态")),
    unit="家", empty="还没有登记的单位。",
)  # fmt: skip


# --- accidents -----------------------------------------------------------------------------------------------------------
def _accident(row: Row, named: Names) -> Cell:
    where = f"{named.place(row['region'])} {row['place']}".strip()
    return link(row["description"] or row["category_name"] or "事故", f"/accidents/{row['id']}", note=where)


ACCIDENTS = Listing(
    "事故", "accidents", "accidents.list",
    (
        Column("事故", _accident),
        Column("发生", lambda row, _: moment(row["occurred_at"])),
        Column("等级", lambda row, _: text(row["grade_name"])),
        Column("死亡", lambda row, _: text(row["deaths"])),
        Column("重伤", lambda row, _: text(row["serious_injuries"])),
        Column("统计", lambda row, _: text("计入" if row["in_statistics"] else "未计入")),
    ),
    (WORDS, Filter("open", "认定", "尚未认定的"), PLACE, SECTOR),
    (
        Filter("effect", "零事故"), Filter("policy", "口径"), Filter("year", "年"), Filter("occurred_before", "发生早于"),
        Filter("in_statistics", "计入统计"), Filter("finding", "违规报告"), Filter("warning", "提示"),
    ),
    unit="起", empty="没有事故。",
)  # fmt: skip


# --- tasks ---------------------------------------------------------------------------------------------------------------
def _task(row: Row, named: Names) -> Cell:
    where = row["enterprise_name"] or row["site_name"] or ""
    return link(where, f"/enterprises/{row['enterprise']}" if row["enterprise"] else "", note=named.place(row["region"]))


TASKS = Listing(
    "任务", "tasks", "tasks.list",
    (
        Column("单位", _task),
        Column("派给", lambda row, _: text("、".join(row["assignee_names"]))),
        Column("最迟", lambda row, _: late(day(row["due_on"]).text) if row["overdue"] else day(row["due_on"]), "due_on"),
        Column("说明", lambda row, _: text(row["note"])),
    ),
    (Filter("mine", "我的", "派给我的"), Filter("overdue", "到期", "到期未做的"), PLACE, SECTOR),
    (Filter("done", "做完", "做完的"), Filter("cancelled", "取消", "取消的"), Filter("due_from", "最迟日不早于"), Filter("due_before", "最迟日早于")),
    unit="件", empty="没有要做的任务。",
)  # fmt: skip

# --- villages and units that are not "zero accident" -------------------------------------------------------------------------
def _broken(row: Row, _: Names) -> Cell:
    return link(row["name"], f"/enterprises/{row['enterprise']}" if row["enterprise"] else "", note=row["township_name"] or "")


def _by_which(row: Row, _: Names) -> Cell:
    first = row["accidents"][0] if row["accidents"] else None
    return link(first["sentence"], f"/accidents/{first['accident']}", note=first["parameter"]["said"]) if first else text("")


BROKEN = Listing(
    "破零的村和单位", "zero-accident/broken", "zero_accident_broken.list",
    (
        Column("村、单位", _broken),
        Column("破零", lambda row, _: day(row["broken_on"])),
        Column("事故", _by_which),
        Column("依据", lambda row, _: text(row["accidents"][0]["parameter"]["source"]) if row["accidents"] else text("")),
        Column("", lambda row, _: state("性质待定") if row["provisional"] else text("")),
    ),
    (Filter("kind", "村还是单位"), PLACE, SECTOR, Filter("year", "年"), Filter("as_of", "截至")),
    unit="个", empty="今年没有破零的村和单位。",
)  # fmt: skip

SHORT = Listing(
    "未达创建标准的村和单位", "zero-accident/short", "zero_accident_short.list",
    (
        Column("村、单位", _broken),
        Column("还差", lambda row, _: text(row["sentence"])),
        Column("依据", lambda row, _: text(row["parameter"]["source"] if row["parameter"] else "")),
    ),
    (Filter("kind", "村还是单位"), PLACE, Filter("year", "年")),
    unit="个", empty="没有：今年的口径只看事故，或都已达到。",
)  # fmt: skip


def _zero(row: Row, _: Names) -> Cell:
    return link(row["name"], f"/enterprises/{row['enterprise']}" if row["enterprise"] else "", note=row["township_name"])


ZERO = Listing(
    "零事故的村和单位", "zero-accident/zero", "zero_accident_zero.list",
    (
        Column("村、单位", _zero),
        Column("所在村", lambda row, _: text(row["region_name"])),
        Column("行业领域", _sector),
    ),
    (Filter("kind", "村还是单位"), PLACE, SECTOR, Filter("year", "年"), Filter("as_of", "截至")),
    unit="个", empty="没有零事故的村和单位。",
)  # fmt: skip


# --- papers and closings -----------------------------------------------------------------------------------------------------
def _paper(row: Row, _: Names) -> Cell:
    return link(row["title"], f"/papers/{row['id']}", note=row["number"])


PAPERS = Listing(
    "文书", "papers", "papers.list",
    (
        Column("文书", _paper),
        Column("受文单位", lambda row, _: text(row["addressee"])),
        Column("机关", lambda row, _: text(row["organ"])),
        Column("出具", lambda row, _: moment(row["issued_at"]), "issued_at"),
        Column("出具人", lambda row, _: text(row["issued_by_name"])),
        Column("更正", lambda row, _: text(row["corrected_by"])),
    ),
    (
        Filter("kind", "种类"), Filter("mine", "我的", "我出具的"), Filter("year", "年"), Filter("issued_from", "出具不早于"),
        Filter("issued_before", "出具早于"),
    ),
    (Filter("department", "部门"), Filter("corrected", "更正"), Filter("enterprise", "单位编号")),
    unit="份", empty="还没有出具的文书。",
)  # fmt: skip


CLOSINGS = Listing(
    "定稿", "zero-accident/closings", "closings.list",
    (
        Column("哪一期", lambda row, _: link(row["said"], f"/closings/{row['id']}", note=f"第 {row['number']} 次修订" if row["number"] > 1 else "")),
        Column("到了哪一步", lambda row, _: state(row["state_name"], "closed" if row["state"] == "frozen" else "")),
        Column("开始核对", lambda row, _: day(row["opened_at"])),
        Column("签发", lambda row, _: day(row["signed_at"])),
        Column("冻结", lambda row, _: day(row["frozen_at"])),
        Column("修订原因", lambda row, _: text(row["reason"])),
    ),
    (Filter("year", "年"), Filter("month", "月（0 为全年）"), Filter("state", "到了哪一步")),
    unit="份", empty="还没有定稿：每月一日自动开始核对上个月。",
)  # fmt: skip

PAGES = {
    "hazards": HAZARDS, "hazard-figures": FIGURES, "inspections": INSPECTIONS, "tasks": TASKS, "enterprises": ENTERPRISES,
    "accidents": ACCIDENTS, "broken": BROKEN, "short": SHORT, "zero": ZERO, "papers": PAPERS, "closings": CLOSINGS,
}  # fmt: skip
