"""疑似重复 The verbs and shapes of pairs (pairs.py)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from safety_api.actors import Actor
from safety_api.doors import Filters
from safety_api.pairs import Pair, PairState
from safety_api.problems import NOT_FOUND, TWICE, WRONG_STEP
from safety_api.shapes import RecordId, Shape, reason
from safety_api.trail import record
from safety_api.writing import locked


# --- verbs, in the caller's transaction -----------------------------------------------------------------------------------
def both(rows: Any, one: Any, other: Any) -> tuple[Any, Any]:
    """Locked in the order of their ids, so that two people never wait for each other. Raises TWICE, NOT_FOUND."""
    if one == other:
        raise TWICE.at("/into")
    found = {row.pk: row for row in rows.select_for_update(of=("self",)).filter(pk__in=[one, other]).order_by("pk")}
    if len(found) < 2:
        raise NOT_FOUND()
    return found[one], found[other]


def answer(pairs: type[Pair], one: Any, other: Any, by: Actor, **columns: Any) -> Pair:
    """Writes down what a person decided of two records, proposed or not."""
    first, second = sorted((one, other), key=lambda row: (row.received_at, row.pk))
    rows: Any = pairs.objects
    pair, _ = rows.get_or_create(first=first, second=second)
    return _answered(pair, by, columns)


def _answered(pair: Pair, by: Actor, columns: dict[str, Any]) -> Pair:
    columns |= {"by_id": by.pk, "by_name": by.name, "answered_at": timezone.now()}
    for name, value in columns.items():
        setattr(pair, name, value)
    pair.save(update_fields=list(columns))
    return pair


def dismiss(pairs: type[Pair], pair_id: int, verb: str, *, by: Actor, reason: str) -> Pair:
    """Not one record: not proposed again. Raises NOT_FOUND, WRONG_STEP for one that was answered."""
    pair = locked(pairs.objects.visible_to(by), pair_id)
    if pair.state != PairState.PROPOSED:
        raise WRONG_STEP(state=pair.state, step="dismiss")
    _answered(pair, by, {"state": PairState.DISMISSED, "reason": reason})
    record(by, verb, pair.second, other=str(pair.first.pk), reason=reason)
    return pair


# --- shapes ---------------------------------------------------------------------------------------------------------------
class PairJoinShape(Shape):
    into = RecordId(help_text="保留的记录；本条并入它")
    reason = reason()


class PairReasonShape(Shape):
    reason = reason()


class PairFilters(Filters):
    state = serializers.ChoiceField(choices=PairState.choices, required=False, default=PairState.PROPOSED)


class PairOut(serializers.Serializer):
    """With `first` and `second` as the app shows its records."""

    id = serializers.IntegerField()
    state = serializers.ChoiceField(choices=PairState.choices)
    proposed_at = serializers.DateTimeField()
    stays = serializers.UUIDField(source="stays_id", allow_null=True)
    reason = serializers.CharField()
    by_name = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)
