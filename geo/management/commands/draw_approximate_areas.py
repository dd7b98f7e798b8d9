"""按乡镇驻地画出示意范围（泰森多边形），不覆盖已有的正式界线。可重复。"""

from pathlib import Path

from django.core.management.base import BaseCommand

from geo.areas import draw_approximate_areas, set_seats
from geo.management.commands.load_regions import DATA, rows_of


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--county", default="141123", help="县代码6位")
        parser.add_argument("--seats", type=Path, default=DATA / "demo_seats.csv", help="CSV：code, lon, lat（WGS-84）")

    def handle(self, *, county, seats, **_):
        placed = set_seats(rows_of(seats))
        drawn = draw_approximate_areas(county)
        self.stdout.write(f"乡镇驻地 {placed} 处，示意范围 {drawn} 个有变动。")
