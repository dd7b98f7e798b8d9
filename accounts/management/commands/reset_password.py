"""A new first password; every device is signed out and a lock after failures is lifted."""

from accounts import actions
from accounts.management.people import PersonCommand
from safety_api.trail import SYSTEM


class Command(PersonCommand):
    help = "重置口令：显示一次新的初始口令，全部终端退出，解除输错锁定"

    def do(self, user, **_):
        password = actions.reset_password(user, by=SYSTEM)
        self.stdout.write(f"{user} 的初始口令（只显示这一次，首次登录须修改）：{password}")
