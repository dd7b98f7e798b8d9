"""图片: every photo an ordinary phone takes is taken, and shown as people see it."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from readers import Refusal
from readers.media_types import media_type_of
from readers.pictures import derivatives, read_header, seen
from tests.cast import pictures
from tests.cast.pictures import BLUE, GREEN, KINDS, QUARTERS, RED, WHITE, exif, quarters, saved

PIXELS = 1_000_000
EVERY_FORM = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF")


@pytest.fixture
def header_of():
    return lambda content, **limits: read_header(BytesIO(content), **{"most_pixels": PIXELS, **limits})


def corners(content: bytes) -> list[tuple[int, ...]]:
    """The colours of the four quarters as shown, left above first."""
    image = seen(BytesIO(content)).image
    wide, high = image.size
    return [image.getpixel((wide * x // 4, high * y // 4)) for y in (1, 3) for x in (1, 3)]


def near(found, wanted, slack: int = 4) -> bool:
    pairs = [pair for one, other in zip(found, wanted, strict=True) for pair in zip(one, other, strict=True)]
    return all(abs(one - other) <= slack for one, other in pairs)


# --- kinds -----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("content, media_type", KINDS.values(), ids=KINDS)
def test_every_kind_of_picture_is_taken_for_what_its_bytes_are(header_of, content, media_type):
    assert media_type_of(content[:64]) == media_type
    found = header_of(content)
    assert (found.media_type, found.width, found.height) == (media_type, 120, 80)


@pytest.mark.parametrize("content", [content for content, _ in KINDS.values()], ids=KINDS)
def test_every_kind_of_picture_is_shown_by_its_first_one(content):
    grey = tuple((value,) * 3 for value in (60, 120, 180, 250))
    assert near(corners(content), QUARTERS) or near(corners(content), grey)


NO_PICTURES = {
    "video": pictures.MP4 * 3,
    "gif": saved(form="GIF"),
    "tiff": saved(form="TIFF"),
    "bmp": saved(form="BMP"),
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "brand alone": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200),
    "avif brand alone": b"\0\0\0\x18ftypavif\0\0\0\0mif1avif" + bytes(200),
    "riff alone": b"RIFF\x40\0\0\0WEBPVP8 " + bytes(60),
    "png signature alone": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "nothing": b"",
}


@pytest.mark.parametrize("content", NO_PICTURES.values(), ids=NO_PICTURES)
def test_what_is_no_picture_of_a_phone_is_not_taken(header_of, content):
    with pytest.raises(Refusal, match="not_an_image"):
        header_of(content)


@pytest.mark.parametrize("form", EVERY_FORM)
def test_the_pixel_limit_is_checked_before_anything_is_decoded(header_of, form):
    with pytest.raises(Refusal, match="too_many_pixels"):
        header_of(saved(form=form), most_pixels=9_599)


# --- which way is up -----------------------------------------------------------------------------------------------------------
UPRIGHT = {
    1: QUARTERS, 2: (GREEN, RED, WHITE, BLUE), 3: (WHITE, BLUE, GREEN, RED), 4: (BLUE, WHITE, RED, GREEN),
    5: (RED, BLUE, GREEN, WHITE), 6: (BLUE, RED, WHITE, GREEN), 7: (WHITE, GREEN, BLUE, RED), 8: (GREEN, WHITE, RED, BLUE),
}  # fmt: skip
TURNED = {
    f"{form} {number}": (saved(form=form, exif=exif(orientation=number).tobytes()), number)
    for form in EVERY_FORM
    for number in UPRIGHT
}
# Given as an object, EXIF is written as it is, without the box by which HEIF turns: so do some phones.
UNBOXED = {
    f"HEIF without a box {number}": (saved(form="HEIF", exif=exif(orientation=number)), number) for number in UPRIGHT
}


@pytest.mark.parametrize("content, number", [*TURNED.values(), *UNBOXED.values()], ids=[*TURNED, *UNBOXED])
def test_a_picture_is_upright_and_so_are_its_dimensions(header_of, content, number):
    found, shown = header_of(content), seen(BytesIO(content))
    assert near(corners(content), UPRIGHT[number])
    assert {(found.width, found.height), (shown.width, shown.height), shown.image.size} == {
        (120, 80) if number < 5 else (80, 120)
    }


@pytest.mark.parametrize("tags", [b"Exif\0\0junk", b"Exif\0\0II*\0\xff\xff\xff\xff", exif(orientation=9).tobytes()])
def test_a_broken_exif_makes_no_picture_unreadable(header_of, tags):
    content = saved(exif=tags)
    assert (header_of(content).width, seen(BytesIO(content)).image.size) == (120, (120, 80))


# --- colours ----------------------------------------------------------------------------------------------------------------------
INKS = ((0, 255, 255), (255, 0, 255), (255, 255, 0), (255, 255, 255))
FIFTHS = tuple((value,) * 3 for value in (51, 102, 153, 255))
ON_WHITE = (RED, GREEN, BLUE, (255, 255, 255))
SHOWN = {
    "16-bit grey": (pictures.deep_grey(), FIFTHS),
    "16-bit grey with a transparent value": (pictures.deep_grey(transparency=13107), ((255,) * 3, *FIFTHS[1:])),
    "a palette": (saved(quarters().quantize(8), "PNG"), QUARTERS),
    "a palette with a transparent colour": (pictures.clear("P"), ON_WHITE),
    "a transparent colour": (pictures.clear("RGB"), ON_WHITE),
    "png with alpha": (pictures.clear("RGBA"), ON_WHITE),
    "webp with alpha": (pictures.clear("RGBA", "WEBP"), ON_WHITE),
    "heic with alpha": (pictures.clear("RGBA", "HEIF"), ON_WHITE),
    "avif with alpha": (pictures.clear("RGBA", "AVIF"), ON_WHITE),
    "inks with Adobe's marker": (pictures.inks(marker=True), INKS),
    "inks without a marker": (pictures.inks(marker=False), INKS),
    "a broken profile": (saved(icc_profile=b"junk" * 50), QUARTERS),
    "a profile of another kind of colours": (
        saved(quarters(colours=(51, 102, 153, 255), mode="L"), icc_profile=pictures.display_p3()), FIFTHS,
    ),
}  # fmt: skip


@pytest.mark.parametrize("content, wanted", SHOWN.values(), ids=SHOWN)
def test_a_picture_is_shown_in_the_colours_people_see(content, wanted):
    assert near(corners(content), wanted)


@pytest.mark.parametrize("mode", ["LA", "L", "1"])
def test_transparent_grey_is_shown_on_white(mode):
    assert corners(pictures.clear(mode))[3] == (255, 255, 255)


@pytest.mark.parametrize("form", EVERY_FORM)
def test_display_p3_is_turned_to_srgb(form):
    content = saved(form=form, icc_profile=pictures.display_p3())
    assert near(corners(content), ((220, 0, 18), (0, 164, 35), (29, 58, 208), WHITE), slack=6)
    for made in derivatives(seen(BytesIO(content)).image).values():
        assert "icc_profile" not in Image.open(BytesIO(made)).info


@pytest.mark.parametrize("form", ["PNG", "HEIF", "AVIF"])
def test_display_p3_told_by_a_number_alone_is_turned_to_srgb(form):
    content = pictures.p3_by_number(form)
    assert near(corners(content), ((218, 0, 27), (0, 163, 40), (34, 61, 208), WHITE))


def test_derivatives_of_a_large_picture_are_bounded_and_without_exif():
    content = saved(Image.new("RGB", (3000, 2000), RED), exif=exif(orientation=6))
    shown = seen(BytesIO(content))
    sizes = {name: Image.open(BytesIO(made)) for name, made in derivatives(shown.image).items()}
    assert {name: (image.size, image.format, dict(image.getexif())) for name, image in sizes.items()} == {
        "screen": ((853, 1280), "WEBP", {}), "thumb": ((213, 320), "WEBP", {}),
    }  # fmt: skip
    assert (shown.width, shown.height) == (2000, 3000)


# --- damage ------------------------------------------------------------------------------------------------------------------------
DAMAGED = {
    f"{form} {what}": cut(pictures.noise(form))
    for form in EVERY_FORM
    for what, cut in {"cut in half": lambda all: all[: len(all) // 2], "cut at the end": lambda all: all[:-20]}.items()
}
ZEROS = {
    form: pictures.noise(form)[:20_000] + bytes(len(pictures.noise(form)) - 20_000) for form in ("JPEG", "PNG", "AVIF")
}  # a phone's storage lost what came after


@pytest.mark.parametrize(
    "content", [*DAMAGED.values(), *ZEROS.values()], ids=[*DAMAGED, *(f"{form} of zeros" for form in ZEROS)]
)
def test_a_damaged_picture_is_taken_as_evidence_and_never_shown(header_of, content):
    assert header_of(content).media_type.startswith("image/")
    with pytest.raises((OSError, SyntaxError, ValueError)):
        seen(BytesIO(content))
