"""延期 More time, asked for by the unit's principal and answered by a leader: records that never rewrite the past."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hazards.actions.deadlines import mark_overdue
from hazards.actions.ending import answered
from hazards.actions.rectifying import has_principal
from hazards.actions.reporting import step_line
from hazards.dates import answer_period
from hazards.models import Extension, Hazard, HazardStep
from hazards.states import State
from reference import law
from safety_api import outbox
from safety_api.actors import Actor
from safety_api.problems import (
    ALREADY_ANSWERED,
    DEADLINE_TOO_LONG,
    EXTENSION_PENDING,
    FORBIDDEN,
    LEADER_REQUIRED,
    NOT_FOUND,
    NOT_LATER,
    PRINCIPAL_REQUIRED,
    TOO_MANY_EXTENSIONS,
    UNIT_HAS_ACCOUNT,
    WRONG_STEP,
)
from safety_api.roles import DEPARTMENTS, ISSUERS, Role
from safety_api.trail import record
from safety_api.writing import locked

ASKED_FROM = frozenset({State.ORDERED, State.RECTIFYING})
GRANTED_IN = ASKED_FROM | {State.REVIEW_REQUESTED}  # the clock may have moved it on while the answer was awaited
STEP = "extend"


@transaction.atomic
def ask(
    hazard_id: UUID, *, by: Actor, deadline: date, reason: str, interim_measures: str, applicant: str = ""
) -> Extension:
    """延期申请 by the principal, or written down by an officer for a unit where no principal has an account; while it is pending the old
    deadline holds. Answer due by the dated rule (5 days; listed: 10 working days). Who answers is told at once (telling.py).

    Raises NOT_FOUND, WRONG_STEP, PRINCIPAL_REQUIRED, UNIT_HAS_ACCOUNT, EXTENSION_PENDING, TOO_MANY_EXTENSIONS, NOT_LATER, DEADLINE_TOO_LONG.
    """
    hazard = _locked(hazard_id, by, ASKED_FROM)
    _check_asks(by, hazard)
    _check_number(hazard, asking=True)
    _check_day(hazard, deadline)
    old = hazard.due_on or deadline  # whoever asks for more time has a deadline: `_check_day`
    asked = Extension(
        hazard=hazard, reason=reason, interim_measures=interim_measures, old_due_on=old, new_due_on=deadline,
        asked_at=timezone.now(), asked_by=by.pk, asked_by_name=by.name, answer_due_on=_answer_due(hazard),
        for_unit=by.role != Role.ENTERPRISE_OFFICER, applicant=applicant,
    )  # fmt: skip
    asked.save(force_insert=True)
    record(by, "hazard.ask-extension", hazard, deadline=str(deadline), extension=str(asked.pk))
    outbox.send("hazard.extension_asked", {"hazard": str(hazard_id), "extension": str(asked.pk)})
    return asked


def _check_asks(by: Actor, hazard: Hazard) -> None:
    if by.role == Role.ENTERPRISE_OFFICER:
        if not by.is_principal:
            raise PRINCIPAL_REQUIRED()
    elif has_principal(hazard.enterprise_id):
        raise UNIT_HAS_ACCOUNT()


# --- what a person may do ----------------------------------------------------------------------------------------------
ASK, ANSWER = "ask-extension", "answer-extension"


def possible(hazard: Hazard, by: Actor, extensions: Sequence[Extension]) -> list[str]:
    """Beside the steps of the table; `extensions` are all of the hazard. Whether an officer may ask for the unit is asked besides."""
    if any(each.answer == Extension.Answer.ASKED for each in extensions):
        return [ANSWER] if _answers(by, hazard) else []
    granted = sum(each.answer == Extension.Answer.GRANTED for each in extensions)
    asks = by.is_principal if by.role == Role.ENTERPRISE_OFFICER else by.role in ISSUERS
    return [ASK] if asks and hazard.state in ASKED_FROM and granted < most_extensions() else []


def _answers(by: Actor, hazard: Hazard) -> bool:
    if hazard.listed_level:
        return by.role == Role.COMMITTEE_OFFICER
    return by.is_leader and by.role in DEPARTMENTS


def most_extensions() -> int:
    return law.in_force("deadlines", timezone.localdate()).body["max_extensions"]


def _locked(hazard_id: UUID, by: Actor, states: frozenset[State]) -> Hazard:
    hazard = locked(Hazard.objects.visible_to(by), hazard_id)
    if hazard.state not in states:
        detail = f"当前状态为“{State(hazard.state).label}”，不能延期。"
        raise WRONG_STEP(state=hazard.state, step=STEP, detail=detail)
    return hazard


def _check_number(hazard: Hazard, *, asking: bool) -> None:
    answers = list(hazard.extensions.values_list("answer", flat=True))
    most = most_extensions()
    if asking and Extension.Answer.ASKED in answers:
        raise EXTENSION_PENDING()
    if answers.count(Extension.Answer.GRANTED) >= most:
        raise TOO_MANY_EXTENSIONS(most=most)


def _check_day(hazard: Hazard, deadline: date) -> None:
    """Later than what holds, and in one go no longer than a first deadline may be; only a listed hazard has longer."""
    if hazard.due_on is None or deadline <= max(hazard.due_on, timezone.localdate()):
        raise NOT_LATER.at("/deadline")
    longest = law.deadline(hazard.level, timezone.localdate())["max_days"]
    if (deadline - hazard.due_on).days > longest and not hazard.listed_level:
        raise DEADLINE_TOO_LONG.at("/deadline")


def _answer_due(hazard: Hazard) -> date:
    today = timezone.localdate()
    row = answer_period(hazard, today)
    return law.days_after(today, row["days"], row["day_kind"])


@transaction.atomic
def grant(extension_id: UUID, *, by: Actor, note: str = "") -> Extension:
    """同意延期. One granted after the deadline leaves the hazard marked as overdue since then.

    Raises NOT_FOUND, WRONG_STEP, FORBIDDEN, LEADER_REQUIRED, ALREADY_ANSWERED, TOO_MANY_EXTENSIONS.
    """
    asked, hazard = _to_answer(extension_id, by, GRANTED_IN)
    _check_number(hazard, asking=False)
    mark_overdue(hazard, before=hazard.state, on=timezone.localdate())
    hazard.due_on, hazard.term_by_rule, before = asked.new_due_on, False, hazard.state
    if before == State.REVIEW_REQUESTED and hazard.review_requested_on is None:
        hazard.state, hazard.review_due_on = _before_the_clock(hazard), None
    hazard.save(update_fields=["due_on", "term_by_rule", "overdue_since", "state", "review_due_on"])
    step_line(
        hazard, STEP, before, by=by, happened_at=timezone.now(), due_on=hazard.due_on, note=note,
        details={"extension": str(asked.pk)},
    ).save(force_insert=True)  # fmt: skip
    outbox.send("hazard.moved", {"hazard": str(hazard.pk), "step": STEP})
    return answered(asked, Extension.Answer.GRANTED, by, note, hazard)


def _before_the_clock(hazard: Hazard) -> str:
    """Where it stood when the deadline moved it on; with more time the unit goes on from there and asks for its review itself."""
    moved = HazardStep.objects.filter(hazard=hazard, step="fall-due").order_by("-id").first()
    return moved.before if moved else State.RECTIFYING


@transaction.atomic
def deny(extension_id: UUID, *, by: Actor, note: str) -> Extension:
    """不同意延期, with the reason; possible whatever has become of the hazard. Raises NOT_FOUND, FORBIDDEN, LEADER_REQUIRED, ALREADY_ANSWERED."""
    asked, hazard = _to_answer(extension_id, by, frozenset(State))
    return answered(asked, Extension.Answer.DENIED, by, note, hazard)


def _to_answer(extension_id: UUID, by: Actor, states: frozenset[State]) -> tuple[Extension, Hazard]:
    """Both rows, the hazard's locked: whoever answers second reads the first answer."""
    found = Extension.objects.filter(pk=extension_id).values_list("hazard_id", flat=True).first()
    if found is None:
        raise NOT_FOUND()
    hazard = _locked(found, by, frozenset(State))
    asked = Extension.objects.get(pk=extension_id)
    _check_answers(by, hazard)
    if asked.answer != Extension.Answer.ASKED:
        raise ALREADY_ANSWERED()
    return asked, hazard if hazard.state in states else _locked(found, by, states)


def _check_answers(by: Actor, hazard: Hazard) -> None:
    """A department's leader; of a listed hazard the listing body's office (安委办)."""
    if hazard.listed_level:
        if by.role != Role.COMMITTEE_OFFICER:
            raise FORBIDDEN(detail="挂牌督办的隐患延期由安委办答复。")
    elif by.role == Role.COMMITTEE_OFFICER:
        raise FORBIDDEN(detail="未挂牌的隐患延期由部门负责人答复。")
    elif not by.is_leader:
        raise LEADER_REQUIRED()
