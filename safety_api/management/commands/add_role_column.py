"""给权限表（docs/permissions.txt）加一个岗位的列：全部关闭，或与另一岗位相同；逐行改好后由测试与权限代码核对。"""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from safety_api.matrix import columns_of, with_column
from safety_api.roles import Role


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser) -> None:
        parser.add_argument("role", choices=Role.values, help="先写入 safety_api/roles.py 的新岗位")
        parser.add_argument("--like", choices=Role.values, help="与这个岗位相同的列")

    def handle(self, *, role: str, like: str | None, **options) -> None:
        page = Path(settings.BASE_DIR) / "docs/permissions.txt"
        text = page.read_text(encoding="utf-8")
        if role in columns_of(text).values():
            raise CommandError(f"权限表已有 {role} 一列。")
        page.write_text(with_column(text, role, str(Role(role).label), like), encoding="utf-8")
        self.stdout.write(f"{page}：已加 {role} 一列。")
