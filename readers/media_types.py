"""Which picture or voice some bytes are, told by the first of them, whatever anyone says. Opens nothing and imports nothing."""

from __future__ import annotations

from typing import Protocol

HEAD = 64  # bytes that tell a type


class Bytes(Protocol):
    """A file at hand: of a storage, of the disk, of the memory."""

    def read(self, size: int = -1, /) -> bytes: ...

    def seek(self, at: int, /) -> object: ...


BRANDS = {
    "image/avif": (b"avif", b"avis"),
    "image/heic": (b"heic", b"heix", b"heim", b"heis"),
    "image/heic-sequence": (b"hevc", b"hevx", b"hevm", b"hevs"),
    "image/heif": (b"mif1", b"mif2"),
    "image/heif-sequence": (b"msf1",),
}  # ISO/IEC 23008-12: the first brand is the file's own, the others what it may be read as
ANY_CODEC = (b"mif1", b"mif2", b"msf1")  # say nothing of how the pixels are coded


def media_type_of(head: bytes) -> str | None:
    """Told by the first HEAD bytes, whatever anyone says; None for what is no picture that we take."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return _type_of_brands(head) if head[4:8] == b"ftyp" else None


def _type_of_brands(head: bytes) -> str | None:
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, min(len(head), int.from_bytes(head[:4])), 4))]
    if brands[0] in ANY_CODEC and set(BRANDS["image/avif"]) & set(brands):
        return "image/avif"
    return next((kind for brand in brands for kind, known in BRANDS.items() if brand in known), None)


VOICES = frozenset({"audio/ogg", "audio/webm", "audio/mp4", "audio/aac"})
ADTS = (b"\xff\xf0", b"\xff\xf1", b"\xff\xf8", b"\xff\xf9")


def voice_type_of(head: bytes) -> str | None:
    """As which of VOICES bytes that are no picture are to be read: whether there is a voice in them, and no film, `readers/voices.py` says."""
    if head.startswith(b"OggS"):
        return "audio/ogg"
    if head.startswith(b"\x1aE\xdf\xa3") and b"webm" in head:
        return "audio/webm"
    if head.startswith(ADTS):
        return "audio/aac"
    return "audio/mp4" if head[4:8] == b"ftyp" and media_type_of(head) is None else None


def type_of(file: Bytes) -> str | None:
    file.seek(0)
    head = file.read(HEAD)
    return media_type_of(head) or voice_type_of(head)
