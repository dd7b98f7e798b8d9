"""Keeping, placing, setting aside: each one transaction with a line in the trail."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone
from rest_framework.response import Response

from accounts.models import User
from enterprises.models import Enterprise
from phone.models import Rescue, RescueState
from phone.rescue.resending import destination, send_again
from phone.rescue.telling import tell_placed, tell_waiting
from safety_api.actors import Actor
from safety_api.problems import RESCUE_EMPTY, RESCUES_FULL, WRONG_STEP
from safety_api.writing import add, keep, locked

MOST_BYTES = 4 * 1024 * 1024  # twice what any door of JSON takes: what is too large there can be rescued too
MOST_WAITING = 500  # of one person: more than any queue that was seen
MOST_OF_DEVICE, MOST_BYTES_OF_DEVICE = 300, 64 * 1024 * 1024  # waiting, of one that shows no more than its key


@dataclass(frozen=True)
class Meant:
    """What the phone says of the request that was not accepted."""

    method: str = ""
    path: str = ""
    status: int | None = None
    code: str = ""


@dataclass(frozen=True)
class Sent:
    """What came, and from which phone, as it says."""

    content: bytes
    media_type: str = ""
    device_id: str = ""


@transaction.atomic
def rescue(sent: Sent, meant: Meant, *, by: User) -> tuple[Rescue, bool]:
    """Keeps the bytes as they are; the same of the same person again is what stands, whatever became of it. (row, new).

    Raises RESCUE_EMPTY; RESCUES_FULL when MOST_WAITING of this person, or MOST_OF_DEVICE of a device that is but known by its key, wait already:
    the phone keeps it and tries later.
    """
    content, device = sent.content, by.by_device
    if not content:
        raise RESCUE_EMPTY()
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # two at once: neither the same twice nor past the bound together
    digest = hashlib.sha256(content).hexdigest()
    same = Rescue.objects.without_content().filter(by_id=by.pk, sha256=digest, path=meant.path).first()
    if same:
        return same, False
    _check_room(by, len(content))
    row = Rescue(
        by_id=by.pk, by_name=by.name, region_code=region_of(by), device_id=device.device_id if device else sent.device_id,
        proven_by_device=device is not None, method=meant.method, path=meant.path, refused_status=meant.status, refused_code=meant.code,
        media_type=sent.media_type[:100], sha256=digest, size=len(content), content=content,
    )  # fmt: skip
    said = {"path": meant.path, "code": meant.code, "size": len(content), "sha256": digest, "proven_by_device": row.proven_by_device}
    add(row, "rescue.keep", by=by, **said)
    tell_waiting(row)
    return row, True


def _check_room(by: User, size: int) -> None:
    waiting = Rescue.objects.waiting().filter(by_id=by.pk)
    if waiting.count() >= MOST_WAITING:
        raise RESCUES_FULL(most=MOST_WAITING)
    if by.by_device is None:
        return
    had = waiting.filter(proven_by_device=True, device_id=by.by_device.device_id).aggregate(rows=Count("pk"), bytes=Sum("size"))
    if had["rows"] >= MOST_OF_DEVICE or (had["bytes"] or 0) + size > MOST_BYTES_OF_DEVICE:
        raise RESCUES_FULL(most=MOST_OF_DEVICE)


def region_of(by: User) -> str:
    """Whose officers place it: those of the jurisdiction, of the own unit's place, or of where this person last had a post."""
    if by.region:
        return by.region
    unit = Enterprise.objects.filter(pk=by.enterprise_id).values_list("region_code", flat=True).first() if by.enterprise_id else None
    return unit or by.posts.exclude(region="").order_by("-held_from").values_list("region", flat=True).first() or ""


@transaction.atomic
def place(key: UUID, *, by: Actor, reason: str, path: str = "", body: Any = None) -> tuple[Rescue, Response]:
    """Sends it again for whoever made it, to where the phone had meant it or to `path`, as it came or with `body` in its stead. What the
    door answers is the answer; when that refuses, nothing has happened and it waits on.

    Raises NOT_FOUND, WRONG_STEP for one that waits no more, CANNOT_PLACE for an address that takes no record.
    """
    row = _waiting(key, "place", by)
    target = destination(path or row.path)
    answer = send_again(target, row, body)
    if answer.status_code >= 400:
        transaction.set_rollback(True)
        return row, answer
    _end(row, RescueState.PLACED, by, reason, placed_at_path=target)
    keep(row, "rescue.place", ENDED, by=by, path=target, changed=body is not None, sha256=row.sha256, reason=reason)
    tell_placed(row)
    return row, answer


@transaction.atomic
def set_aside(key: UUID, *, by: Actor, reason: str) -> Rescue:
    """It need not be placed: entered anew by hand, told twice, no record at all. Its bytes stay. Raises NOT_FOUND, WRONG_STEP."""
    row = _waiting(key, "set-aside", by)
    _end(row, RescueState.SET_ASIDE, by, reason)
    keep(row, "rescue.set_aside", ENDED, by=by, reason=reason, sha256=row.sha256)
    tell_placed(row)
    return row


ENDED = ("state", "ended_at", "ended_by", "ended_name", "reason", "placed_at_path")


def _waiting(key: UUID, step: str, by: Actor) -> Rescue:
    row = locked(Rescue.objects.visible_to(by), key)
    if row.state != RescueState.WAITING:
        raise WRONG_STEP(state=row.state, step=step)
    return row


def _end(row: Rescue, state: str, by: Actor, reason: str, **more: str) -> None:
    row.state, row.reason, row.ended_at = state, reason, timezone.now()
    row.ended_by, row.ended_name = by.pk, by.name
    for name, value in more.items():
        setattr(row, name, value)
