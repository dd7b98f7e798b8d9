"""权限表 The matrix of routes and roles as a text file (docs/permissions.txt), for whoever is not to read Python.

It stands beside the table `MAY` and is not read by it: two statements, in other words, of who may do what. A group that grows by a slip
opens doors nobody thought of; then the two differ, and a test says where. Every route has a row, every role a column, every cell is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from string import ascii_letters

OPEN, SHUT = "x", "."
HEADING = "route"


def columns_of(text: str) -> dict[str, str]:
    """Letter → role, from the legend: `# a = inspector 检查员`."""
    legend = (line.split() for line in text.splitlines() if line.startswith("# "))
    return {words[1]: words[3] for words in legend if len(words) > 3 and words[2] == "="}


def rows_of(text: str) -> dict[str, dict[str, bool]]:
    """Route → role → whether the door opens. Raises ValueError for a row with too few or too many cells, or with another sign."""
    columns, found = columns_of(text), {}
    for route, *cells in _lines(text):
        if len(cells) != len(columns) or not {OPEN, SHUT}.issuperset(cells):
            raise ValueError(f"{route}: {len(columns)} cells of {OPEN} or {SHUT} are needed")
        found[route] = {role: cell == OPEN for role, cell in zip(columns.values(), cells, strict=True)}
    return found


def _lines(text: str) -> Iterator[list[str]]:
    words = (line.split() for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return (each for each in words if each[0] != HEADING)


def with_column(text: str, role: str, label: str, like: str | None = None) -> str:
    """The same with a column more at its right: every door shut, or open where it is open to `like`."""
    columns, rows = columns_of(text), rows_of(text)
    letter, last = ascii_letters[len(columns)], f"# {list(columns)[-1]} = "
    made = []
    for line in text.splitlines():
        first = line.split(maxsplit=1)[0] if line.strip() else ""
        cell = letter if first == HEADING else OPEN if like and rows.get(first, {}).get(like) else SHUT
        made.append(f"{line}  {cell}" if first in rows or first == HEADING else line)
        if line.startswith(last):
            made.append(f"# {letter} = {role} {label}")
    return "\n".join(made) + "\n"
