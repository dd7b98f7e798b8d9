"""manage name_editions: hazards of before editions were kept have the one that their own text names. May be run again."""

from django.core.management.base import BaseCommand

from hazards.actions import name_editions
from hazards.models import Hazard
from reference.criteria.rules import UNKNOWN


class Command(BaseCommand):
    help = "旧隐患按其原文所写的文号或名称认定判定标准；没有写明的仍为 unknown。可重复运行"

    def handle(self, **_):
        named = name_editions()
        left = Hazard.objects.filter(edition=UNKNOWN).count()
        self.stdout.write(f"按原文认定 {named} 条，仍不明 {left} 条")
