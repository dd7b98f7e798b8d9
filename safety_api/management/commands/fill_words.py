"""manage fill_words [kind …]: what records are found by, written anew by the worker."""

from django.core.management.base import BaseCommand

from safety_api import search


class Command(BaseCommand):
    help = "重建检索文字（单位、场所、隐患、检查、事故），由后台分批进行；不写种类则全部"

    def add_arguments(self, parser):
        parser.add_argument("kinds", nargs="*", choices=[*search.INDEXES, []], metavar="kind")

    def handle(self, *, kinds, **_):
        for kind in kinds or search.INDEXES:
            search.fill(kind)
            self.stdout.write(f"检索文字：{kind} 已交后台重建")
