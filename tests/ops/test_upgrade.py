"""An installation of before accidents had a room of their own, from its dump: today's migrations bring it to today's tables.

The dump is of commit dcc8dd5 with a small demo year of 28 November 2026: `pg_dump -Fc -Z0`, without the self-checks, packed by xz.
"""

from __future__ import annotations

import lzma
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from ops.cluster import SQL, Cluster
from ops.home import PROJECT, Home, environment
from safety_api.trail import kind_of

DUMP = Path(__file__).parent / "data" / "one_room_of_accidents.dump.xz"
NAME = "safety_upgraded"
FORWARD = "SELECT app || '.' || name FROM django_migrations WHERE app IN ('accidents', 'zero_accident') ORDER BY 1"
BOOKS = "SELECT app_label || '.' || model FROM django_content_type WHERE app_label IN ('accidents', 'zero_accident') ORDER BY 1"
TABLES = "relnamespace = 'public'::regnamespace AND relname <> 'spatial_ref_sys'"
SCHEMA = {
    "columns": """
        SELECT concat_ws(' ', table_name, column_name, data_type, character_maximum_length, is_nullable, column_default, identity_generation)
        FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1""",
    "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname",
    "constraints": f"""
        SELECT concat_ws(' ', relname, conname, replace(pg_get_constraintdef(c.oid), ' NOT VALID', '')) FROM pg_constraint c
        JOIN pg_class ON pg_class.oid = conrelid WHERE {TABLES} AND contype <> 'f' ORDER BY 1""",
    "keys": f"""
        SELECT concat_ws(' ', relname, pg_get_constraintdef(c.oid)) FROM pg_constraint c
        JOIN pg_class ON pg_class.oid = conrelid WHERE {TABLES} AND contype = 'f' ORDER BY 1""",
    "triggers": f"""
        SELECT concat_ws(' ', relname, tgname, tgfoid::regproc) FROM pg_trigger
        JOIN pg_class ON pg_class.oid = tgrelid WHERE {TABLES} AND NOT tgisinternal ORDER BY 1""",
}  # names of foreign keys are hashes that follow from how a column came to be
ROWS = f"""
    SELECT relname || ' ' || (xpath('/row/n/text()', query_to_xml('SELECT count(*) AS n FROM ' || quote_ident(relname), false, true, '')))[1]
    FROM pg_class WHERE relkind = 'r' AND {TABLES} AND relname NOT IN ('django_migrations', 'django_content_type', 'auth_permission')
    ORDER BY 1"""


@pytest.fixture(scope="module")
def place() -> Home:
    return Home(settings.STATE_DIR, durable=False)


@pytest.fixture(scope="module")
def cluster(place) -> Cluster:
    return Cluster(place)


@pytest.fixture(scope="module")
def before(cluster, tmp_path_factory, django_db_setup) -> Iterator[list[str]]:
    """The rows of the old installation, restored as its own owner's."""
    folder = tmp_path_factory.mktemp("dump")
    archive, contents = folder / "old.dump", folder / "contents"
    archive.write_bytes(lzma.decompress(DUMP.read_bytes()))
    cluster.sql(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)", "postgres")
    cluster.sql(f"CREATE DATABASE {NAME} OWNER safety_owner TEMPLATE template0", "postgres")
    cluster.sql((SQL / "database.sql").read_text(encoding="utf-8"), NAME)
    listed = subprocess.run([cluster.programs / "pg_restore", "-l", archive], capture_output=True, text=True, check=True).stdout
    contents.write_text("\n".join(line for line in listed.splitlines() if "EXTENSION" not in line), encoding="utf-8")
    words = ("--exit-on-error", "--no-owner", "--role=safety_owner", "-L", contents, "-d", NAME, archive)
    subprocess.run(cluster.tool("pg_restore", *words), check=True, capture_output=True)
    yield asked(cluster, ROWS, NAME)
    cluster.sql(f"DROP DATABASE {NAME} WITH (FORCE)", "postgres")


@pytest.fixture(scope="module")
def upgraded(before, place) -> str:
    """`manage.py migrate` in the owner's name, as every upgrade does it."""
    return manage(place, "migrate", "--noinput", role="safety_owner")


def manage(place: Home, *words: str, role: str = "safety_app") -> str:
    env = environment(place, port=8000, role=role)
    env["DATABASE_URL"] = env["DATABASE_URL"].replace("/safety?", f"/{NAME}?")
    assert NAME in env["DATABASE_URL"]
    done = subprocess.run([sys.executable, "manage.py", *words], env=env, cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def asked(cluster: Cluster, sql: str, database: str) -> list[str]:
    return cluster.sql(sql, database).splitlines()


def fresh() -> str:
    """The tests' template: the same migrations, from nothing."""
    return f"{settings.DATABASES['default']['TEST']['NAME']}_template"


def test_the_migrations_of_one_room_stand_for_the_first_of_each(cluster, upgraded):
    done = asked(cluster, FORWARD, NAME)
    assert set(done) == {*asked(cluster, FORWARD, fresh()), *(f"zero_accident.{name}" for name in OF_ONE_ROOM)}


OF_ONE_ROOM = (
    "0001_accidents_and_their_figures",
    "0002_reports_against_the_clock_twins_and_investigations",
    "0003_what_was_known_and_notices",
    "0004_standards_and_targets",
    "0005_leaving_statistics_on_paper",
    "0006_accidents_of_a_township_by_day",
    "0007_sector_inherited_from_the_unit",
)


TAKEN = """
    SELECT (SELECT count(*) FROM hazards_reminder) + (SELECT count(*) FROM zero_accident_reminder)
      + (SELECT count(*) FROM zero_accident_notice) || ' ' || (SELECT count(*) FROM hazards_reminder_seen)"""
IN_THE_INBOX = "SELECT (SELECT count(*) FROM inbox_message) || ' ' || (SELECT count(*) FROM inbox_seen)"


def test_no_row_is_lost_or_added(before, upgraded, cluster):
    had = [row for row in before if row.split()[0] != "safety_outbox"]  # the worker is asked to write down words of records
    tables = {row.split()[0] for row in had}
    assert [row for row in asked(cluster, ROWS, NAME) if row.split()[0] in tables] == had


def test_every_reminder_of_before_stands_in_the_inbox(upgraded, cluster):
    taken = asked(cluster, TAKEN, NAME)
    assert asked(cluster, IN_THE_INBOX, NAME) == taken != ["0 0"]


@pytest.mark.parametrize("what", SCHEMA)
def test_an_upgraded_installation_has_the_tables_of_a_new_one(what, upgraded, cluster):
    upgraded, new = (list(map(said, asked(cluster, SCHEMA[what], name))) for name in (NAME, fresh()))
    assert upgraded == new


def said(definition: str) -> list[str]:
    """What a definition names: a list of values may be in another order, and cast as a whole or one by one."""
    return sorted(word for word in re.findall(r"[^\s(),\[\]]+", definition) if not word.startswith(("::", "character", "varying")))


def test_the_books_of_django_name_the_new_rooms(upgraded, cluster):
    assert asked(cluster, BOOKS, NAME) == asked(cluster, BOOKS, fresh())


def test_the_kept_figures_of_before_are_what_today_s_rules_make(upgraded, place):
    manage(place, "load_reference")
    assert "；0 处差异" in manage(place, "rebuild_zero_accident", "--year", "2026", "--check")


def test_the_lines_of_before_are_lines_of_records_of_today(upgraded, cluster):
    kinds = {kind_of(model) for model in apps.get_models()}
    assert set(asked(cluster, "SELECT DISTINCT object_kind FROM safety_trail_line", NAME)) <= kinds


def test_the_file_of_duty_of_an_accident_of_before_keeps_its_lines(upgraded, place, cluster):
    key, lines = asked(cluster, LINES, NAME)[0].split("|")
    file = manage(place, "shell", "-c", FILE.format(key=key))
    assert int(file.splitlines()[-1]) == int(lines) > 0


LINES = """
    SELECT object_id, count(*) FROM safety_trail_line WHERE object_kind = 'zero_accident.accident' GROUP BY 1 ORDER BY 2 DESC LIMIT 1"""
FILE = """
from accidents.models import Accident
from ledgers.files.duty import of_accident
print(sum(each["line"] is not None for each in of_accident(Accident.objects.get(pk="{key}"))["timeline"]))
"""


def test_migrating_once_more_does_nothing(upgraded, place):
    assert "No migrations to apply" in manage(place, "migrate", "--noinput", role="safety_owner")
