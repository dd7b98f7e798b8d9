"""装入演示数据（仅内置模式）：本县一年的虚构单位、检查、隐患、事故。同一 --seed、--on、--size 得到同样的数据。"""

from datetime import date

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from safety_api import demo

PROVINCE = {"counties": 117, "enterprises": 500_000}


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--if-empty", action="store_true", help="库中已有人员时不装入")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--on", type=date.fromisoformat, help="演示的“今天”，默认为今天")
        parser.add_argument("--year", type=int, help="演示哪一年；往年则到 12 月 31 日为止")
        parser.add_argument("--size", default="county", help="county（默认）、province 或单位总数")
        parser.add_argument("--counties", type=int, help="几个县（1–117），兴县总在其中")
        for name, what in (("inspections", "检查"), ("hazards", "隐患"), ("accidents", "事故")):
            parser.add_argument(f"--{name}", type=int, default=0, help=f"另加多少条{what}（压测用）")
        parser.add_argument("--no-classes", action="store_true", help="不评定分类（大数据量时）")

    def handle(self, *, if_empty, seed, on, year, size, counties, no_classes, **rows):
        if demo.is_loaded():
            self.stdout.write("已有演示数据，未作改动。")
            return
        if if_empty and not demo.is_empty():
            self.stdout.write("库中已有人员，未装入演示数据。")
            return
        more = {name: rows[name] for name in ("inspections", "hazards", "accidents")}
        world = demo.World(
            today=last_day(on or timezone.localdate(), year),
            seed=seed,
            password=settings.DEMO_PASSWORD,
            size=size_of(size, counties, classes=not no_classes, **more),
            say=self.stdout.write,
        )
        try:
            demo.load(world)
        except demo.DemoRefused as refused:
            raise CommandError(f"未装入任何内容：{refused}") from None
        self.stdout.write(f"演示数据已装入：{world.year} 年，截至 {world.today}。")


def last_day(on: date, year: int | None) -> date:
    if year and year > on.year:
        raise CommandError(f"--year {year} 还没有到。")
    return on if year in (None, on.year) else date(year, 12, 31)


def size_of(size: str, counties: int | None, **more) -> demo.Size:
    if size != "county" and size != "province" and not size.isdecimal():
        raise CommandError("--size 应为 county、province 或一个整数。")
    units = PROVINCE["enterprises"] if size == "province" else demo.UNITS if size == "county" else int(size)
    if counties is None:
        counties = PROVINCE["counties"] if size == "province" else 1
    if not 1 <= counties <= PROVINCE["counties"]:
        raise CommandError("--counties 应在 1 与 117 之间。")
    storied = min(units, demo.UNITS)
    return demo.Size(units=storied, counties=counties, more_units=units - storied, **more)
