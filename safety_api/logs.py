"""One JSON object a line, with the trace id that also stands in every problem; no personal data (docs/security.md)."""

import logging
from collections.abc import MutableMapping
from contextvars import ContextVar
from typing import Any
from uuid import uuid4

import structlog

_trace: ContextVar[str] = ContextVar("trace_id", default="")


def trace_id() -> str:
    """The id of the request or task at hand, made at first use: 32 hexadecimal digits."""
    return _trace.get() or new_trace()


def new_trace(given: str = "") -> str:
    """Takes over a caller's id when it is 32 hexadecimal digits (W3C trace context), else makes one."""
    known = given.lower()
    fresh = known if len(known) == 32 and set(known) <= set("0123456789abcdef") else uuid4().hex
    _trace.set(fresh)
    return fresh


def _add_trace(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    event["trace_id"] = _trace.get()
    return event


def json_formatter() -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.stdlib.ExtraAdder(),
            _add_trace,
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ],
    )
