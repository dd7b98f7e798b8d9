"""A POST to an address of the operator's: bounded in time and size, certificates checked, no redirect followed."""

from __future__ import annotations

import time
from typing import Any, NamedTuple

import orjson
from urllib3 import PoolManager, Timeout
from urllib3.exceptions import HTTPError, NewConnectionError, SSLError, TimeoutError

from inbox.deliveries.answers import Away

PATIENCE = 10.0  # seconds to connect, and for each answer
MOST = 16 * 1024  # bytes of an answer that are read
REASONS = ((SSLError, "证书不可信"), (NewConnectionError, "连不上"), (TimeoutError, "没有按时答复"))


class Answer(NamedTuple):
    status: int
    said: Any  # of JSON, else None


def post(url: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> Answer:
    """Raises Away when no whole answer comes."""
    ends = time.monotonic() + 2 * PATIENCE
    with PoolManager(num_pools=1, timeout=Timeout(connect=PATIENCE, read=PATIENCE), retries=False) as pool:
        try:
            response = pool.request("POST", url, json=body, headers=headers, redirect=False, preload_content=False)
            content = b""
            while len(content) < MOST and (part := response.read1(MOST)):
                content += part
                if time.monotonic() > ends:
                    raise Away("没有按时答复")
            response.close()
        except HTTPError as error:
            raise Away(reason_of(error)) from None  # the address, in every text of urllib3's, is a secret
    return Answer(response.status, _json(content))


def reason_of(error: Exception) -> str:
    return next((said for kind, said in REASONS if isinstance(error, kind)), "连接中断")


def _json(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return None
