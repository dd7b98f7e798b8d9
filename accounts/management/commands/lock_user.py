"""An account that may no longer sign in; its tokens and sessions end at once."""

from accounts import actions
from accounts.management.people import PersonCommand
from safety_api.trail import SYSTEM


class Command(PersonCommand):
    help = "停用账号：不能再登录，全部终端立即退出"

    def do(self, user, **_):
        actions.set_active(user, False, by=SYSTEM)
        self.stdout.write(f"已停用 {user}")
