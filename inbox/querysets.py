"""Reading messages, in the words of the office: whose they are is asked when they are read, so that a post's new holder has them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.deputies import deputations_of
from accounts.jurisdiction import department_of
from safety_api import merged
from safety_api.permissions import coded, significant
from safety_api.roles import ADMINS, Role

KEPT_BY = (9, 6)  # digits of a place by which an index keeps the addresses of a role: township, county


class MessageQuerySet(QuerySet):
    def addressed_to(self, user: Any, *, done: bool | None = None) -> list[MessageQuerySet]:
        """Lists that together hold what is for this person, each in the order of an index: to the person, and to the post held now."""
        return self._lists(addresses_of(user), (False, True) if done is None else (done,))

    def addressed_to_post(self, user: Any) -> list[MessageQuerySet]:
        """Without what is for the person alone; what is done and what is not."""
        return self._lists(addresses_of(user)[1:], (False, True)) or [self.none()]

    def _lists(self, addresses: list[Q], ends: tuple[bool, ...]) -> list[MessageQuerySet]:
        return [self.filter(address, addresses__is_open=not done) for address in addresses for done in ends]

    def visible_to(self, user: Any) -> MessageQuerySet:
        """The same in one list, for a single message."""
        found = Q()
        for address in addresses_of(user):
            found |= address
        return self.filter(found).distinct() if found else self.none()

    def of(self, *kinds: str) -> MessageQuerySet:
        return self.filter(kind__in=kinds)

    def about_record(self, kind: str, key: UUID) -> MessageQuerySet:
        return self.filter(about_kind=kind, about=key)

    def open(self) -> MessageQuerySet:
        return self.filter(done_at=None)

    def with_seen(self, user: Any) -> MessageQuerySet:
        return self.annotate(seen=Exists(_seen().filter(user=user.pk)))

    def unseen(self, user: Any) -> MessageQuerySet:
        return self.filter(~Exists(_seen().filter(user=user.pk)))

    def seen_by_any(self, is_so: bool = True) -> MessageQuerySet:
        return self.filter(Exists(_seen()) if is_so else ~Exists(_seen()))

    def with_first_seen(self) -> MessageQuerySet:
        """When somebody of a post saw it first, and who."""
        first = _seen().order_by("seen_at", "pk")
        return self.annotate(seen_at=first.values("seen_at")[:1], seen_name=first.values("name")[:1])


def _seen() -> QuerySet:
    return apps.get_model("inbox", "Seen").objects.filter(message=OuterRef("pk"))


def addresses_of(user: Any) -> list[Q]:
    """Whom this person may be addressed as, each an equality that an index of addresses serves."""
    people = [user, *(each.leader for each in deputations_of(user))]
    posts = [post for each in people for post in _posts_of(each)]
    return [
        Q(addresses__person__in=[each.pk for each in people]) if len(people) > 1 else Q(addresses__person=user.pk),
        *posts,
    ]


def _posts_of(user: Any) -> list[Q]:
    if user.role in ADMINS:
        return []
    if user.role == Role.ENTERPRISE_OFFICER:
        unit = Q(addresses__role=user.role, addresses__enterprise=user.enterprise_id)
        return [unit] if user.enterprise_id else []
    return [_post_of(user) & place for place in _at(user.region)] if user.region else []


def _post_of(user: Any) -> Q:
    post = Q(addresses__role=user.role)
    if not user.is_leader:
        post &= Q(addresses__leaders=False)
    if own := department_of(user):
        post &= Q(addresses__department=None) | Q(addresses__department=own)
    return post & (Q(sector=None) | Q(sector__in=user.sectors)) if user.sectors else post


def _at(region: str) -> list[Q]:
    """At places of this jurisdiction; each that it took over from elsewhere apart, so that the index serves it too."""
    prefix = significant(region)
    came, gone = merged.moved(prefix)
    own = _under(prefix) & ~Q(region_code__in=gone) if gone else _under(prefix)
    return [own, *(Q(addresses__place_9=code[:9], addresses__region_code=code) for code in came)]


def _under(prefix: str) -> Q:
    """The digits an index keeps, and the rest where it is a village."""
    length = next((each for each in KEPT_BY if len(prefix) >= each), 0)
    kept = Q(**{f"addresses__place_{length}": prefix[:length]}) if length else Q()
    return kept if len(prefix) == length else kept & coded(prefix, "addresses__region_code")
