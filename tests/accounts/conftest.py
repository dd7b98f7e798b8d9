import os
from itertools import count

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.cache import cache
from rest_framework.test import APIClient

PASSWORD = "Kouling-2026"
WORKER = 100 + int(
    os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
)  # those at work beside us have others
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
    """A stranger at an address of their own, so that no test, nor the run before, slows another one down."""
    number = next(_addresses)
    address = f"10.{WORKER}.{number // 250}.{number % 250 + 1}"
    cache.delete_many([f"login:{address}", *(f"login-failures:{seconds}:{address}" for seconds in (3600, 86_400))])
    return APIClient(REMOTE_ADDR=address, raise_request_exception=False)
