"""一票否决: proposed and withdrawn by the facts of an accident, confirmed, rejected and lifted by people on paper."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accidents.models import Accident
from assessment.models import Veto
from assessment.yearly import rules
from assessment.yearly.rules import Party, Reaction, Tenure
from assessment.yearly.states import VETO, PartyKind, VetoState
from assessment.yearly.working_out import facts_of, names_of
from geo.codes import whole
from reference import law
from safety_api.actors import Actor
from safety_api.problems import IN_THE_FUTURE, OUT_OF_ORDER
from safety_api.trail import SYSTEM
from safety_api.writing import Fresh, add, keep, locked
from zero_accident.models import AccidentEffect


# --- by the facts ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Ground:
    """What an accident gives a party: its grade, and the accident in words."""

    on: date
    county: str
    name: str
    grade: str
    said: str


@transaction.atomic
def follow(accidents: Iterable[UUID]) -> int:
    """Proposals for these accidents as their facts stand now; safe to repeat and in any order. Returns how many rows
    changed. At most nine queries when nothing changes, whatever the number.
    """
    keys = sorted(set(accidents), key=str)
    rows = Accident.objects.filter(pk__in=keys).order_by("pk").select_for_update(of=("self",))
    ground = grounds_of(list(rows))
    existing: dict[tuple[UUID, Party], Veto] = {}
    for veto in Veto.objects.filter(accident__in=keys).order_by("proposed_at", "pk").select_for_update(of=("self",)):
        existing[veto.accident_id, Party(veto.party_kind, veto.party)] = veto  # the last one of each
    both = sorted(ground.keys() | existing.keys())
    return sum(_react(key, existing.get(key), ground.get(key)) for key in both)


def follow_year(year: int) -> int:
    """What a lost message, or a policy loaded anew, left behind."""
    proposing = AccidentEffect.objects.filter(year=year, veto=True).values_list("accident", flat=True)
    proposed = Veto.objects.filter(year=year).values_list("accident", flat=True)
    return follow({*proposing, *proposed})


def grounds_of(rows: list[Accident]) -> dict[tuple[UUID, Party], Ground]:
    """Whom the accidents propose, by the policy and the supervision of their own days."""
    places = _proposing(rows)
    if not places:
        return {}
    larger = [row for row in rows if row.pk in places]
    names = names_of([*places.values(), *(row.region_code for row in larger)])
    supervise = [
        Tenure(each.department_id, each.sector_id, each.valid_from, each.valid_to)
        for each in law.books().assignments
        if each.role == "supervise"
    ]
    found = {}
    for row, fact in zip(larger, facts_of(larger, names, lambda code: None), strict=True):
        township = whole(places[row.pk][:9])
        for party in rules.vetoed(township, row.sector_id, fact.on, supervise):
            is_township, code = party.kind == PartyKind.TOWNSHIP, party.code
            name = names.get(code, code) if is_township else law.department(code).name
            county = whole(township[:6])
            found[row.pk, party] = Ground(fact.on, county, name, row.grade, rules.said(fact))
    return found


def _proposing(rows: Iterable[Accident]) -> dict[UUID, str]:
    """Accident → where it counts, of those that propose a veto under the policy of their own day."""
    policies: dict[UUID, str] = {}
    for row in rows:
        held = law.all_in_force(timezone.localdate(row.occurred_at), "zero_accident_policy")
        for each in held:  # of one kind one version a day
            policies[row.pk] = each.version
    effects = AccidentEffect.objects.filter(accident__in=policies, veto=True)
    columns = effects.values_list("accident", "policy", "region_code")
    return {key: place for key, policy, place in columns if policies[key] == policy}


def _react(key: tuple[UUID, Party], existing: Veto | None, ground: Ground | None) -> bool:
    state = VetoState(existing.state) if existing else None
    worse = bool(existing and ground and rules.is_worse(ground.grade, existing.grade))
    lost = bool(existing and existing.ground_lost_at)
    reaction = rules.reaction(state, ground=ground is not None, worse=worse, was_lost=lost)
    if reaction == Reaction.PROPOSE and ground:
        return _propose(key, ground)
    if existing is None:
        return False
    return HANDLING[reaction](existing, ground)


def _propose(key: tuple[UUID, Party], ground: Ground) -> bool:
    accident, (kind, code) = key
    row = Veto(
        region_code=ground.county, year=ground.on.year, party_kind=kind, party=code, party_name=ground.name,
        accident_id=accident, grade=ground.grade, said=ground.said, effective_from=ground.on, proposed_at=timezone.now(),
    )  # fmt: skip
    add(row, "veto.propose", by=SYSTEM, party=code, accident=str(accident), grade=ground.grade)
    return True


def _said_anew(row: Veto, ground: Ground | None) -> list[str]:
    """The columns that the accident's present facts change."""
    if ground is None:
        return []
    now = {"grade": ground.grade, "said": ground.said}
    changed = [name for name, value in now.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, now[name])
    return changed


def _refresh(row: Veto, ground: Ground | None) -> bool:
    changed = _said_anew(row, ground)
    if changed:
        keep(row, "veto.refresh", changed, by=SYSTEM, grade=row.grade)
    return bool(changed)


def _withdraw(row: Veto, ground: Ground | None) -> bool:
    row.state = VETO.after(row.state, "withdraw")
    keep(row, "veto.withdraw", ["state"], by=SYSTEM, accident=str(row.accident_id))
    return True


def _return(row: Veto, ground: Ground | None) -> bool:
    row.state = VETO.after(row.state, "propose")
    row.proposed_at = timezone.now()
    columns = ["state", "proposed_at", *_said_anew(row, ground)]
    keep(row, "veto.propose", columns, by=SYSTEM, party=row.party, accident=str(row.accident_id), grade=row.grade)
    return True


def _lose(row: Veto, ground: Ground | None) -> bool:
    if row.ground_lost_at is not None:
        return False
    row.ground_lost_at = timezone.now()
    keep(row, "veto.lose_ground", ["ground_lost_at"], by=SYSTEM, accident=str(row.accident_id))
    return True


def _regain(row: Veto, ground: Ground | None) -> bool:
    """The ground is there, again or still; what a person confirmed keeps its words."""
    if row.ground_lost_at is None:
        return False
    row.ground_lost_at = None
    keep(row, "veto.regain_ground", ["ground_lost_at"], by=SYSTEM, accident=str(row.accident_id))
    return True


def _nothing(row: Veto, ground: Ground | None) -> bool:
    return False


HANDLING = {
    Reaction.REFRESH: _refresh,
    Reaction.WITHDRAW: _withdraw,
    Reaction.RETURN: _return,
    Reaction.LOSE: _lose,
    Reaction.REGAIN: _regain,
    Reaction.NOTHING: _nothing,
}


# --- by people -------------------------------------------------------------------------------------------------------
@transaction.atomic
def confirm(
    veto: UUID, *, by: Actor, document: str, effective_from: date | None = None, reason: str = "", fresh: Fresh = None
) -> Veto:
    """确认否决, on paper. Raises NOT_FOUND, STALE, WRONG_STEP, OUT_OF_ORDER before the accident, IN_THE_FUTURE."""
    row = _decided(veto, "confirm", by, fresh, reason)
    happened = timezone.localdate(row.accident.occurred_at)
    row.effective_from = effective_from or happened
    _check_order(row.effective_from, happened, "/effective_from")
    row.document = document
    columns = ["document", "effective_from"]
    return _keep_decision(row, "veto.confirm", columns, by=by, party=row.party, document=document)


@transaction.atomic
def reject(veto: UUID, *, by: Actor, reason: str, fresh: Fresh = None) -> Veto:
    """不予否决, with the reason. Raises NOT_FOUND, STALE, WRONG_STEP."""
    row = _decided(veto, "reject", by, fresh, reason)
    return _keep_decision(row, "veto.reject", [], by=by, party=row.party, reason=reason)


def _decided(veto: UUID, step: str, by: Actor, fresh: Fresh, reason: str) -> Veto:
    row = locked(Veto.objects.visible_to(by), veto, fresh)
    row.state = VETO.after(row.state, step)
    row.decided_by, row.decided_name, row.decided_at, row.reason = by.pk, by.name, timezone.now(), reason
    return row


def _keep_decision(row: Veto, verb: str, columns: list[str], *, by: Actor, **details: Any) -> Veto:
    decision = ["state", "decided_by", "decided_name", "decided_at", "reason"]
    return keep(row, verb, [*decision, *columns], by=by, **details)


@transaction.atomic
def lift(veto: UUID, *, by: Actor, document: str, reason: str, on: date, fresh: Fresh = None) -> Veto:
    """解除, on paper. Raises NOT_FOUND, STALE, WRONG_STEP, OUT_OF_ORDER before it began, IN_THE_FUTURE."""
    row = locked(Veto.objects.visible_to(by), veto, fresh)
    row.state = VETO.after(row.state, "lift")
    _check_order(on, row.effective_from, "/on")
    row.lifted_on, row.lift_document, row.lift_reason = on, document, reason
    row.lifted_by, row.lifted_name = by.pk, by.name
    columns = ["state", "lifted_on", "lift_document", "lift_reason", "lifted_by", "lifted_name"]
    return keep(row, "veto.lift", columns, by=by, party=row.party, document=document, reason=reason)


def _check_order(day: date, earlier: date, pointer: str) -> None:
    if day < earlier:
        raise OUT_OF_ORDER.at(pointer)
    if day > timezone.localdate():
        raise IN_THE_FUTURE.at(pointer)
