"""manage rebuild_zero_accident [--year 2026] [--check]: the figures from nothing, or held against what is kept."""

import sys
from time import perf_counter

from django.core.management.base import BaseCommand
from django.utils import timezone

from zero_accident.figures import keeping, rebuilding


class Command(BaseCommand):
    help = "从事实重新计算“零事故”数字；--check 只比较，有差异时退出码为 1"

    def add_arguments(self, parser):
        parser.add_argument("--year", type=int, help="不写为今年和已有数字的各年")
        parser.add_argument("--check", action="store_true", help="只比较，不写入")

    def handle(self, *, year=None, check=False, **_):
        years = [year] if year else sorted({timezone.localdate().year, *keeping.kept_years()})
        different = sum(self.rebuild(each, check) for each in years)
        if check and different:
            sys.exit(1)

    def rebuild(self, year: int, check: bool) -> int:
        """How many rows differ, or were put right; says so, with the first of them in words."""
        began = perf_counter()
        report = rebuilding.rebuild(year, check=check)
        for line in report.lines:
            self.stdout.write(line)
        if report.count > len(report.lines):
            self.stdout.write(f"……另有 {report.count - len(report.lines)} 处")
        counts = "，".join(f"{name} {n}" for name, n in report.counts.items())
        self.stdout.write(
            f"{year} 年：{counts}；用时 {perf_counter() - began:.1f} 秒；{report.count} 处{'差异' if check else '更新'}"
        )
        return report.count
