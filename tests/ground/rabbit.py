"""A RabbitMQ of the test's own, on the loopback address: an ordinary process that may be killed and comes back with what it had."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from amqp import Connection
from amqp.exceptions import AMQPError, NotFound

from tests.ground.connections import until

SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")  # Debian's own name in the path refuses whoever is neither root nor rabbitmq
QUEUE = "safety-quorum"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Rabbit:
    def __init__(self, folder: Path):
        self.folder, self.process, self.names = folder, None, None
        self.port, self.distribution, self.names_port = free_port(), free_port(), free_port()

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    def prepare(self) -> None:
        """Its cookie, and the daemon in which Erlang looks nodes up: one of its own, that ends with it."""
        cookie = self.folder / ".erlang.cookie"
        cookie.write_text(secrets.token_hex(16))
        cookie.chmod(0o400)
        (self.folder / "rabbitmq.conf").write_text(f"listeners.tcp.1 = 127.0.0.1:{self.port}\nlog.console = true\nlog.file = false\n")
        (self.folder / "plugins").write_text("[].\n")
        (self.folder / "environment").write_text("")
        self.names = self._begin(shutil.which("epmd"), "-port", str(self.names_port), "-address", "127.0.0.1")
        until(lambda: listens(self.names_port))  # else Erlang would start one that nobody ends

    def launch(self) -> None:
        """Started, without waiting until it answers."""
        if self.names is None:
            self.prepare()
        self.process = self._begin(SERVER if SERVER.exists() else shutil.which("rabbitmq-server"))

    def start(self) -> None:
        self.launch()
        until(self.answers, seconds=120)

    def _begin(self, *command) -> subprocess.Popen:
        with open(self.folder / "rabbit.log", "ab") as out:
            return subprocess.Popen(command, env=self._environment(), cwd=self.folder, stdout=out, stderr=out, start_new_session=True)

    def _environment(self) -> dict[str, str]:
        ours = {
            "NODENAME": f"test{self.port}@localhost", "NODE_PORT": self.port, "DIST_PORT": self.distribution,
            "MNESIA_BASE": self.folder / "mnesia", "LOG_BASE": self.folder / "log", "ENABLED_PLUGINS_FILE": self.folder / "plugins",
            "CONFIG_FILE": self.folder / "rabbitmq.conf", "GENERATED_CONFIG_DIR": self.folder / "config",
            "CONF_ENV_FILE": self.folder / "environment", "ADVANCED_CONFIG_FILE": self.folder / "advanced.config",
            "SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1} +S 1:1",
        }  # fmt: skip
        own = {"HOME": str(self.folder), "ERL_EPMD_PORT": str(self.names_port), "ERL_EPMD_ADDRESS": "127.0.0.1"}
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        return kept | own | {f"RABBITMQ_{name}": str(value) for name, value in ours.items()}

    def connect(self) -> Connection:
        line = Connection(f"127.0.0.1:{self.port}", connect_timeout=2, read_timeout=5)
        line.connect()
        return line

    def answers(self) -> bool:
        try:
            self.connect().close()
        except (OSError, AMQPError):
            return False
        return True

    def waiting(self, queue: str = QUEUE) -> int:
        """Tasks that nobody has taken; none while there is no such queue."""
        with suppress(NotFound), closing(self.connect()) as line:
            return line.channel().queue_declare(queue, passive=True).message_count
        return 0

    def kill(self) -> None:
        _end(self.process)

    def close(self) -> None:
        self.kill()
        _end(self.names)


@contextmanager
def private(kind: Callable[[Path], Any]) -> Iterator[Any]:
    """A broker in a folder of its own, ended with it."""
    folder = Path(mkdtemp(prefix="q"))  # a socket's path must be short
    server = kind(folder)
    try:
        yield server
    finally:
        server.close()
        shutil.rmtree(folder, ignore_errors=True)


def _end(process: subprocess.Popen | None) -> None:
    if process and process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
