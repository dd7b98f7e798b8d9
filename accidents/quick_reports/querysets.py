"""Reading quick reports: seen with their accident; drafts by the county alone."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from safety_api.roles import COUNTY


class QuickReportQuerySet(QuerySet):
    def visible_to(self, user: Any) -> QuickReportQuerySet:
        accidents = apps.get_model("accidents", "Accident").objects.visible_to(user)
        rows = self.filter(accident__in=accidents)
        return rows if user.role in COUNTY else rows.signed()

    def signed(self) -> QuickReportQuerySet:
        return self.filter(signed_at__isnull=False)

    def drafts(self) -> QuickReportQuerySet:
        return self.filter(signed_at=None)
