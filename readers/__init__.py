"""读 What opens foreign bytes (workbooks, pictures), in a process that knows nothing and may be lost.

It imports no Django, no settings, no app of ours, and gets no environment: there is nothing in it to be taken. Each job is a process
forked for it, with limits on memory, CPU seconds and time (`child.py`); `safety_api/apart.py` starts it, asks and answers for it.

Rooms     child.py the process · workbooks.py, sheet_parts.py, filling.py workbooks read and filled · pictures.py, exif.py photos
          media_types.py which picture it is, by its first bytes alone: opens nothing, and may be used anywhere
"""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """What a reader says of a file: a word, and what belongs to its sentence. Plain enough to cross from one process to another."""

    def __init__(self, word: str, **values: Any):
        super().__init__(word, values)
        self.word, self.values = word, values
        self.said: list[Any] = []  # what came before it


TOO_HEAVY = "too_heavy"  # ended by a limit; `by`: memory, cpu, time, answer, crash
BROKEN = "broken"  # the reader stumbled; `error`: how
