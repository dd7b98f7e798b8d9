"""Who may use which door, and whose rows they meet: the complete matrix, through token and session alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.permissions import AllowAny

from safety_api.matrix import columns_of, rows_of, with_column
from safety_api.permissions import MAY
from safety_api.roles import Role
from tests.cast.people import CAST, HOME, phone_of

pytestmark = pytest.mark.django_db

PAGE = (Path(settings.BASE_DIR) / "docs/permissions.txt").read_text(encoding="utf-8")
PLAYED_BY = {fields["role"]: who for who, fields in reversed(CAST.items())}  # by the first of the cast
ROLES = [PLAYED_BY[role] for role in columns_of(PAGE).values()]
ROWS = {route: {PLAYED_BY[role]: opens for role, opens in row.items()} for route, row in rows_of(PAGE).items()}
OPEN = {"auth.login", "auth.ask_code", "auth.use_code", "verify.show"}  # before anybody has signed in
REFUSED_FOR_WHO_ASKS = {"forbidden", "unauthenticated", "bad_token", "password_change_needed"}


@dataclass(frozen=True)
class Route:
    name: str
    method: str
    address: str

    def __str__(self) -> str:
        return self.name


SAMPLES = {
    "slug": "hazards",
    "uuid": str(UUID(int=1)),
    "int": "7",
    "str": "hazards",
    "path": "nothing",
    "layer": "hazards",
}


def routes_of(patterns=None, before: str = "") -> Iterator[Route]:
    """Every route of the API, found in the addresses themselves."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes_of(pattern.url_patterns, here)
        elif isinstance(pattern, URLPattern) and hasattr(pattern.callback, "actions"):
            for method, action in pattern.callback.actions.items():
                yield Route(f"{pattern.callback.initkwargs['basename']}.{action}", method, "/" + _filled(pattern, here))


def _filled(pattern: URLPattern, address: str) -> str:
    for name, converter in pattern.pattern.converters.items():
        kind = next(word for word in SAMPLES if type(converter).__name__.lower().startswith(word))
        for spelling in (f"<{kind}:{name}>", f"<{name}>"):
            address = address.replace(spelling, SAMPLES.get(name, SAMPLES[kind]))
    return address


ROUTES = sorted(set(routes_of()), key=lambda route: (route.name, route.address))


def test_every_route_has_a_row_in_the_permission_table_and_the_matrix():
    names = {route.name for route in ROUTES} - OPEN
    assert names == set(MAY) == set(ROWS)


def test_the_permission_matrix_equals_the_table():
    on_page = {name: {CAST[who]["role"] for who, opens in row.items() if opens} for name, row in ROWS.items()}
    differing = {name: on_page.get(name, set()) ^ MAY.get(name, set()) for name in sorted({*MAY, *on_page})}
    said = [f"{name}: {', '.join(sorted(roles))}" for name, roles in differing.items() if roles]
    assert not said, "\n".join(["the page and MAY differ", *said])


def test_the_permission_matrix_covers_every_role():
    assert {CAST[who]["role"] for who in ROLES} == set(Role)


def test_a_role_more_is_a_column_that_opens_nothing():
    made = with_column(PAGE, "county_leader", "县领导")
    assert list(columns_of(made).values()) == [*columns_of(PAGE).values(), "county_leader"]
    assert rows_of(made) == {route: {**row, "county_leader": False} for route, row in rows_of(PAGE).items()}


def test_a_role_more_may_begin_as_another_one_is():
    made = with_column(PAGE, "county_leader", "县领导", like="committee_officer")
    assert all(row["county_leader"] is row["committee_officer"] for row in rows_of(made).values())


@pytest.mark.parametrize("cells", ["x  .", "x  .  .  .", "x  ?  ."])
def test_a_row_with_a_cell_too_few_too_many_or_of_another_sign_is_no_row(cells):
    legend = "# a = inspector\n# b = duty_officer\n# c = audit_admin\n"
    with pytest.raises(ValueError, match=r"hazards\.list"):
        rows_of(f"{legend}hazards.list  {cells}")


def test_administrators_have_no_permission_on_business_routes():
    business = [
        name
        for name in MAY
        if name.split(".")[0] in ("hazards", "inspections", "photos", "enterprises", "accidents", "sites", "tasks")
    ]
    assert business
    for name in business:
        assert not any(ROWS[name][who] for who in ("sysadmin", "secadmin", "auditor")), name


def refused(answer) -> bool:
    if answer.status_code not in (401, 403):
        return False
    return not answer.content or answer.json()["code"] in REFUSED_FOR_WHO_ASKS  # HEAD says it by its status alone


def call(client, route: Route, **extra):
    if route.method in ("get", "delete", "head", "options"):
        return getattr(client, route.method)(route.address, **extra)
    return getattr(client, route.method)(
        route.address, {}, format="json" if "content" not in route.address else None, **extra
    )


CLOSED = sorted((route for route in ROUTES if route.name in ROWS), key=lambda route: route.name == "auth.logout")


def test_every_protected_route_is_401_without_signing_in(as_):
    nobody = as_(None)
    assert {str(route): call(nobody, route).status_code for route in CLOSED} == {str(route): 401 for route in CLOSED}


@pytest.mark.parametrize("way", ["token", "session"])
@pytest.mark.parametrize("who", ROLES)
def test_every_route_is_permitted_exactly_to_its_roles(who, way, as_, on_page):
    client = as_(who) if way == "token" else on_page(who)
    for route in CLOSED:
        answer = call(client, route) if way == "token" else _with_csrf(client, route)
        assert refused(answer) is not (ROWS[route.name][who]), (route.name, answer.status_code)
        assert answer.status_code < 500, route.name


def _with_csrf(browser, route: Route):
    from django.middleware.csrf import _get_new_csrf_string

    token = _get_new_csrf_string()
    browser.cookies["csrftoken"] = token
    return call(browser, route, HTTP_X_CSRFTOKEN=token)


@pytest.mark.parametrize("who", ["bureau", "township", "enterprise"])
def test_no_session_write_is_accepted_without_a_csrf_token(who, on_page):
    browser = on_page(who)
    for route in (route for route in CLOSED if route.method not in ("get", "head", "options") and ROWS[route.name][who]):
        assert call(browser, route).status_code == 403, route.name


def test_only_sign_in_and_paper_verification_are_public():
    for pattern in get_resolver().url_patterns:
        if isinstance(pattern, URLResolver) and "api" in str(pattern.pattern):
            for route_pattern in _leaves(pattern):
                view = getattr(route_pattern.callback, "cls", None)
                if view and AllowAny in view.permission_classes:
                    assert route_pattern.callback.initkwargs["basename"] in ("auth", "verify")


def _leaves(resolver: URLResolver) -> Iterator[URLPattern]:
    for pattern in resolver.url_patterns:
        yield from _leaves(pattern) if isinstance(pattern, URLResolver) else [pattern]


# --- rows: one's own, and another region's -----------------------------------------------------------------------------------
SEES = {  # who sees a record of the home township, and who one of the other
    "inspector": (True, False), "inspector2": (False, True), "township": (True, False), "leader": (True, False),
    "village": (True, False), "department": (True, True), "bureau": (True, True), "committee": (True, True),
    "duty": (True, True), "enterprise": (True, False), "principal": (True, False),
}  # fmt: skip


@pytest.fixture(scope="module")
def world(once_a_module):
    """A unit, a visit with a hazard and a photo, a hazard of its own and an accident, at home and elsewhere."""
    from accounts.models import User
    from tests.cast.units import elsewhere, mine
    from tests.cast.visits import a_finding, a_photo, a_visit

    people = User.objects.in_bulk(["inspector", "inspector2", "bureau"], field_name="username")
    records: list[dict[str, str]] = []
    for number, (unit, who) in enumerate([(mine(), "inspector"), (elsewhere(), "inspector2")], start=1):
        visit, hazard = str(UUID(int=100 + number)), str(UUID(int=200 + number))
        body = a_visit(unit, hazards=[a_finding(hazard)], photos=[a_photo(number)])
        assert phone_of(people[who]).put(f"/api/v1/inspections/{visit}", body, format="json").status_code == 201
        accident = str(UUID(int=300 + number))
        answered = phone_of(people["bureau"]).put(f"/api/v1/accidents/{accident}", an_accident(unit), format="json")
        assert answered.status_code == 201, answered.json()
        records.append({
            "enterprises": str(unit.pk), "inspections": visit, "hazards": hazard, "photos": a_photo(number)["id"], "accidents": accident,
        })  # fmt: skip
    return records


def an_accident(unit) -> dict:
    return {
        "occurred_at": "2026-11-02T08:00:00+08:00", "region": unit.region_code, "category": "Z1", "nature": "production",
        "sector": "coal_mine", "deaths": 0, "serious_injuries": 1, "missing": 0, "direct_loss_yuan": "120000.00",
        "units": [{"enterprise": str(unit.pk), "role": "occurring", "responsible": None}], "description": "演示：支护作业受伤", "photos": [],
        "device": {},
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["enterprises", "inspections", "hazards", "photos", "accidents"])
def test_a_record_of_another_jurisdiction_is_not_found(kind, world, as_, on_page):
    for who, sees in SEES.items():
        for record, visible in zip(world, sees, strict=True):
            for client in (as_(who), on_page(who)):
                status = client.get(f"/api/v1/{kind}/{record[kind]}").status_code
                assert status == (200 if visible else 404), (who, status)


@pytest.mark.parametrize("kind", ["enterprises", "inspections", "hazards", "accidents"])
def test_a_list_contains_only_the_rows_of_the_readers_jurisdiction(kind, world, as_):
    for who, sees in SEES.items():
        listed = {row["id"] for row in as_(who).get(f"/api/v1/{kind}").json()["results"]}
        assert listed == {record[kind] for record, visible in zip(world, sees, strict=True) if visible}, who


PARTS = [
    ("get", "inspections", "/receipt"), ("get", "hazards", "/history"), ("get", "hazards", "/receipt"), ("post", "hazards", "/confirm"), ("post", "hazards", "/reject"),
    ("post", "hazards", "/close-on-spot"), ("get", "hazards", "/extensions"), ("post", "hazards", "/order"), ("post", "hazards", "/pass"),
    ("post", "hazards", "/acknowledge"), ("post", "hazards", "/extensions"), ("post", "hazards", "/escalate"), ("put", "photos", "/content"), ("get", "enterprises", "/facts"),
    ("get", "enterprises", "/conditions"), ("get", "enterprises", "/supervision-class"), ("get", "accidents", "/reports"), ("get", "accidents", "/receipt"),
    ("get", "accidents", "/clock"), ("get", "accidents", "/findings"), ("get", "accidents", "/twins"), ("get", "accidents", "/investigation"),
    ("post", "accidents", "/join"), ("post", "accidents", "/told"), ("post", "accidents", "/investigation"),
]  # fmt: skip


@pytest.mark.parametrize("method, kind, part", PARTS, ids=lambda each: str(each))
def test_no_part_of_a_record_of_another_jurisdiction_can_be_reached(method, kind, part, world, as_):
    address = f"/api/v1/{kind}/{world[1][kind]}{part}"
    for who in ("inspector", "township", "enterprise", "village", "leader"):
        answer = getattr(as_(who), method)(address)
        assert answer.status_code in (403, 404), (who, answer.status_code)


@pytest.mark.parametrize("region, mine", [(HOME, True), ("141123101", False), ("141123", True)])
def test_filtering_by_a_region_outside_the_jurisdiction_gives_an_empty_list(region, mine, world, as_):
    listed = as_("township").get(f"/api/v1/hazards?region={region}").json()["results"]
    assert bool(listed) is mine
