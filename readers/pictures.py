"""Bytes as pictures: of which type they are, how large, and what people see of them. No table, no clock.

What is asked of it from outside stands at its end: `header`, `shown`, `signature`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pillow_heif
from PIL import Image, ImageChops, ImageCms
from PIL.AvifImagePlugin import AvifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from readers import Refusal
from readers.exif import exif_of
from readers.marks import Face, marked
from readers.media_types import HEAD, Bytes, media_type_of

Image.MAX_IMAGE_PIXELS = None  # our own limit is checked on the header, before anything is decoded

THUMB, SCREEN = 320, 1280  # pixels of the longer side
ORIENTATION = 0x0112  # EXIF: 1 upright … 8
SRGB = ImageCms.createProfile("sRGB")
# red, green and blue of Display P3, as colour profiles say them
P3_IN_D50 = ((0.5151, 0.2412, -0.0011), (0.2919, 0.6922, 0.0419), (0.1572, 0.0666, 0.7841))


# Not through Image.open: of a JPEG with an index of further pictures (MPF: portrait, HDR, burst) it makes another format.
OPENERS: dict[str, Callable[[Any], Image.Image]] = {
    "image/jpeg": JpegImageFile,
    "image/png": PngImageFile,
    "image/webp": WebPImageFile,
    "image/avif": AvifImageFile,
    "image/heic": pillow_heif.HeifImageFile,
    "image/heic-sequence": pillow_heif.HeifImageFile,
    "image/heif": pillow_heif.HeifImageFile,
    "image/heif-sequence": pillow_heif.HeifImageFile,
}


# --- which picture it is ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Header:
    """`width` and `height` as people see it: upright."""

    media_type: str
    width: int
    height: int


def read_header(file: Bytes, *, most_pixels: int) -> Header:
    """Type and dimensions without decoding a pixel. Raises Refusal: not_an_image, too_many_pixels.

    A damaged picture that still says how large it is passes: it is evidence, and found unreadable later.
    """
    file.seek(0)
    media_type = media_type_of(file.read(HEAD))
    width, height = _size_of(file)
    if media_type is None or not width or not height:
        raise Refusal("not_an_image")
    if width * height > most_pixels:
        raise Refusal("too_many_pixels", millions=width * height // 1_000_000, most=most_pixels // 1_000_000)
    return Header(media_type, width, height)


def _size_of(file: Bytes) -> tuple[int, int]:
    try:
        with opened(file) as image:
            return _upright(image.size, orientation_of(image))
    except MemoryError:
        raise
    except Exception:  # a stranger's bytes may break a decoder in any way
        return _size_said(file)


CONTAINER = 256 * 1024  # bytes at the start in which a container says its sizes
ISPE = re.compile(rb"ispe\0{4}(.{4})(.{4})", re.DOTALL)


def _size_said(file: Bytes) -> tuple[int, int]:
    """Of WebP, HEIF and AVIF, whose decoders do not even open what breaks off; (0, 0) where nothing is said."""
    file.seek(0)
    start = file.read(CONTAINER)
    if start[:4] == b"RIFF" and start[12:16] == b"VP8X":
        return int.from_bytes(start[24:27], "little") + 1, int.from_bytes(start[27:30], "little") + 1
    if start[:4] == b"RIFF" and start[12:16] == b"VP8 ":
        return int.from_bytes(start[26:28], "little") & 0x3FFF, int.from_bytes(start[28:30], "little") & 0x3FFF
    said = ISPE.findall(start) if start[4:8] == b"ftyp" else []
    sizes = [(int.from_bytes(width), int.from_bytes(height)) for width, height in said]
    return max(sizes, key=lambda size: size[0] * size[1], default=(0, 0))


def opened(file: Bytes) -> Image.Image:
    """The first, or primary, picture of a file, not decoded yet. Raises KeyError for no picture, and whatever a decoder may raise."""
    file.seek(0)
    opener = OPENERS[media_type_of(file.read(HEAD)) or ""]
    file.seek(0)
    return opener(file)


# --- which way is up ---------------------------------------------------------------------------------------------------------
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_90,
}  # fmt: skip
SIDEWAYS = (5, 6, 7, 8)


def orientation_of(image: Image.Image) -> int:
    """1 … 8 of a picture that is still to be turned, before it is decoded; 1 where nothing readable says otherwise."""
    try:
        found = _orientation_of_heif(image) if image.format == "HEIF" else _tags(image).get(ORIENTATION)
    except Exception:  # EXIF is a stranger's bytes; a broken one makes no picture unreadable
        return 1
    return found if found in TURNS else 1


def _tags(image: Image.Image) -> Image.Exif:
    """EXIF as far as it has been read: that of PNG's own class would decode the picture for it."""
    try:
        image._exif = None
        return Image.Image.getexif(image)
    except Exception:
        return Image.Exif()


def tags_of(file: Bytes) -> Image.Exif:
    """EXIF of a file whose picture may be damaged."""
    try:
        with opened(file) as image:
            return _tags(image)
    except Exception:
        return Image.Exif()


def _orientation_of_heif(image: Any) -> int | None:
    """The decoder turns by the boxes of the container alone, and says 1 in any case: what EXIF said is kept beside it."""
    boxes = image._heif_file[image.tell()]._c_image.transformations
    return None if any(name in ("irot", "imir") for name, *_ in boxes) else image.info.get("original_orientation")


def _upright(size: tuple[int, int], orientation: int) -> tuple[int, int]:
    return (size[1], size[0]) if orientation in SIDEWAYS else size


# --- what people see -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Seen:
    """A picture as shown: upright, in sRGB, on white, at most SCREEN pixels long; the rest is the original's."""

    image: Image.Image
    tags: Image.Exif
    media_type: str
    width: int
    height: int


def seen(file: Bytes) -> Seen:
    """Decodes all of it. Raises whatever a decoder may raise for what is damaged."""
    media_type = _checked(file)
    with opened(file) as image:
        size, orientation = image.size, orientation_of(image)
        if media_type == "image/jpeg":
            image.draft("RGB", (SCREEN, SCREEN))  # decodes at a half, a quarter …: 290 ms instead of 650
        image.load()
        tags = _tags(image)
        if media_type == "image/png":
            orientation = orientation_of(image)  # there it may stand behind the pixels
        shown = _of_eight_bits(image)
        if shown.mode == "CMYK" and "adobe" not in image.info:
            shown = ImageChops.invert(shown)  # Pillow takes every one for Adobe's, whose inks are inverted
        shown.thumbnail((SCREEN, SCREEN))
        shown = _in_srgb(_on_white(shown), image.info.get("icc_profile") or _profile_told(file, media_type))
    if orientation in TURNS:
        shown = shown.transpose(TURNS[orientation])
    return Seen(shown, tags, media_type, *_upright(size, orientation))


JPEG_MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")  # between two: picture data, where 255 is followed by 0
JPEG_END = 0xD9


def _checked(file: Bytes) -> str:
    """The type of a file whose structure is whole: decoders forgive much of that. Raises ValueError, SyntaxError or OSError."""
    file.seek(0)
    content = file.read()
    media_type = media_type_of(content[:HEAD])
    if media_type == "image/jpeg" and not _jpeg_ends(content):
        raise ValueError("a JPEG without an end")
    if media_type == "image/png":
        PngImageFile(BytesIO(content)).verify()
    return media_type or ""


def _jpeg_ends(content: bytes) -> bool:
    """Whether the first picture has its end; an embedded small one stands inside a segment, further ones behind it."""
    at = 2
    while marker := JPEG_MARKER.search(content, at):
        if content[marker.start() + 1] == JPEG_END:
            return True
        at = marker.end() + int.from_bytes(content[marker.end() : marker.end() + 2])
    return False


def _of_eight_bits(image: Image.Image) -> Image.Image:
    """Modes that can be scaled and shown: palettes become colours, 16-bit grey its upper half (Pillow would clip it to white)."""
    if image.mode == "P":
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    if image.mode.startswith("I"):
        shown = image.point(lambda grey: grey * (1 / 257)).convert("L")
        clear = image.info.get("transparency")
        if isinstance(clear, int):
            shown.info["transparency"] = clear // 257
        return shown.convert("LA") if "transparency" in shown.info else shown
    if "transparency" in image.info:
        return image.convert("RGBA")
    return image.convert("L") if image.mode == "1" else image


def _on_white(image: Image.Image) -> Image.Image:
    """Colours, greys or inks without transparency."""
    if not image.has_transparency_data:
        return image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")
    ground = Image.new("RGBA", image.size, "white")
    ground.alpha_composite(image.convert("RGBA"))
    return ground.convert("RGB")


def _display_p3() -> bytes:
    """The profile of sRGB with the primaries of Display P3: both have the same curve and the same white."""
    profile = bytearray(ImageCms.ImageCmsProfile(SRGB).tobytes())
    for name, primary in zip((b"rXYZ", b"gXYZ", b"bXYZ"), P3_IN_D50, strict=True):
        entry = profile.index(name) + 4
        at = int.from_bytes(profile[entry : entry + 4]) + 8
        profile[at : at + 12] = b"".join(round(part * 65536).to_bytes(4, signed=True) for part in primary)
    return bytes(profile)


DISPLAY_P3 = _display_p3()
TELLS_P3 = re.compile(rb"colrnclx\0\x0c|cICP\x0c")  # ITU-T H.273, primaries 12


def _profile_told(file: Bytes, media_type: str) -> bytes | None:
    """Of HEIF, AVIF and PNG, which may name their primaries by a number and carry no profile."""
    if media_type == "image/jpeg":
        return None
    file.seek(0)
    return DISPLAY_P3 if TELLS_P3.search(file.read(CONTAINER)) else None


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """By its colour profile (Display P3, a press's inks); a broken or unfitting one is as none."""
    try:
        given = ImageCms.ImageCmsProfile(BytesIO(profile or b""))
        shown = ImageCms.profileToProfile(image, given, SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        shown = None
    return shown if shown is not None else image.convert("RGB")


def derivatives(shown: Image.Image, words: Sequence[str] = (), face: Face | None = None) -> dict[str, bytes]:
    """WebP without EXIF and profile, by size; the larger one with these words on it, where there is a face to write them in."""
    shown.thumbnail((SCREEN, SCREEN))
    screen = marked(shown, words, face) if face else shown
    thumb = shown.copy()
    thumb.thumbnail((THUMB, THUMB))
    return {"screen": _webp(screen), "thumb": _webp(thumb)}


def _webp(image: Image.Image) -> bytes:
    buffer = BytesIO()
    image.save(buffer, "WEBP", quality=80, method=2)
    return buffer.getvalue()


# --- what is asked from outside ------------------------------------------------------------------------------------------------
def header(file: Bytes, *, most_pixels: int) -> Iterator[Any]:
    """Type, width, height."""
    found = read_header(file, most_pixels=most_pixels)
    yield [found.media_type, found.width, found.height]


def shown(file: Bytes, *, sizes: list[str], words: Sequence[str] = (), face: list[Any] | None = None) -> Iterator[Any]:
    """What EXIF says, then type, width, height and EXIF again as the whole picture has it, then its derivatives of these sizes.

    `words` in this `face` (path, index) stand on the larger one. The first comes also of a picture that cannot be decoded. Raises Refusal:
    unreadable.
    """
    yield exif_of(tags_of(file)).plain()
    try:
        found = seen(file)
        made = derivatives(found.image, words, Face(*face) if face else None)
    except MemoryError:
        raise
    except Exception as error:  # a stranger's bytes may break a decoder in any way
        raise Refusal("unreadable", error=f"{type(error).__name__}: {error}"[:200]) from None
    yield [found.media_type, found.width, found.height, exif_of(found.tags).plain()]
    yield from (made[size] for size in sizes)


def signature(file: Bytes, *, most_side: int) -> Iterator[Any]:
    """Width and height of a small sound PNG, then the same picture as we write it. Raises Refusal: not_a_signature."""
    file.seek(0)
    try:
        with Image.open(BytesIO(file.read()), formats=("PNG",)) as image:
            if max(image.size) > most_side:
                raise Refusal("not_a_signature")
            image.load()
            buffer = BytesIO()
            _of_eight_bits(image).save(buffer, "PNG")
    except (OSError, ValueError, SyntaxError, EOFError):
        raise Refusal("not_a_signature") from None
    yield list(image.size)
    yield buffer.getvalue()


def warm() -> None:
    """What the first picture of a process would load and compute."""
    buffer = BytesIO()
    Image.new("RGB", (16, 16)).save(buffer, "JPEG", icc_profile=DISPLAY_P3)
    list(shown(buffer, sizes=["screen"]))


warm()
