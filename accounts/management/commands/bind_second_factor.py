"""A new second factor; the one before ends."""

from urllib.parse import parse_qs, urlsplit

from accounts import actions
from accounts.management.people import PersonCommand
from safety_api.trail import SYSTEM


class Command(PersonCommand):
    help = "绑定动态口令：显示一次密钥，在验证器应用中添加"

    def do(self, user, **_):
        address = actions.bind_second_factor(user, by=SYSTEM)
        secret = parse_qs(urlsplit(address).query)["secret"][0]
        self.stdout.write(f"{user} 的动态口令（只显示这一次，原有的失效）：")
        self.stdout.write(f"  密钥 {secret}\n  地址 {address}")
