"""What keeps the present schema from being spread over machines by one column: a table, its keys, its references (docs/scaling.md)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from safety_api import distribution
from safety_api.distribution import LOCAL, REFERENCE, SPREAD, Finding

COLUMN = "region_code"
PAGE = settings.BASE_DIR / "docs" / "scaling.md"
COUNTED = re.compile(r"(?s)(?<=<!-- counted by report_distribution -->\n).*?(?=\n<!-- end of what was counted -->)")
PLACES = {SPREAD: "按县分布", REFERENCE: "各机一份（参照表）", LOCAL: "只在一台"}


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--column", default=COLUMN, help="分布列，缺省 region_code")
        parser.add_argument("--schema", default="public")
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")
        parser.add_argument("--write", action="store_true", help="把合计写进 docs/scaling.md")

    def handle(self, *, column: str, schema: str, write: bool, **options: Any) -> None:
        tables = distribution.read(schema)
        findings = distribution.report(tables, column)
        said = sentences(distribution.totals(tables, findings, column), column)
        if options["json"]:
            self.stdout.write(json.dumps(distribution.as_json(tables, findings, column), ensure_ascii=False, indent=1))
        else:
            self.stdout.write("\n".join([*_lines(findings, column), said]))
        if write:
            write_page(said)


def _lines(findings: list[Finding], column: str) -> Iterator[str]:
    for place, label in PLACES.items():
        chosen = [each for each in findings if each.place == place]
        yield f"{label} {place}: {len(chosen)}"
        yield from (line_of(each, column) for each in chosen)
        yield ""


def line_of(found: Finding, column: str) -> str:
    said = {
        f"no {column}": found.lacks_column,
        f"key ({', '.join(found.primary)})": found.primary,
        f"unique {', '.join(found.keys)}": found.keys,
        f"exclusion {', '.join(found.exclusions)}": found.exclusions,
        f"references {', '.join(found.links)}": found.links,
        f"triggers {', '.join(found.triggers)}": found.triggers,
        f"numbered {', '.join(found.numbered)}": found.numbered,
    }
    return f"  {found.table} [{found.rows}]" + "".join(f"\n      {words}" for words, there in said.items() if there)


def sentences(counted: dict[str, int], column: str) -> str:
    """As the page of scaling has them."""
    return "\n".join(
        f"- {line}"
        for line in (
            f"tables: {counted['tables']}, of them without `{column}`: {counted['without_column']}",
            f"of somebody's county, by `{column}` or by what they refer to: {counted[SPREAD]}, without the column:"
            f" {counted['spread_without_column']}; copied to every machine: {counted[REFERENCE]}; on one machine alone: {counted[LOCAL]}",
            f"primary keys of the {counted[SPREAD]} without the column: {counted['primary_keys_without']}",
            f"further unique indexes of theirs without it: {counted['unique_indexes_without']} of {counted['unique_indexes']};"
            f" exclusion constraints: {counted['exclusions_without']}",
            f"references between them without it: {counted['references_without']} of {counted['references']}",
            f"triggers on them: {counted['triggers']}; columns that number themselves: {counted['numbered']}",
        )
    )


def write_page(said: str, page: Path = PAGE) -> None:
    text = page.read_text(encoding="utf-8")
    page.write_text(COUNTED.sub(lambda _: said, text), encoding="utf-8")
