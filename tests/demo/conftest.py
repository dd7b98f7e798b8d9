"""The demo is loaded into an empty register, inside a transaction that is taken back."""

from __future__ import annotations

import copy
from contextlib import contextmanager
from datetime import date

from django.conf import settings
from django.db import transaction
from django.test import override_settings

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
