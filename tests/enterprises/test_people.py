"""人员目录: who may be picked, by whom; and a unit's lost password."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from accounts.models import Certificate, User
from safety_api.models import TrailLine
from tests.cast.people import HOME, MINE
from tests.cast.units import elsewhere, mine

pytestmark = pytest.mark.django_db
PEOPLE = "/api/v1/people"
AT_HOME = {"inspector", "township", "leader", "village", "department", "chief", "bureau", "committee", "duty"}


def usernames(client, query: str = "") -> set[str]:
    answer = client.get(f"{PEOPLE}{query}")
    assert answer.status_code == 200, answer.json()
    keys = [row["id"] for row in answer.json()["results"]]
    return set(User.objects.filter(pk__in=keys).values_list("username", flat=True))


def certify(user: User, number: str = "晋J00001", **days: date) -> None:
    known = {"valid_from": date(2024, 1, 1), "valid_to": date(2028, 12, 31), **days}
    Certificate.objects.create(user=user, number=number, issued_by="兴县人民政府", **known)


SEEN_BY = [
    ("inspector", AT_HOME),
    ("village", AT_HOME),
    ("inspector2", {"inspector2", "department", "chief", "bureau", "committee", "duty"}),
    ("bureau", AT_HOME | {"inspector2"}),
]


@pytest.mark.parametrize("who, expected", SEEN_BY)
def test_the_directory_shows_people_whose_jurisdiction_meets_one_s_own(as_, who, expected):
    assert usernames(as_(who)) == expected


def test_colleagues_of_one_department_find_each_other_wherever_they_work(as_, people):
    User.objects.filter(username__in=("inspector", "inspector2")).update(department="emergency")
    assert "inspector2" in usernames(as_("inspector"))


def test_neither_administrators_nor_units_nor_ended_accounts_are_listed(as_, people):
    User.objects.filter(pk=people["duty"].pk).update(is_active=False)
    found = usernames(as_("bureau"), "?limit=200")
    assert found & {"auditor", "sysadmin", "secadmin", "enterprise", "principal", "duty"} == set()
    assert as_("bureau").get(f"{PEOPLE}/{people['duty'].pk}").status_code == 404


CHOSEN = [
    ("?q=张巡", {"inspector"}), ("?q=蔚汾", {"inspector", "township", "leader"}), ("?q=DEPART", {"department"}), ("?q=蔚汾　ＩＮＳＰ", {"inspector"}),
    ("?role=village_officer", {"village"}), ("?region=141123100", AT_HOME), ("?region=141123101", {"department", "chief", "bureau", "committee", "duty"}),
    ("?can=assignee", {"inspector", "township", "village", "department", "chief", "bureau"}), ("?can=officer", {"department"}),
    ("?certified=true", {"department", "township"}), ("?certified=true&on=2024-06-01", {"department"}),
    ("?can=officer&on=2030-01-01", set()), (f"?enterprise={MINE}&can=assignee", {"inspector", "township", "village", "department", "chief", "bureau"}),
]  # fmt: skip


@pytest.mark.parametrize("query, expected", CHOSEN)
def test_people_are_chosen_by_words_role_place_and_what_they_may_be(as_, people, query, expected):
    mine()
    certify(people["department"])
    certify(people["township"], "晋J00002", valid_from=date(2025, 1, 1))
    assert usernames(as_("inspector"), query) == expected


BAD = [
    "?q=" + "长" * 41,
    "?role=auditor",
    "?can=spy",
    "?region=999999",
    f"?enterprise={UUID(int=9)}",
    "?on=tomorrow",
    "?salary=1",
]


@pytest.mark.parametrize("query", BAD)
def test_a_question_that_the_directory_does_not_know_is_refused(as_, query):
    assert as_("inspector").get(PEOPLE + query).status_code == 400


def test_a_unit_elsewhere_tells_nothing_of_who_is_responsible_for_it(as_):
    assert as_("inspector").get(f"{PEOPLE}?enterprise={elsewhere().pk}").json()["code"] == "unknown_enterprise"


def test_a_person_is_shown_with_organ_masked_telephone_and_certificate_of_the_day(as_, people):
    User.objects.filter(pk=people["township"].pk).update(phone="13812345678")
    certify(people["township"])
    row = as_("inspector").get(f"{PEOPLE}/{people['township'].pk}?on=2026-11-30").json()
    assert row == {
        "id": str(people["township"].pk), "name": "赵安", "role": "township_officer", "role_name": "乡镇安监员", "organ": "蔚汾镇人民政府",
        "department": None, "region": HOME, "sectors": [], "is_leader": False, "phone": "138****5678",
        "certificate": {"number": "晋J00001", "issued_by": "兴县人民政府", "valid_from": "2024-01-01", "valid_to": "2028-12-31"},
        "can": ["companion", "assignee"],
    }  # fmt: skip


def test_a_revoked_certificate_is_none_from_its_day_on(as_, people):
    certify(people["department"])
    Certificate.objects.update(revoked_on=date(2026, 6, 1))
    shown = [
        as_("inspector").get(f"{PEOPLE}/{people['department'].pk}?on={day}").json()["certificate"]
        for day in ("2026-05-31", "2026-06-01")
    ]
    assert [each is not None for each in shown] == [True, False]


def test_a_page_of_the_directory_takes_two_queries(as_, people, django_assert_num_queries):
    phone = as_("bureau")
    with django_assert_num_queries(2):  # who asks · people with organ, place and certificate
        assert len(phone.get(PEOPLE).json()["results"]) == 10


# --- a unit's lost password -------------------------------------------------------------------------------------------
def accounts_at(unit: UUID = MINE) -> str:
    return f"/api/v1/enterprises/{unit}/accounts"


def test_the_township_sees_the_accounts_of_its_units_masked(as_):
    mine()
    rows = as_("township").get(accounts_at()).json()
    assert [(row["username"], row["name"], row["is_principal"]) for row in rows] == [
        ("enterprise", "陈*", False),
        ("principal", "褚*", True),
    ]


def test_the_township_resets_a_unit_s_password_in_one_step(as_, people):
    mine()
    unit, township = as_("enterprise"), as_("township")
    answer = township.post(f"{accounts_at()}/{people['enterprise'].pk}/reset-password")
    assert answer.status_code == 200, answer.json()
    user = User.objects.get(pk=people["enterprise"].pk)
    assert (answer.json()["username"], user.check_password(answer.json()["password"])) == ("enterprise", True)
    assert user.must_change_password
    assert unit.get("/api/v1/me").status_code == 401  # every device of before is signed out
    (line,) = TrailLine.objects.filter(verb="password.reset")
    assert (line.actor_id, line.object_id) == (people["township"].pk, str(user.pk))
    assert answer.json()["password"] not in str(line.details)


def test_the_owner_of_the_account_hears_who_reset_the_password(as_, people):
    mine()
    as_("township").post(f"{accounts_at()}/{people['enterprise'].pk}/reset-password")
    User.objects.update(must_change_password=False)
    (row,) = as_("enterprise").get("/api/v1/inbox?kind=account.password_reset").json()["results"]
    assert people["township"].name in row["sentence"]


def test_only_accounts_of_a_unit_in_the_jurisdiction_are_reset(as_, people):
    mine()
    other = elsewhere()
    for unit, who in ((other.pk, "enterprise"), (MINE, "inspector"), (MINE, "sysadmin")):
        answer = as_("township").post(f"{accounts_at(unit)}/{people[who].pk}/reset-password")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert as_("township").get(accounts_at(other.pk)).status_code == 404
    assert not TrailLine.objects.filter(verb="password.reset").exists()


def test_a_disabled_account_is_not_opened_by_a_reset(as_, people):
    mine()
    User.objects.filter(pk=people["enterprise"].pk).update(is_active=False)
    answer = as_("township").post(f"{accounts_at()}/{people['enterprise'].pk}/reset-password")
    assert (answer.status_code, answer.json()["code"]) == (409, "account_disabled")


def test_the_sixth_reset_of_an_account_in_a_day_is_refused(as_, people):
    mine()
    phone, address = as_("township"), f"{accounts_at()}/{people['enterprise'].pk}/reset-password"
    assert [phone.post(address).status_code for _ in range(6)] == [200] * 5 + [429]
    assert timezone.now() - TrailLine.objects.latest("at").at < timedelta(minutes=5)
