"""Every write of a class: evaluate, review, accept, set by hand.

Classes as they stand are locked before facts are read: of two at once, the one that writes last knows more.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import blake2b
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from rest_framework.exceptions import ErrorDetail, ValidationError

from enterprises.actions import set_classes
from enterprises.models import Enterprise
from safety_api.actors import Actor
from safety_api.outbox import send
from safety_api.parts import in_parts
from safety_api.problems import (
    BEFORE_THE_CLASS,
    CAP_NOT_LIFTED,
    IN_FUTURE,
    IN_PAST,
    LEADERS_ONLY,
    NO_CLASS_YET,
    NOT_A_REVIEW_DAY,
    NOT_FOUND,
    UNKNOWN_CAP,
    WRONG_STEP,
    ProblemKind,
)
from safety_api.trail import SYSTEM, record
from supervision import facts, rules
from supervision.deciding import decide, last_review_day
from supervision.models import Acceptance, CurrentClass, Evaluation, ManualClass, Step
from supervision.rules import CLASSES, ClassDecision, ClassHeld, Scheme
from supervision.schemes import document_on, scheme_called, scheme_on

BATCH = 2000
FIRST, LAST = UUID(int=0), UUID(int=2**128 - 1)
# What the calendar alone moves on. A night on which only these moved, and no point or cap with them, is no other
# evaluation: the one stored still explains the class, with its own day. (Else each of 500,000 units would get a row of
# 2.5 KB at least every month: 15 GB a year that say nothing.)
CLOCKS = frozenset(
    {
        "on",
        "months_operating",
        "months_since_fatal",
        "months_since_larger",
        "months_since_concealment",
        "stopped_months",
    }
)
SHOWN = ("supervision_class", "class_on", "class_provisional")
KEPT_COLUMNS = (
    "effective", "since", "step", "computed", "provisional", "evaluation", "evaluated_on", "fingerprint", "reviewed_on",
    "next_upgrade_on",
)  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """How many units had facts, how many evaluations were new, how many units show another class than before."""

    units: int = 0
    written: int = 0
    changed: int = 0

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(self.units + other.units, self.written + other.written, self.changed + other.changed)


# --- evaluating -----------------------------------------------------------------------------------------------------
def evaluate(enterprise_ids: Iterable[UUID], on: date, by: Actor = SYSTEM) -> Outcome:
    """Computes and writes down the class of these units as of a day; a batch is one transaction of so many statements.

    Down at once; up only on a review day. A day before the last evaluation of a unit only adds what we know of it.
    Repeating it writes nothing. Raises NO_RULE.
    """
    ids, done = sorted(set(enterprise_ids)), Outcome()
    for part in in_parts(ids, BATCH):
        done += _evaluate_batch(part, on, by)
    return done


def evaluate_after_correction(enterprise_ids: Iterable[UUID], on: date, by: Actor = SYSTEM) -> Outcome:
    """The same after something was taken back: a fall whose ground it was is taken back first, at once and not on a review day."""
    ids = sorted(set(enterprise_ids))
    for key in ids:
        take_back_falls(key, on, by)
    return evaluate(ids, on, by)


@transaction.atomic
def take_back_falls(enterprise: UUID, on: date, by: Actor = SYSTEM) -> int:
    """Falls by which the unit stands where it stands and whose ground has fallen away, the last one first; returns how many."""
    current = _locked([enterprise], on).get(enterprise)
    taken = 0
    while current is not None and not _is_past(current, on) and (back := _restored(current)):
        row = _back(current, back, on)
        row.save(force_insert=True)
        _move({enterprise: current}, [row], {enterprise}, scheme_on(on))
        _show_on_units([current], on, by)
        record(by, "supervision.take_back", current, on=on.isoformat(), effective=row.effective, reason=row.reason)
        taken += 1
    return taken


def _restored(current: CurrentClass) -> tuple[Evaluation, ClassHeld] | None:
    """The fall to where it stands, and the class held without its ground; None while the ground stands."""
    if current.since is None:
        return None
    rows = Evaluation.objects.filter(enterprise=current.pk)
    fall = rows.filter(step=Step.DOWN, effective=current.effective, since=current.since).order_by("-id").first()
    before = fall and rows.filter(on__lte=fall.on, id__lt=fall.pk).order_by("-on", "-id").first()
    if not fall or not before:
        return None
    given = facts.without_what_was_taken_back(current.pk, fall.facts, fall.on, fall.made_at)
    computed = rules.evaluate(given, scheme_called(fall.scheme) or scheme_on(fall.on)).class_
    if CLASSES.index(computed) >= CLASSES.index(fall.effective):
        return None
    keeps = CLASSES.index(computed) <= CLASSES.index(before.effective)
    return fall, ClassHeld(before.effective, before.since) if keeps else ClassHeld(computed, fall.since)


def _back(current: CurrentClass, back: tuple[Evaluation, ClassHeld], on: date) -> Evaluation:
    fall, held = back
    given = facts.gather([current.pk], on)[current.pk]
    current.effective, current.since = held.class_, held.since
    row = evaluation_of(current, given, on, scheme_on(on), timezone.now())
    row.effective, row.since, row.step = held.class_, held.since, Step.BACK
    row.reason = f"{fall.on}降为{fall.effective}类的依据已不存在，撤回降级，恢复为{held.class_}类"
    row.fingerprint = fingerprint_of(row)
    return row


def review(on: date, by: Actor = SYSTEM) -> Outcome:
    """The scheduled review of all units: the only day on which a class rises. Raises NOT_A_REVIEW_DAY, NO_RULE."""
    if not rules.is_review_day(on, scheme_on(on)):
        raise NOT_A_REVIEW_DAY(on=on.isoformat())
    return evaluate_all(on, by)


def evaluate_all(on: date, by: Actor = SYSTEM) -> Outcome:
    """All units in business, one batch after another."""
    done, after = Outcome(), FIRST
    while ids := _next_batch(on, after, LAST):
        done += _evaluate_batch(ids, on, by)
        after = ids[-1]
    return done


def begin_run(on: date) -> None:
    """The same by the worker in two lanes, a message a batch: two cores work, a killed worker loses one batch, and no
    other message waits long."""
    units = Enterprise.objects.order_by("pk").values_list("pk", flat=True)
    middle = next(iter(units[units.count() // 2 :][:1]), FIRST)
    _send_on(on, FIRST, middle)
    _send_on(on, middle, LAST)


@transaction.atomic
def continue_run(on: date, after: UUID, until: UUID) -> Outcome:
    """One batch of a lane, and the message for the next."""
    if not (ids := _next_batch(on, after, until)):
        return Outcome()
    _send_on(on, ids[-1], until)
    return _evaluate_batch(ids, on, SYSTEM)


def _send_on(on: date, after: UUID, until: UUID) -> None:
    send("supervision.run", {"on": on.isoformat(), "after": str(after), "until": str(until)})


def _next_batch(on: date, after: UUID, until: UUID) -> list[UUID]:
    units = _in_business(on).filter(pk__gt=after, pk__lte=until)
    return list(units.order_by("pk").values_list("pk", flat=True)[:BATCH])


def _in_business(on: date) -> Any:
    return Enterprise.objects.filter(Q(closed_on=None) | Q(closed_on__gt=on))


@transaction.atomic
def _evaluate_batch(ids: list[UUID], on: date, by: Actor) -> Outcome:
    scheme, now = scheme_on(on), timezone.now()
    classes = _locked(ids, on)
    found = facts.gather(classes, on)
    past = _in_force_then({key for key in found if _is_past(classes[key], on)}, on)
    fresh = [evaluation_of(past.get(key, classes[key]), given, on, scheme, now) for key, given in found.items()]
    known = {key: current.fingerprint for key, current in (classes | past).items()}
    written = Evaluation.objects.bulk_create(row for row in fresh if row.fingerprint != known[row.enterprise_id])
    present = [row for row in fresh if row.enterprise_id not in past]
    _move(classes, present, {row.enterprise_id for row in written}, scheme)
    changed = _show_on_units((classes[key] for key in found if key not in past), on, by)
    done = Outcome(len(found), len(written), changed)
    if written or changed:
        _record_evaluation(by, on, list(classes.values()), done)
    return done


def _locked(ids: list[UUID], on: date) -> dict[UUID, CurrentClass]:
    """The current classes of those in business, locked in the order of units; missing ones are made."""
    classes = _lock(ids, on)
    if len(classes) < len(ids):
        wanted = set(_in_business(on).filter(pk__in=ids).values_list("pk", flat=True))
        missing = sorted(wanted - classes.keys())
        if missing:
            CurrentClass.objects.bulk_create(
                [CurrentClass(enterprise_id=key) for key in missing], ignore_conflicts=True
            )
            classes = _lock(ids, on)
    return classes


def _lock(ids: list[UUID], on: date) -> dict[UUID, CurrentClass]:
    open_ones = Q(enterprise__closed_on=None) | Q(enterprise__closed_on__gt=on)
    rows = _to_lock().filter(open_ones, enterprise_id__in=ids).order_by("enterprise_id")
    return {row.enterprise_id: row for row in rows}


def _to_lock() -> Any:
    """Classes as they stand, with what their units show, and where they lie, in the same statement."""
    shown = {f"shown_{name}": F(f"enterprise__{name}") for name in SHOWN}
    rows = CurrentClass.objects.select_for_update(of=("self",)).select_related("manual")
    return rows.annotate(region_code=F("enterprise__region_code"), **shown)


def _is_past(current: CurrentClass, on: date) -> bool:
    return current.evaluated_on is not None and on < current.evaluated_on


def _in_force_then(units: set[UUID], on: date) -> dict[UUID, Evaluation]:
    """What was in force on a past day, by unit; where there was nothing, an evaluation without a class."""
    if not units:
        return {}
    rows = Evaluation.objects.filter(enterprise_id__in=units).in_force(on).one_each()
    return {key: Evaluation(enterprise_id=key) for key in units} | {row.enterprise_id: row for row in rows}


def evaluation_of(
    before: CurrentClass | Evaluation, given: Mapping[str, Any], on: date, scheme: Scheme, now: datetime
) -> Evaluation:
    """What is computed from these facts and what becomes of the class, not yet written. Pure.

    `before` is the current class, or for a past day the evaluation then in force.
    """
    computed = rules.evaluate(given, scheme)
    if isinstance(before, Evaluation) and before.effective:
        decision = _kept(before)
    else:
        decision = decide(before, computed.class_, on, scheme)
    row = Evaluation(
        enterprise_id=before.enterprise_id,
        on=on,
        made_at=now,
        scheme=scheme.version,
        facts=given,
        answer=computed.answer(),
        computed=computed.class_,
        score=computed.score,
        d_reason=computed.d_reason or "",
        provisional=computed.provisional,
        effective=decision.held.class_,
        since=decision.held.since,
        step=decision.step,
        reason=decision.reason,
    )
    row.fingerprint = fingerprint_of(row)
    return row


def preview(enterprise: UUID, on: date) -> Evaluation | None:
    """What a first evaluation would say, not written; None for a unit that was not in business then. Raises NO_RULE."""
    if not _in_business(on).filter(pk=enterprise).exists():
        return None
    given = facts.gather([enterprise], on).get(enterprise)
    if given is None:
        return None
    row = evaluation_of(CurrentClass(enterprise_id=enterprise), given, on, scheme_on(on), timezone.now())
    row.manual = row.accepted_on = None  # type: ignore[attr-defined]
    return row


def _kept(then: Evaluation) -> ClassDecision:
    """What is learnt later about a day is kept; the class carried out on it was what it was."""
    current = rules.ClassHeld(then.effective, then.since)
    return ClassDecision(current, Step.KEPT, "事后按当日情况重新评定，不改变当日执行的类别")


def fingerprint_of(row: Evaluation) -> str:
    """Equal for two evaluations of which the second says nothing new: see CLOCKS."""
    lasting = {name: value for name, value in row.facts.items() if name not in CLOCKS}
    lasting["standardization"] = {k: v for k, v in lasting["standardization"].items() if k != "expired_days"}
    answer = {name: value for name, value in row.answer.items() if name != "reasons"}
    text = json.dumps([row.scheme, lasting, answer, row.effective, str(row.since)], sort_keys=True, ensure_ascii=False)
    return blake2b(text.encode(), digest_size=16).hexdigest()


def _move(classes: Mapping[UUID, CurrentClass], rows: list[Evaluation], written: set[UUID], scheme: Scheme) -> None:
    """Classes follow what was written about them; a review day counts for all that it looked at."""
    moved = []
    for row in rows:
        current, reviewed = classes[row.enterprise_id], last_review_day(row.on, scheme)
        if row.enterprise_id in written:
            _take(current, row, scheme)
        elif current.reviewed_on is not None and current.reviewed_on >= reviewed:
            continue
        current.reviewed_on = max(reviewed, current.reviewed_on or reviewed)
        moved.append(current)
    CurrentClass.objects.bulk_create(
        moved, update_conflicts=True, unique_fields=["enterprise"], update_fields=KEPT_COLUMNS
    )


def _take(current: CurrentClass, row: Evaluation, scheme: Scheme) -> None:
    if row.step != Step.KEPT:
        current.step = row.step
    for name in ("effective", "since", "computed", "provisional", "fingerprint"):
        setattr(current, name, getattr(row, name))
    current.evaluation, current.evaluated_on = row, row.on
    current.next_upgrade_on = rules.next_upgrade_day(rules.ClassHeld(row.effective, row.since), scheme)


def _show_on_units(classes: Iterable[CurrentClass], on: date, by: Actor) -> int:
    """Writes the class in force onto units that show another one; their trail lines are those of set_classes."""
    wanted = [(current, in_force(current, on)) for current in classes if current.effective]
    found = [(current.pk, *shown) for current, shown in wanted if shown != _shown_now(current)]
    return set_classes(found, by=by) if found else 0


def in_force(current: CurrentClass, on: date) -> tuple[str, date, bool]:
    """(class, since, provisional): the one set by hand while it lasts and no cap stands in its way, else the effective one."""
    manual = current.manual
    if manual is not None and manual.first <= on <= manual.until and not _caps_in_the_way(current, manual):
        return manual.effective, manual.first, False
    assert current.since is not None
    return current.effective, current.since, current.provisional


def _caps_in_the_way(current: CurrentClass, manual: ManualClass) -> list[Mapping[str, Any]]:
    assert current.evaluation is not None
    return rules.caps_in_the_way(manual.effective, current.evaluation.answer["caps"], manual.lifted)


def _shown_now(current: Any) -> tuple[str, date | None, bool]:
    return current.shown_supervision_class, current.shown_class_on, current.shown_class_provisional


def _record_evaluation(by: Actor, on: date, classes: list[CurrentClass], done: Outcome) -> None:
    """One line a batch; about the unit when there is only one."""
    about = classes[0] if len(classes) == 1 else document_on(on)
    record(by, "supervision.evaluate", about, on=on.isoformat(), **asdict(done))


# --- what people decide ---------------------------------------------------------------------------------------------
@transaction.atomic
def accept(enterprise: UUID, *, by: Actor, on: date, document: str, note: str = "") -> CurrentClass:
    """现场验收 of a unit in D: it may rise at the next review.

    Raises NOT_FOUND, LEADERS_ONLY, NO_CLASS_YET, WRONG_STEP for a class that needs none, ValidationError for a day
    before the unit fell or to come.
    """
    current = _to_decide(enterprise, by)
    if current.effective not in scheme_on(timezone.localdate())["change"]["acceptance_required_from"]:
        raise WRONG_STEP(state=f"{current.effective}类", step="现场验收")
    _check_day("on", on, current.since)
    acceptance = Acceptance.objects.create(
        enterprise_id=enterprise, on=on, document=document, note=note, by_id=by.pk, by_name=by.name
    )
    current.accepted_on = max(on, current.accepted_on or on)
    current.save(update_fields=["accepted_on"])
    record(by, "supervision.accept", current, on=on.isoformat(), document=document, acceptance=acceptance.pk)
    return current


@transaction.atomic
def set_manual(
    enterprise: UUID, *, by: Actor, effective: str, until: date, reason: str, document: str, lifts: Sequence[Mapping[str, Any]] = ()
) -> CurrentClass:  # fmt: skip
    """人工调整 from today until its last day; it takes the place of an earlier one.

    `lifts`: by which paper each cap below the class is lifted. Raises NOT_FOUND, LEADERS_ONLY, NO_CLASS_YET,
    UNKNOWN_CAP, CAP_NOT_LIFTED, IN_FUTURE, ValidationError.
    """
    current, today = _to_decide(enterprise, by), timezone.localdate()
    if until < today:
        raise _wrong("until", IN_PAST)
    manual = ManualClass(
        enterprise_id=enterprise, effective=effective, first=today, until=until, reason=reason, document=document,
        lifts=_lifts(lifts, today), approver_id=by.pk, approver_name=by.name,
    )  # fmt: skip
    _check_caps(current, manual)
    manual.save()
    current.manual = manual
    current.save(update_fields=["manual"])
    record(
        by, "supervision.set_manual", current, effective=effective, until=until.isoformat(), document=document, lifts=manual.lifts
    )  # fmt: skip
    set_classes([(enterprise, *in_force(current, today))], by=by)
    return current


def _lifts(lifts: Sequence[Mapping[str, Any]], today: date) -> list[dict[str, Any]]:
    """As kept. Raises UNKNOWN_CAP for one that the scheme does not know, IN_FUTURE for a paper of a day to come."""
    known = {cap["id"] for cap in scheme_on(today)["caps"]}
    for place, each in enumerate(lifts):
        if each["cap"] not in known:
            raise UNKNOWN_CAP.at(f"/lifts/{place}/cap", said=each["cap"], cap=each["cap"])
        if each["date"] > today:
            raise IN_FUTURE.at(f"/lifts/{place}/date")
    return [{**each, "date": each["date"].isoformat()} for each in lifts]


def _check_caps(current: CurrentClass, manual: ManualClass) -> None:
    """封顶 is the scheme's word: a class above it stands on the paper that lifts it. Raises CAP_NOT_LIFTED."""
    if in_the_way := _caps_in_the_way(current, manual):
        said = "、".join(f"{cap['id']}（{cap['reason']}，最高{cap['class']}类）" for cap in in_the_way)
        raise CAP_NOT_LIFTED.at("/lifts", said=said, caps=said)


def _to_decide(enterprise: UUID, by: Actor) -> CurrentClass:
    """The current class, locked, for a leader of its jurisdiction."""
    if not Enterprise.objects.visible_to(by).filter(pk=enterprise).exists():
        raise NOT_FOUND()
    if not by.is_leader:
        raise LEADERS_ONLY()
    current = _to_lock().filter(pk=enterprise).exclude(effective="").first()
    if current is None:
        raise NO_CLASS_YET()
    return current


def _check_day(name: str, day: date, earliest: date | None) -> None:
    if day > timezone.localdate():
        raise _wrong(name, IN_FUTURE)
    if earliest and day < earliest:
        raise _wrong(name, BEFORE_THE_CLASS)


def _wrong(name: str, kind: ProblemKind) -> ValidationError:
    return ValidationError({name: [ErrorDetail(kind.sentence(), kind.code)]})


# --- from nothing ---------------------------------------------------------------------------------------------------
def differences() -> Iterator[str]:
    """A sentence for every class that its facts do not give again (`evaluate_classes --check`): none means whole."""
    classes = CurrentClass.objects.exclude(effective="").select_related("evaluation", "manual")
    shown = F("enterprise__supervision_class")
    for current in classes.annotate(shown=shown).iterator(chunk_size=BATCH):
        if why := _difference(current, timezone.localdate()):
            yield f"{current.pk}：{why}"


def _difference(current: Any, today: date) -> str:
    row = current.evaluation
    scheme = scheme_called(row.scheme)
    if scheme is None or rules.evaluate(row.facts, scheme).answer() != row.answer:
        return "按所存依据与方案重新计算，结果不同"
    if any(getattr(row, name) != getattr(current, name) for name in ("effective", "since", "computed", "provisional")):
        return "现行类别与最近评定不符"
    return "" if in_force(current, today)[0] == current.shown else "单位名册上的类别与现行类别不符"
