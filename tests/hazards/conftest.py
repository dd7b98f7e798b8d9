import pytest

from tests.cast.hazards import OFFICERS, certify


@pytest.fixture
def certified(people):
    """The cast, its enforcement officers with certificates in force."""
    certify(*OFFICERS)
    return people
