"""A lost phone: its sign-in ends at once."""

from django.core.management.base import CommandError

from accounts import actions
from accounts.management.people import PersonCommand
from safety_api.trail import SYSTEM


class Command(PersonCommand):
    help = "使一个终端的登录失效（手机遗失）；不写终端编号则列出该账号的终端"

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("device_id", nargs="?", help="终端编号")
        parser.add_argument("--all", action="store_true", help="全部终端")

    def do(self, user, *, device_id, all, **_):
        held = {each.device_id: each for each in user.auth_token_set.order_by("-created")}
        wanted = list(held) if all else [device_id] if device_id else []
        if device_id and device_id not in held:
            raise CommandError(f"{user} 没有编号为 {device_id} 的终端。")
        for each in wanted:
            actions.revoke_device(user, each, by=SYSTEM)
            self.stdout.write(f"已使终端 {each}（{held[each].device_name}）退出")
        if not wanted:
            self.list_devices(user, held)

    def list_devices(self, user, held) -> None:
        self.stdout.write(f"{user} 有 {len(held)} 个终端" + ("：" if held else "。"))
        for each in held.values():
            self.stdout.write(f"  {each.device_id}\t{each.device_name}\t{each.created:%Y-%m-%d %H:%M} 登录")
