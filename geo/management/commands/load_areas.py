"""装入正式界线（GeoJSON，要素属性 code），取代示意范围。坐标系须写明。可重复。"""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from geo.boundaries import MOST_BYTES, FileRefused, load_areas
from geo.coordinates import Crs


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--crs", required=True, choices=[str(crs) for crs in Crs], help="文件的坐标系")
        parser.add_argument("--approximate", action="store_true", help="仍为示意范围，不是界线")

    def handle(self, *, file, crs, approximate, **_):
        try:
            changed = load_areas(text_of(file), Crs(crs), approximate=approximate)
        except FileRefused as refused:
            raise CommandError("界线文件有误，未写入任何内容：\n" + str(refused)) from None
        self.stdout.write(f"界线 {changed} 个有变动。")


def text_of(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise CommandError(f"{path} 超过 64 MB。")
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"打不开 {path}：{error}") from None
