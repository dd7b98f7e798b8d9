"""一企一档: everything on a unit as of today, each part in the reader's own jurisdiction. A fixed number of statements."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from accidents.models import Accident
from enforcement.models import Dishonesty, Handover, Listing, StopOrder
from enterprises.kinds import KINDS
from enterprises.models import Enterprise, Insurance, Licence, StandardizationCertificate, StatedFact
from evidence.papers.models import Paper
from hazards.models import Hazard
from hazards.querysets import is_open, is_overdue
from hazards.states import State
from inspections.models import Inspection
from ledgers.files.sections import Section, newest, of_rows
from reference.terms import COLOUR_OF, HazardLevel
from risks.models import RiskAssessment
from safety_api.actors import Actor
from supervision.explaining import explained
from supervision.querysets import class_on

SOON = 30  # days before an end that are said to be near


def unit_file(unit: Enterprise, *, by: Actor, on: date) -> dict[str, Any]:
    """The sections of the file, in the order of the page. `by` has been found to see the unit."""
    return {
        "kind": "unit",
        "title": f"{unit.name}安全生产档案",
        "subject": {"id": unit.pk, "name": unit.name},
        "made_at": timezone.now(),
        "particulars": _particulars(unit),
        "sections": [make(unit, by, on).as_json() for make in SECTIONS],
    }


def _particulars(unit: Enterprise) -> list[dict[str, str]]:
    said = (
        ("名称", unit.name),
        ("统一社会信用代码", unit.credit_code or unit.no_credit_code_reason),
        ("类型", unit.get_unit_type_display()),
        ("主要行业", unit.sector.name),
        ("地址", unit.address),
        ("状态", unit.get_status_display()),
        ("最高风险等级", unit.get_risk_colour_display() if unit.risk_colour else "未辨识"),
    )
    return [{"name": name, "value": value or "—"} for name, value in said]


# --- sections ----------------------------------------------------------------------------------------------------------
def _class(unit: Enterprise, by: Actor, on: date) -> Section:
    row = class_on(unit.pk, on)
    columns = {"class": "执行类别", "score": "得分", "since": "自", "reason": "依据"}
    if row is None:
        return of_rows("class", "分类监管", columns, [])
    explanation = explained(row, on)
    why = explanation.get("reasons") or [""]
    first = {
        "class": explanation["class"],
        "score": explanation["score"],
        "since": explanation.get("since"),
        "reason": why[0],
    }
    more = ({"class": "", "score": "", "since": None, "reason": each} for each in why[1:])
    return of_rows("class", "分类监管", columns, [first, *more])


def _expiries(unit: Enterprise, by: Actor, on: date) -> Section:
    """Certificates, licences and insurances with the day each of them ends, the nearest first."""
    found = [
        *(
            _ends(row, f"标准化证书（{row.level}级）", row.certificate_no, on)
            for row in _known(StandardizationCertificate, unit)
        ),
        *(_ends(row, row.get_licence_display(), row.number, on) for row in _known(Licence, unit)),
        *(_ends(row, _policy(row), row.policy_no, on) for row in _known(Insurance, unit)),
        *(
            _ends(row, f"特种作业证（{row.value['operation']}）", row.value.get("number", ""), on)
            for row in _known(StatedFact, unit).filter(kind="special_operation")
        ),
    ]
    columns = {"what": "证照", "number": "编号", "from": "自", "until": "至", "standing": "情况"}
    return of_rows(
        "certificates", "证照与到期", columns, sorted(found, key=lambda each: (each["until"] or date.max, each["what"]))
    )


def _policy(row: Insurance) -> str:
    limit = f"每人 {row.limit_person_yuan:.0f} 元" if row.limit_person_yuan is not None else "每人限额不详"
    return f"安全生产责任保险（{limit}）"


def _known(model: Any, unit: Enterprise) -> Any:
    return model.objects.known().filter(enterprise=unit)


def _ends(row: Any, what: str, number: str, on: date) -> dict[str, Any]:
    return {"what": what, "number": number, "from": row.held_from, "until": row.held_to, "standing": _validity(row, on)}


def _validity(row: Any, on: date) -> str:
    if getattr(row, "state", "valid") != "valid":
        return row.get_state_display()
    if row.held_to is None or (row.held_to - on).days > SOON:
        return "有效" if row.held_from <= on else "未生效"
    return f"已到期 {(on - row.held_to).days} 天" if row.held_to < on else f"{(row.held_to - on).days} 天后到期"


def _facts(unit: Enterprise, by: Actor, on: date) -> Section:
    rows = StatedFact.objects.as_of(on).filter(enterprise=unit).order_by("-held_from", "pk")
    columns = {"what": "事项", "from": "自", "until": "至", "document": "依据", "source": "来源"}
    return newest("facts", "登记事项", columns, rows, lambda row: {
        "what": KINDS[row.kind].label, "from": row.held_from, "until": row.held_to, "document": row.document,
        "source": row.get_source_display(),
    })  # fmt: skip


def _risks(unit: Enterprise, by: Actor, on: date) -> Section:
    rows = RiskAssessment.objects.visible_to(by).in_force(on).filter(risk__enterprise=unit).select_related("risk")
    columns = {
        "name": "风险点",
        "colour": "现有风险等级",
        "level": "管控层级",
        "assessed_on": "评价日",
        "review_due_on": "下次评价不晚于",
    }
    return newest("risks", "风险点", columns, rows.order_by("residual_level", "-residual_score", "pk"), lambda row: {
        "name": row.risk.name, "colour": COLOUR_OF[row.residual_level].label, "level": row.get_control_level_display(),
        "assessed_on": row.assessed_on, "review_due_on": row.review_due_on,
    })  # fmt: skip


def _visits(unit: Enterprise, by: Actor, on: date) -> Section:
    rows = Inspection.objects.visible_to(by).single().filter(enterprise=unit).order_by("-started_at", "id")
    columns = {"day": "日期", "authority": "名义", "kind": "方式", "by": "检查人", "hazards": "发现隐患"}
    return newest("inspections", "检查", columns, rows, lambda row: {
        "day": timezone.localdate(row.started_at), "authority": row.get_authority_display(), "kind": row.get_kind_display(),
        "by": row.by_name, "hazards": row.hazards_found,
    })  # fmt: skip


def _counts(unit: Enterprise, by: Actor, on: date) -> Section:
    found = Hazard.objects.visible_to(by).filter(enterprise=unit).exclude(state=State.DRAFT).aggregate(
        found=Count("pk"), open=Count("pk", filter=is_open()), closed=Count("pk", filter=Q(state=State.CLOSED)),
        major=Count("pk", filter=is_open() & Q(level=HazardLevel.MAJOR)), overdue=Count("pk", filter=is_overdue(on)),
        listed=Count("pk", filter=is_open() & ~Q(listed_level="")),
    )  # fmt: skip
    columns = {
        "found": "累计",
        "open": "未销号",
        "major": "其中重大",
        "overdue": "其中逾期",
        "listed": "其中挂牌",
        "closed": "已销号",
    }
    return of_rows("hazard_counts", "隐患合计", columns, [{name: found[name] for name in columns}])


def _hazards(unit: Enterprise, by: Actor, on: date) -> Section:
    rows = Hazard.objects.visible_to(by).filter(enterprise=unit).exclude(state=State.DRAFT).order_by("-found_at", "id")
    columns = {"day": "发现", "what": "隐患", "level": "级别", "state": "状态", "due_on": "期限", "closed_on": "销号"}
    return newest("hazards", "隐患", columns, rows, lambda row: {
        "day": timezone.localdate(row.found_at), "what": row.description, "level": row.get_level_display(),
        "state": row.get_state_display(), "due_on": row.due_on, "closed_on": row.closed_on,
    })  # fmt: skip


def _papers(unit: Enterprise, by: Actor, on: date) -> Section:
    rows = Paper.objects.visible_to(by).filter(enterprise_id=unit.pk).order_by("-issued_at", "pk")
    columns = {"day": "日期", "title": "文书", "number": "文号", "organ": "机关"}
    return newest("papers", "执法文书", columns, rows, lambda row: {
        "day": row.issued_on, "title": row.title, "number": row.number, "organ": row.organ,
    })  # fmt: skip


def _enforcement(unit: Enterprise, by: Actor, on: date) -> Section:
    """Listings, stop orders, hand-overs and the dishonesty list together, the newest first."""
    found = [
        *(("挂牌督办", row.listed_on, row.document, row.get_state_display()) for row in _of(Listing, unit, by)),
        *(("停产停业", row.issued_on, row.document, row.get_state_display()) for row in _of(StopOrder, unit, by)),
        *(("审管衔接", row.sent_on, row.document, row.get_state_display()) for row in _of(Handover, unit, by)),
        *(
            ("严重失信", row.notified_on, row.decision_document, row.get_state_display())
            for row in _of(Dishonesty, unit, by)
        ),
    ]
    columns = {"what": "事项", "day": "日期", "document": "文号", "state": "状态"}
    in_order = sorted(found, key=lambda each: each[1], reverse=True)
    return of_rows(
        "enforcement", "督办、停产、移送与失信", columns, (dict(zip(columns, each, strict=True)) for each in in_order)
    )


def _of(model: Any, unit: Enterprise, by: Actor) -> Any:
    return model.objects.visible_to(by).filter(enterprise=unit)


def _accidents(unit: Enterprise, by: Actor, on: date) -> Section:
    rows = (
        Accident.objects.visible_to(by).filter(units__enterprise=unit, units__known_to=None, joined_to=None).distinct()
    )
    columns = {"day": "日期", "place": "地点", "grade": "等级", "deaths": "死亡", "status": "统计"}
    return newest("accidents", "事故", columns, rows.order_by("-occurred_at", "id"), lambda row: {
        "day": timezone.localdate(row.occurred_at), "place": row.place, "grade": row.get_grade_display(), "deaths": row.deaths,
        "status": row.get_stat_status_display(),
    })  # fmt: skip


SECTIONS: tuple[Callable[[Enterprise, Any, date], Section], ...] = (
    _class, _expiries, _facts, _risks, _visits, _counts, _hazards, _papers, _enforcement, _accidents,
)  # fmt: skip
