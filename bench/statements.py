"""How many SQL statements a request makes: the same request in a process of its own, against the same database.

BEGIN, COMMIT and savepoints are not counted, as the figures of others are told without them.
By itself this file is that process: lists of requests in, numbers out.
"""

from __future__ import annotations

import contextlib
import pickle
import subprocess
import sys
from typing import Any

from bench.client import Ask, Unexpected
from ops.home import PROJECT

NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET ")


class Counter(contextlib.AbstractContextManager):
    def __init__(self, env: dict[str, str]):
        self.child = subprocess.Popen(
            [sys.executable, "-m", "bench.statements"], env=env | {"LOG_LEVEL": "ERROR"}, cwd=PROJECT, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )  # fmt: skip

    def count(self, asks: list[Ask]) -> int:
        """Of the last of them; those before it fill what a process keeps. Raises Unexpected."""
        assert self.child.stdin and self.child.stdout
        pickle.dump(asks, self.child.stdin)
        self.child.stdin.flush()
        line = self.child.stdout.readline().decode().strip()
        if not line.isdecimal():
            raise Unexpected(f"in process: {line}")
        return int(line)

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(BrokenPipeError):
            self.child.communicate()


def _count(asks: list[Ask]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    found = 0
    for ask in asks:
        with CaptureQueriesContext(connection) as captured:
            _answer(ask)
        found = sum(not query["sql"].startswith(NOT_COUNTED) for query in captured.captured_queries)
    return found


def _answer(ask: Ask) -> None:
    from django.test import Client

    headers: dict[str, Any] = {"Authorization": f"Bearer {ask.token}"} if ask.token else {}
    client = Client(headers=headers | dict(ask.headers), SERVER_NAME="127.0.0.1", raise_request_exception=False)
    response = client.generic(ask.method, ask.path, b"".join(ask.body), content_type=ask.kind)
    if response.status_code != ask.status:
        raise Unexpected(f"{ask.method} {ask.path}: {response.status_code} {response.content[:300]!r}")


def main() -> None:
    import django

    django.setup()
    from django.db import connection

    connection.settings_dict["OPTIONS"]["application_name"] = "bench"  # not one of those that are watched
    answers, sys.stdout = sys.stdout, sys.stderr
    with contextlib.suppress(EOFError):
        while True:
            asks = pickle.load(sys.stdin.buffer)
            try:
                print(_count(asks), file=answers, flush=True)
            except Unexpected as fault:
                print(fault, file=answers, flush=True)


if __name__ == "__main__":
    main()
