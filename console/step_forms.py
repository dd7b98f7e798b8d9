"""办理 The steps of a hazard as forms: what each asks for is read from the shape of its door, its condition stands in the flow's table."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple
from uuid import uuid4

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from enterprises.people.directory import organ_of, people_for
from evidence.actions import take_in
from hazards import actions
from hazards.actions.extensions import ANSWER, ASK
from hazards.serializers import ExtensionAnswerShape, ExtensionShape, NoteShape
from hazards.states import ONWARD, STEPS
from hazards.views.steps import DOORS
from reference import law
from safety_api.problems import INVALID, STALE, Problem
from safety_api.roles import ENFORCING
from safety_api.shapes import shared
from safety_api.stamps import etag_of

MOST_PEOPLE = 60
LABELS = {
    "note": "说明", "level": "级别", "standard_clause": "判定条款", "judged_by_expert": "专家判定意见", "deadline": "整改期限", "photos": "照片",
    "department": "接收部门", "companion": "另一名执法人员", "onsite_measures": "现场处理措施", "responsible_person": "整改责任人",
    "measures": "整改措施", "funds_yuan": "资金（元）", "emergency_plan": "应急预案", "statement": "整改情况", "cost_yuan": "费用（元）",
    "evaluation_report": "评估报告", "reason": "理由", "document": "决定文号", "description": "现在的情况", "interim_measures": "延期内的防范措施",
    "applicant": "单位的申请人", "approvals": "三方同意",
}  # fmt: skip
LEFT_OUT = frozenset({"id", "found_at", "device", "criterion", "sector", "materials", "outside_factor", "issue", "approvals"})
NOT_HERE = frozenset({"correct-wording"})  # a form of its own
AREA_FROM = 500  # signs
TWO = frozenset({"order", "pass", "fail"})  # by two officers, where officers take them
GRANT, DENY = "grant-extension", "deny-extension"
BOTH = {ANSWER: (GRANT, DENY)}
# name: (label, action on the hazard's or the extension's id, shape, condition said before)
EXTENSIONS: dict[str, tuple[str, Callable[..., Any], Any, str]] = {
    ASK: ("申请延期", actions.extensions.ask, ExtensionShape, "待批期间原期限不变；逾期的事实不因延期消除"),
    GRANT: ("同意延期", actions.extensions.grant, ExtensionAnswerShape, "部门负责人；挂牌督办的由安委办"),
    DENY: ("不同意延期", actions.extensions.deny, NoteShape, "写明理由"),
}


class Control(NamedTuple):
    """`kind`: area, text, date, moment, choice, many (one a line in `value`), photos, file, money, count."""

    name: str
    label: str
    kind: str
    required: bool
    value: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    wrong: str = ""
    most: int | None = None

    @property
    def chosen(self) -> list[str]:
        return self.value.splitlines()


class Form(NamedTuple):
    name: str
    label: str
    needs: str
    controls: list[Control]
    main: bool
    wrong: str = ""
    opened: bool = False


class Answered(NamedTuple):
    """What came of a form that was sent: nothing wrong, or the problem and what was typed."""

    name: str
    problem: Problem | ValidationError | None
    typed: Mapping[str, str]


def forms(hazard: Any, user: Any, answered: Answered | None = None) -> list[Form]:
    """The next step first; `hazard` is whole. What was typed into one of them stands in it again."""
    names = [name for each in hazard.may for name in BOTH.get(each, (each,)) if is_known(name)]
    names.sort(key=lambda name: name not in ONWARD)  # by the table's order within both
    asking = _Asking(hazard, user)
    return [_form(name, number == 0, asking, answered if answered and answered.name == name else None) for number, name in enumerate(names)]


def is_known(name: str) -> bool:
    return name in EXTENSIONS or (name in DOORS and name not in NOT_HERE)


def label_of(name: str) -> str:
    return EXTENSIONS[name][0] if name in EXTENSIONS else STEPS[name][0].label


def route_of(name: str) -> str:
    """The line of MAY of the door that does the same."""
    return {ASK: "extensions.ask", GRANT: "extensions.grant", DENY: "extensions.deny"}.get(name) or f"hazards.{STEPS[name][0].verb}"


class _Asking:
    """What the controls of one page choose from, looked up once and only when a form wants it."""

    def __init__(self, hazard: Any, user: Any):
        self.hazard, self.user, self.today = hazard, user, timezone.localdate()
        self._kept: dict[str, Any] = {}

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        if name not in self._kept:
            self._kept[name] = make()
        return self._kept[name]

    def people(self) -> tuple[tuple[str, str], ...]:
        rows = people_for(self.user, on=self.today).filter(role__in=ENFORCING).exclude(pk=self.user.pk).order_by("name", "pk")[:MOST_PEOPLE]
        shown = [(str(each.pk), f"{each.name}（{organ_of(each)}{'' if each.certificate else '，无执法证'}）", each) for each in rows]
        shown.sort(key=lambda each: not each[2].certificate)
        return tuple(each[:2] for each in shown)

    def departments(self) -> tuple[tuple[str, str], ...]:
        return tuple((each.code, each.name) for each in law.books().departments.values() if each.code != self.hazard.department_id)

    def limit(self) -> str:
        row = law.deadline(self.hazard.level, self.today)
        said = [f"不填为 {row['days']} 天"] if "days" in row else []
        said += [f"超过 {row['max_days_without_leader']} 天要负责人"] if "max_days_without_leader" in row and not self.user.is_leader else []
        return "；".join([*said, *([f"至多 {row['max_days']} 天"] if "max_days" in row else [])])


def _form(name: str, main: bool, asking: _Asking, answered: Answered | None) -> Form:
    typed, wrong = (answered.typed, faults(answered.problem)) if answered else ({}, {})
    shape = EXTENSIONS[name][2] if name in EXTENSIONS else DOORS[name][1]
    needs = EXTENSIONS[name][3] if name in EXTENSIONS else _needs(name, asking.hazard)
    fields = [(each, field) for each, field in shared(shape).fields.items() if each not in LEFT_OUT]
    controls = [_control(name, each, field, asking, typed.get(each, ""), wrong.get(each, "")) for each, field in fields]
    if "approvals" in shared(shape).fields and asking.hazard.production_stopped:
        controls += [each._replace(value=typed.get(each.name, ""), wrong=wrong.get(each.name, "")) for each in APPROVALS]
    named = {each.name for each in controls}
    rest = "；".join(said for each, said in wrong.items() if each not in named)
    return Form(name, label_of(name), needs, controls, main, rest, bool(answered) or main)


def _needs(name: str, hazard: Any) -> str:
    """What the row says by which this hazard would go."""
    rows = [step for step in STEPS[name] if hazard.state in step.before and any(party.meets(hazard) for party in step.by)]
    return "；".join(dict.fromkeys(step.needs for step in rows or STEPS[name]))


# --- controls -------------------------------------------------------------------------------------------------------------
PARTIES = {"chief": "煤矿主要负责人", "mine_safety_office": "矿山安全监察机构", "government": "县级以上政府"}
APPROVALS = [
    Control(f"approvals.{party}.{part}", f"{said}{label}", kind, False)
    for party, said in PARTIES.items()
    for part, label, kind in (("document", "同意的文号", "text"), ("date", "日期", "date"))
]


def _control(step: str, name: str, field: Any, asking: _Asking, value: str, wrong: str) -> Control:
    kind, choices = _kind(name, field, asking)
    hint = asking.limit() if name == "deadline" else "先拍照，再办这一步；一次可选几张" if kind == "photos" else ""
    label = LABELS.get(name) or field.label or name
    wanted = field.required or (name == "companion" and step in TWO and asking.user.role in ENFORCING)
    return Control(name, label, kind, wanted, value, choices, hint, wrong, getattr(field, "max_length", None))


def _kind(name: str, field: Any, asking: _Asking) -> tuple[str, tuple[tuple[str, str], ...]]:
    if name == "photos":
        return "photos", ()
    if name in ("companion", "department"):
        return "choice", asking.once(name, asking.people if name == "companion" else asking.departments)
    if isinstance(field, serializers.ChoiceField):
        return "choice", tuple((str(key), str(said)) for key, said in field.choices.items())
    if isinstance(field, serializers.DateField):
        return "date", ()
    if isinstance(field, serializers.DecimalField):
        return "money", ()
    return ("area" if (getattr(field, "max_length", 0) or 0) >= AREA_FROM else "text"), ()


# --- a form that was sent -------------------------------------------------------------------------------------------------
def take(name: str, hazard: Any, user: Any, typed: Mapping[str, str], files: Iterable[UploadedFile], seen: str) -> None:
    """Does what the door of the step does. `seen`: the tag of what was shown when the form was filled in.

    Raises STALE, INVALID (ValidationError) and what the action raises.
    """
    shape = EXTENSIONS[name][2] if name in EXTENSIONS else DOORS[name][1]
    body = _body(shape, typed)
    if "photos" in shared(shape).fields:
        body["photos"] = [_brought(each, user) for each in files]
    fields = shared(shape).run_validation(body)
    if name in EXTENSIONS:
        _check_seen(hazard, seen)
        key = hazard.pk if name == ASK else hazard.pending.pk if hazard.pending else None
        if key is None:
            raise STALE()
        EXTENSIONS[name][1](key, by=user, **fields)
    else:
        DOORS[name][0](hazard.pk, by=user, check_fresh=lambda row: _check_seen(row, seen), **fields)


def _check_seen(row: Any, seen: str) -> None:
    if seen and etag_of(row) != seen:
        raise STALE()


def _body(shape: Any, typed: Mapping[str, str]) -> dict[str, Any]:
    """What stands in the form; a field left empty was not sent."""
    names = shared(shape).fields
    body: dict[str, Any] = {name: typed[name] for name in names if name not in LEFT_OUT and typed.get(name, "").strip()}
    approvals = {party: _approval(typed, party) for party in PARTIES}
    if "approvals" in names and any(approvals.values()):
        body["approvals"] = {party: each for party, each in approvals.items() if each}
    return body


def _approval(typed: Mapping[str, str], party: str) -> dict[str, str]:
    said = {part: typed.get(f"approvals.{party}.{part}", "").strip() for part in ("document", "date")}
    return {part: each for part, each in said.items() if each}


def _brought(file: UploadedFile, user: Any) -> dict[str, Any]:
    """A photo's bytes are taken in before its record names them: one that is none is refused before the step is taken."""
    whole, key = hashlib.sha256(), uuid4()
    for chunk in file.chunks():
        whole.update(chunk)
    file.seek(0)
    take_in(key, file.chunks(), size=file.size, by=user)
    return {"id": str(key), "sha256": whole.hexdigest(), "size": file.size, "media_type": file.content_type or ""}


def faults(problem: Problem | ValidationError | None) -> dict[str, str]:
    """Control → what is wrong with it; "" for what is wrong with none of them."""
    if problem is None:
        return {}
    if isinstance(problem, ValidationError):
        return {name: "；".join(_said(detail)) for name, detail in _of(problem).items()}
    about = {each["pointer"].strip("/").replace("/", "."): each["detail"] for each in problem.errors}
    sentence = problem.kind.sentence(**problem.values)
    return about if about and problem.kind is INVALID else {"": str(problem.values.get("detail") or sentence), **about}


def _of(problem: ValidationError) -> dict[str, Any]:
    return problem.detail if isinstance(problem.detail, dict) else {"": problem.detail}


def _said(detail: Any) -> list[str]:
    if isinstance(detail, dict):
        return [said for each in detail.values() for said in _said(each)]
    return [said for each in detail for said in _said(each)] if isinstance(detail, list) else [str(detail)]

