"""An account opened again: one that was locked by hand, or by too many wrong passwords."""

from axes.utils import reset

from accounts import actions
from accounts.management.people import PersonCommand
from safety_api.trail import SYSTEM


class Command(PersonCommand):
    help = "启用账号，并解除口令输错的锁定；口令不变"

    def do(self, user, **_):
        actions.set_active(user, True, by=SYSTEM)
        reset(username=user.username)
        self.stdout.write(f"已启用 {user}")
