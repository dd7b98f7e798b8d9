from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from safety_api import health


class Command(BaseCommand):
    help = "这台机器上的服务能否工作：能则为 0；不能则为 1，并逐项写明。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", choices=health.NEEDS)

    def handle(self, *, role: str, **_: Any) -> None:
        lacks = health.lacking(role) | health.unheard(role)
        for name, says in lacks.items():
            self.stdout.write(f"{name}: {says}")
        if lacks:
            raise SystemExit(1)
        self.stdout.write("ready")
