"""EXIF 逐项: one bad field loses no good one, and what differs is a hint for the reviewer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from django.contrib.gis.geos import Point
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from evidence.rules import Flag, Scene, believed, flags_of, types_differ
from readers.exif import Taken, exif_of
from tests.cast.pictures import CAMERA, GPS

TAKEN, TAKEN_OFFSET, DIGITIZED, CHANGED = 0x9003, 0x9011, 0x9004, 0x0132
GOOD_PLACE = {1: "N", 2: (38.0, 27.0, 42.0), 3: "E", 4: (111.0, 7.0, 38.0)}
GOOD_TIME = "2026:11:20 09:41:30"


def tags(camera=None, gps=None, image=None) -> Image.Exif:
    made = Image.Exif()
    made.get_ifd(CAMERA).update(camera or {})
    made.get_ifd(GPS).update(gps or {})
    for tag, value in (image or {}).items():
        made[tag] = value
    return made


BAD_TIMES = [
    "0000:00:00 00:00:00",
    "    :  :     :  :  ",
    "",
    "2026:11:20 24:05:00",
    "2026:13:40 09:00:00",
    "1970:01:01 08:00:00",
    b"\xff\xfe\x00",
]


@pytest.mark.parametrize("time", BAD_TIMES)
def test_a_bad_time_does_not_lose_a_good_place(time):
    found = exif_of(tags({TAKEN: time}, GOOD_PLACE))
    assert (found.taken_at, round(found.lon, 4), round(found.lat, 4)) == (None, 111.1272, 38.4617)


BAD_PLACES = [{}, {2: (38.0, 27.0, 42.0)}, {**GOOD_PLACE, 2: ()}, {**GOOD_PLACE, 4: "junk"}, {**GOOD_PLACE, 2: (95.0, 0.0, 0.0)},
              {**GOOD_PLACE, 2: (38.0, 77.0, 0.0)}, {**GOOD_PLACE, 2: (IFDRational(0, 0), 0.0, 0.0)}, {2: (0.0, 0.0, 0.0), 4: (0.0, 0.0, 0.0)}]  # fmt: skip


@pytest.mark.parametrize("place", BAD_PLACES)
def test_a_bad_place_does_not_lose_a_good_time(place):
    found = exif_of(tags({TAKEN: GOOD_TIME}, place))
    assert found == Taken(datetime(2026, 11, 20, 1, 41, 30, tzinfo=UTC))


OFFSETS = [
    ("+08:00", 1),
    ("+8:00", 1),
    ("+0800", 1),
    ("+09:00\x00", 0),
    ("Z", 9),
    ("-01:30", 11),
    ("", 1),
    ("   :  ", 1),
    ("+99:00", 1),
    ("east", 1),
]


@pytest.mark.parametrize("offset, hour", OFFSETS)
def test_an_odd_offset_does_not_lose_the_time(offset, hour):
    found = exif_of(tags({TAKEN: GOOD_TIME, TAKEN_OFFSET: offset})).taken_at
    assert (found.astimezone(UTC).hour, found.astimezone(UTC).day) == (hour, 20)


@pytest.mark.parametrize(
    "words",
    [
        "2026-11-20 09:41:30",
        "2026/11/20 09:41:30",
        "2026:11:20T09:41:30",
        "2026:11:20 09:41:30\x00",
        b"2026:11:20 09:41:30",
    ],
)
def test_a_time_is_read_as_cameras_write_it(words):
    assert exif_of(tags({TAKEN: words})).taken_at == datetime(2026, 11, 20, 1, 41, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "camera, gps, image",
    [({TAKEN: "0000:00:00 00:00:00", DIGITIZED: GOOD_TIME}, {}, {}), ({}, {}, {CHANGED: GOOD_TIME}),
     ({}, {7: (1.0, 41.0, 30.0), 29: "2026:11:20"}, {})],
    ids=["digitized", "changed", "satellites"],
)  # fmt: skip
def test_another_time_of_the_file_stands_in_for_a_bad_one(camera, gps, image):
    assert exif_of(tags(camera, gps, image)).taken_at == datetime(2026, 11, 20, 1, 41, 30, tzinfo=UTC)


LATITUDES = [
    ({2: (38.0, 27.7)}, 38.4617), ({2: (38.4617,)}, 38.4617), ({2: 38.4617}, 38.4617), ({2: (38.0, 27.7, IFDRational(0, 0))}, 38.4617),
    ({2: (38.0, 27.0, 60.0)}, 38.4667), ({1: "S"}, -38.4617), ({1: "s\x00"}, -38.4617), ({1: b"N"}, 38.4617), ({1: ""}, 38.4617),
    ({2: (Fraction(38), Fraction(277, 10), Fraction(0))}, 38.4617),
]  # fmt: skip


@pytest.mark.parametrize("fields, lat", LATITUDES)
def test_degrees_are_read_with_and_without_minutes_and_seconds(fields, lat):
    assert round(exif_of(tags({}, {**GOOD_PLACE, **fields})).lat, 4) == lat


# --- differences ---------------------------------------------------------------------------------------------------------------------
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HERE, THERE = (111.1275, 38.4618), (111.2, 38.4618)
VISIT = Scene(NOON - timedelta(hours=1), NOON + timedelta(hours=1), Point(*HERE))
FLAGGED = [
    (Taken(NOON, *HERE), Taken(NOON, *HERE), VISIT, []),
    (Taken(), Taken(), VISIT, []),
    (Taken(NOON - timedelta(minutes=11)), Taken(NOON), Scene(), [Flag.TIME_DIFFERS]),
    (Taken(NOON, *THERE), Taken(NOON, *HERE), Scene(), [Flag.PLACE_DIFFERS]),
    (Taken(NOON - timedelta(days=1)), Taken(), VISIT, [Flag.OUTSIDE_TIME]),
    (Taken(NOON + timedelta(hours=1, minutes=9)), Taken(), VISIT, []),
    (Taken(), Taken(NOON + timedelta(hours=2)), VISIT, [Flag.OUTSIDE_TIME]),
    (Taken(NOON + timedelta(days=9)), Taken(), Scene(NOON), []),
    (Taken(NOON - timedelta(days=9)), Taken(), Scene(NOON), [Flag.OUTSIDE_TIME]),
    (Taken(None, *THERE), Taken(), VISIT, [Flag.OUTSIDE_PLACE]),
    (Taken(None, *THERE), Taken(), Scene(point=Point(*HERE), slack_m=6000), []),
    (Taken(), Taken(None, *THERE), VISIT, [Flag.OUTSIDE_PLACE]),
]


@pytest.mark.parametrize("exif, said, scene, flags", FLAGGED)
def test_a_file_is_compared_with_the_phone_and_with_the_record(exif, said, scene, flags):
    assert flags_of(exif, said, scene) == flags


BELIEVED = [("image/jpeg", "image/jpeg"), ("IMAGE/JPG", "image/jpg"), ("image/jpeg; q=1", "image/jpeg"), (None, ""), (7, ""), ({}, ""),
            ("图片", ""), ("image/" + "x" * 90, "image/" + "x" * 34), (" image/\u200bheic\n", "image/heic")]  # fmt: skip


@pytest.mark.parametrize("said, kept", BELIEVED)
def test_what_a_phone_believes_of_a_type_is_kept_as_a_short_word(said, kept):
    assert believed(said) == kept


TYPES = [("image/jpeg", "image/jpeg", False), ("IMAGE/JPG", "image/jpeg", False), ("application/octet-stream", "image/png", False), ("", "image/png", False),
         ("image/heif", "image/heic", False), ("image/jpeg", "image/heic", True), ("image/x-unknown", "image/jpeg", True), ("application/pdf", "image/jpeg", True)]  # fmt: skip


@pytest.mark.parametrize("said, kept, differ", TYPES)
def test_an_alias_is_no_difference_of_types(said, kept, differ):
    assert types_differ(said, kept) is differ
