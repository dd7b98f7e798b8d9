"""Every hostile file of the tests, opened as the doors open it: what is said, how long it took, how much it held.

    ./safety manage shell -c "from bench.hostile import main; main()"

Prints a table for docs/hostile-files.md. The limits are the real ones: some minutes.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib import import_module
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile

from evidence import looking
from safety_api import apart, sheets
from safety_api.problems import Problem

Build = Callable[[], bytes]


def as_list(content: bytes) -> str:
    try:
        sheets.lines_of(content, 0, sheets.LIST)
    except sheets.WrongFile as error:
        return f"{'`file_too_heavy`' if error.too_heavy else '`bad_workbook`'} {error}"
    return "read"


def as_photo(content: bytes) -> str:
    with NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        try:
            looking.header_of(Path(file.name))
            looking.shown(BytesIO(content))
        except Problem as problem:
            return f"`{problem.kind.code}`"
        except looking.Unreadable as error:
            return f"`unreadable`, because: {error.because}"
    return "shown"


def measured(name: str, build: Build, opened: Callable[[bytes], str]) -> str:
    content, begun = build(), time.monotonic()
    answer = opened(content)
    used, seconds = apart._nursery.used, time.monotonic() - begun
    return f"| {name} | {len(content) / 1024:,.1f} | {answer} | {seconds:.2f} | {used['cpu']:.2f} | {used['peak'] // 1024} |"


def main() -> None:
    hostile = import_module("tests.cast.hostile")
    sheets.check_workbook(hostile.book())  # the process stands
    print("| file | KB | answer | seconds | CPU | MB |\n|---|---|---|---|---|---|")
    for name, build in {**hostile.BOOKS, **{name: build for name, (build, _) in hostile.BY_A_LIMIT.items()}}.items():
        print(measured(name, build, as_list), flush=True)
    for name, build in {**hostile.PICTURES, **hostile.SLOW_PICTURES}.items():
        print(measured(name, build, as_photo), flush=True)
