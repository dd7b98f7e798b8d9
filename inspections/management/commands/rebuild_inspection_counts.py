"""manage rebuild_inspection_counts [--check]: how often each unit was inspected, from nothing, or held against what is kept."""

import sys

from django.core.management.base import BaseCommand

from inspections.ceilings import counting


class Command(BaseCommand):
    help = "从检查记录重新计算各单位全年检查次数和超限提示；--check 只比较，有差异时退出码为 1"

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="只比较，不写入")

    def handle(self, *, check=False, **_):
        units = [(unit, wrong) for unit, wrong in counting.rebuild(check=check) if wrong]
        for unit, wrong in units[:20]:
            self.stdout.write(f"单位 {unit}：{wrong} 处")
        self.stdout.write(f"{'差异' if check else '更新'}：{len(units)} 家单位，{sum(wrong for _, wrong in units)} 处")
        if check and units:
            sys.exit(1)
