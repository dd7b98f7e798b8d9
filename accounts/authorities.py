"""名义 In whose name a person looks at a unit: what the role allows, which body stands behind it, what a page offers that day."""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.jurisdiction import department_of
from reference import bodies, law
from safety_api.problems import COORDINATING_BODY
from safety_api.roles import TOWNSHIP, Role

ADMINISTRATIVE = "administrative"
# Inspection is for organs and the authorised; townships patrol (国办发〔2024〕54号)
AUTHORITIES: dict[Role, frozenset[str]] = {
    Role.INSPECTOR: frozenset({"administrative", "patrol", "supervision", "expert_service"}),
    Role.DEPARTMENT_OFFICER: frozenset({"administrative", "supervision", "expert_service"}),
    Role.BUREAU_OFFICER: frozenset({"administrative", "supervision", "expert_service"}),
    Role.TOWNSHIP_OFFICER: frozenset({"patrol", "administrative", "supervision"}),
    Role.VILLAGE_OFFICER: frozenset({"patrol"}),
    Role.ENTERPRISE_OFFICER: frozenset({"self_check"}),
}
NOT_LISTED = "本单位不在当日的行政检查主体名单内（{source}），不再以行政检查名义检查企业。"


def body_of(user: Any, sector: str, on: date, named: str = "") -> str:
    """The department whose name a person acts in, as on papers, else the one `named` with the task; of a township's staff its nine digits.
    Grid staff stand for nobody: "".
    """
    if user.role == Role.VILLAGE_OFFICER:
        return ""
    if user.role in TOWNSHIP:
        return user.region[: bodies.TOWNSHIP_DIGITS]
    return department_of(user) or named or law.lead_department(sector, on) or ""


def offered_to(user: Any, on: date) -> tuple[list[str], str]:
    """(the names that a page offers a person, why one is not among them)."""
    may = AUTHORITIES.get(user.role, frozenset())
    if ADMINISTRATIVE not in may or _offers_administrative(user, on):
        return sorted(may), ""
    return sorted(may - {ADMINISTRATIVE}), _why(user, on)


def _offers_administrative(user: Any, on: date) -> bool:
    sectors = user.sectors or list(law.books().sectors)
    return any(bodies.is_offered(body_of(user, each, on), on, each) for each in sectors)


def _why(user: Any, on: date) -> str:
    held = bodies.list_on(on)
    if held is None or bodies.is_coordinating(department_of(user), on):
        return COORDINATING_BODY.sentence()
    return NOT_LISTED.format(source=held.source)


def check_may_inspect(user: Any, on: date) -> None:
    """Of a task, a paper, an order. Raises COORDINATING_BODY for whoever works in an office that coordinates (国办发〔2024〕54号)."""
    if bodies.is_coordinating(department_of(user), on):
        raise COORDINATING_BODY()
