"""留痕 The trail: every write leaves a line that no account can edit (DESIGN §1.4).

Lines are appended without a lock. `seal` takes them in batches, in the order of their transactions, and chains the batches by hash;
`verify` recomputes the chain and names every line that was edited, removed, slipped in or moved.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

from django.db import connection, models, transaction

from safety_api.actors import Actor
from safety_api.inserts import insert_all
from safety_api.logs import trace_id
from safety_api.models import TrailLine, TrailSeal
from safety_api.stamps import settled

# It has no jurisdiction: what asks for one without looking for the system first is at fault.
SYSTEM = cast(Actor, SimpleNamespace(pk=None, name="系统", role="system", is_authenticated=True))
BATCH = 1000
SEALED = ("epoch", "xid", "id", "at", "actor_id", "actor_name", "actor_role", "verb",
          "object_kind", "object_id", "region_code", "details", "trace_id")  # fmt: skip


def line(by: Actor, verb: str, about: Any, **details: Any) -> TrailLine:
    """A line not yet written: `about` is the record, or any object with `pk` and `_meta`. A deputy's says for whom."""
    if leader := getattr(by, "acting_for", None):
        details["acting_for"] = str(leader)
    return TrailLine(
        actor_id=by.pk,
        actor_name=by.name,
        actor_role=by.role,
        verb=verb,
        object_kind=kind_of(about),
        object_id=str(about.pk),
        region_code=getattr(about, "region_code", "") or "",
        details=details,
        trace_id=trace_id(),
    )


def kind_of(about: Any) -> str:
    """By which word lines name this kind of record, a model or a row of it. It never changes, or the lines of before would be
    lost: a model that moved or was renamed says as `trail_kind` what it was called.
    """
    return getattr(about, "trail_kind", about._meta.label_lower)


def record(by: Actor, verb: str, about: Any, **details: Any) -> None:
    """Appends one line in the transaction at hand. `details` must be JSON and carry no secret and no personal data in clear."""
    record_many([line(by, verb, about, **details)])


def record_many(lines: Iterable[TrailLine]) -> None:
    """One statement, however many lines."""
    insert_all(list(lines))


def digest_of(row: dict[str, Any]) -> str:
    text = json.dumps([str(row["at"].timestamp()) if name == "at" else row[name] for name in SEALED],
                      default=str, ensure_ascii=False, sort_keys=True)  # fmt: skip
    return hashlib.sha256(text.encode()).hexdigest()


def chain(before: str, digests: Iterable[str]) -> str:
    return hashlib.sha256("\n".join([before, *digests]).encode()).hexdigest()


def _after(seal: TrailSeal | None) -> models.Q:
    if seal is None:
        return models.Q()
    same_epoch = models.Q(epoch=seal.last_epoch)
    return (
        models.Q(epoch__gt=seal.last_epoch)
        | same_epoch & models.Q(xid__gt=seal.last_xid)
        | same_epoch & models.Q(xid=seal.last_xid, id__gt=seal.last_line)
    )


def unsealed() -> models.QuerySet:
    return TrailLine.objects.filter(_after(TrailSeal.objects.order_by("-id").first()))


def _in_order(rows: models.QuerySet) -> models.QuerySet:
    return rows.order_by("epoch", "xid", "id").values(*SEALED)


@transaction.atomic
def seal() -> int:
    """Seals all settled lines, a batch a seal; returns how many lines. Two sealers at once: the second waits, then goes on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('safety_trail_seal'))")
    last = TrailSeal.objects.order_by("-id").first()
    sealed = 0
    while rows := list(_in_order(settled(TrailLine.objects.filter(_after(last))))[:BATCH]):
        last = _seal_batch(rows, last)
        sealed += len(rows)
    return sealed


def _seal_batch(rows: list[dict[str, Any]], last: TrailSeal | None) -> TrailSeal:
    digests = [digest_of(row) for row in rows]
    before = last.digest if last else ""
    return TrailSeal.objects.create(
        last_epoch=rows[-1]["epoch"],
        last_xid=rows[-1]["xid"],
        last_line=rows[-1]["id"],
        line_ids=[row["id"] for row in rows],
        line_digests=digests,
        before=before,
        digest=chain(before, digests),
    )


def verify(shipped: dict[int, str] | None = None) -> Iterator[str]:
    """One sentence for every break: none means whole. `shipped` are seals kept elsewhere: number → digest."""
    shipped = dict(shipped or {})
    before: TrailSeal | None = None
    for each in TrailSeal.objects.order_by("id").iterator(chunk_size=100):
        yield from _verify_seal(each, before)
        kept = shipped.pop(each.pk, each.digest)
        if kept != each.digest:
            yield f"封存 {each.pk}：与异地保存的摘要不符"
        before = each
    for number in sorted(shipped):
        yield f"封存 {number}：已不存在，异地有保存"


def _verify_seal(seal: TrailSeal, before: TrailSeal | None) -> Iterator[str]:
    if seal.before != (before.digest if before else "") or seal.digest != chain(seal.before, seal.line_digests):
        yield f"封存 {seal.pk}：链条断开"
    within = _after(before) & ~_after(seal)
    found = {row["id"]: digest_of(row) for row in _in_order(TrailLine.objects.filter(within))}
    if len(seal.line_ids) != len(seal.line_digests):
        yield f"封存 {seal.pk}：编号与摘要的个数不同"
    kept = dict(zip(seal.line_ids, seal.line_digests, strict=False))
    for number, digest in kept.items():
        if number not in found:
            yield f"留痕 {number}：缺失"
        elif found[number] != digest:
            yield f"留痕 {number}：被改动"
    for number in found.keys() - kept.keys():
        yield f"留痕 {number}：封存后插入"
    if [n for n in found if n in kept] != [n for n in kept if n in found]:
        yield f"封存 {seal.pk}：次序被改动"


@dataclass(frozen=True)
class Proof:
    """Where a line is sealed. `whole`: its digest and its seal's place in the chain are what was kept; None: not sealed yet."""

    seal: int | None
    whole: bool | None


def proofs(lines: Iterable[TrailLine]) -> dict[int, Proof]:
    """By line. Reads the seals of these lines and those before them, not the whole chain: that is what `verify` is for."""
    rows = list(lines)
    ids = [row.pk for row in rows]
    seals = list(TrailSeal.objects.raw(SEALS_OF, [ids])) if ids else []
    before = dict(TrailSeal.objects.filter(pk__in=[each.pk - 1 for each in seals]).values_list("pk", "digest"))
    kept = {
        number: (each, digest)
        for each in seals
        for number, digest in zip(each.line_ids, each.line_digests, strict=True)
    }
    return {row.pk: _proof(row, kept.get(row.pk), before) for row in rows}


# The seal of a line is the first whose last line is not before it; there are few seals, and their order has an index.
SEALS_OF = """
SELECT DISTINCT s.* FROM safety_trail_line l CROSS JOIN LATERAL (
  SELECT * FROM safety_trail_seal WHERE (last_epoch, last_xid, last_line) >= (l.epoch, l.xid, l.id)
  ORDER BY last_epoch, last_xid, last_line LIMIT 1
) s WHERE l.id = ANY(%s::bigint[])
"""


def _proof(row: TrailLine, kept: tuple[TrailSeal, str] | None, before: dict[int, str]) -> Proof:
    if kept is None:
        return Proof(None, None)
    seal, digest = kept
    chained = seal.digest == chain(seal.before, seal.line_digests) and seal.before == before.get(seal.pk - 1, seal.before)
    return Proof(seal.pk, chained and digest == digest_of({name: getattr(row, name) for name in SEALED}))


def seals(*, after: int = 0) -> Iterator[dict[str, Any]]:
    """What is shipped off the host: number, time, count and digest of every seal."""
    for each in TrailSeal.objects.filter(pk__gt=after).order_by("id").iterator(chunk_size=100):
        yield {
            "number": each.pk,
            "sealed_at": each.sealed_at.isoformat(),
            "lines": len(each.line_ids),
            "before": each.before,
            "digest": each.digest,
        }
