"""The four coordinate systems: DOMAIN's vectors, and there-and-back exact over the whole county."""

from math import cos, hypot, inf, nan, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.coordinates import CHINA, COUNTY, Crs, from_wgs84, in_china, plausible, to_wgs84

VECTORS = [  # WGS-84, GCJ-02, BD-09: the county seat and the south-west
    ((111.127486, 38.461818), (111.133972, 38.462540), (111.140384, 38.468788)),
    ((110.900000, 38.200000), (110.905780, 38.200373), (110.912271, 38.206451)),
]


def points(box):
    west, south, east, north = box
    return st.tuples(st.floats(west, east), st.floats(south, north))


def metres(a, b):
    return hypot((a[0] - b[0]) * 111_320 * cos(radians(a[1])), (a[1] - b[1]) * 111_000)


@pytest.mark.parametrize("wgs, gcj, bd", VECTORS)
def test_conversions_match_the_reference_points_to_a_millionth_of_a_degree(wgs, gcj, bd):
    for crs, there in ((Crs.GCJ02, gcj), (Crs.BD09, bd), (Crs.WGS84, wgs), (Crs.CGCS2000, wgs)):
        assert from_wgs84(*wgs, crs) == pytest.approx(there, abs=1e-6)
        assert to_wgs84(*there, crs) == pytest.approx(wgs, abs=1e-6)


@pytest.mark.parametrize("crs", Crs)
@given(point=points(COUNTY))
def test_converting_there_and_back_gives_the_same_point_in_the_county(crs, point):
    assert to_wgs84(*from_wgs84(*point, crs), crs) == pytest.approx(point, abs=1e-9, rel=0)
    assert from_wgs84(*to_wgs84(*point, crs), crs) == pytest.approx(point, abs=1e-9, rel=0)


@pytest.mark.parametrize("crs", Crs)
@given(point=points(CHINA))
def test_converting_there_and_back_gives_the_same_point_anywhere_in_china(crs, point):
    assert to_wgs84(*from_wgs84(*point, crs), crs) == pytest.approx(point, abs=1e-9, rel=0)


@given(point=points(COUNTY))
def test_confusing_two_coordinate_systems_shifts_a_point_by_450_to_1500_metres(point):
    """So that a wrong crs can never pass for a rounding matter."""
    assert 450 < metres(point, from_wgs84(*point, "gcj02")) < 650
    assert 1200 < metres(point, from_wgs84(*point, "bd09")) < 1500


@given(point=points(COUNTY))
def test_conversions_agree_with_another_implementation(point):
    other = pytest.importorskip("coordTransform")
    assert from_wgs84(*point, "gcj02") == pytest.approx(tuple(other.wgs84_to_gcj02(*point)), abs=1e-9, rel=0)
    assert from_wgs84(*point, "bd09") == pytest.approx(tuple(other.wgs84_to_bd09(*point)), abs=1e-9, rel=0)
    one_step = 1e-4  # its inverses are not iterated: some metres
    assert to_wgs84(*point, "gcj02") == pytest.approx(tuple(other.gcj02_to_wgs84(*point)), abs=one_step, rel=0)
    assert to_wgs84(*point, "bd09") == pytest.approx(tuple(other.bd09_to_wgs84(*point)), abs=one_step, rel=0)


def test_outside_china_gcj02_equals_wgs84():
    assert from_wgs84(2.35, 48.85, "gcj02") == to_wgs84(2.35, 48.85, "gcj02") == (2.35, 48.85)


@pytest.mark.parametrize("crs", ["", "WGS84", "wgs-84", "epsg:4326", "gcj", None, 4326])
def test_an_unknown_coordinate_system_name_is_refused(crs):
    for convert in (to_wgs84, from_wgs84):
        with pytest.raises(ValueError):
            convert(111.1, 38.4, crs)


@pytest.mark.parametrize("lon, lat, china, county", [
    (111.127486, 38.461818, True, True),
    (110.3, 37.9, True, True),           # the edge belongs to the county box
    (111.8, 38.9, True, True),
    (110.299999, 38.4, True, False),
    (111.800001, 38.4, True, False),
    (111.1, 37.899999, True, False),
    (111.1, 38.900001, True, False),
    (73.0, 3.0, True, False),            # the edge belongs to China's box
    (136.0, 54.0, True, False),
    (72.999999, 38.4, False, False),
    (136.000001, 38.4, False, False),
    (111.1, 2.999999, False, False),
    (111.1, 54.000001, False, False),
    (38.461818, 111.127486, False, False),   # lat, lon swapped
    (0.0, 0.0, False, False),
    (nan, 38.4, False, False),
    (111.1, nan, False, False),
    (inf, 38.4, False, False),
    (111.1, -inf, False, False),
])
def test_a_point_is_inside_or_outside_the_china_and_county_boxes(lon, lat, china, county):
    assert (in_china(lon, lat), plausible(lon, lat)) == (china, county)
