"""重新汇总地图上的格（瓦片远景），从头计算；可随时重复。"""

from django.core.management.base import BaseCommand

from geo import tasks


class Command(BaseCommand):
    help = __doc__

    def handle(self, **_):
        tasks.rebuild_grid()
        self.stdout.write("已重新汇总。")
