"""Units from an Excel list, with a report row by row."""

from enterprises.importing import import_units
from enterprises.management.imports import ImportCommand


class Command(ImportCommand):
    help = "从 Excel 名册录入单位：逐行报告问题；默认全部无误才录入"
    what = "单位名册"

    def bring_in(self, path, **options):
        return import_units(path, **options)
