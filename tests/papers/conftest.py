from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache

from accounts.models import User
from tests.cast import papers


@pytest.fixture
def officers(people):
    """Two with certificates, of one department; the bureau too."""
    User.objects.filter(username__in=["inspector", "department", "chief", "bureau"]).update(department="emergency")
    for name in ("inspector", "department", "chief", "bureau"):
        people[name].refresh_from_db()
        papers.certify(people[name])
    return people


@pytest.fixture
def unit(db):
    return papers.mine(address="兴县蔚汾镇东关村")


@pytest.fixture
def hazard(unit):
    return papers.a_hazard()


@pytest.fixture
def issue(officers, as_):
    """`issue("rectify_order")` over the API as the inspector, with the department's officer beside."""

    def one(kind="rectify_order", *, who="inspector", **options):
        return as_(who).post(papers.PAPERS, papers.body(kind, people=officers, **options), format="json")

    return one


@pytest.fixture
def paper(issue, hazard):
    """An order about the hazard, as answered."""
    answer = issue(deadline=(papers.today() + timedelta(10)).isoformat())
    assert answer.status_code == 201, answer.json()
    return answer.json()


@pytest.fixture(autouse=True)
def throttling_off():
    cache.delete("verify:127.0.0.1")
