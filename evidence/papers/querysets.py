"""Reading papers, in the words of the office."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from safety_api.permissions import nothing, scope_of
from safety_api.roles import ADMINS, Role

ROW = (
    "epoch", "xid", "kind", "nature", "title", "number", "issuer", "organ", "department_id", "year", "subject_kind", "subject_id",
    "region_code", "sector_id", "enterprise_id", "addressee", "issued_at", "issued_on", "issued_by_name", "replaces_id", "is_demo",
)  # fmt: skip


class IssuedQuerySet(QuerySet):
    def visible_to(self, user: Any) -> IssuedQuerySet:
        """The jurisdiction's, and one's own wherever issued; a unit reads what was made for it, not the office's plans."""
        if user.role in ADMINS:
            return self.filter(nothing())
        if user.role == Role.ENTERPRISE_OFFICER:
            return self.filter(scope_of(user), for_unit=True)
        return self.filter(scope_of(user) | Q(issued_by=user.pk))

    def of(self, *subjects: UUID | None, kinds: tuple[str, ...] = ()) -> IssuedQuerySet:
        """Papers made from these records and still standing, newest first."""
        rows = self.filter(subject_id__in=[each for each in subjects if each], corrected_by=None)
        return (rows.filter(kind__in=kinds) if kinds else rows).order_by("-issued_at")

    def naming(self, hazard: UUID, visit: UUID | None) -> IssuedQuerySet:
        """Made from the hazard, or from its visit and speaking of it."""
        own = Q(subject_id=hazard)
        return self.filter(
            own | Q(subject_id=visit, facts__problems__contains=[{"hazard": str(hazard)}]) if visit else own
        )

    def as_rows(self) -> IssuedQuerySet:
        """For a list: without facts and text."""
        return self.select_related("corrected_by").only(*ROW, "corrected_by__number", "corrected_by__replaces_id")


class DraftQuerySet(QuerySet):
    def visible_to(self, user: Any) -> DraftQuerySet:
        """The jurisdiction's, and one's own wherever made; drafts are the office's own."""
        if user.role in ADMINS | {Role.ENTERPRISE_OFFICER}:
            return self.filter(nothing())
        return self.filter(scope_of(user) | Q(made_by=user.pk))

    def open(self, is_so: bool = True) -> DraftQuerySet:
        waiting = Q(paper=None, discarded_at=None)
        return self.filter(waiting) if is_so else self.exclude(waiting)

    def of(self, *subjects: UUID | None) -> DraftQuerySet:
        """Waiting drafts of these records, newest first."""
        return self.open().filter(subject_id__in=[each for each in subjects if each]).order_by("-made_at", "pk")
