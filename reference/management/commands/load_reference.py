"""Loads the dated reference data. Safe to repeat: a second run changes nothing."""

from functools import partial
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError
from django.utils.timezone import localdate

from reference import actions, files
from safety_api.trail import SYSTEM


class Command(BaseCommand):
    help = "装载法规与参照数据（reference/data 或另一个同样布局的文件夹）"

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", type=Path, default=files.DATA, help="数据文件夹，默认 reference/data")
        parser.add_argument("--replace", action="store_true", help="更正已生效版本的内容（一般应另立新版本）")
        parser.add_argument("--preview", action="store_true", help="只说会改什么、涉及哪些在办的记录，不装载")

    def handle(self, *, folder: Path, replace: bool, preview: bool, verbosity: int, **_):
        ask = actions.preview if preview else partial(actions.load, by=SYSTEM)
        try:
            changes = ask(files.read(folder), on=localdate(), replace=replace)
        except (files.WrongFile, actions.SilentChange, actions.BrokenSuccession, IntegrityError) as error:
            raise CommandError(str(error)) from error
        for mark, names in (("+", changes.new), ("~", changes.changed), ("-", changes.removed)):
            for name in names if verbosity > 1 or mark != "+" else []:
                self.stdout.write(f"  {mark} {name}")
        new, changed, removed = len(changes.new), len(changes.changed), len(changes.removed)
        what = "参照数据（预览，未装载）" if preview else "参照数据"
        self.stdout.write(f"{what}：新增 {new}，改动 {changed}，删除 {removed}，不变 {changes.same}")
        for said in changes.touched:
            self.stdout.write(f"  · {said}")
        for said in changes.followed:
            self.stdout.write(f"  → {said}")
