"""The four coordinate systems a phone may speak, both ways, at one door: everything inside the house is WGS-84.

Degrees, always (lon, lat). CGCS2000 differs from WGS-84 by less than a metre here and is passed through. GCJ-02 and
BD-09 have no official formula and no official inverse: the forward formulas are the public ones; the inverse is found
by iterating the forward, so that there and back is exact to 1e-9° (0.1 mm), where one step would leave up to a metre.
"""

from collections.abc import Callable
from enum import StrEnum
from math import asin, atan2, cos, hypot, pi, radians, sin, sqrt


class Crs(StrEnum):
    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"  # 国家大地坐标系; 测绘法 第九条
    GCJ02 = "gcj02"  # 高德, 腾讯, 微信 (公开地图内容的统一偏移)
    BD09 = "bd09"  # 百度: GCJ-02 shifted once more


# west, south, east, north in degrees
CHINA = (73.0, 3.0, 136.0, 54.0)  # outside: refused at the door
COUNTY = (110.3, 37.9, 111.8, 38.9)  # 兴县, loose: outside is stored with a warning
SHIFTED = (72.004, 0.8293, 137.8347, 55.8271)  # where GCJ-02 shifts at all; abroad it equals WGS-84

KRASOVSKY_A = 6378245.0  # semi-major axis in metres
KRASOVSKY_EE = 0.00669342162296594323  # first eccentricity squared
BD_FREQUENCY = pi * 3000.0 / 180.0
BD_EAST, BD_NORTH = 0.0065, 0.006  # degrees

CLOSE_ENOUGH = 1e-12  # degrees between two steps of the inverse; five steps reach it inside China
MOST_STEPS = 30

Point = tuple[float, float]


def to_wgs84(lon: float, lat: float, crs: Crs | str) -> Point:
    """(lon, lat) in `crs` → WGS-84, to 1e-9°. Finite degrees only (the door checks). ValueError for an unknown crs."""
    return INWARD[Crs(crs)](lon, lat)


def from_wgs84(lon: float, lat: float, crs: Crs | str) -> Point:
    """WGS-84 (lon, lat) → `crs`. Finite degrees only (the door checks). ValueError for an unknown crs."""
    return OUTWARD[Crs(crs)](lon, lat)


def in_china(lon: float, lat: float) -> bool:
    """Edges belong to it; NaN and infinity do not."""
    return _inside(CHINA, lon, lat)


def plausible(lon: float, lat: float) -> bool:
    """Is this WGS-84 point in or near the county? Edges belong to it; outside means a warning, never a refusal."""
    return _inside(COUNTY, lon, lat)


EARTH = 6_371_008.8  # metres, mean radius


def metres_between(one: Point, other: Point) -> float:
    """Between two WGS-84 points, on the sphere: within half a per cent."""
    (lon, lat), (east, north) = one, other
    half = (
        sin(radians(north - lat) / 2) ** 2 + cos(radians(lat)) * cos(radians(north)) * sin(radians(east - lon) / 2) ** 2
    )
    return 2 * EARTH * asin(min(1.0, sqrt(half)))


def _inside(box: tuple[float, float, float, float], lon: float, lat: float) -> bool:
    west, south, east, north = box
    return west <= lon <= east and south <= lat <= north


def _same(lon: float, lat: float) -> Point:
    return lon, lat


def _wgs_to_gcj(lon: float, lat: float) -> Point:
    if not _inside(SHIFTED, lon, lat):
        return lon, lat
    east, north = _gcj_metres(lon - 105.0, lat - 35.0)
    phi = radians(lat)
    w2 = 1.0 - KRASOVSKY_EE * sin(phi) ** 2
    w = sqrt(w2)
    metres_per_lon = KRASOVSKY_A / w * cos(phi) * pi / 180.0
    metres_per_lat = KRASOVSKY_A * (1.0 - KRASOVSKY_EE) / (w2 * w) * pi / 180.0
    return lon + east / metres_per_lon, lat + north / metres_per_lat


def _gcj_metres(x: float, y: float) -> Point:
    """The shift east and north in metres at x, y degrees from 105° E, 35° N."""
    root, xy = sqrt(abs(x)), x * y
    ripple = 20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * xy + 0.1 * root
    east += (ripple + _waves(x, 20.0, 40.0, 3.0) + 150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * xy + 0.2 * root
    north += (ripple + _waves(y, 20.0, 40.0, 3.0) + 160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y / 30.0 * pi)) * 2.0 / 3.0
    return east, north


def _waves(d: float, short: float, long: float, period: float) -> float:
    return short * sin(d * pi) + long * sin(d / period * pi)


def _gcj_to_bd(lon: float, lat: float) -> Point:
    radius = hypot(lon, lat) + 0.00002 * sin(lat * BD_FREQUENCY)
    angle = atan2(lat, lon) + 0.000003 * cos(lon * BD_FREQUENCY)
    return radius * cos(angle) + BD_EAST, radius * sin(angle) + BD_NORTH


def _wgs_to_bd(lon: float, lat: float) -> Point:
    return _gcj_to_bd(*_wgs_to_gcj(lon, lat))


def _inverse(forward: Callable[[float, float], Point], lon: float, lat: float) -> Point:
    """The point whose forward image is (lon, lat): the shift hardly varies, so each step wins nearly two digits."""
    x, y = lon, lat
    for _ in range(MOST_STEPS):
        fx, fy = forward(x, y)
        dx, dy = lon - fx, lat - fy
        x, y = x + dx, y + dy
        if abs(dx) < CLOSE_ENOUGH and abs(dy) < CLOSE_ENOUGH:
            break
    return x, y


def _gcj_to_wgs(lon: float, lat: float) -> Point:
    return _inverse(_wgs_to_gcj, lon, lat)


def _bd_to_wgs(lon: float, lat: float) -> Point:
    return _gcj_to_wgs(*_inverse(_gcj_to_bd, lon, lat))


INWARD = {Crs.WGS84: _same, Crs.CGCS2000: _same, Crs.GCJ02: _gcj_to_wgs, Crs.BD09: _bd_to_wgs}
OUTWARD = {Crs.WGS84: _same, Crs.CGCS2000: _same, Crs.GCJ02: _wgs_to_gcj, Crs.BD09: _wgs_to_bd}
