"""The fixed units of the tests: fictional, with codes that pass the check digits; only what a test is about is said."""

from uuid import UUID

from enterprises import actions
from enterprises.models import Enterprise
from safety_api.trail import SYSTEM
from tests.cast.people import MINE, OTHER_VILLAGE, VILLAGE

THEIRS = AWAY = UUID("00000000-0000-4000-8000-000000000002")
POINT = {"lon": 111.127486, "lat": 38.461818, "crs": "wgs84", "accuracy_m": 8}
CODE, OTHER_CODE, SHOP_CODE = "91141123MA0K000135", "91141123MA0U0008XH", "92141123MA0L00022J"


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


# --- with their conditions, as an action writes them ----------------------------------------------------------------------
def unit(name="兴县示例煤业有限公司", *, region=VILLAGE, sector="coal_mine", code=None, **fields) -> Enterprise:
    fields = {"unit_type": "enterprise", "no_credit_code_reason": "" if code else "办理中", **fields}
    made = Enterprise(name=name, region_code=region, sector_id=sector, credit_code=code, **fields)
    actions.enrol([made], by=SYSTEM)
    return Enterprise.objects.get(pk=made.pk)


def mine(**fields) -> Enterprise:
    """The unit of `enterprise` and `principal`, with a code and people."""
    known = {"principal_name": "张小三", "principal_phone": "13812345678", "producing": True}
    return unit(**{"id": MINE, "code": CODE, **known, **fields})


def elsewhere(**fields) -> Enterprise:
    return unit("魏家滩别处煤业有限公司", **{"id": AWAY, "region": OTHER_VILLAGE, "code": OTHER_CODE, **fields})


def body(**fields) -> dict:
    """What a registrar sends for a new coal mine at home."""
    return {
        "name": "兴县新矿煤业有限公司", "credit_code": CODE, "unit_type": "enterprise", "sector": "coal_mine",
        "region": VILLAGE, **fields,
    }  # fmt: skip
