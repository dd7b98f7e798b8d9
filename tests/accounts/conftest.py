from itertools import count

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from rest_framework.test import APIClient

PASSWORD = "Kouling-2026"
_addresses = count(1)


class QuickHasher(PBKDF2PasswordHasher):
    """The real one with few rounds: these tests are about who may sign in, not about how long a guess takes."""

    iterations = 10


@pytest.fixture
def quick(settings):
    settings.PASSWORD_HASHERS = ["tests.accounts.conftest.QuickHasher"]


@pytest.fixture
def cast(people, quick):
    """Everyone, with the same password."""
    for user in people.values():
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
    return people


@pytest.fixture
def client():
    """A stranger at an address of their own, so that no test slows another one down."""
    number = next(_addresses)
    return APIClient(REMOTE_ADDR=f"10.77.{number // 250}.{number % 250 + 1}", raise_request_exception=False)
