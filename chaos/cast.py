"""The people and units of a run, written by the house itself (`manage.py shell`): fictional, all with one password."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.demo import ELSEWHERE, HOME
from accounts.jurisdiction import BUREAU_CODE
from accounts.models import Certificate, Post, User
from chaos.client import PASSWORD
from enterprises import actions
from enterprises.models import Enterprise
from geo.models import Region
from safety_api.trail import SYSTEM

UNITS = 24  # of each township, that are visited; half as many that are moved about


def enlist(phones: list[str], office: str, bureau: str) -> None:
    secret, towns = make_password(PASSWORD), (HOME, ELSEWHERE)
    for number, phone in enumerate(phones):
        _person(secret, number, username=phone, name=f"巡{towns[number % 2][-3:]}{number + 1:02}", role="inspector", region=towns[number % 2])
    county = {"region": HOME[:6], "sectors": ["coal_mine"], "department_id": BUREAU_CODE}
    _person(secret, len(phones), username=office, name="统筹", role="department_officer", **county)
    _person(secret, len(phones) + 1, username=bureau, name="归入", role="bureau_officer", region=HOME[:6], department_id=BUREAU_CODE)
    actions.enrol([unit for town in towns for unit in _units(town)], by=SYSTEM)


def _person(secret: str, number: int, **fields) -> None:
    user = User.objects.create(password=secret, **fields)
    Post.objects.create(user=user, role=user.role, region=user.region, sectors=user.sectors, held_from="2020-01-01T00:00:00+08:00")
    today = timezone.localdate()
    Certificate.objects.create(
        user=user, number=f"混沌-{number:04}", issued_by="演示·发证机关", valid_from=today - timedelta(days=900), valid_to=today + timedelta(days=900)
    )


def _units(town: str) -> list[Enterprise]:
    villages = list(Region.objects.filter(code__startswith=town, level="village").order_by("code").values_list("code", flat=True))
    return [
        Enterprise(
            name=f"{'查' if number < UNITS else '迁'}{town[-3:]}矿{number:02}", no_credit_code_reason="演示单位", unit_type="enterprise",
            sector_id="coal_mine", region_code=villages[number % len(villages)],
        )
        for number in range(UNITS * 3 // 2)
    ]  # fmt: skip
