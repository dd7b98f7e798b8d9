"""The demo as the county sees it on one fixed day, loaded once a module inside a transaction that is taken back."""

from __future__ import annotations

import copy
from contextlib import contextmanager
from datetime import date

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import override_settings

from safety_api import demo

DAY = date(2026, 11, 23)
PASSWORD = "Demo-password-123456"


@contextmanager
def taken_back(folder):
    """An empty register, photos in a folder of the tests, and nothing of it afterwards."""
    from accounts.models import User

    storages = copy.deepcopy(settings.STORAGES)
    storages["default"]["OPTIONS"]["location"] = str(folder)
    with (
        override_settings(EMBEDDED=True, DEMO_PASSWORD=PASSWORD, STORAGE_DIR=folder, STORAGES=storages),
        transaction.atomic(),
    ):
        User.objects.all().delete()
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock(), taken_back(tmp_path_factory.getbasetemp() / "photos"):
        made = demo.World(today=DAY, password=PASSWORD)
        demo.load(made)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        yield made
