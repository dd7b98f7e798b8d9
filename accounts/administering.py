"""账号管理 What administrators do to the accounts of others: made, corrected, posts and certificates with their days.

The three administrators keep each other in check: nobody administers the own account, the security administrator's is kept by the
system administrator, the others' by the security administrator.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts import actions
from accounts.keys import actions as keys
from accounts.models import Certificate, Post, User
from accounts.querysets import held_at
from safety_api.actors import Actor
from safety_api.days import ONE_DAY, midnight
from safety_api.problems import (
    INVALID,
    NOT_FOUND,
    NUMBER_TAKEN,
    OTHER_ADMINISTRATOR,
    OWN_ACCOUNT,
    POST_BEGUN,
    POST_OVERLAPS,
    USERNAME_TAKEN,
)
from safety_api.roles import ADMINS, Role
from safety_api.trail import SYSTEM, record
from safety_api.writing import locked

PARTICULARS = ("name", "phone", "email", "may_investigate", "legal_reviewer")
POST = ("role", "region", "sectors", "enterprise_id", "department_id", "is_leader", "is_principal")


def _check(by: Actor, *, account: Any = None, role: str = "") -> None:
    """Raises OWN_ACCOUNT, OTHER_ADMINISTRATOR."""
    if account is not None and account.pk == by.pk:
        raise OWN_ACCOUNT()
    for each in {role, account.role if account else ""} & ADMINS:
        if by.role != (Role.SYSTEM_ADMIN if each == Role.SECURITY_ADMIN else Role.SECURITY_ADMIN):
            raise OTHER_ADMINISTRATOR()


def take(account: UUID, *, by: Actor) -> User:
    """The account of somebody else, held. Raises NOT_FOUND, OWN_ACCOUNT, OTHER_ADMINISTRATOR."""
    user = locked(User.objects.all(), account, no_key=True)
    _check(by, account=user)
    return user


# --- accounts ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def create(*, by: Actor, **fields: Any) -> tuple[User, str]:
    """With a post from now on and a first password, shown once. Raises USERNAME_TAKEN, OTHER_ADMINISTRATOR, INVALID."""
    _check(by, role=fields["role"])
    if User.objects.filter(username=fields["username"].strip().lower()).exists():
        raise USERNAME_TAKEN.at("/username")
    try:
        return actions.create_user(by=by, **fields)
    except ValidationError as error:
        raise _invalid(error) from None


@transaction.atomic
def edit(account: UUID, *, by: Actor, **fields: Any) -> User:
    """Name, telephone and what the person may besides; the trail says which, not the numbers."""
    user = take(account, by=by)
    changed = sorted(name for name, value in fields.items() if getattr(user, name) != value)
    for name in changed:
        setattr(user, name, fields[name])
    if changed:
        user.save(update_fields=changed)
        record(by, "user.edit", user, what=changed)
    return user


@transaction.atomic
def set_active(account: UUID, active: bool, *, by: Actor, reason: str) -> User:
    """Disabled: every token and session ends at once; what was done stays. Repeating it changes nothing."""
    user = take(account, by=by)
    if user.is_active != active:
        actions.set_active(user, active, by=by, reason=reason)
    return user


@transaction.atomic
def reset_password(account: UUID, *, by: Actor) -> tuple[User, str]:
    user = take(account, by=by)
    return user, actions.reset_password(user, by=by)


@transaction.atomic
def bind_second_factor(account: UUID, *, by: Actor) -> str:
    return actions.bind_second_factor(take(account, by=by), by=by)


def _invalid(error: ValidationError) -> Exception:
    said = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    return INVALID(errors=[INVALID.fault(f"/{name}", text) for name, texts in said.items() for text in texts])


# --- posts ------------------------------------------------------------------------------------------------------------
@transaction.atomic
def give_post(account: UUID, *, by: Actor, first: date, last: date | None, **post: Any) -> Post:
    """A post from `first` to `last`, both included; without `last` until the next. It ends the one before and takes hold on its day,
    at once when that has come. Raises POST_OVERLAPS, INVALID and what `take` raises.
    """
    user = take(account, by=by)
    _check(by, role=post["role"])
    now = timezone.now()
    start = now if first == timezone.localdate() else midnight(first)
    if user.posts.filter(Q(held_from__gte=start) | Q(begun_at=None)).exists():
        raise POST_OVERLAPS.at("/first")
    user.posts.filter(Q(held_to=None) | Q(held_to__gt=start)).update(held_to=start)
    row = Post(
        user=user,
        held_from=start,
        held_to=midnight(last + ONE_DAY) if last else None,
        begun_at=None,
        known_from=now,
        **post,
    )
    row.save(force_insert=True)
    days = {"first": str(first), "last": str(last) if last else None}
    record(by, "user.give_post", user, **days, **_plain(post))
    if start <= now:
        _begin(row, user, by=by)
    return row


@transaction.atomic
def withdraw_post(account: UUID, post: int, *, by: Actor) -> None:
    """One that is still to come; the one before goes on as it was. Raises NOT_FOUND, POST_BEGUN."""
    user = take(account, by=by)
    row = user.posts.filter(pk=post).first()
    if row is None:
        raise NOT_FOUND()
    if row.begun_at is not None:
        raise POST_BEGUN()
    start = row.held_from
    row.delete()
    user.posts.filter(held_to=start).update(held_to=None)
    record(by, "user.withdraw_post", user, first=str(timezone.localdate(start)))


def _begin(post: Post, user: User, *, by: Actor) -> None:
    """From now on the account is what the post says. Raises INVALID."""
    for name in POST:
        setattr(user, name, getattr(post, name))
    try:
        user.full_clean(exclude=["department", "password"])
    except ValidationError as error:
        raise _invalid(error) from None
    user.save(update_fields=list(POST))
    keys.end_all(user)
    post.begun_at = timezone.now()
    post.save(update_fields=["begun_at"])
    record(by, "user.move", user, role=user.role, region=user.region)


@transaction.atomic
def turn_posts(at: datetime) -> int:
    """Posts whose day has come take hold; who holds none any more is locked out. Returns how many; again changes nothing."""
    coming = (
        Post.objects.filter(begun_at=None, held_from__lte=at).select_related("user").select_for_update(of=("self",))
    )
    begun = list(coming.order_by("held_from", "pk"))
    for post in begun:
        _begin(post, post.user, by=SYSTEM)
    held = Post.objects.filter(user=OuterRef("pk"))
    ended = User.objects.filter(
        Exists(held), ~Exists(held_at(held, at)), is_active=True, posts__held_to__gt=at - timedelta(days=30)
    )
    left = list(ended.distinct())
    for user in left:
        actions.set_active(user, False, by=SYSTEM, reason="任职期满")
    return len(begun) + len(left)


def _plain(post: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, UUID) else value for name, value in post.items()}


# --- certificates -----------------------------------------------------------------------------------------------------
@transaction.atomic
def add_certificate(account: UUID, *, by: Actor, number: str, **fields: Any) -> Certificate:
    """Raises NUMBER_TAKEN and what `take` raises."""
    user = take(account, by=by)
    if Certificate.objects.filter(number=number).exists():
        raise NUMBER_TAKEN.at("/number")
    row = Certificate.objects.create(user=user, number=number, known_from=timezone.now(), **fields)
    record(
        by,
        "certificate.add",
        user,
        certificate=row.pk,
        number=number,
        valid_from=str(row.valid_from),
        valid_to=str(row.valid_to),
    )
    return row


@transaction.atomic
def revoke_certificate(account: UUID, certificate: int, *, by: Actor, on: date, reason: str) -> Certificate:
    """Not valid from that day on; what was signed before stays good. A later day than before is not taken. Raises NOT_FOUND."""
    user = take(account, by=by)
    row = user.certificates.filter(pk=certificate).first()
    if row is None:
        raise NOT_FOUND()
    row.revoked_on = min(on, row.revoked_on or on)
    row.save(update_fields=["revoked_on"])
    record(by, "certificate.revoke", user, certificate=row.pk, number=row.number, on=str(row.revoked_on), reason=reason)
    return row
