"""The reverse proxies of ops/ (nginx.conf, haproxy.cfg) before a web of ours: as they stand there, but for addresses and certificates."""

from __future__ import annotations

import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ops.home import PROJECT
from ops.install import foreign_program

NGINX = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    include {folder}/safety.conf;
}}
"""
PROXIES = ("nginx", "haproxy")


@contextmanager
def proxy(name: str, folder: Path, web: int) -> Iterator[int]:
    """Its port, as long as it runs before the web of that port; without TLS."""
    port = _free()
    running = subprocess.Popen(COMMANDS[name](folder, port, web), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)
    try:
        _wait(port, running)
        yield port
    finally:
        running.terminate()
        running.wait(timeout=30)


def _nginx(folder: Path, port: int, web: int) -> list[str]:
    text = (PROJECT / "ops" / "nginx.conf").read_text(encoding="utf-8").replace("127.0.0.1:8000", f"127.0.0.1:{web}")
    text = text.replace("listen 80;", f"listen 127.0.0.1:{_free()};").replace("listen 443 ssl http2;", f"listen 127.0.0.1:{port};")
    (folder / "safety.conf").write_text(re.sub(r"(?m)^ *ssl_.*$", "", text), encoding="utf-8")
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder), encoding="utf-8")
    return [str(foreign_program("nginx")), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf"), "-p", str(folder)]


def _haproxy(folder: Path, port: int, web: int) -> list[str]:
    text = (PROJECT / "ops" / "haproxy.cfg").read_text(encoding="utf-8").replace("127.0.0.1:8000", f"127.0.0.1:{web}")
    text = re.sub(r"(?m)^ *bind :443.*$|^ *http-request redirect.*$", "", text).replace("bind :80", f"bind 127.0.0.1:{port}")
    (folder / "haproxy.cfg").write_text(text, encoding="utf-8")
    return [str(foreign_program("haproxy")), "-db", "-f", str(folder / "haproxy.cfg")]


COMMANDS = {"nginx": _nginx, "haproxy": _haproxy}


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(port: int, running: subprocess.Popen) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if running.poll() is not None or time.monotonic() > until:
                raise TimeoutError(f"no proxy at {port}") from None
            time.sleep(0.05)
