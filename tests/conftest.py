"""The ground of all tests: a real PostGIS, made by the owner's role and used by the run role, and a small fixed cast."""

from __future__ import annotations

import gc
import os
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import Phase
from hypothesis import settings as properties
from rest_framework.test import APIClient
from xdist.scheduler import LoadGroupScheduling

from reference import law
from safety_api import alive, health, merged, stamps
from safety_api.field_times import Tolerance
from tests import template
from tests.cast.people import CAST, phone_of

for name, examples in {"quick": 20, "plain": 100, "long": 1000}.items():  # docs/tests.md; speed belongs to the bench
    properties.register_profile(name, max_examples=examples, deadline=None)
# That a changed rule fails is enough: no smaller example is looked for.
properties.register_profile(
    "mutants", deadline=None, derandomize=True, database=None, max_examples=25, phases=[Phase.explicit, Phase.generate]
)
properties.load_profile(os.environ.get("PROPERTIES", "plain"))


def tries(of_a_hundred: int) -> int:
    """How many examples the profile of this run gives a property whose examples are dear."""
    return max(2, of_a_hundred * properties().max_examples // 100)


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


TOGETHER = ("tests/demo/year/", "tests/ops/test_front.py", "tests/ops/test_proxies.py", "tests/ops/test_script.py", "tests/ops/test_upgrade.py")  # each on one worker: one year, one house


class Together(LoadGroupScheduling):
    """Every test goes to whichever worker is free, but for those above. By path: pytest 9.2 does not show pytest-xdist 3.8 the
    `xdist_group` of a test.
    """

    def _split_scope(self, nodeid: str) -> str:
        return next((path for path in TOGETHER if nodeid.startswith(path)), nodeid)


@pytest.hookimpl(optionalhook=True)  # there may be no workers
def pytest_xdist_make_scheduler(config, log):
    return Together(config, log)


def pytest_configure(config):
    """Each worker has a Redis database to itself: what is kept, counted or cleared there is nothing to the others."""
    cache, number = settings.CACHES["default"], int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) + 1
    cache["LOCATION"] = f"{cache['LOCATION'].partition('?')[0]}?db={number}"


def pytest_collection_finish(session):
    """Two tests of one name are one to xdist: it runs one of them, and none is missed."""
    twice = [name for name, times in Counter(item.nodeid for item in session.items).items() if times > 1]
    if twice:
        raise pytest.UsageError(f"tests of the same name: {', '.join(twice[:9])}")
    gc.freeze()  # thousands of tests, walked again at each collection, cost a tenth of the run
    gc.set_threshold(50_000, 20, 50)


OWNER, RUNNER = template.roles()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, django_db_createdb):
    """A copy of the template for each worker; it goes with the session."""
    with django_db_blocker.unblock():
        template.copy(os.environ.get("PYTEST_XDIST_WORKER", "main"), anew=django_db_createdb)
        merged.heirs()
    yield
    with django_db_blocker.unblock():
        template.drop()


merged.CHECK_EVERY = float("inf")  # no test counts the query of another's seconds
health.KEEP = 0.0  # and none is told what another found


@pytest.fixture(autouse=True)
def places_as_before():
    """A test that merges places leaves none of it to the next one."""
    before = merged.held()
    yield
    if merged.held() is not before:
        merged.hold(before)


@pytest.fixture
def people(db) -> dict:
    """Everyone of the cast by the name of their account."""
    from accounts.models import User

    return {user.username: user for user in User.objects.filter(username__in=CAST)}


@pytest.fixture
def all_speak():
    """Beat and worker have just said that they live."""
    alive._said.clear()
    for who in ("beat", "worker"):
        alive.say(who)


@pytest.fixture
def as_(people):
    """`as_("inspector")` is that person's phone: a client with a token of their own."""
    return lambda username: phone_of(people[username]) if username else APIClient()


@pytest.fixture
def on_page(people):
    """The same person in a browser: a session, and CSRF checked."""

    def browser(username: str) -> APIClient:
        client = APIClient(enforce_csrf_checks=True)
        client.force_login(people[username], backend="accounts.backends.NameAndPassword")
        return client

    return browser


@pytest.fixture(scope="module")
def once_a_module(django_db_setup, django_db_blocker):
    """What fixtures of a module write into it stays for all its tests, and none of theirs; afterwards it is taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """Real commits, for tests about what several connections see; the tables are emptied afterwards by their owner."""
    with django_db_blocker.unblock():
        yield
        template.speak_as(OWNER)
        with connection.cursor() as cursor:
            _empty_tables(cursor)
        template.speak_as(RUNNER)


@pytest.fixture
def epoch_put_back(committed):
    """The epoch may be changed in this test: its row is one of those that are kept."""
    yield
    template.speak_as(OWNER)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE safety_epoch SET number = 1, timeline = safety_timeline()")
    template.speak_as(RUNNER)


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
OF_THIS_DATABASE = "FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' AND backend_xid IS NOT NULL"


@pytest.fixture(scope="session")
def patches():
    with pytest.MonkeyPatch.context() as monkeypatch:
        yield monkeypatch


@pytest.fixture(scope="session", autouse=True)
def alone_in_the_cluster(patches):
    """Tests run side by side in databases of one cluster: the transactions of the others are not ours to wait for."""
    patches.setattr(
        stamps,
        "SETTLED_BELOW",
        f"(SELECT coalesce(min(backend_xid::text::bigint), 1::bigint << 62) {OF_THIS_DATABASE})",
    )
    others = f"{OF_THIS_DATABASE} AND pid <> pg_backend_pid()"
    patches.setattr(stamps, "SNAPSHOT", f"(SELECT '0:0:' || coalesce(string_agg(backend_xid::text, ','), '') {others})")


@pytest.fixture(scope="session", autouse=True)
def law_cache_never_expires(patches):
    """Who loads law in a test says `law.forget()`; a look-up that falls due would be counted where it happens to fall."""
    patches.setattr(law, "CHECK_EVERY", float("inf"))


CAST_SINCE = datetime(2026, 11, 1, tzinfo=UTC)


def _believing(document) -> Tolerance:
    known = Tolerance.read(document.body)
    return replace(known, back=max(known.back, timezone.now() - CAST_SINCE))


@pytest.fixture(autouse=True)
def days_of_the_cast_are_believed(request, monkeypatch):
    """What the cast tells happened on fixed days of November 2026; on whatever later day the tests run, its phones tell it in time.
    A module about the times themselves says `AS_TOLD_TODAY = True`: there the dated setting holds as it stands."""
    if not getattr(request.module, "AS_TOLD_TODAY", False):
        monkeypatch.setattr(law, "_tolerance", _believing)


@pytest.fixture(autouse=True)
def separate_photo_folder(tmp_path_factory, settings):
    settings.STORAGE_DIR = tmp_path_factory.getbasetemp() / "photos"
    storages = {name: dict(each) for name, each in settings.STORAGES.items()}
    if settings.STORAGE == "folder":
        storages["default"]["OPTIONS"] = {**storages["default"]["OPTIONS"], "location": str(settings.STORAGE_DIR)}
    settings.STORAGES = storages
