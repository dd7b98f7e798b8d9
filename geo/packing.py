"""Answers of the map compressed for whoever takes them so; and what was made of kept cells, for the next one who may see the same."""

from __future__ import annotations

import gzip
import re
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

LEAST = 200  # bytes: less is not worth a header
LEVEL = 6
MOST = 4_000_000  # bytes that a process keeps
EACH = 200  # bytes besides the content
TAKES = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))", re.IGNORECASE)  # RFC 9110 12.5.3: q=0 is “not this”


class KeptAnswers:
    """What was made last, by what it was made from; the longest unasked goes first."""

    def __init__(self, most: int = MOST):
        self.most, self.bytes, self.found, self.lock = most, 0, OrderedDict[str, bytes](), Lock()

    def get(self, key: str, make: Callable[[], bytes]) -> bytes:
        """`make` is called by whoever comes while another makes the same: nobody waits."""
        with self.lock:
            made = self.found.get(key)
            if made is not None:
                self.found.move_to_end(key)
                return made
        made = make()
        with self.lock:
            if key not in self.found:
                self.found[key] = made
                self.bytes += len(made) + EACH
            while self.bytes > self.most:
                self.bytes -= len(self.found.popitem(last=False)[1]) + EACH
        return made


TILES, PACKED = KeptAnswers(), KeptAnswers()  # by the state of their tables and the scope; by their tag


def packed(request: HttpRequest, answer: HttpResponse, kept: bool = False) -> HttpResponse:
    """The tag is weak and of what is said, so it holds for both forms. `kept`: compressed once, as long as the tag stands."""
    patch_vary_headers(answer, ["Accept-Encoding"])
    if answer.status_code != 200 or len(answer.content) < LEAST or not TAKES.search(request.headers.get("Accept-Encoding", "")):
        return answer
    content = answer.content
    answer.content = PACKED.get(answer["ETag"], lambda: _gzip(content)) if kept else _gzip(content)
    answer["Content-Encoding"] = "gzip"
    return answer


def _gzip(content: bytes) -> bytes:
    return gzip.compress(content, LEVEL, mtime=0)
