"""同行人员: a visit is not refused for who came along; what is wrong with them is remarked."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from accounts.models import Certificate, User
from tests.cast.units import mine
from tests.cast.visits import a_visit
from tests.inspections.test_corrections import KEY as CORRECTED
from tests.inspections.test_corrections import correct
from tests.inspections.test_submit import put

pytestmark = pytest.mark.django_db
NOBODY = str(UUID(int=404))
YEAR = timedelta(days=365)
COMPANIONS = [  # who is named beside the inspector: what is remarked of them
    ((), set()), (("inspector",), set()), (("department", "village", "leader"), set()), ((NOBODY,), {"unknown_companion"}),
    (("auditor",), {"unknown_companion"}), (("sysadmin", "department"), {"unknown_companion"}), (("enterprise",), {"unknown_companion"}),
    ((NOBODY, "enterprise"), {"unknown_companion"}), (("inspector2",), set()), (("elsewhere",), {"unknown_companion"}),
    (("department", "elsewhere"), {"unknown_companion"}),
]  # fmt: skip


@pytest.fixture
def people(people):
    """And a leader of another county's bureau, with a certificate."""
    there = User.objects.create(
        username="elsewhere",
        name="外县人",
        role="department_officer",
        region="141124",
        is_leader=True,
        department_id="emergency",
    )
    today = timezone.localdate()
    Certificate.objects.create(
        user=there, number="外-1", issued_by="外县", valid_from=today - YEAR, valid_to=today + YEAR
    )
    return people | {"elsewhere": there}


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
    assert "unknown_companion" in answer.json()["warnings"]


def test_visits_with_an_odd_companion_are_found_by_their_remark(as_):
    put(as_("inspector"), a_visit(mine(), hazards=[], companions=[NOBODY]))
    assert len(as_("bureau").get("/api/v1/inspections?warning=unknown_companion").json()["results"]) == 1
    assert as_("bureau").get("/api/v1/inspections?warning=no_companion").json()["results"] == []


# --- no probe ----------------------------------------------------------------------------------------------------------
STRANGERS = ["elsewhere", "auditor", "enterprise"]


def told_of(as_, unit, person: str, **more) -> str:
    """Everything that somebody who names this person in a visit is answered and shown, but the person named, the number and the moment."""
    key = str(uuid4())
    body = a_visit(unit, hazards=[], **more)
    answer = put(as_("inspector"), body, key=key)
    assert answer.status_code == 201
    course = as_("inspector").get(f"/api/v1/inspections/{key}/course").json()
    told = str({**answer.json(), "received_at": "", "content_sha256": ""}) + str(course)
    return told.replace(key, "KEY").replace(person, "PERSON")


@pytest.mark.parametrize("who", STRANGERS)
@pytest.mark.parametrize("more", [{}, {"kind": "joint"}, {"kind": "expert"}], ids=["plain", "joint", "expert"])
def test_whether_there_is_somebody_elsewhere_is_not_told_by_a_visit(as_, people, who, more):
    unit, there, nobody = mine(), str(people[who].pk), NOBODY
    answers = {told_of(as_, unit, each, companions=[each], **more) for each in (there, nobody)}
    assert len(answers) == 1
    assert people[who].name not in answers.pop()


@pytest.mark.parametrize("who", STRANGERS)
def test_whether_an_approver_works_elsewhere_is_not_told_by_a_visit(as_, people, who):
    unit, there, nobody = mine(), str(people[who].pk), NOBODY
    answers = {told_of(as_, unit, each, approval={"approver": each}) for each in (there, nobody)}
    assert len(answers) == 1
    assert people[who].name not in answers.pop()


@pytest.mark.parametrize("who", [*STRANGERS, None])
def test_a_visit_put_right_takes_new_companions_that_work_here_only(as_, people, who):
    put(as_("inspector"), a_visit(mine(), hazards=[], companions=[NOBODY]), key=CORRECTED)
    person = str(people[who].pk) if who else str(uuid4())
    answer = correct(as_("bureau"), companions=[NOBODY, person])
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "unknown_person")
    assert correct(as_("bureau"), companions=[NOBODY, str(people["village"].pk)]).status_code == 200
