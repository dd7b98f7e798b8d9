"""Some inspectors in the field: each sends one visit after another, and each visit until it is acknowledged, whatever dies meanwhile."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from bench.client import Ask, Line, Unexpected
from tests.cast.visits import a_visit
from tests.ground.connections import until

BREATH = 1.0  # seconds to the next visit: what follows from it must keep up, or nothing is seen of what came back
AGAIN = 0.2  # seconds to the next try
NO_ANSWER = 0


class Inspectors:
    def __init__(self, port: int, token: str, unit: str):
        self.port, self.token, self.unit = port, token, unit
        self.acknowledged: list[str] = []
        self.answers: Counter[int] = Counter()
        self.slowest = 0.0
        self._over = threading.Event()

    def _send(self) -> None:
        while not self._over.wait(BREATH):
            key = str(uuid4())
            body = json.dumps(a_visit(enterprise=self.unit, answers=[], hazards=[])).encode()
            visit = Ask("PUT", f"/api/v1/inspections/{key}", self.token, (body,))
            while self._answer(visit) not in (200, 201) and not self._over.wait(AGAIN):
                pass

    def _answer(self, visit: Ask) -> int:
        began, status = time.monotonic(), NO_ANSWER
        try:
            line = Line(self.port)
            status = line.ask(visit).status
            line.close()
        except (OSError, Unexpected):
            pass
        self.slowest = max(self.slowest, time.monotonic() - began)
        self.answers[status] += 1
        if status in (200, 201):
            self.acknowledged.append(visit.path.rpartition("/")[2])
        return status

    @contextmanager
    def sending(self, count: int = 4) -> Iterator[None]:
        threads = [threading.Thread(target=self._send) for _ in range(count)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._over.set()
            for thread in threads:
                thread.join()

    def until_so_many_more(self, visits: int) -> None:
        before = len(self.acknowledged)
        until(lambda: len(self.acknowledged) >= before + visits, seconds=180)

    def figures(self, stored: int) -> str:
        """`stored`: how many of the acknowledged visits are there."""
        lost = len(self.acknowledged) - stored
        answers = ", ".join(f"{count} × {status or 'no answer'}" for status, count in sorted(self.answers.items()))
        return f"acknowledged {len(self.acknowledged)}, lost {lost}, answers {answers}, slowest {self.slowest:.1f} s"
