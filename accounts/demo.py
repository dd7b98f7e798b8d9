"""The cast of the demo: fifteen fictional people, one of every role; the tests play with the same ones."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password

from accounts.jurisdiction import BUREAU_CODE
from accounts.models import Certificate, Post, User
from safety_api.demo import DemoRefused, World, builds
from safety_api.trail import SYSTEM, line, record_many

HOME, ELSEWHERE, VILLAGE = "141123100", "141123101", "141123100200"  # 蔚汾镇, 魏家滩镇, 东关村
OWN_MINE = ("unit", "own mine")  # world.key(*OWN_MINE): the unit of `enterprise` and `principal`
IN_OFFICE_SINCE = date(2020, 1, 1)
ISSUER = "演示·发证机关"

PEOPLE: dict[str, dict[str, Any]] = {
    "inspector": {"name": "张巡", "role": "inspector", "region": HOME},
    "inspector2": {"name": "李查", "role": "inspector", "region": ELSEWHERE},
    "township": {"name": "赵安", "role": "township_officer", "region": HOME},
    "leader": {"name": "钱镇", "role": "township_leader", "region": HOME},
    "village": {"name": "孙村", "role": "village_officer", "region": VILLAGE},
    "department": {
        "name": "周业", "role": "department_officer", "region": "141123", "sectors": ["coal_mine"],
        "department_id": BUREAU_CODE,
    },
    "chief": {
        "name": "吴长", "role": "department_officer", "region": "141123", "sectors": ["coal_mine"], "is_leader": True,
        "department_id": BUREAU_CODE,
    },
    "bureau": {
        "name": "郑应", "role": "bureau_officer", "region": "141123", "may_investigate": True,
        "department_id": BUREAU_CODE,
    },
    "committee": {
        "name": "王安", "role": "committee_officer", "region": "141123", "department_id": "safety_committee",
    },
    "duty": {"name": "冯值", "role": "duty_officer", "region": "141123", "department_id": BUREAU_CODE},
    "enterprise": {"name": "陈矿", "role": "enterprise_officer", "at": OWN_MINE},
    "principal": {"name": "褚主", "role": "enterprise_officer", "at": OWN_MINE, "is_principal": True},
    "sysadmin": {"name": "卫系", "role": "system_admin"},
    "secadmin": {"name": "蒋密", "role": "security_admin"},
    "auditor": {"name": "沈审", "role": "audit_admin"},
}  # fmt: skip

# Days from today to the last day of each officer's certificate: one has just run out, one is about to.
CERTIFICATES = {"inspector": 400, "inspector2": -25, "township": 20, "department": 700, "chief": 210, "bureau": 555}


@builds
def build(world: World) -> None:
    taken = User.objects.filter(username__in=PEOPLE).values_list("username", flat=True)
    if taken:
        raise DemoRefused(f"账号已被占用：{'、'.join(sorted(taken))}")
    secret = make_password(world.password)  # one for all: hashing fifteen times would cost five seconds
    users = [_person(world, number, username, secret) for number, username in enumerate(PEOPLE)]
    User.objects.bulk_create(users)
    Post.objects.bulk_create(_post(world, user) for user in users)
    Certificate.objects.bulk_create(_certificates(world, users))
    record_many(line(SYSTEM, "user.create", user, role=user.role, region=user.region) for user in users)


def person(world: World, username: str) -> User:
    """Someone of the cast, for the floors above."""
    return User.objects.get(pk=world.key("user", username))


def _person(world: World, number: int, username: str, secret: str) -> User:
    fields = dict(PEOPLE[username])
    unit = fields.pop("at", None)
    since = world.at(IN_OFFICE_SINCE) + timedelta(minutes=number)
    return User(
        id=world.key("user", username), username=username, password=secret, is_demo=True, created_at=since,
        password_changed_at=since, enterprise_id=world.key(*unit) if unit else None, **fields,
    )  # fmt: skip


def _post(world: World, user: User) -> Post:
    return Post(
        user=user, role=user.role, region=user.region, sectors=user.sectors, enterprise_id=user.enterprise_id,
        held_from=world.at(IN_OFFICE_SINCE, 0), known_from=world.at(IN_OFFICE_SINCE),
    )  # fmt: skip


def _certificates(world: World, users: list[User]) -> list[Certificate]:
    """Five years each; inspector2's ended lately, and a renewal is not on record."""
    people = {user.username: user for user in users}
    ends = {username: world.today + timedelta(days=days) for username, days in CERTIFICATES.items()}
    return [
        Certificate(
            user=people[username], number=f"演示-{number:04}", issued_by=ISSUER, known_from=world.at(IN_OFFICE_SINCE),
            valid_from=last - timedelta(days=5 * 365), valid_to=last,
        )
        for number, (username, last) in enumerate(ends.items(), 1)
    ]  # fmt: skip
