"""Grades that ceilings of inspections go by, from an Excel list, with a report row by row."""

from enterprises.importing import import_grades
from enterprises.management.imports import ImportCommand


class Command(ImportCommand):
    help = "从 Excel 名册登记煤矿安全保障程度、非煤矿山风险等级：逐行报告问题；默认全部无误才录入"
    what = "等级名册"

    def bring_in(self, path, **options):
        return import_grades(path, **options)
