"""A POST sent twice is carried out once: the same key and body bring the same answer for 30 days.

The key is stored in the transaction of the action, so that it stands exactly when the action does. A racing second request waits at
the key's row until the first has committed, then reads its answer.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
import rfc8785
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from safety_api.actors import Actor
from safety_api.models import IdempotencyKey, OtherForm
from safety_api.parsers import read_json
from safety_api.problems import BAD_KEY, ID_REUSED, INVALID, KEY_REUSED, Problem
from safety_api.renderers import to_json
from safety_api.shapes import NO_RECORD

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
    """Raises BAD_KEY, also for one that nobody drew: each step with it would pass for the one before."""
    try:
        key = UUID(text)
    except ValueError:
        raise BAD_KEY() from None
    if key in NO_RECORD:
        raise BAD_KEY()
    return key


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
@dataclass
class Sent:
    """What a phone sends. `sha256` is of the body as it came and never changes. `meaning` is of what it says, once it is read: a default
    left out or given, an instant in Z or in +08:00, a text in either form of Unicode say the same.
    """

    sha256: str
    meaning: str = ""

    @classmethod
    def of(cls, body: object) -> Sent:
        return cls(content_of(body))

    def read(self, fields: dict[str, Any]) -> dict[str, Any]:
        """The fields as a shape understood them, with their defaults; their meaning is noted. Null is a text left empty."""
        said = {name: value for name, value in fields.items() if name != "device"}
        text = orjson.dumps(said, default=str, option=orjson.OPT_SORT_KEYS).replace(b":null", b':""')
        self.meaning = hashlib.sha256(text).hexdigest()
        return fields


FIELD_RECORDS: list[SentBefore] = []  # one for each kind of record that phones make


@dataclass(frozen=True)
class SentBefore:
    """What a person's PUTs have stored: `rows` of a table with `content_sha256` and `meaning_sha256`, `author` its column."""

    rows: Callable[[], QuerySet]
    author: str

    def __post_init__(self) -> None:
        FIELD_RECORDS.append(self)

    def find(self, key: UUID, sent: Sent, by: Actor) -> Any | None:
        """What an equal PUT of the same person made before, whatever rules or jurisdictions have changed since."""
        found = self.rows().filter(**{"pk": key, self.author: by.pk}).first()
        return found if found is not None and _is_equal(found, sent) else None

    def earlier(self, key: UUID, sent: Sent, by: Actor) -> Any:
        """The same, for a row that stands: raises ID_REUSED for other content or another person's id, showing nothing of it."""
        found = self.find(key, sent, by)
        if found is None:
            raise ID_REUSED()
        return found

    def or_as_before(self, key: UUID, sent: Sent, by: Actor, store: Callable[[], tuple[Any, bool]]) -> tuple[Any, bool]:
        """(row, new) of `store()`. What was told saved stays saved: an equal PUT that would be refused now gets what stands."""
        try:
            return store()
        except (Problem, ValidationError):
            found = self.find(key, sent, by)
            if found is None:
                raise
            return found, False

    def compared(self, asked: Sequence[tuple[UUID, str]], by: Actor) -> list[str]:
        """For each id and the `content_sha256` that the phone has of it: `held`, `differs`, or `missing` when this person never sent it.
        Two queries at most."""
        rows = (
            self.rows().filter(**{"pk__in": [key for key, _ in asked], self.author: by.pk}).exclude(content_sha256="")
        )
        kept = set(rows.values_list("pk", "content_sha256"))
        here, odd = {key for key, _ in kept}, {key for key, _ in set(asked) - kept}
        if odd & here:
            kept |= set(OtherForm.objects.filter(record__in=odd & here).values_list("record", "sha256"))
        return ["held" if each in kept else "differs" if each[0] in here else "missing" for each in asked]


def receipts_of(asked: Sequence[tuple[UUID, str]], by: Actor) -> list[str]:
    """What of these stands, of whatever kind it is: `held`, `differs` or `missing`, as `SentBefore.compared` says of one kind. A step goes by
    its key, and by the fingerprint of [address, parameters, body without `device`]."""
    states = ["missing"] * len(asked)
    for kind in FIELD_RECORDS:
        states = [
            known if known != "missing" else new for known, new in zip(states, kind.compared(asked, by), strict=True)
        ]
    return [known if known != "missing" else new for known, new in zip(states, _steps_of(asked, by), strict=True)]


def _steps_of(asked: Sequence[tuple[UUID, str]], by: Actor) -> list[str]:
    """Of steps, which go by their keys: what was asked of them is compared as `once` compares it."""
    kept = dict(IdempotencyKey.objects.filter(user_id=by.pk, key__in=[key for key, _ in asked]).values_list("key", "fingerprint"))
    return ["missing" if key not in kept else "held" if kept[key] == content else "differs" for key, content in asked]


def _is_equal(row: Any, sent: Sent) -> bool:
    """An equal record in another form is remembered by that form's fingerprint too, so that the phone's own is `held`."""
    if row.content_sha256 == sent.sha256:
        return True
    if not sent.meaning or row.meaning_sha256 != sent.meaning:
        return False
    OtherForm.objects.bulk_create([OtherForm(record=row.pk, sha256=sent.sha256)], ignore_conflicts=True)
    return True
