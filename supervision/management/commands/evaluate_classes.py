"""分类评定：全部或指定单位，按某日（默认今天）的情况。可重复：没有变化就不写。"""

from datetime import date
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localdate

from safety_api.problems import Problem
from supervision import actions


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--on", type=date.fromisoformat, default=None, help="按哪一天，YYYY-MM-DD")
        parser.add_argument("--enterprise", type=UUID, nargs="+", default=[], help="只评这些单位")
        parser.add_argument("--review", action="store_true", help="定期评审：该日须为评审日")
        parser.add_argument("--check", action="store_true", help="只核对：按所存依据重新计算，与现行类别比较")

    def handle(self, *, on, enterprise, review, check, **_):
        if check:
            self.compare()
            return
        on = on or localdate()
        if on > localdate():
            raise CommandError("这一天还没有到。")
        try:
            done = self.carry_out(on, enterprise, review)
        except Problem as problem:
            raise CommandError(problem.kind.sentence(**problem.values)) from None
        self.stdout.write(f"{on}：{done.units} 家单位，新评定 {done.written} 条，类别有变动 {done.changed} 家。")

    def carry_out(self, on, enterprise, review):
        if review:
            return actions.review(on)
        return actions.evaluate(enterprise, on) if enterprise else actions.evaluate_all(on)

    def compare(self):
        found = list(actions.differences())
        for sentence in found[:100]:
            self.stdout.write(sentence)
        if found:
            raise CommandError(f"共 {len(found)} 处不符。")
        self.stdout.write("全部相符。")
