"""Whoever sits in the office: the cast, signed in to the pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client


@pytest.fixture
def seat(people) -> Callable[[str], Client]:
    """A browser of this person of the cast."""

    def sit(name: str) -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(people[name], backend="accounts.backends.NameAndPassword")
        return client

    return sit
