"""A month to be closed: March of a year that is over, its lists, and who signs and freezes."""

from __future__ import annotations

from typing import Any

from accounts.models import Post, User
from assessment.models import Closing
from geo.models import Region
from safety_api.roles import Role
from tests.cast.accidents import YEAR, V

COUNTY = "141123000000"
MONTH = 3
URL = "/api/v1/zero-accident"
CLOSINGS, LISTS, ROWS, DIFFERENCES, OBJECTIONS = (
    f"{URL}/{name}" for name in ("closings", "source-lists", "source-rows", "differences", "objections")
)
MORE_PEOPLE: dict[str, dict[str, Any]] = {
    "director": {"name": "应局", "role": Role.BUREAU_OFFICER, "region": "141123", "is_leader": True},
    "traffic": {
        "name": "交警甲",
        "role": Role.DEPARTMENT_OFFICER,
        "region": "141123",
        "department_id": "traffic_police",
    },
    "brigade": {"name": "消防乙", "role": Role.DEPARTMENT_OFFICER, "region": "141123", "department_id": "fire_rescue"},
    "township2": {"name": "魏安", "role": Role.TOWNSHIP_OFFICER, "region": "141123101"},
    "next county": {"name": "邻局", "role": Role.BUREAU_OFFICER, "region": "141124"},
}


def enlist(username: str) -> User:
    user = User(username=username, **MORE_PEOPLE[username])
    user.set_unusable_password()
    user.save(force_insert=True)
    Post.objects.create(
        user=user, role=user.role, region=user.region, sectors=[], held_from="2020-01-01T00:00:00+08:00"
    )
    return user


def row(number: str = "K1", **said: Any) -> dict[str, Any]:
    """A private car in the home township, one dead."""
    return {"external_number": number, "day": f"{YEAR}-03-05", "region": V, "deaths": 1, "category": "Z2", **said}


def a_list(*rows: dict[str, Any], source: str = "police", month: int = MONTH, **more: Any) -> dict[str, Any]:
    return {"source": source, "year": YEAR, "month": month, "rows": list(rows), **more}


def nil(source: str, month: int = MONTH) -> dict[str, Any]:
    return {"source": source, "year": YEAR, "month": month, "nil_return": True}


def post(client: Any, address: str, body: dict[str, Any] | None = None, **headers: Any) -> Any:
    return client.post(address, body or {}, format="json", **headers)


def done(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def refused(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def open_month(client: Any, month: int = MONTH) -> int:
    return done(post(client, CLOSINGS, {"year": YEAR, "month": month}), 201)["id"]


def time_passed(closing: int) -> None:
    """The period for objections is over."""
    Closing.objects.filter(pk=closing).update(opened_at=f"{YEAR}-04-01T00:10:00+08:00")


def nothing_to_reconcile(client: Any, month: int = MONTH) -> None:
    for source in ("police", "fire"):
        done(post(client, LISTS, nil(source, month)), 201)


def townships() -> list[str]:
    return list(Region.objects.today().townships().within("141123").order_by("code").values_list("code", flat=True))
