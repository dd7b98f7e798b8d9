"""The cast of the yearly tests: a year that is over, who signs, and short ways to what stands."""

from __future__ import annotations

from typing import Any

from accidents.models import Accident
from accounts.models import User
from assessment.models import Sheet, Veto
from assessment.yearly import sheets
from assessment.yearly.handlers import on_accident_changed

COUNTY = "141123000000"
YEAR = 2025
TOWN, OTHER_TOWN = "141123100000", "141123101000"
URL = "/api/v1/assessment"


def person(username: str, **changes: Any) -> User:
    """One of the cast, changed for this test."""
    if changes:
        User.objects.filter(username=username).update(**changes)
    return User.objects.get(username=username)


def follow(*accidents: Accident) -> None:
    """What the outbox brings."""
    for accident in accidents:
        on_accident_changed({"accident": str(accident.pk)})


def states(accident: Accident) -> dict[str, str]:
    """Party → state of its veto."""
    return dict(Veto.objects.filter(accident=accident).order_by("proposed_at").values_list("party", "state"))


def veto(accident: Accident, party: str = TOWN) -> Veto:
    return Veto.objects.filter(accident=accident, party=party).latest("proposed_at")


def drafted(party: str = TOWN, year: int = YEAR) -> Sheet:
    """Drafts the county's year as the task does, and gives the party's sheet in work, else its last."""
    sheets.draft(COUNTY, year)
    return Sheet.objects.filter(year=year, party=party).order_by("number").last()


def figures(content: dict[str, Any]) -> dict[str, Any]:
    return {each["key"]: each["value"] for each in content["figures"]}


def figure(content: dict[str, Any], key: str) -> dict[str, Any]:
    return next(each for each in content["figures"] if each["key"] == key)


def body(client: Any, address: str, **fields: Any) -> Any:
    return client.post(f"{URL}/{address}", fields, format="json")
