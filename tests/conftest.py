"""The ground of all tests: a real PostGIS, made by the owner's role and used by the run role, and a small fixed cast."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import Phase
from hypothesis import settings as properties
from rest_framework.test import APIClient

from reference import law
from safety_api import stamps
from safety_api.environment import database
from tests.people import CAST, enlist

properties.register_profile("untimed", deadline=None)  # speed belongs to the bench
# That a changed rule fails is enough: no smaller example is looked for.
properties.register_profile(
    "mutants", deadline=None, derandomize=True, database=None, max_examples=25, phases=[Phase.explicit, Phase.generate]
)
properties.load_profile(os.environ.get("PROPERTIES", "untimed"))

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
KEPT_TABLES = (
    "reference_",
    "geo_",
    "accounts_user",
    "accounts_post",
    "django_",
    "safety_epoch",
    "spatial_ref_sys",
    "auth_",
)


def _speak_as(role: dict) -> None:
    connection.close()
    connection.settings_dict["USER"], connection.settings_dict["PASSWORD"] = role["USER"], role["PASSWORD"]


OWNER = database("MIGRATE_DATABASE_URL", os.environ.get("DATABASE_URL"), "建表角色")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """The tables are made by their owner."""
    global RUNNER
    RUNNER = {name: connection.settings_dict[name] for name in ("USER", "PASSWORD")}
    _speak_as(OWNER)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        _speak_as(RUNNER)
        call_command("load_reference", verbosity=0)
        call_command("load_regions", verbosity=0)
        enlist()
    yield
    with django_db_blocker.unblock():
        _speak_as(OWNER)


@pytest.fixture
def people(db) -> dict:
    """Everyone of the cast by the name of their account."""
    from accounts.models import User

    return {user.username: user for user in User.objects.filter(username__in=CAST)}


@pytest.fixture
def as_(people):
    """`as_("inspector")` is that person's phone: a client with a token of their own."""
    from accounts.actions import sign_in

    def phone(username: str | None) -> APIClient:
        client = APIClient()
        if username:
            _, token = sign_in(people[username], device_id="test-phone", device_name="测试手机")
            client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        return client

    return phone


@pytest.fixture
def on_page(people):
    """The same person in a browser: a session, and CSRF checked."""

    def browser(username: str) -> APIClient:
        client = APIClient(enforce_csrf_checks=True)
        client.force_login(people[username], backend="accounts.backends.NameAndPassword")
        return client

    return browser


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """Real commits, for tests about what several connections see; the tables are emptied afterwards by their owner."""
    with django_db_blocker.unblock():
        yield
        _speak_as(OWNER)
        with connection.cursor() as cursor:
            _empty_tables(cursor)
        _speak_as(RUNNER)


def _empty_tables(cursor) -> None:
    """Only those that hold something: emptying all of them costs more than most tests."""
    tables = [t for t in connection.introspection.table_names(cursor) if not t.startswith(KEPT_TABLES)]
    cursor.execute(" UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in tables))
    doomed = [table for (table,) in cursor.fetchall()]
    guarded = [table for table in doomed if table in ("safety_trail_line", "safety_trail_seal")]
    for table in guarded:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only_all")
    if doomed:
        cursor.execute(f"TRUNCATE {', '.join(doomed)} RESTART IDENTITY CASCADE")
    for table in guarded:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER append_only_all")


# Of clients only: an autovacuum that passes through holds a transaction of its own for a moment.
OF_THIS_DATABASE = (
    "FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' AND backend_xid IS NOT NULL"
)


@pytest.fixture(autouse=True)
def alone_in_the_cluster(monkeypatch):
    """Tests run side by side in databases of one cluster: the transactions of the others are not ours to wait for."""
    monkeypatch.setattr(
        stamps,
        "SETTLED_BELOW",
        f"(SELECT coalesce(min(backend_xid::text::bigint), 1::bigint << 62) {OF_THIS_DATABASE})",
    )
    others = f"{OF_THIS_DATABASE} AND pid <> pg_backend_pid()"
    monkeypatch.setattr(
        stamps, "SNAPSHOT", f"(SELECT '0:0:' || coalesce(string_agg(backend_xid::text, ','), '') {others})"
    )


@pytest.fixture(autouse=True)
def law_is_not_looked_up_by_the_clock(monkeypatch):
    """Who loads law in a test says `law.forget()`; a look-up that falls due would be counted where it happens to fall."""
    monkeypatch.setattr(law, "CHECK_EVERY", float("inf"))


@pytest.fixture(autouse=True)
def photos_in_a_folder_of_their_own(tmp_path_factory, settings):
    settings.STORAGE_DIR = tmp_path_factory.getbasetemp() / "photos"
    storages = {name: dict(each) for name, each in settings.STORAGES.items()}
    if settings.STORAGE == "folder":
        storages["default"]["OPTIONS"] = {**storages["default"]["OPTIONS"], "location": str(settings.STORAGE_DIR)}
    settings.STORAGES = storages
