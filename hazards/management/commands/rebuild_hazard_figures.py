"""manage rebuild_hazard_figures [--check]: the figures from nothing, or held against what is kept."""

import sys

from django.core.management.base import BaseCommand

from hazards import figures


class Command(BaseCommand):
    help = "从隐患及其经过重新计算隐患数字；--check 只比较，有差异时退出码为 1（发件箱中未处理的消息也算差异）"

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="只比较，不写入")

    def handle(self, *, check=False, **_):
        report = figures.rebuild(check=check)
        for line in report.lines:
            self.stdout.write(line)
        what = "差异" if check else "更新"
        self.stdout.write(f"{what}：隐患 {report.hazards} 条，月度数字 {report.sums} 行")
        if check and report.count:
            sys.exit(1)
