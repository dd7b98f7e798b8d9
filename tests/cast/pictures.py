"""Pictures as phones make them, each small and whole: four quarters of one colour each, so that it shows which way is up."""

from __future__ import annotations

import struct
from io import BytesIO
from typing import Any
from zlib import crc32

import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener()

RED, GREEN, BLUE, WHITE = (200, 40, 40), (40, 160, 60), (40, 60, 200), (250, 250, 250)
QUARTERS = (RED, GREEN, BLUE, WHITE)  # left above, right above, left below, right below
ORIENTATION, CAMERA, GPS = 0x0112, 0x8769, 0x8825


def quarters(size: tuple[int, int] = (120, 80), colours: tuple = QUARTERS, mode: str = "RGB") -> Image.Image:
    wide, high = size[0] // 2, size[1] // 2
    image = Image.new(mode, size, colours[3])
    for colour, corner in zip(colours[:3], ((0, 0), (wide, 0), (0, high)), strict=True):
        image.paste(colour, (*corner, corner[0] + wide, corner[1] + high))
    return image


def saved(image: Image.Image | None = None, form: str = "JPEG", **options: Any) -> bytes:
    buffer = BytesIO()
    (image or quarters()).save(buffer, form, **({"quality": 95} if form == "JPEG" else {}), **options)
    return buffer.getvalue()


def exif(
    *, orientation: int | None = None, camera: dict | None = None, gps: dict | None = None, image: dict | None = None
) -> Image.Exif:
    tags = Image.Exif()
    if orientation is not None:
        tags[ORIENTATION] = orientation
    for tag, value in (image or {}).items():
        tags[tag] = value
    for table, fields in ((CAMERA, camera), (GPS, gps)):
        if fields:
            tags.get_ifd(table).update(fields)
    return tags


def segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content


def with_segment(jpeg: bytes, marker: int, content: bytes) -> bytes:
    return jpeg[:2] + segment(marker, content) + jpeg[2:]


def without_segment(jpeg: bytes, marker: int) -> bytes:
    at = jpeg.index(bytes((0xFF, marker)))
    return jpeg[:at] + jpeg[at + 2 + struct.unpack(">H", jpeg[at + 2 : at + 4])[0] :]


MP4 = struct.pack(">I4s8s", 16, b"ftyp", b"isommp42") + struct.pack(">I4s", 408, b"mdat") + bytes(400)
FURTHER = {"save_all": True, "append_images": [quarters(colours=(BLUE, RED, RED, RED))]}
SAMSUNG_TAIL = b"SEFH" + b"\x01" * 40 + b"SEFT"
HDR = b'http://ns.adobe.com/xap/1.0/\x00<rdf:Description hdrgm:Version="1.0"/>'


def with_brand(content: bytes, brand: bytes) -> bytes:
    return content[:8] + brand + content[12:]


def mpo() -> bytes:
    return saved(form="MPO", **FURTHER)


def broken_index() -> bytes:
    """An MPF index whose entries lead nowhere."""
    content = mpo()
    at = content.index(b"MPF\x00") + 4
    return content[: at + 10] + b"\xff" * 30 + content[at + 40 :]


HEIC, AVIF = saved(form="HEIF"), saved(form="AVIF")
KINDS: dict[str, tuple[bytes, str]] = {
    "jpeg": (saved(), "image/jpeg"),
    "progressive jpeg": (saved(progressive=True), "image/jpeg"),
    "grey jpeg": (saved(quarters(colours=(60, 120, 180, 250), mode="L")), "image/jpeg"),
    "jpeg with mpf": (mpo(), "image/jpeg"),
    "jpeg with a broken mpf index": (broken_index(), "image/jpeg"),
    "jpeg with gain map": (with_segment(mpo(), 0xE1, HDR), "image/jpeg"),
    "motion photo": (saved() + MP4, "image/jpeg"),
    "motion photo with mpf": (mpo() + MP4 + SAMSUNG_TAIL, "image/jpeg"),
    "png": (saved(form="PNG"), "image/png"),
    "animated png": (saved(form="PNG", **FURTHER), "image/png"),
    "webp": (saved(form="WEBP"), "image/webp"),
    "animated webp": (saved(form="WEBP", **FURTHER), "image/webp"),
    "heic": (HEIC, "image/heic"),
    "heic sequence": (with_brand(saved(form="HEIF", **FURTHER), b"hevc"), "image/heic-sequence"),
    "heic with a tail": (HEIC + SAMSUNG_TAIL, "image/heic"),
    "heif": (with_brand(HEIC, b"mif1"), "image/heif"),
    "heif of a further brand": (with_brand(HEIC, b"MiHE"), "image/heif"),
    "avif": (AVIF, "image/avif"),
    "avif sequence": (saved(form="AVIF", **FURTHER), "image/avif"),
    "avif as mif1": (with_brand(AVIF, b"mif1"), "image/avif"),
}


# --- colours -------------------------------------------------------------------------------------------------------------------
P3_IN_D50 = ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407))


def _fixed(*numbers: float) -> bytes:
    return b"".join(struct.pack(">i", round(number * 65536)) for number in numbers)


def display_p3() -> bytes:
    """A colour profile with the primaries of Display P3 and a plain gamma (ICC.1, version 2)."""
    xyz = [
        (name, b"XYZ \0\0\0\0" + _fixed(*of)) for name, of in zip((b"rXYZ", b"gXYZ", b"bXYZ"), P3_IN_D50, strict=True)
    ]
    gamma = b"curv\0\0\0\0" + struct.pack(">IHxx", 1, round(2.2 * 256))
    words = b"Display P3\0"
    described = b"desc\0\0\0\0" + struct.pack(">I", len(words)) + words + bytes(79)
    tags = [
        (b"desc", described + bytes(-len(described) % 4)), (b"cprt", b"text\0\0\0\0" + b"CC0\0"),
        (b"wtpt", b"XYZ \0\0\0\0" + _fixed(0.9642, 1.0, 0.8249)), *xyz, *((name, gamma) for name in (b"rTRC", b"gTRC", b"bTRC")),
    ]  # fmt: skip
    at, table, body = 128 + 4 + 12 * len(tags), b"", b""
    for name, content in tags:
        table += name + struct.pack(">II", at + len(body), len(content))
        body += content
    head = struct.pack(">I4xI4s4s4s12x4s28x", at + len(body), 0x02400000, b"mntr", b"RGB ", b"XYZ ", b"acsp")
    head = head[:68] + _fixed(0.9642, 1.0, 0.8249) + bytes(48)
    return head + struct.pack(">I", len(tags)) + table + body


def p3_by_number(form: str) -> bytes:
    """Quarters in Display P3, which only a number of the container says (ITU-T H.273)."""
    if form == "HEIF":
        return saved(
            form=form, color_primaries=12, transfer_characteristics=13, matrix_coefficients=1, full_range_flag=1
        )
    content = saved(form=form)
    if form == "AVIF":
        return content.replace(b"colrnclx\0\1", b"colrnclx\0\x0c")
    chunk = b"cICP" + bytes([12, 13, 0, 1])
    return content[:33] + struct.pack(">I", 4) + chunk + struct.pack(">I", crc32(chunk)) + content[33:]


def deep_grey(**options: Any) -> bytes:
    """16-bit grey whose quarters are a fifth, two, three fifths and all of white."""
    image = Image.new("I;16", (120, 80), 65535)
    for number, (left, top) in enumerate(((0, 0), (60, 0), (0, 40)), 1):
        image.paste(number * 13107, (left, top, left + 60, top + 40))
    return saved(image, "PNG", **options)


def clear(mode: str, form: str = "PNG") -> bytes:
    """Its last quarter is transparent, with a colour hidden under it."""
    image = quarters(colours=(*QUARTERS[:3], (10, 10, 10))).convert("RGBA")
    image.paste((10, 10, 10, 0), (60, 40, 120, 80))
    if mode == "P":
        shown = quarters(colours=(*QUARTERS[:3], (10, 10, 10))).quantize(8)
        return saved(shown, form, transparency=shown.getpixel((100, 60)))
    if mode in ("RGB", "L", "1"):
        shown = quarters(colours=(*QUARTERS[:3], (10, 10, 10))).convert(mode)
        hidden = shown.getpixel((100, 60))
        return saved(shown, form, transparency=hidden)
    return saved(image.convert(mode), form)


def inks(*, marker: bool) -> bytes:
    """A CMYK JPEG: cyan, magenta, yellow, no ink. Adobe's marker means that the inks are written inverted, as Pillow writes them."""
    colours = ((255, 0, 0, 0), (0, 255, 0, 0), (0, 0, 255, 0), (0, 0, 0, 0))
    if marker:
        return saved(quarters(colours=colours, mode="CMYK"))
    plain = [tuple(255 - ink for ink in colour) for colour in colours]
    return without_segment(saved(quarters(colours=tuple(plain), mode="CMYK")), 0xEE)


# --- damage ----------------------------------------------------------------------------------------------------------------------
def noise(form: str, **options: Any) -> bytes:
    image = Image.effect_noise((400, 300), 90).convert("RGB")
    return saved(image, form, exif=exif(camera={0x9003: "2026:11:20 09:41:30"}), **options)
