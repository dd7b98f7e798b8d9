"""A new scheme, or what its facts are read by: all units are evaluated by the worker, a message a batch."""

from __future__ import annotations

from django.utils import timezone

from enterprises.models import Enterprise
from safety_api.loads import Loaded, follows_loads
from supervision import actions

READ_BY_A_CLASS = ("supervision_scheme", "frequencies", "standardization", "unit_duties", "insurance_limits", "plan_duties")


@follows_loads
def evaluate_anew(loaded: Loaded) -> list[str]:
    """What begins later is met by the night of its first day."""
    since, today = loaded.first_of(*READ_BY_A_CLASS), timezone.localdate()
    if since is None or since > today or not Enterprise.objects.exists():
        return []
    actions.begin_run(today)
    return ["分类监管：已交后台重新评定全部在营单位"]
