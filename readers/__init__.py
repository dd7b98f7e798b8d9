"""读 What opens foreign bytes (workbooks, pictures), in a process that knows nothing and may be lost.

It imports no Django, no settings, no app of ours, and gets no environment: there is nothing in it to be taken. Each job is a process
forked for it, with limits on memory, CPU seconds and time (`child.py`); `safety_api/apart.py` starts it, asks and answers for it.

Rooms     child.py the process · workbooks.py, sheet_parts.py, filling.py workbooks read and filled · pictures.py, exif.py photos
          voices.py voice notes · media_types.py which picture or voice it is, by its first bytes alone: opens nothing, and may be used anywhere
"""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """What a reader says of a file: a word, and what belongs to its sentence. Plain enough to cross from one process to another."""

    def __init__(self, word: str, **values: Any):
        super().__init__(word, values)
        self.word, self.values = word, values
        self.said: list[Any] = []  # what came before it


MOST_ROWS, MOST_COLUMNS = 50_000, 100  # of a sheet
HEADING_ROWS = 2  # the headings, and the notes of our own templates

TOO_HEAVY = "too_heavy"  # ended by a limit; `by`: memory, cpu, time, answer, crash
WRONG_FILE = "wrong_file"
BROKEN = "broken"  # the reader stumbled; `error`: how


class WrongFile(Refusal):
    """The file as a whole cannot be read; the message is a Chinese sentence."""

    def __init__(self, sentence: str, *, too_heavy: bool = False):
        super().__init__(WRONG_FILE, sentence=sentence)
        self.too_heavy = too_heavy

    def __str__(self) -> str:
        return self.values["sentence"]
