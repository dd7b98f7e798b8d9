"""同行人员: a visit is not refused for who came along; what is wrong with them is remarked."""

from __future__ import annotations

from uuid import UUID

import pytest

from accounts.models import User
from tests.cast.units import mine
from tests.cast.visits import a_visit
from tests.inspections.test_submit import put

pytestmark = pytest.mark.django_db
NOBODY = str(UUID(int=404))
COMPANIONS = [  # who is named beside the inspector: what is remarked of them
    ((), set()), (("inspector",), set()), (("department", "village", "leader"), set()), ((NOBODY,), {"unknown_companion"}),
    (("auditor",), {"no_companion"}), (("sysadmin", "department"), {"no_companion"}), (("enterprise",), {"no_companion"}),
    ((NOBODY, "enterprise"), {"unknown_companion", "no_companion"}),
]  # fmt: skip


@pytest.mark.parametrize("named, expected", COMPANIONS)
def test_a_visit_is_taken_whoever_came_along_and_says_what_is_odd(as_, people, named, expected):
    companions = [str(people[who].pk) if who in people else who for who in named]
    answer = put(as_("inspector"), a_visit(mine(), hazards=[], companions=companions))
    assert answer.status_code == 201
    assert {word for word in answer.json()["warnings"] if word.endswith("companion")} == expected
    assert answer.json()["companions"] == companions


def test_a_companion_whose_account_has_ended_is_remarked(as_, people):
    User.objects.filter(pk=people["department"].pk).update(is_active=False)
    answer = put(as_("inspector"), a_visit(mine(), hazards=[], companions=[str(people["department"].pk)]))
    assert "no_companion" in answer.json()["warnings"]


def test_visits_with_an_odd_companion_are_found_by_their_remark(as_):
    put(as_("inspector"), a_visit(mine(), hazards=[], companions=[NOBODY]))
    assert len(as_("bureau").get("/api/v1/inspections?warning=unknown_companion").json()["results"]) == 1
    assert as_("bureau").get("/api/v1/inspections?warning=no_companion").json()["results"] == []
