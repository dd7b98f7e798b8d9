"""A house with a real web, and hands that hold the real page."""

from __future__ import annotations

import pytest

from accounts.models import User
from tests.cast.units import a_unit
from tests.ops.front import web
from tests.phone.browser import PASSWORD, phone


@pytest.fixture
def house(committed, settings):
    """Everybody of the cast signs in with PASSWORD."""
    a_unit(name="蔚汾示例煤业")
    secret = User(username="nobody")
    secret.set_password(PASSWORD)  # once: hashing costs half a second a person
    User.objects.update(password=secret.password)
    with web(STORAGE_DIR=str(settings.STORAGE_DIR), LOGIN_THROTTLE="600/min") as running:
        yield running


@pytest.fixture
def hand(tmp_path):
    with phone(tmp_path / "disk") as context:
        yield context


@pytest.fixture
def bending(tmp_path):
    """A hand that bends single answers."""
    with phone(tmp_path / "disk", worker=False) as context:
        yield context
