"""Reading photos, in the words of those who judge by them."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F, Func, OuterRef, Q, QuerySet, Subquery, UUIDField

from accounts.models import User


class PhotoQuerySet(QuerySet):
    def of(self, kind: str, key: UUID) -> PhotoQuerySet:
        return self.filter(owner_kind=kind, owner_id=key)

    def as_entered(self) -> PhotoQuerySet:
        """In the order in which the phone named them; of before that was kept, one after another as they were written."""
        return self.order_by("declared_at", F("position").asc(nulls_last=True), "pk")

    def with_names(self) -> PhotoQuerySet:
        """Adds `by_name`; nothing of a person who is gone."""
        person = User.objects.filter(pk=OuterRef("declared_by")).values("name")
        return self.annotate(by_name=Subquery(person))

    def missing(self) -> PhotoQuerySet:
        """Whose bytes have not come: few, and the index `photo_missing` holds just these."""
        return self.filter(state="missing")

    def lost(self) -> PhotoQuerySet:
        """Of those the ones whose bytes had come: the storage has not kept them."""
        return self.missing().filter(lost_at__isnull=False)

    def flagged(self, flag: str) -> PhotoQuerySet:
        """The second part lets the index `photo_flagged` serve."""
        return self.filter(Q(flags__contains=[flag]) & ~Q(flags=[]))

    def subject_keys(self) -> QuerySet:
        """Of all their subjects."""
        return self.values_list(Func(F("subjects"), function="unnest", output_field=UUIDField()), flat=True)
