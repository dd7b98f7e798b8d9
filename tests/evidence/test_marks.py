"""水印 The larger size of a photo says when, where and by whom it was taken; its smaller size and its original say nothing."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID

import pytest
from django.contrib.gis.geos import Point
from django.core.files.storage import default_storage
from PIL import Image

from evidence import marks, storage
from evidence.models import Photo
from readers.marks import Face, marked
from safety_api import outbox
from tests.cast.units import mine as a_unit
from tests.cast.visits import a_photo, a_visit, photo_id, picture
from tests.evidence.test_photos import VISIT, upload

pytestmark = pytest.mark.django_db
CONTENT = picture(5, size=(900, 600))
STRIP = 60  # pixels from the lower edge, within the strip's lines


@pytest.fixture
def phone(as_):
    client = as_("inspector")
    photos = [a_photo(1, CONTENT), a_photo(2, CONTENT, taken_at="2026-11-20T09:44:00+08:00")]
    assert client.put(VISIT, a_visit(a_unit(), photos=photos), format="json").status_code == 201
    assert {upload(client, CONTENT, number).status_code for number in (1, 2)} <= {200, 201}
    outbox.drain()
    return client


def shown(size: str, number: int = 1) -> Image.Image:
    photo = Photo.objects.get(pk=photo_id(number))
    with default_storage.open(storage.derived_name(photo.sha256, size, photo.pk)) as file:
        return Image.open(BytesIO(file.read())).convert("RGB")


def darkest(image: Image.Image) -> int:
    return min(image.convert("L").crop((0, image.height - STRIP, image.width, image.height)).get_flattened_data())


def test_the_larger_size_is_marked_the_smaller_and_the_original_are_not(phone):
    screen, thumb = shown("screen"), shown("thumb")
    ground = screen.convert("L").getpixel((10, 10))
    assert darkest(screen) < ground - 40
    assert max(screen.convert("L").crop((0, screen.height - STRIP, screen.width, screen.height)).get_flattened_data()) > 240  # the letters
    assert abs(darkest(thumb) - thumb.convert("L").getpixel((10, 10))) < 6
    assert storage.original(Photo.objects.get(pk=photo_id(1)).sha256) == CONTENT


def test_it_says_when_as_the_phone_told_it_where_and_who(phone, people):
    photo = Photo.objects.get(pk=photo_id(1))
    when, where, who = marks.words_of(photo)
    assert (when, who) == ("2026-11-20 09:41", people["inspector"].name)
    assert where.endswith(f"{photo.point.y:.5f}, {photo.point.x:.5f}")


def test_what_was_not_told_is_said_to_be_so(phone):
    photo = Photo.objects.get(pk=photo_id(1))
    photo.taken_at = photo.point = None
    when, where, _ = marks.words_of(photo)
    assert when.startswith("收到 20") and where == "无定位"


def test_outside_of_every_township_the_point_alone_is_told(phone):
    photo = Photo.objects.get(pk=photo_id(1))
    photo.point = Point(100.0, 20.0, srid=4326)
    assert marks.words_of(photo)[1] == "20.00000, 100.00000"


def test_two_photos_of_one_content_are_marked_each_with_its_own(phone):
    one, other = shown("screen", 1), shown("screen", 2)
    assert one.tobytes() != other.tobytes()
    names = [storage.derived_name("a" * 64, "thumb", UUID(photo_id(number))) for number in (1, 2)]
    assert names[0] == names[1]


def test_a_larger_size_that_is_gone_is_made_again_for_its_own_photo(phone):
    photo = Photo.objects.get(pk=photo_id(2))
    before, name = shown("screen", 2).tobytes(), storage.derived_name(photo.sha256, "screen", photo.pk)
    default_storage.delete(name)
    link = phone.get(f"/api/v1/photos/{photo.pk}").json()["links"]["screen"]
    assert phone.get(link).status_code == 503
    outbox.drain()
    assert shown("screen", 2).tobytes() == before


def test_without_a_font_a_photo_is_shown_without_words(as_, monkeypatch):
    monkeypatch.setattr("evidence.actions.face", lambda: None)
    client = as_("inspector")
    client.put(VISIT, a_visit(a_unit(), photos=[a_photo(1, CONTENT)]), format="json")
    upload(client, CONTENT, 1)
    outbox.drain()
    screen = shown("screen")
    assert abs(darkest(screen) - screen.convert("L").getpixel((10, 10))) < 6


@pytest.mark.parametrize(
    ("size", "words", "written"),
    [
        ((1280, 960), ["2026-11-20 09:41", "蔚汾镇一带 38.46182, 111.12749", "张巡"], True),
        ((320, 240), ["2026-11-20 09:41", "蔚汾镇一带 38.46182, 111.12749", "张巡"], True),
        ((1280, 200), ["2026-11-20 09:41"], True),
        ((64, 48), ["2026-11-20 09:41"], False),  # too narrow for the words
        ((1000, 20), ["2026-11-20 09:41"], False),  # nothing would be left to see
        ((1280, 960), [], False),
    ],
)
def test_words_stand_where_there_is_room_and_are_never_cut(size, words, written):
    face = marks.face()
    if face is None:
        pytest.skip("no font: apt-get install fonts-noto-cjk")
    image = Image.new("RGB", size, (200, 180, 90))
    assert (marked(image, words, Face(*face)).tobytes() != image.tobytes()) == written
