"""A web of its own with one unit, and a browser before it."""

from __future__ import annotations

import pytest

from tests.cast.units import a_unit
from tests.ops.front import web
from tests.phone.browser import phone, with_password


@pytest.fixture
def house(committed, settings):
    with_password("inspector")
    a_unit(name="蔚汾示例煤业")
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
