from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError

from safety_api import stamps


class Command(BaseCommand):
    help = "恢复备份之后执行一次：开始新的同步纪元，已发出的同步标记从头再来。须用建表角色的 DATABASE_URL。"

    def handle(self, **options) -> None:
        try:
            number = stamps.begin_epoch()
        except ProgrammingError:
            raise CommandError("没有权限：请把 DATABASE_URL 设为建表角色（MIGRATE_DATABASE_URL）再执行。") from None
        self.stdout.write(f"同步纪元 {number}。")
