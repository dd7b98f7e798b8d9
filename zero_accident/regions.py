"""Which places the doors of the figures may be asked about."""

from __future__ import annotations

from rest_framework.exceptions import ErrorDetail, ValidationError

from geo.models import Region
from safety_api.permissions import coded


def check_region(prefix: str | None) -> None:
    """Raises `unknown_region` for a code that never was one; of a city or a province its counties are known."""
    if prefix and not Region.objects.filter(coded(prefix, "code")).exists():
        raise ValidationError({"region": [ErrorDetail("没有这个行政区划。", "unknown_region")]})
