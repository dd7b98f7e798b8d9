"""Whose lists, templates and reconciliations one meets."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from safety_api.permissions import coded
from safety_api.roles import Role


class OfPerson(QuerySet):
    def visible_to(self, user: Any) -> OfPerson:
        """One's own; the bureau also those of its jurisdiction: what is wrong with a list quotes it, people and numbers too."""
        mine = Q(by_id=user.pk)
        theirs = user.role == Role.BUREAU_OFFICER and user.region
        return self.filter(mine | coded(user.region, "region") if theirs else mine)


class ByOffice(QuerySet):
    def visible_to(self, user: Any) -> ByOffice:
        """Those made in one's jurisdiction, and those of the offices above it: a county's template serves its townships."""
        if not user.region:
            return self.none()
        above = [user.region[:length] for length in (2, 4, 6, 9, 12) if length <= len(user.region)]
        return self.filter(coded(user.region, "region") | Q(region__in=above))
