"""走时钟：标记逾期、期满转复查、乡镇逾期转县级、生成提醒；从上次走到的次日起，逐日补到某日（默认今天）。可重复：没有变化就不写。"""

from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localdate

from hazards.actions.clocks import Turned, turning
from safety_api.problems import Problem


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--on", type=date.fromisoformat, default=None, help="走到哪一天，YYYY-MM-DD")

    def handle(self, *, on, **_):
        on = on or localdate()
        if on > localdate():
            raise CommandError("这一天还没有到。")
        try:
            done = sum((self.print_day(*step) for step in turning(on)), Turned())
        except Problem as problem:
            raise CommandError(problem.kind.sentence(**problem.values)) from None
        self.stdout.write(f"已走到 {on}，共 {done.days} 天。")

    def print_day(self, day: date, done: Turned) -> Turned:
        counts = f"逾期 {done.overdue}，转复查 {done.moved}，转县级 {done.escalated}，提醒 {done.reminders}"
        self.stdout.write(f"{day}{'' if done.days else '（未完）'}：{counts}")
        return done
