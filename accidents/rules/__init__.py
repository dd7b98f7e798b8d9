"""An accident's grade, its limits and its investigation as pure rules over visible tables: no database, no clock, no float.

accidents      grade, window for later deaths, effective casualties, late or in time, statistics
reporting      who owes whom a report and by when, what a report must say, serious risk, reminders
investigation  who investigates, by when, and what must be marked before it is closed

Days are days in Asia/Shanghai, given by the caller. Money is Decimal or whole yuan; a float is a TypeError.
「以上」 includes the number, 「以下」 excludes it (国务院令第493号 末款) — in every table here.
"""

from accidents.rules.accidents import (
    AccidentFacts,
    Casualties,
    Grades,
    ReportedTotals,
    UnitPart,
    Windows,
    at_least,
    counted_in_statistics,
    due_at,
    effective_casualties,
    fen_of,
    grade_of,
    is_late,
    read_grades,
    read_windows,
    window_end,
    window_kind,
)

__all__ = [
    "AccidentFacts",
    "Casualties",
    "Grades",
    "ReportedTotals",
    "UnitPart",
    "Windows",
    "at_least",
    "counted_in_statistics",
    "due_at",
    "effective_casualties",
    "fen_of",
    "grade_of",
    "is_late",
    "read_grades",
    "read_windows",
    "window_end",
    "window_kind",
]
