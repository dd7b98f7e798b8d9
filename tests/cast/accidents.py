"""Accidents as a phone sends them, and short ways to tell one: only what a test is about is said."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from accidents.models import Accident
from accidents.reports import reporting
from accidents.reports.serializers import AccidentShape
from accounts.models import User
from safety_api.idempotency import Sent

YEAR = 2025  # a year that is over: no test depends on the day it runs
V, W, V2 = "141123100200", "141123101200", "141123100201"  # villages of 蔚汾镇, 魏家滩镇, 蔚汾镇
TOWN, OTHER_TOWN, ZONE = "141123100000", "141123101000", "141123400000"
COUNTY_TIME = ZoneInfo("Asia/Shanghai")
PAPER = {"reason": "经公安机关认定为刑事案件", "document": "晋安办核〔2025〕12号", "approved_by": "省安委办"}


def at(month: int, day: int, hour: int = 9, year: int = YEAR) -> datetime:
    return datetime(year, month, day, hour, tzinfo=COUNTY_TIME)


def key(number: int) -> UUID:
    return UUID(int=0x40008000000000000000 + number + (0xACC << 96))


def body(**fields: Any) -> dict[str, Any]:
    """One dead, in a village of the home township, in a year that is over."""
    return {
        "occurred_at": at(3, 5).isoformat(), "region": V, "category": "Z1", "deaths": 1, "serious_injuries": 0, "missing": 0,
        "direct_loss_yuan": "1200000.00", "units": [], "description": "顶板冒落，一人被埋", "photos": [],
        "device": {"id": "phone-1"}, **fields,
    }  # fmt: skip


def url(number: int = 1, *more: str) -> str:
    return "/".join([f"/api/v1/accidents/{key(number)}", *more])


def report_accident(number: int = 1, *, by: str = "bureau", **fields: Any) -> Accident:
    """The same through the action, without a door. `occurred_at`: a moment."""
    fields = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in fields.items()}
    shape = AccidentShape(data={"nature": "production", **body(), **fields})
    shape.is_valid(raise_exception=True)
    reported = dict(shape.validated_data)
    del reported["device"]
    person = User.objects.get(username=by)
    accident, _ = reporting.put(key(number), sent=Sent(f"{number:064}"), by=person, **reported)
    return accident


def occurring(unit: Any, role: str = "occurring", responsible: bool | None = None) -> list[dict[str, Any]]:
    return [{"enterprise": str(unit.pk), "role": role, "responsible": responsible}]


def bureau() -> User:
    return User.objects.get(username="bureau")
