"""What the commands that import a list have in common: arguments, the report on the screen and in a file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from enterprises.importing import Outcome
from safety_api.sheets import WrongFile, write_report
from safety_api.trail import SYSTEM

MOST_SHOWN = 200


class ImportCommand(BaseCommand):
    """Set `what` and `bring_in`."""

    what = ""

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="名册（.xlsx），空表用 make_template 生成")
        parser.add_argument("--skip-bad", action="store_true", help="有问题的行跳过，其余照录；默认一行有误则全部不录")
        parser.add_argument("--report", type=Path, help="把逐行问题写成这个 .xlsx 文件")

    def bring_in(self, path: Path, **options) -> Outcome:
        raise NotImplementedError

    def handle(self, *, file: Path, skip_bad: bool, report: Path | None, **options):
        try:
            outcome = self.bring_in(file, by=SYSTEM, skip_bad=skip_bad)
        except WrongFile as error:
            raise CommandError(str(error)) from None
        self.print_outcome(outcome)
        if report:
            write_report(report, outcome.faults)
            self.stdout.write(f"逐行问题已写入 {report}")
        self.hand_over(outcome, **options)
        if outcome.faults and not outcome.written:
            raise CommandError("没有录入任何一行：请改正后重试，或加 --skip-bad 先录入无误的行。")

    def print_outcome(self, outcome: Outcome) -> None:
        for line in [*outcome.faults[:MOST_SHOWN], *outcome.warnings[:MOST_SHOWN]]:
            self.stdout.write(str(line))
        if len(outcome.faults) > MOST_SHOWN:
            self.stdout.write(f"……共 {len(outcome.faults)} 处问题，全部见 --report 文件")
        bad = len({fault.row for fault in outcome.faults})
        self.stdout.write(f"{self.what}：读到 {outcome.rows} 行，录入 {outcome.written} 行，有问题 {bad} 行。")

    def hand_over(self, outcome: Outcome, **options) -> None:
        """What else has to be given to the operator."""
