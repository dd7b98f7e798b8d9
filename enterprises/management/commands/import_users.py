"""People from an Excel list. On this floor, because a list names places and units, which accounts does not know."""

import os
from pathlib import Path

from enterprises.importing import Outcome, import_people
from enterprises.management.imports import ImportCommand
from safety_api.sheets import write_table


class Command(ImportCommand):
    help = "从 Excel 名册建立账号：逐行报告问题；初始口令只给出一次"
    what = "人员名册"

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument(
            "--passwords", type=Path, help="把初始口令写成这个 .xlsx 文件（仅本人可读），不显示在屏幕上"
        )

    def bring_in(self, path, **options):
        return import_people(path, **options)

    def hand_over(self, outcome: Outcome, **options) -> None:
        passwords: Path | None = options["passwords"]
        if passwords and outcome.passwords:
            os.close(os.open(passwords, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))
            write_table(passwords, ("用户名", "姓名", "初始口令"), outcome.passwords)
            self.stdout.write(f"初始口令已写入 {passwords}，发给本人后请删除。")
        elif outcome.passwords:
            self.stdout.write("初始口令（只显示这一次，首次登录须修改）：")
            for username, name, password in outcome.passwords:
                self.stdout.write(f"  {username}\t{name}\t{password}")
