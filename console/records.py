"""一条记录 A unit, a visit, an accident as the office reads them: what the API tells of each, in sections, with links to what belongs to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from console import names
from console.asking import ask
from console.cells import Cell, Fact, day, late, level, link, moment, state, text
from console.gate import office
from console.listings import HAZARDS, INSPECTIONS
from console.lists import Column
from console.shown import shown

ROWS = 10


class Section(NamedTuple):
    """`facts`: label and cell; `notes`: sentences; `table`: rows of (label, cell); `more`: label and address of the whole list."""

    title: str
    facts: tuple[Fact, ...] = ()
    notes: tuple[str, ...] = ()
    table: tuple[list[Fact], ...] = ()
    more: tuple[str, str] | None = None
    empty: str = ""


class Told(NamedTuple):
    title: str
    marks: list[Cell]
    sections: list[Section]


def page_of(asks: str, route: str, tell: Callable[[HttpRequest, dict[str, Any], names.Names], Told], place: str) -> Callable[..., HttpResponse]:
    """`tell`: what is said of the record, by what its door answered."""

    @require_safe
    @office(route)
    def view(request: HttpRequest, key: UUID) -> HttpResponse:
        answer = ask(request, f"{asks}/{key}")
        if not answer.ok:
            raise Http404
        told = tell(request, answer.told, names.Names([answer.told]))
        return shown(request, "console/record.html", told=told, back=f"/{asks}", place=place)

    return view


def _rows(request: HttpRequest, path: str, columns: Iterable[Column], **parameters: Any) -> tuple[tuple[list[Fact], ...], int]:
    """Of a list, as far as the viewer may see it."""
    answer = ask(request, path, limit=ROWS, count="true", **parameters)
    if not answer.ok:
        return (), 0
    found = answer.told["results"]
    named = names.Names(found)
    return tuple([(column.label, column.show(row, named)) for column in columns] for row in found), answer.told.get("total", len(found))


# --- a unit --------------------------------------------------------------------------------------------------------------
def _unit(request: HttpRequest, row: dict[str, Any], _: names.Names) -> Told:
    key = row["id"]
    class_ = ask(request, f"enterprises/{key}/supervision-class")
    hazards, open_ones = _rows(request, "hazards", HAZARDS.columns, enterprise=key, open="true")
    visits, seen = _rows(request, "inspections", INSPECTIONS.columns[2:], enterprise=key)
    marks = [Cell(f"{row['class']} 类", "class", note="暂定" if row["class_provisional"] else "")] if row.get("class") else []
    return Told(row["name"], marks, [
        Section("单位", (
            ("地点", text(f"{row['township_name'] or ''}{row['region_name'] or ''} {row['address']}".strip())),
            ("行业领域", text(names.sector(row["sector"]))),
            ("统一社会信用代码", text(row["credit_code"] or row["no_credit_code_reason"])),
            ("负责人", text(row["principal_name"], note=row["principal_phone"])),
            ("开业", day(row["opened_on"])), ("最近检查", day(row["last_visit_on"])),
        )),
        *([_explained(class_.told)] if class_.ok else []),
        *([_counted(row["inspections_this_year"])] if row.get("inspections_this_year") else []),
        Section(f"未结隐患 {open_ones} 条", table=hazards, more=("全部隐患", f"/hazards?enterprise={key}"), empty="没有未结的隐患。"),
        Section(f"检查 {seen} 次", table=visits, more=("全部检查", f"/inspections?enterprise={key}"), empty="还没有检查过。"),
    ])  # fmt: skip


def _explained(told: dict[str, Any]) -> Section:
    """Why this class: the sentences of the rule, and the day on which it may be better."""
    facts: list[Fact] = [("自", day(told["since"])), ("总分", text(told["score"])), ("办法", text(told["scheme"]))]
    facts += [("最早可升类", day(told["next_upgrade_on"]))] if told.get("next_upgrade_on") else []
    return Section(f"为什么是 {told['class']} 类", tuple(facts), tuple(told["reasons"]))


def _counted(year: dict[str, Any]) -> Section:
    ceiling = text(f"{year['ceiling']} 次", note=year["source"]) if year.get("ceiling") is not None else text("没有定上限")
    made = text(f"{year['counted']} 次", note=f"今年还可 {year['left']} 次" if year.get("left") is not None else "")
    return Section("今年检查次数", (("已计入", made), ("上限", ceiling), ("机关", text(year["authority_name"]))))


# --- a visit ---------------------------------------------------------------------------------------------------------------
HAZARD_OF_VISIT = (
    Column("级别", lambda row, _: level(row["level"])),
    Column("隐患", lambda row, _: link(row["description"], f"/hazards/{row['id']}")),
    Column("检查项", lambda row, _: text(row.get("item"))),
)


def _visit(request: HttpRequest, row: dict[str, Any], named: names.Names) -> Told:
    where = row["enterprise_name"] or row["place"] or "没有编号的场所"
    hazards = tuple([(column.label, column.show(each, named)) for column in HAZARD_OF_VISIT] for each in _found(row))
    papers = tuple([("文书", _paper(each)), ("文号", text(each["number"]))] for each in row["papers"])
    photos = row["photos"]
    came = sum(each["state"] in ("held", "ready") for each in photos)
    return Told(f"检查 {where}", [], [
        Section("这次检查", (
            ("单位", link(where, f"/enterprises/{row['enterprise']}" if row["enterprise"] else "")),
            ("地点", text(named.place(row["region"]), note=row["place"])),
            ("检查人", text(row["by_name"])), ("开始", moment(row["started_at"])), ("结束", moment(row["finished_at"])),
            ("收到", moment(row["received_at"])), ("行业领域", text(names.sector(row["sector"]))),
            ("来源", text(row["source"]["number"] if row["source"] else "")), ("照片", text(f"{came}/{len(photos)} 张已到") if photos else text("")),
        ), tuple(each["detail"] for each in row["remarks"])),
        Section(f"隐患 {row['hazards_found']} 条", table=hazards, empty="没有发现隐患。"),
        Section("过程", tuple(_course(row))),
        Section("文书", table=papers, empty="没有随之出具的文书。"),
    ])  # fmt: skip


def _found(row: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in row["hazards"] if isinstance(each, dict)]


def _paper(row: dict[str, Any]) -> Cell:
    return link(row.get("title") or row["kind"], f"/api/v1/papers/{row['id']}.pdf")


def _course(row: dict[str, Any]) -> Iterable[Fact]:
    """Approval, notice, scan, certificates, record, result: each with its time and who, as far as it was told."""
    for name, label in (("approval", "批准"), ("notice", "通知"), ("scan", "扫码"), ("record", "记录"), ("result", "结果告知")):
        step = row.get(name)
        if step:
            who = step.get("approver_name") or step.get("to") or ""
            yield label, text(moment(step["at"]).text if step.get("at") else "已办", note=" ".join(filter(None, [who, step.get("number") or ""])))
        else:
            yield label, text("")
    yield "出示证件", text("已出示" if row["certificates_shown"] else "")


# --- an accident -------------------------------------------------------------------------------------------------------------
def _accident(request: HttpRequest, row: dict[str, Any], named: names.Names) -> Told:
    legs = tuple([
        ("谁报谁", text(f"{each['level_name']} 报 {each['to_name']}")), ("起算", moment(each["received_at"])), ("时限", moment(each["due_at"])),
        ("报出", moment(each["sent_at"])), ("", _leg(each)),
    ] for each in row["legs"])  # fmt: skip
    reports = tuple([("时间", moment(each["held_at"])), ("死亡", text(each["deaths"])), ("重伤", text(each["serious_injuries"])),
                     ("报告人", text(each["by_name"])), ("经过", text(each["course"] or each["note"]))] for each in row["reports"])  # fmt: skip
    decisions = tuple([
        ("日期", day(each["decided_on"])), ("理由", text(each["reason"])), ("文号", text(each["document"])), ("批准", text(each["approved_by"])),
        ("经手", text(each["by_name"])),
    ] for each in row["decisions"])  # fmt: skip
    marks = [Cell(row["grade_name"], "state")] if row["grade_name"] else []
    return Told(row["description"] or row["category_name"] or "事故", marks, [
        Section("事故", (
            ("发生", moment(row["occurred_at"])), ("地点", text(f"{named.place(row['region'])} {row['place']}".strip())),
            ("类别", text(row["category_name"])), ("死亡", text(f"{row['deaths']} 人")), ("重伤", text(f"{row['serious_injuries']} 人")),
            ("失联", text(f"{row['missing']} 人") if row["missing"] else text("")), ("统计", text("计入" if row["in_statistics"] else "未计入")),
            ("收到", moment(row["received_at"])), ("报告人", text(row["reporter_name"])),
        ), tuple(each["detail"] for each in row["remarks"])),
        Section("报告时限", table=legs, empty="没有要报的。"),
        Section("报告", table=reports, empty="还没有报告。"),
        Section("认定", table=decisions, empty="还没有认定。"),
    ])  # fmt: skip


def _leg(leg: dict[str, Any]) -> Cell:
    if leg["sent_at"]:
        return late(f"迟 {leg['minutes_late']} 分钟") if leg["late"] else state("按时", "closed")
    left = leg["minutes_left"]
    if left is None:
        return state("不再计")
    return late(f"已超 {-left} 分钟") if left < 0 else state(f"还有 {left} 分钟")


RECORDS = {
    "enterprises": page_of("enterprises", "enterprises.retrieve", _unit, "单位"),
    "inspections": page_of("inspections", "inspections.retrieve", _visit, "检查"),
    "accidents": page_of("accidents", "accidents.retrieve", _accident, "事故"),
}
