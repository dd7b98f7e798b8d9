"""Reading evaluations, in the words of the office; the day is an argument."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

MANUAL = ("effective", "first", "until", "reason", "document", "approver_name")


class EvaluationQuerySet(QuerySet):
    def in_force(self, day: date) -> EvaluationQuerySet:
        """Those about that day or an earlier one; the first is the one in force, as we know it now."""
        return self.filter(on__lte=day).order_by("enterprise_id", "-on", "-id")

    def one_each(self) -> EvaluationQuerySet:
        return self.distinct("enterprise_id")

    def of(self, user: Any, enterprise: UUID) -> EvaluationQuerySet:
        """Of one unit of this person's jurisdiction."""
        units = apps.get_model("enterprises", "Enterprise").objects.visible_to(user).filter(pk=enterprise)
        return self.filter(enterprise_id=enterprise, enterprise__in=units)

    def with_decisions(self, day: date) -> EvaluationQuerySet:
        """Adds what people decided by that day: `manual`, the last adjustment begun, and `accepted_on`."""
        manual = _of_same_unit("ManualClass").filter(first__lte=day).order_by("-id")
        accepted = _of_same_unit("Acceptance").filter(on__lte=day).order_by("-on")
        return self.annotate(
            manual=Subquery(manual.values(told=JSONObject(**{name: F(name) for name in MANUAL}))[:1]),
            accepted_on=Subquery(accepted.values("on")[:1]),
        )


def _of_same_unit(model: str) -> QuerySet:
    return apps.get_model("supervision", model).objects.filter(enterprise=OuterRef("enterprise"))
