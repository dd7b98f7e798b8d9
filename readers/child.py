"""The process: it imports a reader once and forks for each job, so that a job costs a millisecond and leaves nothing behind.

It is asked over a socket of messages (one job each, with the socket of its answer and the files), does one job after another, and says of
each how it ended. It ends by itself when nobody asks for a while, and when whoever started it is gone.
"""

from __future__ import annotations

import errno
import gc
import json
import os
import resource
import signal
import socket
import struct
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any, BinaryIO

from readers import BROKEN, Refusal

JOBS = {
    "picture.header": "readers.pictures:header",
    "picture.shown": "readers.pictures:shown",
    "picture.signature": "readers.pictures:signature",
    "voice.measured": "readers.voices:measured",
    "workbook.check": "readers.workbooks:check",
    "workbook.sheets": "readers.workbooks:sheets",
    "workbook.rows": "readers.workbooks:rows",
    "workbook.fitting": "readers.workbooks:fitting",
    "workbook.filled": "readers.workbooks:filled",
}
IDLE = 60  # seconds
MOST_ASKED = 64 * 1024  # bytes of one message
MOST_FILES = 4
FRAME = struct.Struct(">cI")
PLAIN, BYTES, LAST, REFUSED = b"J", b"B", b"E", b"R"  # kinds of frames
OUT_OF_MEMORY, NO_ROOM = 70, 71  # exit codes
FULL = (errno.ENOSPC, errno.EDQUOT)


# --- frames ----------------------------------------------------------------------------------------------------------------
def frame(said: Any) -> bytes:
    """Bytes as bytes, everything else as JSON."""
    kind, content = (BYTES, said) if isinstance(said, bytes) else (PLAIN, json.dumps(said, ensure_ascii=False).encode())
    return FRAME.pack(kind, len(content)) + content


def last(kind: bytes = LAST, content: bytes = b"") -> bytes:
    return FRAME.pack(kind, len(content)) + content


def rows_from(stream: BinaryIO) -> Iterator[Any]:
    """What is handed in beside the files, as it comes; ends with the last frame."""
    while True:
        kind, size = FRAME.unpack(stream.read(FRAME.size))
        if kind == LAST:
            return
        yield from json.loads(stream.read(size))


# --- the nursery -----------------------------------------------------------------------------------------------------------
def main(descriptor: int) -> None:
    sys.dont_write_bytecode = True  # a job may write nothing, also not what it imports late
    asked = socket.socket(fileno=descriptor)
    asked.settimeout(IDLE)
    while True:
        try:
            message, files, _, _ = socket.recv_fds(asked, MOST_ASKED, MOST_FILES)
        except TimeoutError:
            return
        if not message:
            return
        job = json.loads(message)
        import_module(JOBS[job["name"]].partition(":")[0])
        gc.freeze()
        ended = _carried_out(asked, job, files)
        asked.sendall(json.dumps(ended).encode())


def _carried_out(asked: socket.socket, job: dict[str, Any], files: list[int]) -> dict[str, Any]:
    """How the job's process ended: its status, CPU seconds, the most memory it held (KiB)."""
    child = os.fork()
    if not child:
        gc.disable()  # it will be gone before it pays
        asked.close()
        os._exit(_work(job, files))
    for each in files:
        os.close(each)
    _, status, used = os.wait4(child, 0)
    return {"status": status, "cpu": used.ru_utime + used.ru_stime, "peak": used.ru_maxrss}


# --- one job ---------------------------------------------------------------------------------------------------------------
def _work(job: dict[str, Any], files: list[int]) -> int:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())  # a library's last words are nobody's
    try:
        with socket.socket(fileno=files[0]) as line:
            _bound(job["limits"])
            _answer(job, line, [os.fdopen(each, "r+b" if at else "rb") for at, each in enumerate(files[1:])])
    except MemoryError:
        return OUT_OF_MEMORY
    except OSError as error:  # the disk is full, or nobody listens any more
        return NO_ROOM if error.errno in FULL else 1
    return 0


def _bound(limits: dict[str, int]) -> None:
    """From here on. Memory is what is added to what the process has."""
    with open("/proc/self/statm") as file:
        had = int(file.read().split()[0]) * resource.getpagesize()
    for name, most in {
        resource.RLIMIT_AS: had + limits["memory"],
        resource.RLIMIT_FSIZE: limits["written"],
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 32,
    }.items():
        resource.setrlimit(name, (most, most))
    resource.setrlimit(
        resource.RLIMIT_CPU, (limits["cpu"], limits["cpu"] + 5)
    )  # at the second it is killed as by anybody
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, limits["seconds"])


def _answer(job: dict[str, Any], line: socket.socket, files: list[BinaryIO]) -> None:
    module, _, name = JOBS[job["name"]].partition(":")
    handed_in = {"rows": rows_from(line.makefile("rb"))} if job["rows"] else {}
    try:
        for file in files:
            file.seek(0)
        for said in getattr(sys.modules[module], name)(*files, **handed_in, **job["arguments"]):
            line.sendall(frame(said))
    except Refusal as refusal:
        line.sendall(last(REFUSED, json.dumps([refusal.word, refusal.values]).encode()))
    except MemoryError:
        raise
    except BaseException as error:  # a stranger's bytes may break a reader in any way: a panic of Rust is no Exception
        if isinstance(error, OSError) and error.errno in FULL:
            raise
        line.sendall(last(REFUSED, json.dumps([BROKEN, {"error": f"{type(error).__name__}: {error}"[:500]}]).encode()))
    else:
        line.sendall(last())
