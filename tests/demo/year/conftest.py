"""The demo as the county sees it on one fixed day, loaded once for all tests of this folder; its modules share a group, so that one
worker loads it."""

from __future__ import annotations

import pytest
from django.db import connection

from safety_api import demo
from tests.demo.conftest import DAY, PASSWORD, taken_back


@pytest.fixture(scope="package")
def world(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock(), taken_back(tmp_path_factory.getbasetemp() / "photos"):
        made = demo.World(today=DAY, password=PASSWORD)
        demo.load(made)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        yield made
