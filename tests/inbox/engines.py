"""Real engines at the other end: a mail server and a web server that do what robots and gateways do, well or badly."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@contextmanager
def serving(server: Any) -> Iterator[Any]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


# --- mail ---------------------------------------------------------------------------------------------------------------
class MailHandler(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as a sender needs; what a command is answered can be changed by its first word or by an address in it."""

    server: MailServer

    def handle(self) -> None:
        self.say("220 post ESMTP")
        for line in self.rfile:
            command = line.decode().strip()
            answer = self.answer(command)
            self.say(answer)
            if answer.startswith("354"):
                self.server.letters.append(message_from_bytes(self.letter(), policy=policy.default))
                self.say(self.server.answers.get(".", "250 taken"))
            if answer.startswith("221"):
                return

    def answer(self, command: str) -> str:
        known = {"EHLO": "250 post", "DATA": "354 go on", "QUIT": "221 bye", "RSET": "250 ok"}
        said = self.server.answers
        unlike = next((said[word] for word in said if word != "." and word.upper() in command.upper()), None)
        return unlike or known.get(command[:4].upper(), "250 ok")

    def letter(self) -> bytes:
        lines = iter(self.rfile.readline, b".\r\n")
        return b"".join(lines)

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), MailHandler)
        self.letters: list[EmailMessage] = []
        self.answers: dict[str, str] = {}  # a word of a command → what it is answered

    @property
    def port(self) -> int:
        return self.server_address[1]


# --- webhooks -----------------------------------------------------------------------------------------------------------
class HookHandler(BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.taken.append((self.path, dict(self.headers), body))
        if self.server.silent.is_set():
            self.server.let_go.wait(60)  # a line that is taken and never answered
            return
        status, said = self.server.answer
        content = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        if status in (301, 302, 307):
            self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Nothing."""


class Hook(ThreadingHTTPServer):
    """`answer`: what it says to every message. `silent`: it takes them and says nothing."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), HookHandler)
        self.taken: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.answer: tuple[int, Any] = (200, {"errcode": 0, "errmsg": "ok"})
        self.silent, self.let_go = threading.Event(), threading.Event()

    def server_close(self) -> None:
        self.let_go.set()
        super().server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"
