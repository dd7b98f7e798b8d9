"""The fixed units of the tests: fictional, with codes that pass the check digits."""

from uuid import UUID

from enterprises.models import Enterprise
from tests.people import MINE, OTHER_VILLAGE, VILLAGE

THEIRS = UUID("00000000-0000-4000-8000-000000000002")
POINT = {"lon": 111.127486, "lat": 38.461818, "crs": "wgs84", "accuracy_m": 8}


def a_unit(key: UUID = MINE, **fields) -> Enterprise:
    """虚构的一家煤矿 in the home township; the unit of `enterprise` and `principal`."""
    unit = Enterprise(
        **{
            "id": key, "name": "演示一号煤矿", "credit_code": None, "no_credit_code_reason": "演示单位", "unit_type": "enterprise",
            "sector_id": "coal_mine", "region_code": VILLAGE, **fields,
        }
    )  # fmt: skip
    unit.save(force_insert=True)
    return unit


def another_unit(**fields) -> Enterprise:
    """Somebody else's: in the other township."""
    return a_unit(THEIRS, **{"name": "演示二号煤矿", "region_code": OTHER_VILLAGE, **fields})
