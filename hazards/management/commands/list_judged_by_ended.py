"""manage list_judged_by_ended [--edition CODE] [--unknown] [--csv]: what an ended text judged since the first day of the new one."""

import csv

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localdate

from hazards.editions import due_edition
from hazards.models import Hazard
from reference.criteria import editions
from safety_api.problems import Problem

COLUMNS = (
    "编号",
    "发现日期",
    "行政区划",
    "单位（地点）",
    "级别",
    "状态",
    "判定标准",
    "发现之日有效的标准",
    "判定依据",
    "复看",
)


class Command(BaseCommand):
    help = "列出新判定标准施行之日起发现、仍按已失效文本判定的隐患，供人复看；--unknown 另列其后发现而判定文本不明的重大隐患"

    def add_arguments(self, parser):
        parser.add_argument("--edition", default="", help="只列由这一版取代的，如 coal_mine.MEM21-2026")
        parser.add_argument("--unknown", action="store_true", help="改列判定文本不明的重大隐患")
        parser.add_argument("--csv", action="store_true", help="逗号分隔，不带统计")

    def handle(self, *, edition, unknown, **options):
        try:
            rows = Hazard.objects.judged("unknown" if unknown else "ended", edition)
        except Problem as problem:
            raise CommandError(f"{problem.kind.sentence()} {edition}") from None
        shown = rows.select_related("enterprise", "site").prefetch_related("looks").order_by("found_at", "pk")
        (self.print_csv if options["csv"] else self.print_lines)(map(_row, shown.iterator(chunk_size=500)))

    def print_csv(self, rows) -> None:
        writer = csv.writer(self.stdout)
        writer.writerow(COLUMNS)
        writer.writerows(rows)

    def print_lines(self, rows) -> None:
        many = 0
        for row in rows:
            many += 1
            self.stdout.write("　".join(row))
        self.stdout.write(f"共 {many} 条")


def _row(hazard: Hazard) -> list[str]:
    due, looks = due_edition(hazard), list(hazard.looks.all())
    where = hazard.enterprise or hazard.site or hazard.place
    return [
        str(hazard.pk), str(localdate(hazard.found_at)), hazard.region_code, str(getattr(where, "name", where)), hazard.get_level_display(),
        hazard.get_state_display(), _named(hazard.edition), _named(due.code if due else ""),
        hazard.standard_clause or hazard.judged_by_expert or "—", looks[-1].get_word_display() if looks else "未复看",
    ]  # fmt: skip


def _named(code: str) -> str:
    edition = editions.known(code)
    return edition.number if edition else "不明"
