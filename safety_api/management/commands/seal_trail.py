from django.core.management.base import BaseCommand

from safety_api import trail


class Command(BaseCommand):
    help = "立即封存已提交的留痕（平时每分钟自动封存一次）。"

    def handle(self, **options) -> None:
        self.stdout.write(f"封存 {trail.seal()} 条。")
