"""A POST sent twice is carried out once: the same key and body bring the same answer for 30 days.

The key is stored in the transaction of the action, so that it stands exactly when the action does. A racing second request waits at
the key's row until the first has committed, then reads its answer.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import rfc8785
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from safety_api.actors import Actor
from safety_api.models import IdempotencyKey
from safety_api.parsers import read_json
from safety_api.problems import BAD_KEY, ID_REUSED, INVALID, KEY_REUSED, Problem
from safety_api.renderers import to_json

KEPT = timedelta(days=30)


def fingerprint(body: object) -> str:
    """SHA-256 of the RFC 8785 canonical JSON; the vectors are in docs/mobile.md. Raises INVALID for what JSON cannot hold exactly."""
    try:
        return hashlib.sha256(_canonical(body)).hexdigest()
    except (rfc8785.CanonicalizationError, ValueError):
        raise INVALID(detail="数字超出可以准确表示的范围。") from None


def _canonical(body: Any) -> bytes:
    """RFC 8785. Where Python's own encoder writes the same bytes, it does: a tenth of a visit's time."""
    if _is_plain(body):
        return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return rfc8785.dumps(body)


def _is_plain(value: Any) -> bool:
    """Whether names sort and numbers are written alike in Python and in ECMAScript: ASCII names, no exponents, no 8.0."""
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return True
    if kind is dict:
        return "".join(value).isascii() and all(map(_is_plain, value.values()))
    if kind is list:
        return all(map(_is_plain, value))
    if kind is int:
        return abs(value) < 2**53
    return kind is float and 1e-4 <= abs(value) < 1e15 and not value.is_integer()


def content_of(body: object) -> str:
    """The fingerprint of a field record: of its body without `device`, whose clock differs each time it is sent."""
    if not isinstance(body, dict):
        raise INVALID(detail="应为一个 JSON 对象。")
    return fingerprint(_without_device(body))


def _without_device(body: Any) -> Any:
    return {name: value for name, value in body.items() if name != "device"} if isinstance(body, dict) else body


def read_key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise BAD_KEY() from None


@transaction.atomic
def once(request, carry_out: Callable[[], Response]) -> Response:
    """Carries out a POST, or gives the answer that the same key got before. Refusals are not kept: nothing was done."""
    key = read_key(request.headers["Idempotency-Key"])
    content = fingerprint([request.path, request.query_params.dict(), _without_device(request.data)])
    if not _take(request.user.pk, key, content):
        return _replay(request.user.pk, key, content)
    response = carry_out()
    if response.status_code >= 400:
        transaction.set_rollback(True)
        return response
    body = read_json(to_json(response.data)) if response.data is not None else None
    IdempotencyKey.objects.filter(user_id=request.user.pk, key=key).update(status=response.status_code, answer=body)
    return response


def _take(user: UUID, key: UUID, content: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO safety_idempotency_key (user_id, key, fingerprint) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            [user, key, content],
        )
        return cursor.rowcount == 1


def _replay(user: UUID, key: UUID, content: str) -> Response:
    kept = IdempotencyKey.objects.get(user_id=user, key=key)
    if kept.fingerprint != content:
        raise KEY_REUSED()
    return Response(kept.answer, status=kept.status, headers={"Idempotent-Replay": "true"})


def forget_old() -> int:
    return IdempotencyKey.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]


# --- field records: PUT under an id that the phone made ---------------------------------------------------------------
@dataclass(frozen=True)
class SentBefore:
    """What a person's PUTs have stored, by their fingerprint: `rows` of a table with `content_sha256`, `author` its column."""

    rows: Callable[[], QuerySet]
    author: str

    def find(self, key: UUID, content_sha256: str, by: Actor) -> Any | None:
        """What an equal PUT of the same person made before, whatever rules or jurisdictions have changed since."""
        mine = {"pk": key, "content_sha256": content_sha256, self.author: by.pk}
        return self.rows().filter(**mine).first()

    def earlier(self, key: UUID, content_sha256: str, by: Actor) -> Any:
        """The same, for a row that stands: raises ID_REUSED for other content or another person's id, showing nothing of it."""
        found = self.find(key, content_sha256, by)
        if found is None:
            raise ID_REUSED()
        return found

    def or_as_before(self, key: UUID, content_sha256: str, by: Actor, store: Callable[[], tuple[Any, bool]]) -> tuple[Any, bool]:
        """(row, new) of `store()`. What was told saved stays saved: an equal PUT that would be refused now gets what stands."""
        try:
            return store()
        except (Problem, ValidationError):
            found = self.find(key, content_sha256, by)
            if found is None:
                raise
            return found, False
