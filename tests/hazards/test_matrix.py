"""Every step in every state by every role over the doors: always a word, never a fault."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import transaction

from hazards.models import Hazard
from hazards.states import STEPS, State, choose
from hazards.views.steps import DOORS
from safety_api.permissions import MAY
from safety_api.problems import Problem
from safety_api.roles import Role
from tests.cast.enforcement import a_decided_case
from tests.cast.hazards import a_hazard_in, body_of, take
from tests.cast.people import CAST
from tests.cast.units import mine

pytestmark = pytest.mark.django_db
WHO = [name for name in CAST if name != "inspector2"]  # who meets none of them, below
COMPANION = {"inspector": "bureau"}  # of the others the inspector
KEYS = {state: UUID(int=0x5000 + number) for number, state in enumerate(State)}


@pytest.fixture
def one_in_every_state(certified):
    unit = mine()
    for state in State:
        a_hazard_in(state, unit, KEYS[state], photo=700 + list(State).index(state))
    a_decided_case(Hazard.objects.get(state=State.ENFORCEMENT))


def undone(client, *fields, **body):
    """The answer, and nothing of it stays."""
    with transaction.atomic():
        answer = take(client, *fields, **body)
        transaction.set_rollback(True)
    return answer


def expected(hazard: Hazard, name: str, by) -> set[tuple[int, str]] | None:
    """The refusal that the table gives; None when the table lets it pass."""
    if by.role not in MAY[f"hazards.{STEPS[name][0].verb}"]:
        return {(403, "forbidden")}
    if not Hazard.objects.visible_to(by).filter(pk=hazard.pk).exists():
        return {(404, "not_found")}
    try:
        choose(hazard, name, by=by)
    except Problem as refusal:
        return {(refusal.kind.status, refusal.kind.code)}
    return None


@pytest.mark.parametrize("who", WHO)
def test_every_step_in_every_state_is_taken_or_refused_with_a_code(who, one_in_every_state, certified, as_):
    client, by = as_(who), certified[who]
    companion = certified[COMPANION.get(who, "inspector")]
    Hazard.objects.filter(state=State.DRAFT).update(reported_by=by.pk)
    taken = set()
    for hazard in Hazard.objects.all():
        for name in DOORS:
            answer = undone(client, name, hazard.pk, **body_of(name, companion))
            shown, said = (hazard.state, name), expected(hazard, name, by)
            if said:
                assert {(answer.status_code, answer.json()["code"])} == said, shown
            else:
                assert answer.status_code in (200, 201, 400, 403, 409), (shown, answer.json())
                assert undone(client, name, hazard.pk).status_code < 500, shown
            if answer.status_code < 300:
                taken.add(name)
            elif answer.status_code == 409 and answer.json()["code"] == "wrong_step":
                assert answer.json()["state"] == hazard.state, shown
    assert taken == TAKEN.get(CAST[who]["role"], set()) | ALSO.get(who, set())


# What each role of the cast gets done with a general hazard of a visit, at a unit that has accounts.
OFFICE = {"report", "reject", "confirm", "transfer", "order", "close-on-spot", "pass", "fail", "resume", "recur", "correct-wording"}
ALSO = {"chief": {"enforce", "unit-close", "void"}, "principal": {"request-review"}}
TAKEN = {
    Role.INSPECTOR: {"report", "order", "close-on-spot", "pass", "fail", "recur", "correct-wording"},
    Role.TOWNSHIP_OFFICER: {"report", "recur"},
    Role.VILLAGE_OFFICER: {"report"},
    Role.DEPARTMENT_OFFICER: OFFICE,
    Role.BUREAU_OFFICER: OFFICE,
    Role.ENTERPRISE_OFFICER: {"report", "acknowledge"},
}


def test_an_officer_of_another_township_finds_none_of_the_hazards(one_in_every_state, certified, as_):
    Hazard.objects.update(reported_by=certified["inspector"].pk)
    client = as_("inspector2")
    answers = {
        (state, name): take(client, name, KEYS[state], **body_of(name)).status_code for state in State for name in DOORS
    }
    assert {
        status for (_, name), status in answers.items() if Role.INSPECTOR in MAY[f"hazards.{STEPS[name][0].verb}"]
    } == {404}
