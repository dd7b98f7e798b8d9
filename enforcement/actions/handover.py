"""审管衔接 A licence problem goes to the approving department and is tracked until answered; what it approves comes back."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from enforcement import periods
from enforcement.actions.writing import author, check_order, move
from enforcement.kinds import SubjectKind
from enforcement.messages import ANSWERED, OVERDUE, SENT
from enforcement.models import ApprovalNote, Handover
from enforcement.states import HANDOVER
from enforcement.subjects import resolve, subject_name_of
from inbox import actions as inbox
from inbox.letters import Letter, To, person, posts
from reference import law
from safety_api.actors import Actor
from safety_api.outbox import send
from safety_api.problems import ENDED_ALREADY, NOT_YOUR_DEPARTMENT, UNKNOWN_ENTERPRISE
from safety_api.roles import DEPARTMENTS, Role
from safety_api.trail import SYSTEM, line, record_many
from safety_api.writing import Fresh, add, keep, locked, rows_for

APPROVAL = "approval"  # 县行政审批服务管理局


@transaction.atomic
def send_over(
    *, by: Actor, problem: str, sent_on: date, hazard: UUID | None = None, enterprise: UUID | None = None,
    inspection: UUID | None = None, to_department: str = APPROVAL, licence_kind: str = "", licence_number: str = "",
    document: str = "",
) -> Handover:  # fmt: skip
    """抄告 about a hazard, or a unit with a visit's finding. Raises UNKNOWN_HAZARD, UNKNOWN_ENTERPRISE, OUTSIDE_JURISDICTION."""
    if not (hazard or enterprise):
        raise UNKNOWN_ENTERPRISE.at("/enterprise")
    about = resolve(by, hazard=hazard, enterprise=enterprise, department=by.department_id)
    handover = Handover(
        **about, **author(by), hazard_id=hazard, inspection_id=inspection, to_department_id=to_department, problem=problem,
        licence_kind=licence_kind, licence_number=licence_number, document=document, sent_on=sent_on,
        answer_due_on=periods.ends("handover_answer", sent_on),
    )  # fmt: skip
    add(handover, "handover.send", by=by, to=to_department, hazard=str(hazard) if hazard else None)
    inbox.send([_sent(handover)])
    return handover


@transaction.atomic
def answer(
    handover: UUID, *, by: Actor, on: date, answer: str, result: str, document: str = "", fresh: Fresh = None
) -> Handover:  # fmt: skip
    """答复, by the approving department, or written down from its paper by the side that sent it.

    Raises NOT_YOUR_DEPARTMENT, WRONG_STEP, BEFORE_LAST_STEP.
    """
    row = locked(rows_for(Handover, by), handover, fresh)
    if by.department_id and by.department_id not in (row.to_department_id, row.department_id):
        raise NOT_YOUR_DEPARTMENT()
    move(row, HANDOVER, "answer")
    check_order(on, row.sent_on)
    row.answered_on, row.answer, row.result, row.answer_document = on, answer, result, document
    row.answered_by, row.answered_by_name = by.pk, by.name
    columns = ["state", "answered_on", "answer", "result", "answer_document", "answered_by", "answered_by_name"]
    keep(row, "handover.answer", columns, by=by, on=str(on), result=result)
    inbox.end(SENT, OVERDUE, about=[row.pk])
    inbox.send([_answered(row)])
    return row


@transaction.atomic
def remind(*, on: date, by: Actor = SYSTEM) -> int:
    """催办: every unanswered one whose time has passed, and again after the interval; how many. Twice a day is once."""
    row = periods.period("handover_reminder", on)
    last = law.days_after(on, -row["days"], row["day_kind"])
    quiet = Q(reminded_on=None) | Q(reminded_on__lte=last)
    found = list(Handover.objects.overdue(on=on).filter(quiet).order_by("pk").select_for_update(of=("self",)))
    for each in found:
        each.reminders, each.reminded_on = each.reminders + 1, on
    Handover.objects.bulk_update(found, ["reminders", "reminded_on"], batch_size=500)
    record_many(line(by, "handover.remind", each, on=str(on), times=each.reminders) for each in found)
    inbox.send([_overdue(each, on) for each in found])
    return len(found)


def _overdue(row: Handover, on: date) -> Letter:
    """To the department that owes the answer and to the one that asked."""
    asked = posts(DEPARTMENTS, department=row.department_id) if row.department_id != row.to_department_id else ()
    return _letter(
        row, OVERDUE, f"{row.pk}/{on}", f"抄告逾期未答复（第{row.reminders}次催办）：{row.problem[:80]}，应于 {row.answer_due_on} 前答复",
        (*posts(DEPARTMENTS, department=row.to_department_id), *asked), on,
    )  # fmt: skip


def _sent(row: Handover) -> Letter:
    to = posts(DEPARTMENTS, department=row.to_department_id)
    return _letter(
        row, SENT, f"{row.pk}", f"收到抄告：{row.problem[:80]}，请于 {row.answer_due_on} 前答复", to, row.sent_on
    )


def _answered(row: Handover) -> Letter:
    """To the department that asked; where none is written down, to whoever did."""
    to = posts(DEPARTMENTS, department=row.department_id) if row.department_id else person(row.created_by)
    said = f"抄告已答复（{row.get_result_display()}）：{row.answer[:80]}"
    return _letter(row, ANSWERED, f"{row.pk}", said, to, row.answered_on or row.sent_on)


def _letter(row: Handover, kind: str, once: str, sentence: str, to: tuple[To, ...], day: date) -> Letter:
    return Letter(
        kind=kind, once=f"{kind}/{once}", thread=f"{OVERDUE}/{row.pk}" if kind == OVERDUE else "", sentence=sentence, to=to, day=day,
        about_kind="handover", about=row.pk, due_on=row.answer_due_on, region_code=row.region_code, sector=row.sector_id,
        department=row.to_department_id, enterprise=row.enterprise_id,
    )  # fmt: skip


# --- the other direction -------------------------------------------------------------------------------------------------
@transaction.atomic
def receive(
    *, by: Actor, matter: str, result: str, decided_on: date, received_on: date, subject_name: str = "",
    enterprise: UUID | None = None, sector: str | None = None, region: str | None = None,
    from_department: str = APPROVAL, department: str | None = None, licence_number: str = "",
    valid_to: date | None = None, note: str = "",
) -> ApprovalNote:  # fmt: skip
    """审批信息: what was approved, for the department that supervises it from now on. Raises what `resolve` raises, BEFORE_LAST_STEP."""
    check_order(received_on, decided_on, pointer="/received_on")
    about = resolve(by, enterprise=enterprise, sector=sector, region=region)
    about["department_id"] = department or law.lead_department(about["sector_id"], received_on)
    name = subject_name_of(SubjectKind.UNIT, subject_name, about["enterprise_id"])
    approval = ApprovalNote(
        **about, **author(by), from_department_id=from_department, subject_name=name, matter=matter, result=result,
        licence_number=licence_number, valid_to=valid_to, decided_on=decided_on, received_on=received_on, note=note,
    )  # fmt: skip
    add(approval, "approval_note.receive", by=by, result=result)
    send("approval_note.received", {"approval_note": str(approval.pk)})
    return approval


@transaction.atomic
def acknowledge(approval: UUID, *, by: Actor, on: date, note: str, fresh: Fresh = None) -> ApprovalNote:
    """接收监管, by the department it was meant for. Raises NOT_YOUR_DEPARTMENT, ENDED_ALREADY, BEFORE_LAST_STEP."""
    row = locked(rows_for(ApprovalNote, by), approval, fresh)
    if by.role == Role.DEPARTMENT_OFFICER and by.department_id not in (None, row.department_id):
        raise NOT_YOUR_DEPARTMENT()
    if row.acknowledged_on is not None:
        raise ENDED_ALREADY()
    check_order(on, row.received_on)
    row.acknowledged_on, row.acknowledged_by_name, row.acknowledged_note = on, by.name, note
    columns = ["acknowledged_on", "acknowledged_by_name", "acknowledged_note"]
    return keep(row, "approval_note.acknowledge", columns, by=by, on=str(on))
