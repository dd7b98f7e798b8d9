"""Reading deliveries, in the words of the office."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from safety_api.permissions import scope_of


class DeliveryQuerySet(QuerySet):
    def visible_to(self, user: Any) -> DeliveryQuerySet:
        """Of matters of the own jurisdiction."""
        return self.filter(scope_of(user, region="message__region_code", sector="message__sector_id", unit=None))

    def waiting(self) -> DeliveryQuerySet:
        return self.filter(state="waiting")

    def due(self, at: datetime) -> DeliveryQuerySet:
        return self.waiting().filter(due_at__lte=at)

    def same_recipient(self, delivery: Any) -> DeliveryQuerySet:
        return self.filter(outlet=delivery.outlet, person=delivery.person_id, robot=delivery.robot_id)

    def older_than(self, moment: datetime) -> DeliveryQuerySet:
        return self.filter(Q(made_at__lt=moment) & ~Q(state="waiting"))
