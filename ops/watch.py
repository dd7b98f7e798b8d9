"""守望 The watch: whatever dies comes back by itself, the other watch too; what keeps dying is given up loudly (ops/lives.py).

Run by itself, `watch.py NAME` is one of two equal processes. Whoever holds run/hands looks; a command that starts or stops things
holds it meanwhile. They end when run/wanted.json is gone: `down` takes it away. What they start is nobody's child: it outlives them.
"""

import contextlib
import errno
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from ops import house, lives, services  # noqa: E402
from ops.broker import Broker  # noqa: E402
from ops.cluster import Cluster  # noqa: E402
from ops.home import Home, home, if_free  # noqa: E402
from ops.processes import Service  # noqa: E402
from ops.show import Failed  # noqa: E402

LOOK = 0.5  # seconds between looks
WITHOUT_ROOM = 5  # seconds, when the disk does not even take a word


class Wanted(NamedTuple):
    """What `up` left running: the port of the web, and what services and watches were started from."""

    port: int
    mark: str
    watch_mark: str


def wanted(place: Home) -> Wanted | None:
    try:
        return Wanted(**json.loads(house.wanted_file(place).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def start(place: Home, name: str, asked: Wanted) -> None:
    """Raises Failed when it cannot even be started. Nobody waits here until it answers."""
    env = dict(os.environ)
    starts: dict[str, Callable[[], None]] = {
        "postgres": Cluster(place).launch,
        "redis": Broker(place).launch,
        **{each: lambda: house.start_watch(place, name, env, asked.watch_mark) for each in services.WATCHES},
    }
    starts.get(name, lambda: house.start_service(place, name, asked.port, env, asked.mark))()


def look(place: Home, asked: Wanted, me: str) -> None:
    """One look at everything: starts what is due, says what it did."""
    before = lives.read(place)
    after = {name: _cared_for(place, name, before.get(name, lives.Life()), asked) for name in house.EVERYTHING if name != me}
    if after.items() <= before.items():
        lives.touch(place)
    else:
        lives.write(place, before | after)


def _cared_for(place: Home, name: str, life: lives.Life, asked: Wanted) -> lives.Life:
    alive = bool(Service(place, name).running())
    now_life, due = lives.judged(life, alive=alive, now=time.monotonic())
    if now_life.given_up and not life.given_up:
        say(f"GIVEN UP: {name} died again after {now_life.tries} starts. Read {place.logs / name}.log, then: ./safety up")
    if due:
        _raise_again(place, name, now_life, asked)
    return now_life


def _raise_again(place: Home, name: str, life: lives.Life, asked: Wanted) -> None:
    say(f"{name} is gone: start {life.tries} of {len(lives.PAUSES)}, restarted {life.restarts} times in all")
    try:
        start(place, name, asked)
    except (Failed, OSError) as error:
        say(f"{name} cannot be started: {error}")
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise  # that was no try of its own


def bury() -> None:
    """What this watch started and what then died: nobody else can take its number from the list of the living."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def say(text: str) -> None:
    with contextlib.suppress(OSError):  # a full disk takes no line of a log
        print(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {text}", flush=True)


def look_or_wait(place: Home, asked: Wanted, me: str) -> None:
    """On a full disk nothing can be written down that is started: then nothing is started until there is room."""
    try:
        look(place, asked, me)
    except OSError as error:
        say(f"cannot look: {error}")
        time.sleep(WITHOUT_ROOM)


def main(me: str) -> None:
    place = home()
    while asked := wanted(place):
        bury()
        with if_free(place.run / "hands") as mine:
            if mine and wanted(place):
                look_or_wait(place, asked, me)
        time.sleep(LOOK)


if __name__ == "__main__":
    main(sys.argv[1])
