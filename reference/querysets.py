from datetime import date

from django.db.models import Q, QuerySet


class ClauseQuerySet(QuerySet):
    def standing(self) -> "ClauseQuerySet":
        return self.filter(withdrawn_at=None)


class DocumentQuerySet(QuerySet):
    def in_force(self, on: date) -> "DocumentQuerySet":
        """First and last day included."""
        return self.filter(Q(effective_to__isnull=True) | Q(effective_to__gte=on), effective_from__lte=on)
