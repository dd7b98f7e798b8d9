"""Reading what was rescued."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from safety_api.permissions import inside
from safety_api.roles import BUREAU, Role

PLACING = BUREAU | {Role.TOWNSHIP_OFFICER}


class RescueQuerySet(QuerySet):
    def visible_to(self, user: Any) -> RescueQuerySet:
        """One's own; and of whoever works in one's jurisdiction for those who place them. The content may be anything: nobody else reads it."""
        mine = Q(by_id=user.pk)
        return self.filter(mine | inside(user.region) if user.role in PLACING and user.region else mine)

    def waiting(self) -> RescueQuerySet:
        return self.filter(state="waiting")

    def without_content(self) -> RescueQuerySet:
        return self.defer("content")


