from django.core.management.base import BaseCommand

from safety_api import outbox


class Command(BaseCommand):
    help = "立即处理发件箱中到期的消息（平时由后台进程每两秒处理一次）。"

    def handle(self, **options) -> None:
        done = outbox.drain()
        left = outbox.waiting()
        self.stdout.write(f"处理 {done} 条；待处理 {left['due']}，重试中 {left['retrying']}，搁置 {left['parked']}。")
