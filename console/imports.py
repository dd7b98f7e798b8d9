"""名册导入 A list from Excel is sent, checked row by row by the worker, and taken in whole or not at all: where it is and what is wrong with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from console import names
from console.administering import import_state
from console.asking import ask, send
from console.cells import moment, text
from console.deeds import Deed, Sent, asked, form_of, spoken, typed_in
from console.gate import office
from console.records import Section, Told
from console.shown import shown
from console.step_forms import Control
from ledgers.importing import KINDS
from ledgers.models import Import
from safety_api.sheets import XLSX

OF_A_CHECKLIST = ("sector", "department", "version", "effective_from", "source", "title")
SEND = Deed(
    "交上去", "imports.send", "imports/{of}", "", "全部无误才录入，否则一行也不录；先勾“只检查”，看过逐行问题再交",
    (
        Control("kind", "哪一种名册", "choice", True), Control("file", "文件（.xlsx，按空表的列）", "file", True),
        Control("dry_run", "只检查，不录入", "choice", False, value="true", choices=(("true", "只检查"), ("false", "检查并录入"))),
        Control("sector", "检查表：行业领域", "choice", False), Control("department", "检查表：部门", "choice", False),
        Control("version", "检查表：版次", "text", False, most=30, hint="如 2026-1"), Control("effective_from", "检查表：施行日", "date", False),
        Control("source", "检查表：依据", "text", False, most=200), Control("title", "检查表：名称", "text", False, most=100),
    ), asked(),
)  # fmt: skip


@office("imports.send")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    sent, status = None, 200
    if request.method == "POST":
        typed = typed_in(request)
        kind, file = typed.get("kind", ""), request.FILES.get("file")
        names_ = ("dry_run", *(OF_A_CHECKLIST if kind == "checklists" else ()))
        answer = send(request, f"imports/{kind if kind in KINDS else 'none'}", file.read() if file else b"", XLSX, **asked(*names_)({}, typed))
        if answer.ok:
            return HttpResponse(status=303, headers={"Location": f"/imports/{answer.told['id']}"})
        sent, status = Sent("new", typed, answer.told), answer.status
    user: Any = request.user
    kinds = [(name, each.label) for name, each in KINDS.items() if user.role in each.roles]
    choices = {"kind": kinds, "sector": names.sectors(), "department": names.departments()}
    form = form_of("new", SEND, "/imports", choices=choices, sent=sent)._replace(opened=True)
    return shown(request, "console/import_new.html", status, form=form, kinds=kinds, problem=spoken(sent) if sent else "")


@require_safe
@office("imports.retrieve")
def one(request: HttpRequest, key: UUID) -> HttpResponse:
    """While it waits the page looks again by itself, without a script too."""
    answer = ask(request, f"imports/{key}")
    if not answer.ok:
        raise Http404
    row = answer.told
    waits = row["state"] == Import.State.WAITING
    return shown(request, "console/record.html", told=_told(row, waits), back="/imports", place="名册导入", again=3 if waits else 0)


def _told(row: dict[str, Any], waits: bool) -> Told:
    so_far = row["progress"]
    progress = "，".join(f"{word} {so_far[name]} 行" for name, word in (("read", "已读"), ("checked", "已查"), ("written", "已写")) if name in so_far)
    faults = tuple([
        ("行", text(each["row"])), ("列", text(each["heading"])), ("内容", text(each["value"])), ("问题", text(each["reason"])),
    ] for each in row["faults"])  # fmt: skip
    notes = tuple(filter(None, (row["fault"], *row["warnings"], f"正在处理：{progress or '等候'}。这一页会自己更新。" if waits else "")))
    report = (("逐行问题（Excel）", f"/api/v1/imports/{row['id']}/report.xlsx"),) if faults else ()
    return Told(KINDS[row["kind"]].label, [import_state(row)], [
        Section("这一份", (
            ("交来", moment(row["made_at"])), ("谁", text(row["by_name"])), ("方式", text("只检查" if row["dry_run"] else "检查并录入")),
            ("读到", text(f"{row['rows_read']} 行")), ("有问题", text(f"{row['rows_bad']} 行")), ("录入", text(f"{row['rows_written']} 行")),
            ("完成", moment(row["ended_at"])),
        ), notes, links=report),
        Section("逐行问题", table=faults, empty="没有发现问题。" if not waits else "还没有查完。"),
    ])  # fmt: skip
