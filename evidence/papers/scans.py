"""What is accepted as a scan or as a signature: told by the bytes, never by a name."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from django.conf import settings
from PIL import Image, UnidentifiedImageError

from evidence.pictures import read_header, seen
from safety_api.problems import NOT_A_SCAN, NOT_A_SIGNATURE, TOO_MANY_PIXELS, Problem

PDF = "application/pdf"
PDF_START, PDF_END = b"%PDF-", b"%%EOF"
MOST_SIGNATURE = 200 * 1024  # bytes
MOST_SIDE = 2000  # pixels


def sniff(path: Path) -> str:
    """The media type of a file received: a PDF, or any picture that is taken as a photo. Raises NOT_A_SCAN, also for one that breaks off,
    and TOO_MANY_PIXELS."""
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
        header = read_header(path, most_pixels=settings.PHOTO_MAX_PIXELS)
        with open(path, "rb") as file:
            seen(file)
    except Exception as error:  # a stranger's bytes may break a decoder in any way
        if isinstance(error, Problem) and error.kind is TOO_MANY_PIXELS:
            raise
        raise NOT_A_SCAN() from None
    return header.media_type


def png_size(content: bytes) -> tuple[int, int]:
    """Width and height in pixels. Raises NOT_A_SIGNATURE for anything but a small sound PNG."""
    try:
        with Image.open(BytesIO(content), formats=("PNG",)) as image:
            size = image.size
            small = len(content) <= MOST_SIGNATURE and max(size) <= MOST_SIDE
            if small:
                image.load()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
        raise NOT_A_SIGNATURE() from None
    if not small:
        raise NOT_A_SIGNATURE()
    return size
