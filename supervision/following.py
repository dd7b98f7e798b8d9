"""A new scheme, or what its facts are read by: all units are evaluated by the worker, a message a batch. And the class of a past day
for the floors below.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from enterprises.models import Enterprise
from enterprises.upward import tells_classes
from safety_api.loads import Loaded, follows_loads
from supervision import actions
from supervision.models import Evaluation, ManualClass

READ_BY_A_CLASS = ("supervision_scheme", "frequencies", "standardization", "unit_duties", "insurance_limits", "plan_duties")


@follows_loads
def evaluate_anew(loaded: Loaded) -> list[str]:
    """What begins later is met by the night of its first day."""
    since, today = loaded.first_of(*READ_BY_A_CLASS), timezone.localdate()
    if since is None or since > today or not Enterprise.objects.exists():
        return []
    actions.begin_run(today)
    return ["分类监管：已交后台重新评定全部在营单位"]


@tells_classes
def class_in_force(unit: Any, day: Any) -> Any:
    """What somebody decided for that day, else what was evaluated last by then."""
    by_hand = ManualClass.objects.filter(enterprise=unit, first__lte=day, until__gte=day).order_by("-pk")
    evaluated = Evaluation.objects.filter(enterprise=unit, on__lte=day).order_by("-on", "-pk")
    return Coalesce(Subquery(by_hand.values("effective")[:1]), Subquery(evaluated.values("effective")[:1]))
