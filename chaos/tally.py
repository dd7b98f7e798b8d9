"""What was counted on the way, by many threads, and how it is told."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field

from chaos.weather import Fate

AWAY = (0, 502, 503, 504)


@dataclass
class Tally:
    """`answers`: what the web said to whatever reached it; 0 when it said nothing. `faults`: its answers of 500, with their trace."""

    fates: Counter[Fate] = field(default_factory=Counter)
    answers: Counter[int] = field(default_factory=Counter)
    attempts: Counter[str] = field(default_factory=Counter)
    kills: Counter[str] = field(default_factory=Counter)
    bytes_carried: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    longest_away: float = 0.0
    _away_since: float | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def met(self, fate: Fate) -> None:
        with self._lock:
            self.fates[fate] += 1

    def carried(self, phone: str, size: int) -> None:
        with self._lock:
            self.bytes_carried[phone] += size

    def tried(self, what: str) -> None:
        with self._lock:
            self.attempts[what] += 1

    def killed(self, name: str) -> None:
        with self._lock:
            self.kills[name] += 1

    def complain(self, sentence: str) -> None:
        """What no honest phone should ever meet; said at once, for it may be all that there is to see of a run that gets stuck."""
        with self._lock:
            if sentence not in self.wrong:
                self.wrong.append(sentence)
                print(f"  ✗ {sentence}", flush=True)

    def answered(self, method: str, path: str, status: int, trace: str, now: float) -> None:
        with self._lock:
            self.answers[status] += 1
            if status == 500:
                self.faults.append(f"500 {method} {path} trace {trace}")
            self._mark_away(status in AWAY, now)

    def _mark_away(self, away: bool, now: float) -> None:
        """From the first request that nothing came of until the next that was served."""
        if away:
            self._away_since = self._away_since or now
        elif self._away_since is not None:
            self.longest_away = max(self.longest_away, now - self._away_since)
            self._away_since = None
