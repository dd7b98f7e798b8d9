"""告知 The office hears that something waits, its maker what became of it."""

from __future__ import annotations

from django.utils import timezone

from inbox import actions as inbox
from inbox.letters import Letter, person, posts
from phone.messages import ENDED, WAITING
from phone.models import Rescue, RescueState
from phone.querysets import PLACING


def tell_waiting(row: Rescue) -> None:
    """One thread a person: a queue of forty brings one reminder, not forty."""
    proof = "（令牌已失效，凭终端密钥交来）" if row.proven_by_device else ""
    said = f"{row.by_name}的手机有未能提交的记录{proof}，原样存下，请查看并归入"
    inbox.send([Letter(
        kind=WAITING, once=f"rescue/{row.pk}", thread=f"rescue/{row.by_id}", sentence=said, to=posts(PLACING), day=timezone.localdate(),
        about_kind="rescue", about=row.pk, region_code=row.region_code.ljust(12, "0"),
    )])  # fmt: skip


def tell_placed(row: Rescue) -> None:
    """Its maker; the office's reminder is done with the last that waits."""
    became = f"已由{row.ended_name}归入" if row.state == RescueState.PLACED else f"{row.ended_name}认为不必再处理：{row.reason[:200]}"
    inbox.send([Letter(
        kind=ENDED, once=f"rescue/{row.pk}/ended", sentence=f"您 {timezone.localdate(row.received_at)} 交来的未能提交的记录，{became}",
        to=person(row.by_id), day=timezone.localdate(), about_kind="rescue", about=row.pk,
    )])  # fmt: skip
    waiting = Rescue.objects.waiting().filter(by_id=row.by_id).exclude(pk=row.pk)
    if not waiting.exists():
        inbox.end(WAITING, about=Rescue.objects.filter(by_id=row.by_id).values_list("pk", flat=True))
