"""Those who close a month, besides the cast that every test has."""

from __future__ import annotations

import pytest

from tests.cast.closings import MORE_PEOPLE, enlist
from tests.cast.people import phone_of


@pytest.fixture
def closers(people):
    """By the name of their account: the cast, the bureau's leader, officers of police and brigade, the other township's."""
    return {**people, **{name: enlist(name) for name in MORE_PEOPLE}}


@pytest.fixture
def with_(closers):
    """`with_("director")` is that person's phone."""
    return lambda username: phone_of(closers[username])
