"""Sites from an Excel list, with a report row by row."""

from enterprises.importing import import_sites
from enterprises.management.imports import ImportCommand


class Command(ImportCommand):
    help = "从 Excel 名册录入场所（车辆、承运单位、九小场所等）：逐行报告问题；默认全部无误才录入"
    what = "场所名册"

    def bring_in(self, path, **options):
        return import_sites(path, **options)
