"""What is accepted as a scan or as a signature: told by the bytes, never by a name."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from safety_api.problems import NOT_A_SCAN, NOT_A_SIGNATURE

MAGIC = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
PDF_END = b"%%EOF"
MOST_SIGNATURE = 200 * 1024  # bytes
MOST_SIDE = 2000  # pixels


def sniff(path: Path) -> str:
    """The media type of a file received. Raises NOT_A_SCAN, also for a PDF that breaks off."""
    with open(path, "rb") as file:
        head = file.read(8)
        file.seek(max(0, path.stat().st_size - 2048))
        tail = file.read()
    found = next((media_type for magic, media_type in MAGIC.items() if head.startswith(magic)), None)
    if found is None or (found == "application/pdf" and PDF_END not in tail):
        raise NOT_A_SCAN()
    return found


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
