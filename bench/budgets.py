"""What a request may cost (DESIGN §8). Aims, not tests: README.md says what was measured and why it is more where it is more."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Budget:
    """CPU milliseconds of web and PostgreSQL for one request; statements; and, where one is set, the 95th percentile in ms."""

    cpu: float
    statements: int
    p95: float | None = None


BUDGETS = {
    "put-inspection": Budget(5, 10),
    "put-photo": Budget(6, 6),
    "list": Budget(10, 4),
    "queue": Budget(20, 4),  # an office's list by what waits and when it is due: the same at 10,000 rows and at 1,000,000
    "unchanged": Budget(1.2, 2),
    "sync": Budget(1.6, 2),
    "tile": Budget(15, 2, p95=20),
    "ranking-county": Budget(4, 3),
    "ranking-province": Budget(8, 3),
    "class": Budget(3, 4),
}
RECLASS = 600.0  # seconds for 500,000 enterprises on two cores
