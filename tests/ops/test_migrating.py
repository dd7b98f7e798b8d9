"""表结构在众人工作时迁移: a long reader, as a backup is one, holds up the migration and nobody else; what broke off leaves nothing half done."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.db import connection

from ops.home import PROJECT
from tests.ground.connections import another, phone_of, until

FILES = {
    "tried_settings.py": "from safety_api.settings import *\nINSTALLED_APPS += ['tried']\n",
    "tried/__init__.py": "",
    "tried/migrations/__init__.py": "",
    "tried/migrations/0001_a_thing.py": """
from django.db import migrations, models
class Migration(migrations.Migration):
    operations = [migrations.CreateModel("Thing", [("id", models.BigAutoField(primary_key=True)), ("word", models.TextField())])]
""",
    "tried/migrations/0002_a_hot_table.py": """
from django.db import migrations
class Migration(migrations.Migration):
    dependencies = [("tried", "0001_a_thing")]
    operations = [
        migrations.RunSQL("INSERT INTO tried_thing (word) VALUES ('half done')"),
        migrations.RunSQL("ALTER TABLE hazards_hazard ADD COLUMN tried integer"),
    ]
""",
    "tried/migrations/0003_two_indexes.py": """
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
class Migration(migrations.Migration):
    atomic = False
    dependencies = [("tried", "0002_a_hot_table")]
    operations = [
        AddIndexConcurrently("thing", models.Index(fields=["id"], name="tried_first")),
        migrations.RunSQL("CREATE INDEX CONCURRENTLY IF NOT EXISTS tried_second ON tried_thing (word) WHERE words_are_ready(word)"),
    ]
""",
}
UNDONE = """
ALTER TABLE hazards_hazard DROP COLUMN IF EXISTS tried; DROP TABLE IF EXISTS tried_thing; DROP FUNCTION IF EXISTS words_are_ready;
DELETE FROM django_migrations WHERE app = 'tried';
DELETE FROM auth_permission USING django_content_type t WHERE content_type_id = t.id AND app_label = 'tried';
DELETE FROM django_content_type WHERE app_label = 'tried'"""
WAITS = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'hazards_hazard'::regclass"
HAS_COLUMN = (
    "SELECT count(*) FROM information_schema.columns WHERE table_name = 'hazards_hazard' AND column_name = 'tried'"
)
INDEXES = "SELECT count(*) FILTER (WHERE indisvalid), count(*) FROM pg_index WHERE indexrelid::regclass::text IN ('tried_first', 'tried_second')"


def asked(sql: str, *values: object) -> tuple:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()


@pytest.fixture
def migrate(committed, tmp_path) -> Iterator[Callable[..., subprocess.Popen]]:
    """`manage.py migrate tried …` in the owner's name, on the tests' database."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    url = urlsplit(os.environ["MIGRATE_DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    env = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tried_settings", "PYTHONPATH": str(tmp_path)}
    running: list[subprocess.Popen] = []

    def begin(*words: str) -> subprocess.Popen:
        command = [sys.executable, "manage.py", "migrate", "tried", *words, "--lock-timeout", "1"]
        running.append(
            subprocess.Popen(command, env=env, cwd=PROJECT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        )
        return running[-1]

    yield begin
    for process in running:
        process.kill()
        process.communicate()
    with another(owner=True, autocommit=True) as hands:
        hands.execute(UNDONE)


def done(process: subprocess.Popen) -> str:
    out, error = process.communicate(timeout=120)
    assert process.returncode == 0, out + error
    return out


def test_a_long_reader_holds_up_the_migration_and_nobody_else(migrate):
    inspector = phone_of("inspector")
    done(migrate("0001"))
    with another() as reader, connection.cursor() as mine:
        reader.execute("SELECT 1 FROM hazards_hazard LIMIT 1")
        mine.execute("SET lock_timeout = '20s'")  # a request that would wait for the reader is a 503
        migration = migrate("0002")
        until(lambda: asked(WAITS)[0])
        assert inspector.get("/api/v1/hazards").status_code == 200
        lines = iter(migration.stdout.readline, "")
        heard = next(line for line in lines if "waiting for" in line)
        assert f"pid {reader.info.backend_pid} " in heard
        next(line for line in lines if "again in" in line)
        assert (migration.poll(), asked("SELECT count(*) FROM tried_thing")) == (None, (0,))
        assert inspector.get("/api/v1/hazards").status_code == 200
        reader.rollback()
        done(migration)
        mine.execute("RESET lock_timeout")
    assert (asked(HAS_COLUMN), asked("SELECT count(*) FROM tried_thing")) == ((1,), (1,))


def test_a_table_that_is_never_free_ends_the_migration_with_a_sentence(migrate):
    done(migrate("0001"))
    with another() as reader:
        reader.execute("SELECT 1 FROM hazards_hazard LIMIT 1")
        migration = migrate("0002", "--patience", "0")
        _, error = migration.communicate(timeout=120)
        assert (migration.returncode, "Traceback" in error) == (1, False)
        assert (
            f"没有等到表，未完成的迁移没有留下痕迹，请稍后再来。占用者 in the way: pid {reader.info.backend_pid} "
            in error
        )
    assert (asked(HAS_COLUMN), asked("SELECT count(*) FROM tried_thing")) == ((0,), (0,))
    done(migrate("0002"))


def test_an_index_that_broke_off_is_made_anew(migrate):
    """The first of two was whole, the second INVALID: nothing is on record, and nothing of it stands in the way."""
    done(migrate("0002"))
    with another(owner=True, autocommit=True) as hands:
        hands.execute(
            "CREATE FUNCTION words_are_ready(text) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN 1 / 0 = 1; END'"
        )
        assert migrate("0003").wait(timeout=120) == 1
        assert asked(INDEXES) == (1, 2)
        hands.execute(
            "CREATE OR REPLACE FUNCTION words_are_ready(text) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN true; END'"
        )
    done(migrate("0003"))
    assert asked(INDEXES) == (2, 2)


def test_an_index_beside_the_work_waits_for_a_writer_and_is_not_begun_again(migrate):
    done(migrate("0002"))
    with another(owner=True, autocommit=True) as hands, another() as writer:
        hands.execute("CREATE FUNCTION words_are_ready(text) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT true'")
        writer.execute("INSERT INTO tried_thing (word) VALUES ('still writing')")
        migration = migrate("0003")
        assert f"pid {writer.info.backend_pid} " in next(
            line for line in iter(migration.stdout.readline, "") if "waiting for" in line
        )
        writer.commit()
        assert "again in" not in done(migration)
    assert asked(INDEXES) == (2, 2)
