"""How a phone asks, and what it takes for an answer."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TIMEOUT = 25  # seconds; a phone does not wait for ever
LATER = {408, 423, 425, 429, 500, 502, 503, 504}
PATH = "/api/v1/"
PASSWORD = "Hun-dun-2026-hao"


@dataclass(frozen=True)
class Said:
    status: int
    headers: Mapping[str, str]
    told: Any

    @property
    def later(self) -> bool:
        return self.status in LATER

    @property
    def code(self) -> str:
        return str(self.told.get("code", "")) if isinstance(self.told, dict) else ""


class Connection:
    """One line of a phone; what breaks it makes the next request dial anew."""

    def __init__(self, port: int):
        self.port = port
        self._line: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Said | None:
        """None: no answer of the server's came whole; a portal's page is none."""
        self._line = self._line or http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        try:
            self._line.request(method, f"{PATH}{path}", body, dict(headers))
            answer = self._line.getresponse()
            return _read(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        except (OSError, http.client.HTTPException, ValueError):
            self.close()
            return None

    def close(self) -> None:
        if self._line:
            self._line.close()
        self._line = None


def _read(status: int, headers: dict[str, str], content: bytes) -> Said | None:
    if "x-trace-id" not in headers:
        return None
    is_json = "json" in headers.get("content-type", "")
    return Said(status, headers, json.loads(content) if is_json and content else None)
