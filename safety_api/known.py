"""Rows of two times: since when and until when we held them true, beside the time that they are about."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db.models import Q, QuerySet


class KnownQuerySet(QuerySet):
    def known(self, on: datetime | None = None) -> Self:
        """What we held true at that moment (aware); now when none is given."""
        if on is None:
            return self.filter(known_to=None)
        return self.filter(Q(known_to=None) | Q(known_to__gt=on), known_from__lte=on)
