"""The private Redis: queue and cache, appended to disk each second, on a unix socket, no TCP port."""

import shutil
import socket
from pathlib import Path

from ops.cluster import CLEAN
from ops.home import Home
from ops.processes import Service
from ops.show import Failed

PROGRAMS = ("redis-server", "valkey-server")  # Valkey took its place in some distributions


def find_program() -> str | None:
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


class Broker:
    def __init__(self, home: Home):
        self.home = home
        self.service = Service(home, "redis")

    @property
    def data(self) -> Path:
        return self.home.state / "redis"

    def start(self) -> None:
        self.launch()
        self.service.wait(self.answers, 60)

    def launch(self) -> None:
        """Started, without waiting until it answers."""
        if not self.service.running():
            self.home.open_sockets()
            self.data.mkdir(mode=0o700, exist_ok=True)
            self.service.start(self._command(), env=CLEAN | {"STATE_DIR": str(self.home.state)}, cwd=self.data)

    def _command(self) -> list:
        if not (program := find_program()):
            raise Failed("No redis-server is installed. Or start everything with: docker compose up")
        where = ["--port", "0", "--unixsocket", self.home.redis_socket, "--unixsocketperm", "700", "--dir", self.data]
        safe = ["--appendonly", "yes" if self.home.durable else "no", "--appendfsync", "everysec", "--save", ""]
        return [program, *where, *safe, "--maxmemory-policy", "noeviction", "--daemonize", "no"]

    def ask(self, command: str) -> str:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(5)
            line.connect(str(self.home.redis_socket))
            line.sendall(command.encode() + b"\r\n")
            return line.recv(65536).decode("utf-8", "replace")

    def answers(self) -> bool:
        try:
            return self.ask("PING").startswith("+PONG")  # while it loads its file it says -LOADING
        except OSError:
            return False

    def stop(self) -> bool:
        return self.service.stop(patience=30)
