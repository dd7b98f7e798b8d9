"""manage reread_photos: photos of before are shown as today's are, and those called unreadable while their storage was away are read."""

from django.core.management.base import BaseCommand

from evidence import actions


class Command(BaseCommand):
    help = "重新读取旧照片（升级前收存的）：类型、方向、颜色、EXIF 和提示按现在的规则重做，原件不动；可随时中断，再次运行时接着做"

    def add_arguments(self, parser):
        parser.add_argument("--unreadable", action="store_true", help="只重读记为“无法打开”的")

    def handle(self, unreadable, **_):
        done = 0
        for count in actions.reread(unreadable=unreadable):
            done += count
            self.stdout.write(f"已重新读取 {done} 张")
        self.stdout.write(f"完成：{done} 张")
