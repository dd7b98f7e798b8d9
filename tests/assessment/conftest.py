"""Those who close a month, besides the cast that every test has."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from tests.assessment.closing_cast import MORE_PEOPLE, enlist


@pytest.fixture
def closers(people):
    """By the name of their account: the cast, the bureau's leader, officers of police and brigade, the other township's."""
    return {**people, **{name: enlist(name) for name in MORE_PEOPLE}}


@pytest.fixture
def with_(closers):
    """`with_("director")` is that person's phone."""
    from accounts.actions import sign_in

    def phone(username: str) -> APIClient:
        client = APIClient()
        _, token = sign_in(closers[username], device_id="test-phone", device_name="测试手机")
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        return client

    return phone
