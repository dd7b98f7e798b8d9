"""The systems of the service, by the addresses that OGC gives them. Differing by less than a metre here, they share their numbers;
only the order of the axes differs (docs/adr/0026)."""

from __future__ import annotations

from enum import StrEnum


class Crs(StrEnum):
    CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"  # WGS-84, as everything is kept
    CGCS2000 = "http://www.opengis.net/def/crs/EPSG/0/4490"

    @property
    def latitude_first(self) -> bool:
        """By its authority: in `bbox` and in GML. GeoJSON has the longitude first whatever the system (RFC 7946)."""
        return self is Crs.CGCS2000


STORED = Crs.CRS84
