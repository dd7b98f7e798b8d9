"""One web takes the other's place, and at no moment nobody listens: both share the port (SO_REUSEPORT) for some seconds.

The new one proves itself before it listens (safety_api/front): whoever listens answers `/readyz` with 200. From then on the kernel gives new
connections to it alone; the old one ends its open ones with their next answer, and is stopped. When the new one does not come up, the old one stays.
"""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from ops import services
from ops.home import PROJECT, Home
from ops.processes import NEW, OLD, Service, family, memory
from ops.show import Failed, size

PROVEN_WITHIN = 90  # seconds
LEAVING = 2  # seconds in which the old web takes what was already on its way to it, and lets its clients go
LISTENS = "0A"  # in /proc/net/tcp
SHARED = Path("/proc/net/tcp")  # elsewhere than on Linux one web stops before the other begins


def possible(known: dict, host: str, port: int) -> bool:
    """A web runs at this very address."""
    return bool(known) and known["port"] == port and known.get("host", host) == host and SHARED.exists()


def exchange(place: Home, command: list, *, env: dict[str, str], mark: str, port: int, host: str) -> str:
    """What it took, in words. Raises Failed when the new web does not come up; the old one goes on then."""
    web, new, old = (Service(place, f"web{which}") for which in ("", NEW, OLD))
    clear(place)
    behind = {"WEB_BEHIND": str(len(listening(port)))}
    new.start(command, env=env | behind, mark=mark, port=port, host=host, cwd=PROJECT)
    try:
        new.wait(lambda: len(listening_of(new, port)) >= services.WEB_PROCESSES, PROVEN_WITHIN)
    except Failed as error:
        new.stop(patience=services.GRACE["web"])
        raise Failed(
            f"新网页未就绪，旧网页继续服务 the new web did not come up, the old one goes on: {error}", log=web.log
        ) from None
    together = sum(memory(each.running()["pid"]) for each in (web, new))
    web.give_way_to(new, old)
    ask_to_leave(old)
    time.sleep(LEAVING)
    old.stop(patience=services.GRACE["web"])
    return f"新旧并存 both at once held {size(together)}"


def clear(place: Home) -> None:
    """What an exchange left behind that was cut short."""
    for which in (NEW, OLD):
        Service(place, f"web{which}").stop(patience=services.GRACE["web"])


def ask_to_leave(web: Service) -> None:
    """Those of its processes that know the signal; it would end the others."""
    for pid in family(web.running().get("pid", 0)) if web.running() else ():
        if _hears(pid, signal.SIGUSR1):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGUSR1)


def _hears(pid: int, wanted: signal.Signals) -> bool:
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    caught = next((line.split()[1] for line in lines if line.startswith("SigCgt:")), "0")
    return bool(int(caught, 16) >> (wanted - 1) & 1)


def listening(port: int) -> set[str]:
    """Inodes of the sockets that listen there, whoever has them."""
    return {inode for path in (SHARED, Path("/proc/net/tcp6")) if path.exists() for inode in _inodes(path, port)}


def _inodes(path: Path, port: int) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        _, local, _, state, *_, inode = line.split()[:10]
        if state == LISTENS and int(local.rpartition(":")[2], 16) == port:
            yield inode


def listening_of(web: Service, port: int) -> set[str]:
    """Those of them that belong to this web."""
    wanted = {f"socket:[{inode}]" for inode in listening(port)}
    held = {link for pid in family(web.running().get("pid", 0)) for link in _links(pid)} if web.running() else set()
    return wanted & held


def _links(pid: int) -> Iterator[str]:
    with contextlib.suppress(OSError):
        for link in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                yield os.readlink(link)
