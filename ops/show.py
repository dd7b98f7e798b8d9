"""What a person reads: one line a step, with its seconds."""

import sys
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TAIL_LINES = 25
TAIL_FROM = 2_000_000  # bytes before the end of a log: eight thousand requests may stand behind the words that are looked for
ORDINARY = '"event": "request"'  # the old web writes on in the log in which the new one says why it does not come up


class Failed(Exception):
    """A step that could not be done. `text` says why and what to do; the end of `log` is shown below it."""

    def __init__(self, text: str, *, log: Path | None = None):
        super().__init__(text)
        self.log = log


def wide(text: str, width: int) -> str:
    """`text` filled to `width` columns; a Chinese character takes two."""
    columns = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
    return text + " " * max(0, width - columns)


@contextmanager
def step(label: str) -> Iterator[None]:
    start, live = time.monotonic(), sys.stdout.isatty()
    if live:
        print(f"  … {label}", end="", flush=True)
    back = "\r" if live else ""
    try:
        yield
    except BaseException:
        print(f"{back}  ✗ {wide(label, 46)}{time.monotonic() - start:6.1f} s", flush=True)
        raise
    print(f"{back}  ✓ {wide(label, 46)}{time.monotonic() - start:6.1f} s", flush=True)


def tail(log: Path, lines: int = TAIL_LINES) -> str:
    try:
        text = log.read_bytes()[-TAIL_FROM:].decode("utf-8", "replace")
    except OSError:
        return ""
    telling = [line for line in text.splitlines() if ORDINARY not in line]
    return "\n".join(f"    {line}" for line in telling[-lines:])


def complain(error: Failed) -> None:
    print(f"\n✗ {error}", file=sys.stderr)
    if error.log and (end := tail(error.log)):
        print(f"\n  {error.log}:\n{end}", file=sys.stderr)


def size(count: int) -> str:
    amount = float(count)
    for unit in ("B", "KB", "MB", "GB"):
        if amount < 1024:
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1024
    return f"{amount:.1f} TB"
