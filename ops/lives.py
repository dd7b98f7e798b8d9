"""How often each service was brought back, and when the next try is due: pure rules, and the journal run/watch.json.

`./safety status`, `/readyz` and `/metrics` read it.
"""

import json
import os
from dataclasses import asdict, dataclass, replace

from ops.home import Home, write_private
from ops.processes import boot

PAUSES = (0, 1, 2, 4, 8, 15, 30, 30, 30, 30)  # seconds from one start to the next while it keeps dying; then it is given up
STEADY = 60  # whoever lived so many seconds begins at the first pause again


@dataclass(frozen=True)
class Life:
    """`tries`: starts in a row that did not last; `at`: the last of them, in seconds since the machine's start."""

    restarts: int = 0
    tries: int = 0
    at: float = 0.0
    given_up: bool = False


def judged(life: Life, *, alive: bool, now: float) -> tuple[Life, bool]:
    """The life as it stands now, and whether a start is due."""
    if alive:
        steady = life.tries > 0 and now - life.at >= STEADY
        return (replace(life, tries=0, given_up=False) if steady or life.given_up else life), False
    if life.tries >= len(PAUSES):
        return replace(life, given_up=True), False
    if now - life.at < PAUSES[life.tries]:
        return life, False
    return replace(life, restarts=life.restarts + 1, tries=life.tries + 1, at=now), True


def read(place: Home) -> dict[str, Life]:
    """What is known of each service. The clock of `at` begins anew with the machine."""
    try:
        known = json.loads((place.run / "watch.json").read_text(encoding="utf-8"))
        lives = {name: Life(**facts) for name, facts in known["services"].items()}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return lives if known["boot"] == boot() else {name: replace(life, at=0.0) for name, life in lives.items()}


def write(place: Home, lives: dict[str, Life]) -> None:
    facts = {"boot": boot(), "services": {name: asdict(life) for name, life in lives.items()}}
    write_private(place.run / "watch.json", json.dumps(facts) + "\n")


def touch(place: Home) -> None:
    """The journal's age tells `/readyz` whether anybody watches."""
    try:
        os.utime(place.run / "watch.json")
    except FileNotFoundError:
        write(place, {})


def hope_again(place: Home) -> None:
    """`up` tries again what was given up; how often it was brought back is still told."""
    write(place, {name: Life(restarts=life.restarts) for name, life in read(place).items()})


def forget(place: Home) -> None:
    (place.run / "watch.json").unlink(missing_ok=True)
