from django.core.management.base import BaseCommand

from safety_api import outbox


class Command(BaseCommand):
    help = "让搁置的消息重新排队，例如在修好出错的处理之后。"

    def add_arguments(self, parser) -> None:
        parser.add_argument("--topic", help="只处理这个主题")

    def handle(self, *, topic: str | None, **options) -> None:
        self.stdout.write(f"{outbox.unpark(topic)} 条消息重新排队。")
