"""口令输错锁定 Whoever's sign-in was locked by wrong passwords is told so in the inbox, once a lock."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from accounts.models import SignInLock
from enterprises.messages import SIGN_IN_LOCKED
from inbox import actions as inbox
from inbox.letters import Letter, person


def tell(lock: UUID) -> None:
    row = SignInLock.objects.filter(pk=lock).first()
    if row is not None:
        inbox.send([_letter(row)])


def _letter(row: SignInLock) -> Letter:
    return Letter(
        kind=SIGN_IN_LOCKED, once=f"sign-in-lock/{row.pk}", to=person(row.user_id), day=timezone.localdate(row.began_at),
        about_kind="sign_in_lock", about=row.pk, sentence=_sentence(row),
        details={"failures": row.failures, "addresses": row.addresses, "device": row.device_name, "until": row.until.isoformat()},
    )  # fmt: skip


def _sentence(row: SignInLock) -> str:
    when = f"{timezone.localtime(row.began_at):%m-%d %H:%M} 至 {timezone.localtime(row.until):%H:%M}"
    if row.device_name:
        return f"有人在您登录过的终端“{row.device_name}”上连续输错口令 {row.failures} 次，{when} 不能在该终端登录。终端遗失的，请立即使其退出。"
    return (
        f"您的账号因连续输错口令被锁定（{when}）：{row.failures} 次，来自 {'、'.join(row.addresses) or '未知'} 地址。"
        "您登录过的终端不受影响；不是本人所为的，请告知管理员。"
    )
