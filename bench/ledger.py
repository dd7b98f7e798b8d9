"""python -m bench.ledger [--rows 50000]: what a ledger of so many rows costs as a workbook, and the same rows in a superior's form.

Runs in the database of DATABASE_URL, in a transaction that is taken back: it needs the tables and reference data, leaves nothing.
Memory is the peak of this process above what it held before the first row (VmHWM, so a fresh process for each is what is measured).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

VILLAGES = "SELECT array_agg(code ORDER BY code) FROM geo_region WHERE level = 'village' AND valid_to IS NULL AND starts_with(code, '141123')"
SECTORS = "SELECT array_agg(code ORDER BY code) FROM reference_sector WHERE is_priority"
HAZARDS = f"""
INSERT INTO hazards_hazard (id, content_sha256, state, level, origin, sector_id, department_id, region_code, place, item, description,
  standard_clause, judged_by_expert, sent_crs, reported_by, reporter_name, found_at, due_on, listed_level, production_stopped,
  external_number, is_demo)
SELECT gen_random_uuid(), '', (array['ordered', 'rectifying', 'review_requested', 'confirmed'])[1 + n %% 4],
  CASE WHEN n %% 20 = 0 THEN 'major' ELSE 'general' END, 'inspection', sectors[1 + n %% array_length(sectors, 1)], 'emergency',
  villages[1 + n %% array_length(villages, 1)], '主井口 ' || n, 'C09-12',
  '第' || n || '处：锚杆间距超出作业规程，局部顶板破碎，未按规定补打锚杆并挂网，现场无人盯守', '煤矿重大事故隐患判定标准 第十二条', '', '',
  gen_random_uuid(), '张巡', now() - n * interval '10 minutes', current_date - (n %% 60) + 30, '', false, '', true
FROM generate_series(1, %s) AS n, ({VILLAGES}) AS v(villages), ({SECTORS}) AS s(sectors)
"""


def peak_mb() -> float:
    line = next(each for each in Path("/proc/self/status").read_text().splitlines() if each.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def measure(what: str, rows: int) -> None:
    import django

    django.setup()
    from django.db import connection, transaction

    with TemporaryDirectory() as folder, transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(HAZARDS, [rows])
            cursor.execute("ANALYZE hazards_hazard")
        WAYS[what](Path(folder) / "warm.xlsx", 100)  # imports and caches are no cost of the rows
        before, started, used = peak_mb(), time.perf_counter(), time.process_time()
        path = Path(folder) / "book.xlsx"
        written = WAYS[what](path, None)
        seconds, cpu = time.perf_counter() - started, time.process_time() - used
        size = path.stat().st_size / 1024 / 1024
        print(
            f"{what:<10} {written:>7,} rows  {seconds:6.1f} s  {cpu:6.1f} s CPU  peak {peak_mb():5.0f} MB"
            f" (+{peak_mb() - before:.0f})  {size:.1f} MB"
        )
        transaction.set_rollback(True)


def officer():
    from accounts.models import User

    return User(username="bench", name="郑应", role="bureau_officer", region="141123")


def ledger_rows(most: int | None):
    from itertools import islice

    from django.utils import timezone

    from ledgers.books import LEDGERS

    return islice(LEDGERS["rectification"].stream(officer(), timezone.localdate(), {}), most)


def as_workbook(path: Path, most: int | None) -> int:
    from django.utils import timezone

    from ledgers import workbook
    from ledgers.books import LEDGERS

    head = workbook.Head("兴县应急管理局", timezone.localdate(), "全部", "郑应")
    return workbook.write(path, LEDGERS["rectification"], head, ledger_rows(most), contacts=False)


def as_form(path: Path, most: int | None) -> int:
    from types import SimpleNamespace

    from xlsxwriter import Workbook

    from ledgers import forms
    from ledgers.books import LEDGERS
    from safety_api import filling

    source, ledger = path.with_suffix(".form.xlsx"), LEDGERS["rectification"]
    book = Workbook(str(source))
    page, look = book.add_worksheet("上报表"), book.add_format({"border": 1})
    for at, column in enumerate(ledger.columns):
        page.write_string(0, at, column.heading)
        page.write_blank(1, at, None, look)
    book.close()
    template = SimpleNamespace(sheet="上报表", first_row=2, words={})
    places = {at: column.name for at, column in enumerate(ledger.columns)}
    return filling.fill(source, path, forms.form_of(template, ledger, places, contacts=False), ledger_rows(most))


WAYS = {"workbook": as_workbook, "form": as_form}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safety_api.settings")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--only", choices=WAYS)
    asked = parser.parse_args()
    if asked.only:
        measure(asked.only, asked.rows)
        return
    for way in WAYS:
        subprocess.run([sys.executable, "-m", "bench.ledger", "--rows", str(asked.rows), "--only", way], check=True)


if __name__ == "__main__":
    main()
