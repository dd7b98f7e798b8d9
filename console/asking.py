"""The API's doors, asked within this process: one way to a row, one scope, one mask, one list of what may be done, for pages and clients alike.

Nothing goes over a wire: the door is called as Django would call it, signed in as whoever looks at the page.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest
from django.urls import resolve
from django.utils.datastructures import MultiValueDict

API = "/api/v1/"
SPEAK_OF_THE_PAGE = frozenset({"HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH", "HTTP_IDEMPOTENCY_KEY", "HTTP_AUTHORIZATION", "HTTP_RANGE"})


@dataclass(frozen=True)
class Answer:
    """`told`: the body before it is written as JSON, so that days and moments may be Python's; of a refusal its problem (code, detail, errors)."""

    status: int
    told: Any
    tag: str = ""

    @property
    def ok(self) -> bool:
        return self.status < 400


def ask(request: HttpRequest, path: str, /, **parameters: Any) -> Answer:
    """`path` as in the contract: `hazards`, `hazards/{id}/history`. A parameter with several values is a list."""
    return _asked(request, "GET", path, urlencode(parameters, doseq=True))


def tell(request: HttpRequest, path: str, body: dict[str, Any], /, *, key: str = "", tag: str = "", method: str = "POST") -> Answer:
    """`key`: the same form sent twice is carried out once; `tag`: of the record that was looked at, refused as stale if it moved on."""
    said = {name: value for name, value in (("HTTP_IDEMPOTENCY_KEY", key), ("HTTP_IF_MATCH", tag)) if value}
    return _asked(request, method, path, "", json.dumps(body).encode(), said)


def send(request: HttpRequest, path: str, content: bytes, media_type: str, /, **parameters: Any) -> Answer:
    """A POST whose body is a file."""
    return _asked(request, "POST", path, urlencode(parameters), content, {"CONTENT_TYPE": media_type})


def put(request: HttpRequest, path: str, content: bytes, media_type: str, /, **parameters: Any) -> Answer:
    """A file, kept where it is put."""
    return _asked(request, "PUT", path, urlencode(parameters), content, {"CONTENT_TYPE": media_type})


def drop(request: HttpRequest, path: str, /) -> Answer:
    return _asked(request, "DELETE", path, "")


def _asked(request: HttpRequest, method: str, path: str, query: str, body: bytes = b"", said: dict[str, str] | None = None) -> Answer:
    inner = _inner(request, method, path, query, body, said or {})
    match = resolve(inner.path_info)
    answer = match.func(inner, *match.args, **match.kwargs)
    told = answer.data if hasattr(answer, "data") else json.loads(answer.content or b"null")
    return Answer(answer.status_code, told, answer.headers.get("ETag", ""))


def _inner(request: HttpRequest, method: str, path: str, query: str, body: bytes, said: dict[str, str]) -> WSGIRequest:
    meta = {name: value for name, value in request.META.items() if name not in SPEAK_OF_THE_PAGE}
    inner: Any = WSGIRequest(
        {
            **meta, "REQUEST_METHOD": method, "PATH_INFO": f"{API}{path}", "QUERY_STRING": query, "wsgi.input": BytesIO(body),
            "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": "application/json" if body else "", "HTTP_ACCEPT": "application/json", **said,
        }
    )  # fmt: skip
    inner.user, inner.session = request.user, request.session
    inner._dont_enforce_csrf_checks = True  # the page's own POST was checked by Django's middleware
    inner._files = MultiValueDict()
    return inner
