"""What can be done with a closing: the rows of deeds.py for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from console.deeds import Body, Deed, asked, lines_of
from console.step_forms import Control
from reference.terms import Category, Nature

REASON = Control("reason", "理由", "area", True, most=1000)
KEY_OF = {"village": "village", "unit": "enterprise"}
MAY_REASON = REASON._replace(required=False, label="两边数字不同的，说明")


# --- what is sent -------------------------------------------------------------------------------------------------------------
def _of_month(*names: str) -> Callable[[dict[str, Any], Mapping[str, str]], Body]:
    return lambda row, typed: {"year": row["year"], "month": row["month"], "region": row["region"], **asked(*names)(row, typed)}


def _nil(row: dict[str, Any], typed: Mapping[str, str]) -> Body:
    return {**_of_month("source", "note")(row, typed), "nil_return": True}


def _objection(row: dict[str, Any], typed: Mapping[str, str]) -> Body:
    """`charged`: accident, kind, key, as one choice."""
    kind, key = ([*typed.get("charged", "").split(" "), "", "", ""])[1:3]
    return {"about": kind, KEY_OF.get(kind, "enterprise"): key, "reason": typed.get("reason", ""), "evidence": lines_of(typed.get("evidence", ""))}


def _uphold(row: dict[str, Any], typed: Mapping[str, str]) -> Body:
    about = typed.get("about", "")
    of = KEY_OF.get(about, "enterprise")
    taken_out = {"subject": about, "effect": "exclude", of: typed.get(of, "")}
    return {"upheld": True, "override": taken_out, **asked("answer", "document", "approved_by")(row, typed)}


def _reject(row: dict[str, Any], typed: Mapping[str, str]) -> Body:
    return {"upheld": False, "answer": typed.get("answer", "")}


# --- the table ----------------------------------------------------------------------------------------------------------------
CLOSING, ROW, OBJECTION = "zero-accident/closings/{key}", "zero-accident/source-rows/{of}", "zero-accident/objections/{of}"
SOURCE = Control("source", "哪个部门的", "choice", True)
NOTE = Control("note", "备注", "text", False, most=500)
ANSWER = Control("answer", "答复", "area", True, most=2000)
WHICH = Control("accident", "我方哪一起", "choice", True)
FILE = Control("file", "月报", "file", True)
CATEGORY = Control("category", "类别", "choice", False, choices=tuple(Category.choices))
NATURE = Control("nature", "性质", "choice", False, choices=tuple(Nature.choices))
CHARGED = Control("charged", "对哪一笔", "choice", True)
EVIDENCE = Control("evidence", "材料的名称、文号，一行一件", "area", True)
DOCUMENT, APPROVED = Control("document", "文书", "text", True, most=200), Control("approved_by", "批准人", "text", True, most=100)
DEEDS: dict[str, Deed] = {
    "list": Deed(
        "交一份月报", "source_lists.send_workbook", "", "lists",
        "一份 .xlsx，按空表的列；有误的各格逐一指出，整份不收。更正后重交成为新的一版", (SOURCE, FILE, NOTE), asked(),
    ),
    "nil": Deed("零报告", "source_lists.create", "zero-accident/source-lists", "lists", "这个月没有事故的，也要报一声", (SOURCE, NOTE), _nil),
    "match": Deed(
        "是我方这一起", "source_rows.match", f"{ROW}/match", "lists", "数字不同的另须说明，或更正我方记录", (WHICH, MAY_REASON),
        asked("accident", "reason"),
    ),
    "add": Deed(
        "补录为新事故", "source_rows.add", f"{ROW}/add", "lists", "我方没有这一起；补录与认定同时完成，不另计报告时限", (CATEGORY, NATURE),
        asked("category", "nature"),
    ),
    "set-aside": Deed("不补录", "source_rows.set_aside", f"{ROW}/set-aside", "lists", "不是我方应计的，写明理由", (REASON,), asked("reason")),
    "accept": Deed("说明差异", "source_rows.accept", f"{ROW}/accept", "lists", "两边各有依据；任何一边再变，须重新说明", (REASON,), asked("reason")),
    "undo": Deed("撤销这个认定", "source_rows.undo", f"{ROW}/undo", "lists", "已补录的事故不因此取消", (REASON,), asked("reason")),
    "explain": Deed(
        "说明对方为什么没有列", "source_differences.explain", "zero-accident/differences/explain", "lists", "我方有而对方未列的，写明理由",
        (REASON,), _of_month("source", "accident", "reason"),
    ),
    "no-objection": Deed(
        "我们没有异议", "closings.no_objection", f"{CLOSING}/no-objection", "objections", "所有乡镇都声明的，不必等异议期满", (), asked(), True
    ),
    "object": Deed(
        "提出异议", "objections.make", "accidents/{of}/objections", "objections", "附理由和材料；冻结以前都收", (CHARGED, REASON, EVIDENCE),
        _objection,
    ),
    "uphold": Deed(
        "异议成立，不计入", "objections.answer", f"{OBJECTION}/answer", "objections", "写明文书和批准人；更正同时完成",
        (ANSWER, DOCUMENT, APPROVED), _uphold,
    ),
    "reject": Deed("异议不成立", "objections.answer", f"{OBJECTION}/answer", "objections", "写明依据", (ANSWER,), _reject),
    "take-back": Deed("撤回异议", "objections.withdraw", f"{OBJECTION}/withdraw", "objections", "答复以前", (), asked()),
    "sign": Deed("签发", "closings.sign", f"{CLOSING}/sign", "signing", "由安委办，或应急管理局负责人；拟稿、核对的人不签", (), asked(), True),
    "withdraw": Deed("撤回签发", "closings.withdraw", f"{CLOSING}/withdraw", "signing", "冻结以前", (REASON,), asked("reason"), True),
    "freeze": Deed(
        "冻结", "closings.freeze", f"{CLOSING}/freeze", "freezing", "由签发人以外的人；此后不再改动，数字与签发时不同的不能冻结", (), asked(), True
    ),
    "revise": Deed(
        "修订", "closings.revise", f"{CLOSING}/revise", "freezing", "另立下一次修订，重新核对、签发、冻结；这一份永远可查", (REASON,),
        asked("reason"), True,
    ),
    "bulletin": Deed(
        "重新汇总通报", "bulletins.draft", f"{CLOSING}/bulletin", "bulletin", "按现在掌握的情况；已写的主送、要求等不变", (), asked()
    ),
}  # fmt: skip
