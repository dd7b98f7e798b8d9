"""A department's own checklist from Excel, with a report row by row."""

from datetime import date

from django.core.management.base import CommandError

from enterprises.management.imports import ImportCommand
from ledgers.checklists import import_checklist
from reference import law


class Command(ImportCommand):
    help = "从 Excel 录入部门自定的检查表：逐行报告问题；全部无误才录入"
    what = "检查表"

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--sector", required=True, help="领域代码")
        parser.add_argument("--department", required=True, help="部门代码")
        parser.add_argument("--list-version", required=True, help="版本，如 2026-1")
        parser.add_argument("--effective-from", required=True, type=date.fromisoformat, help="施行日，如 2026-12-01")
        parser.add_argument("--source", required=True, help="依据，如文号")
        parser.add_argument("--title", default="", help="不写则为“部门＋领域＋检查表”")

    def handle(self, *, sector, department, list_version, effective_from, source, title, **options):
        if sector not in law.books().sectors or department not in law.books().departments:
            raise CommandError("没有这个领域或部门。")
        self.named = {"sector": sector, "department": department, "version": list_version,
                      "effective_from": effective_from, "source": source, "title": title}  # fmt: skip
        super().handle(**options)

    def bring_in(self, path, *, by, skip_bad):
        if skip_bad:
            raise CommandError("检查表不能跳过有误的条目录入。")
        return import_checklist(path, by=by, **self.named)
