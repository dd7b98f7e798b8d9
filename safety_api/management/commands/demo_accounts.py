"""列出演示账号：用户名、姓名、岗位，每行一个。"""

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = __doc__

    def handle(self, **_):
        for user in get_user_model()._default_manager.filter(is_demo=True).order_by("created_at", "username"):
            self.stdout.write(f"{user.username:<12}{user.name}  {user.get_role_display()}")
