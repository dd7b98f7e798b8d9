import json

from django.core.management.base import BaseCommand

from safety_api import trail


class Command(BaseCommand):
    help = "输出封存摘要，每行一个 JSON，供异地保存；不含任何业务内容。"

    def add_arguments(self, parser) -> None:
        parser.add_argument("--after", type=int, default=0, metavar="N", help="只输出编号大于 N 的封存")

    def handle(self, *, after: int, **options) -> None:
        for seal in trail.seals(after=after):
            self.stdout.write(json.dumps(seal, ensure_ascii=False))
