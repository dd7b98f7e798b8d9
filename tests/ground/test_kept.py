"""A statement that is written once answers for ever other values as the ORM would."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.deputies import LEADERS
from accounts.models import Certificate, Deputy, User
from accounts.serializers import VALID
from safety_api.kept import KeptStatement
from tests.cast.hazards import certify

TODAY = date(2026, 11, 24)


def a_deputy(leader: str, deputy: str, first: date, last: date) -> Deputy:
    leads, stands_in = (User.objects.get(username=name) for name in (leader, deputy))
    return Deputy.objects.create(
        leader=leads, deputy=stands_in, held_from=first, held_to=last, reason="出差", made_by=leads.pk, made_by_name=leads.name,
        known_from=timezone.now(),
    )  # fmt: skip


@pytest.mark.parametrize("days", [-1, 0, 3, 4])
def test_those_one_stands_in_for_are_those_the_orm_finds(db, days):
    a_deputy("township", "inspector", TODAY, TODAY + timedelta(days=3))
    day, user = TODAY + timedelta(days=days), User.objects.get(username="inspector")
    found = Deputy.objects.in_force(on=day).filter(deputy=user).values_list("leader", "leader__name", "leader__role", "held_from", "held_to")
    assert LEADERS.rows(user.pk, day) == list(found)
    assert bool(found) == (days in (0, 3))


@pytest.mark.parametrize("username", ["inspector", "department"])
def test_a_certificate_is_valid_for_the_day_and_person_asked_for(db, username):
    Certificate.objects.all().delete()
    certify("inspector")
    user, day = User.objects.get(username=username), timezone.localdate()
    for on in (day, date(1999, 1, 1)):
        assert bool(VALID.rows(user.pk, on)) == user.certificates.valid(on=on).exists()
    assert bool(VALID.rows(user.pk, day)) == (username == "inspector")


def test_a_statement_whose_text_depends_on_a_value_is_not_kept(db):
    kept = KeptStatement(lambda active: User.objects.filter(is_active=active).values_list("pk"), (True,), (False,))
    with pytest.raises(AssertionError):
        kept.rows(True)


def test_values_of_one_kind_are_put_where_each_belongs(db):
    kept = KeptStatement(
        lambda name, username: User.objects.filter(username=username, name=name).values_list("username"), ("a", "b"), ("c", "d")
    )
    user = User.objects.get(username="inspector")
    assert kept.rows(user.name, user.username) == [("inspector",)]
    assert kept.rows(user.username, user.name) == []
