"""What is accepted as a scan or as a signature: told by the bytes, never by a name."""

from __future__ import annotations

from pathlib import Path

from evidence.looking import Unreadable, header_of, shown
from safety_api.problems import FILE_TOO_HEAVY, NOT_A_SCAN, NOT_AN_IMAGE, Problem

PDF = "application/pdf"
PDF_START, PDF_END = b"%PDF-", b"%%EOF"


def sniff(path: Path) -> str:
    """The media type of a file received: a PDF, or any picture that is taken as a photo. A PDF is opened by nobody here.

    Raises NOT_A_SCAN, also for one that breaks off, TOO_MANY_PIXELS, FILE_TOO_HEAVY.
    """
    with open(path, "rb") as file:
        head = file.read(len(PDF_START))
        file.seek(max(0, path.stat().st_size - 2048))
        tail = file.read()
    if head != PDF_START:
        return _sound_picture(path)
    if PDF_END not in tail:
        raise NOT_A_SCAN()
    return PDF


def _sound_picture(path: Path) -> str:
    """Decoded once: what is kept as the original must be readable."""
    try:
        header = header_of(path)
        with open(path, "rb") as file:
            shown(file, ())
    except Problem as problem:
        if problem.kind is NOT_AN_IMAGE:
            raise NOT_A_SCAN() from None
        raise
    except Unreadable as error:
        raise (FILE_TOO_HEAVY if error.by_a_limit else NOT_A_SCAN)() from None
    return header.media_type
