"""What the twelve digits of a division code say (统计用区划代码 PP CC DD TTT VVV): plain strings, no database."""

import re

CODE = re.compile(r"[1-9][0-9]{11}\Z")
GROUPS = (2, 4, 6, 9, 12)  # digits that end a province, city, county, township, village
LEVELS = dict(zip(GROUPS, ("province", "city", "county", "township", "village"), strict=True))


def is_code(text: str) -> bool:
    return bool(CODE.match(text))


def prefix_of(code: str) -> str:
    """The digits all its descendants begin with: "141123000000" → "141123"; "1411" stays."""
    meant = code.rstrip("0")
    return code[: next(size for size in GROUPS if size >= len(meant))]


def level_of(code: str) -> str:
    return LEVELS[len(prefix_of(code))]


def parent_of(code: str) -> str | None:
    """The code one level up; None above a province."""
    size = len(prefix_of(code))
    return None if size == GROUPS[0] else whole(code[: GROUPS[GROUPS.index(size) - 1]])


def whole(prefix: str) -> str:
    """Twelve digits from 2, 4, 6, 9 or 12."""
    return prefix.ljust(12, "0")


def common_prefix(prefixes: list[str]) -> str:
    """The longest whole group shared by all; "" when not even the province is."""
    fits = (size for size in reversed(GROUPS) if len({p[:size] for p in prefixes}) == 1 and len(prefixes[0]) >= size)
    return prefixes[0][: next(fits, 0)] if prefixes else ""
