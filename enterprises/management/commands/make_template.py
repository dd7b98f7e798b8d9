"""An empty Excel list with its headings and notes."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from enterprises.sheets import TEMPLATES
from safety_api.sheets import write_template


class Command(BaseCommand):
    help = "生成空的 Excel 名册：第一行列名（*为必填），第二行说明"

    def add_arguments(self, parser):
        parser.add_argument(
            "kind", choices=list(TEMPLATES), help="enterprises 单位，sites 场所，users 人员，grades 等级"
        )
        parser.add_argument("file", type=Path)

    def handle(self, *, kind: str, file: Path, **_):
        if file.suffix.lower() != ".xlsx":
            raise CommandError("文件名应以 .xlsx 结尾。")
        if not file.parent.is_dir():
            raise CommandError(f"没有这个文件夹：{file.parent}")
        write_template(file, TEMPLATES[kind])
        self.stdout.write(f"已生成 {file}")
