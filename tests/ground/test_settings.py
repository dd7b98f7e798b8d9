"""配置: a wrong value stops the start and says what to do; left alone, production is safe."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings as house
from django.contrib.gis.db.backends.postgis.base import DatabaseWrapper
from django.db import connection

from safety_api.environment import KNOWN, database

GOOD = {
    "SECRET_KEY": "tests-only-" * 6, "DATABASE_URL": "postgis://app:word@db:5432/safety", "REDIS_URL": "redis://redis:6379/0",
    "ALLOWED_HOSTS": "aqjg.example.gov.cn", "PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1",
}  # fmt: skip
PRINTED_NAMES = (
    "DEBUG", "EMBEDDED", "DEMO", "HTTPS", "ALLOWED_HOSTS", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY",
    "SECURE_HSTS_SECONDS", "SECURE_SSL_REDIRECT", "SECRET_KEY", "CELERY_BROKER_URL", "X_FRAME_OPTIONS", "PORT",
    "CELERY_BROKER_TRANSPORT_OPTIONS", "CELERY_TASK_QUEUES", "CELERY_TASK_DEFAULT_QUEUE",
)  # fmt: skip
PRINT_SETTINGS = f"import json; from safety_api import settings as s; print(json.dumps({{n: getattr(s, n, None) for n in {PRINTED_NAMES!r}}}))"


def start(change: dict[str, str | None], *words: str) -> subprocess.CompletedProcess:
    env = {name: value for name, value in (GOOD | change).items() if value is not None}
    return subprocess.run(
        [sys.executable, *(words or ("-c", PRINT_SETTINGS))], env=env, cwd=house.BASE_DIR, capture_output=True, text=True, check=False, timeout=60
    )


def settings_after_start(**change: str | None) -> dict:
    done = start(change)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


WRONG = [  # what is wrong, the variable that the sentence must name
    ({"SECRET_KEY": None}, "SECRET_KEY"),
    ({"SECRET_KEY": "short"}, "SECRET_KEY"),
    ({"SECRET_KEY": ""}, "SECRET_KEY"),
    ({"SECRET_KEY": None, "SECRET_KEY_FILE": "/nowhere/key"}, "SECRET_KEY_FILE"),
    ({"SECRET_KEY": None, "SECRET_KEY_FILE": "/proc"}, "SECRET_KEY_FILE"),
    ({"SECRET_KEY": None, "SECRET_KEY_FILE": sys.executable}, "SECRET_KEY_FILE"),
    ({"DATABASE_URL": None}, "DATABASE_URL"),
    ({"DATABASE_URL": ""}, "DATABASE_URL"),
    ({"DATABASE_URL": "mysql://app@db/safety"}, "DATABASE_URL"),
    ({"DATABASE_URL": "postgis://app@db"}, "DATABASE_URL"),
    ({"DATABASE_URL": "safety"}, "DATABASE_URL"),
    ({"DATABASE_URL": "postgis://app@a,b,c/safety?port=5432,5433"}, "DATABASE_URL"),
    ({"DATABASE_URL": "postgis://app@a,b/safety?target_session_attrs=read-only"}, "DATABASE_URL"),
    ({"DATABASE_URL": "postgis://app@a/safety?target_session_attrs=writeable"}, "DATABASE_URL"),
    ({"REDIS_URL": None}, "REDIS_URL"),
    ({"REDIS_URL": "localhost:6379"}, "REDIS_URL"),
    ({"REDIS_URL": "amqp://rabbit/safety"}, "BROKER_URL"),
    ({"REDIS_URL": "amqps://rabbit/safety"}, "BROKER_URL"),
    ({"BROKER_URL": "rabbit:5672"}, "BROKER_URL"),
    ({"BROKER_URL": "http://rabbit:15672"}, "BROKER_URL"),
    ({"BROKER_URL": "sqs://key:word@"}, "BROKER_URL"),
    ({"BROKER_URL": "memory://"}, "BROKER_URL"),
    ({"BROKER_URL": "amqp://"}, "BROKER_URL"),
    ({"BROKER_URL": "amqp:///safety"}, "BROKER_URL"),
    ({"BROKER_URL": "amqp://rabbit:many/safety"}, "BROKER_URL"),
    ({"BROKER_URL": "amqp://rabbit:99999/safety"}, "BROKER_URL"),
    ({"BROKER_URL": "amqp://[rabbit/safety"}, "BROKER_URL"),
    ({"BROKER_URL": "redis://"}, "BROKER_URL"),
    ({"BROKER_URL": "unix://run/redis.sock"}, "BROKER_URL"),
    ({"BROKER_URL": "amqp://one/safety;"}, "BROKER_URL"),
    ({"BROKER_URL": "amqp://one/safety;redis://two/0"}, "BROKER_URL"),
    ({"BROKER_URL": "redis://one/0;redis://two/0"}, "BROKER_URL"),
    ({"BROKER_URL_FILE": "/nowhere/url"}, "BROKER_URL_FILE"),
    ({"CELERY_BROKER_URL": "amqp://rabbit/safety"}, "BROKER_URL"),
    ({"CELERY_BROKER_READ_URL": "amqp://rabbit/safety"}, "CELERY_BROKER_READ_URL"),
    ({"CELERY_BROKER_WRITE_URL": "amqp://rabbit/safety"}, "CELERY_BROKER_WRITE_URL"),
    ({"CELERY_RESULT_BACKEND": "redis://redis/1"}, "CELERY_RESULT_BACKEND"),
    ({"DEBUG": "maybe"}, "DEBUG"),
    ({"DEBUG": ""}, "DEBUG"),
    ({"EMBEDDED": "2"}, "EMBEDDED"),
    ({"HTTPS": "off please"}, "HTTPS"),
    ({"PORT": "99999"}, "PORT"),
    ({"PORT": "0"}, "PORT"),
    ({"PORT": "80 80"}, "PORT"),
    ({"PORT": "-1"}, "PORT"),
    ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS"),
    ({"ALLOWED_HOSTS": " , "}, "ALLOWED_HOSTS"),
    ({"STORAGE": "tape"}, "STORAGE"),
    ({"STORAGE": "s3"}, "S3_BUCKET"),
    ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL"),
    ({"LOGIN_THROTTLE": "many"}, "LOGIN_THROTTLE"),
    ({"LOGIN_THROTTLE": "60"}, "LOGIN_THROTTLE"),
    ({"LOGIN_FAILURES": "0"}, "LOGIN_FAILURES"),
    ({"SESSION_IDLE_MINUTES": "1.5"}, "SESSION_IDLE_MINUTES"),
    ({"SECOND_FACTOR_ROLES": "bureau"}, "SECOND_FACTOR_ROLES"),
    ({"TRUSTED_PROXIES": "many"}, "TRUSTED_PROXIES"),
]


MANY_STARTS = """
import json, os, sys
import celery.schedules, django.core.exceptions, environ
for env in json.load(sys.stdin):
    if not os.fork():  # a fresh start each, with the libraries already read
        os.environ.clear()
        os.environ.update(env)
        try:
            import safety_api.settings
            print("started", flush=True)
        except django.core.exceptions.ImproperlyConfigured as refusal:
            print(str(refusal).replace(chr(10), " "), flush=True)
        os._exit(0)
    os.wait()
"""


def test_an_invalid_setting_stops_the_start_and_names_its_variable():
    cases = [{name: value for name, value in (GOOD | change).items() if value is not None} for change, _ in [*WRONG, ({}, "")]]
    done = subprocess.run(
        [sys.executable, "-c", MANY_STARTS], input=json.dumps(cases), cwd=house.BASE_DIR, capture_output=True, text=True, check=True
    )
    *sentences, unchanged = done.stdout.splitlines()
    assert unchanged == "started"
    assert [(change, fields) for (change, name), fields in zip(WRONG, sentences, strict=True) if name not in fields] == []


def test_the_process_exits_with_the_sentence_about_the_setting():
    end = start({"PORT": "99999"})
    assert end.returncode != 0
    assert end.stderr.strip().splitlines()[-1].endswith("PORT='99999' 无法使用：应为 1 到 65535 之间的整数。")


SECRET_AND_WRONG = [
    {"DATABASE_URL": "mysql://app:geheim@db/safety", "SECRET_KEY": "geheim"},
    {"BROKER_URL": "ampq://app:geheim@rabbit/safety"},
    {"BROKER_URL": "amqp://app:geheim@rabbit:port/safety"},
    {"CELERY_BROKER_URL": "amqp://app:geheim@rabbit/safety"},
]


@pytest.mark.parametrize("change", SECRET_AND_WRONG, ids=lambda change: "-".join(change))
def test_an_invalid_setting_message_shows_no_secret(change):
    end = start(change)
    assert end.returncode != 0 and "geheim" not in end.stderr


def test_management_commands_also_stop_on_an_invalid_setting():
    end = start({"DEBUG": "maybe"}, "manage.py", "check")
    assert end.returncode != 0 and "DEBUG" in end.stderr


def test_production_defaults_are_secure():
    found = settings_after_start()
    assert (found["DEBUG"], found["EMBEDDED"], found["DEMO"], found["HTTPS"]) == (False, False, False, True)
    assert all(found[name] for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SECURE_SSL_REDIRECT"))
    assert found["SECURE_HSTS_SECONDS"] == 31_536_000
    assert found["X_FRAME_OPTIONS"] == "DENY"


def test_the_django_deployment_check_passes():
    end = start({}, "manage.py", "check", "--deploy", "--tag", "security", "--fail-level", "WARNING")
    assert end.returncode == 0, end.stderr


def test_the_embedded_mode_allows_plain_http_only_on_localhost():
    found = settings_after_start(EMBEDDED="1", ALLOWED_HOSTS=None)
    assert (found["HTTPS"], found["DEMO"], found["DEBUG"]) == (False, True, False)
    assert found["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]


def test_demo_accounts_are_refused_outside_the_embedded_mode():
    end = start({"DEMO": "1"})
    assert end.returncode != 0 and "DEMO" in end.stderr.strip().splitlines()[-1]


def test_secrets_may_come_from_files(tmp_path):
    key, url = tmp_path / "key", tmp_path / "url"
    key.write_text("from-a-file-" * 6 + "\n")
    url.write_text("unix:///run/redis.sock\n")
    found = settings_after_start(SECRET_KEY=None, SECRET_KEY_FILE=str(key), REDIS_URL=None, REDIS_URL_FILE=str(url))
    assert found["SECRET_KEY"] == "from-a-file-" * 6
    assert found["CELERY_BROKER_URL"] == "redis+socket:///run/redis.sock"


QUEUES = [  # REDIS_URL, BROKER_URL; the address as Celery is told it
    ("redis://redis:6379/0", None, "redis://redis:6379/0"),
    ("redis://redis:6379/0", "", "redis://redis:6379/0"),
    ("unix:///run/redis.sock?db=2", None, "redis+socket:///run/redis.sock?virtual_host=2"),
    ("unix:///run/redis.sock?password=a/b&db=0", None, "redis+socket://:a%2Fb@/run/redis.sock?virtual_host=0"),
    ("redis://redis:6379/0", "unix:///run/queue.sock", "redis+socket:///run/queue.sock"),
    ("redis://redis:6379/0", "redis+socket:///run/queue.sock?virtual_host=1", "redis+socket:///run/queue.sock?virtual_host=1"),
    ("redis://redis:6379/0", "rediss://:word@queue/1", "rediss://:word@queue/1?ssl_cert_reqs=required"),
    ("redis://redis:6379/0", "rediss://queue/1?ssl_cert_reqs=none", "rediss://queue/1?ssl_cert_reqs=none"),
    ("redis://redis:6379/0", "amqp://app:word@rabbit:5672/safety", "amqp://app:word@rabbit:5672/safety"),
    ("redis://redis:6379/0", "amqps://rabbit", "amqps://rabbit"),
    ("redis://redis:6379/0", "amqp://one/safety; amqp://two/safety", "amqp://one/safety;amqp://two/safety"),
]


def test_the_queue_is_where_broker_url_says_and_else_in_the_redis_of_the_cache():
    told = [settings_after_start(REDIS_URL=redis, BROKER_URL=broker)["CELERY_BROKER_URL"] for redis, broker, _ in QUEUES]
    assert told == [address for _, _, address in QUEUES]


def test_celerys_command_line_does_not_hand_broker_url_past_the_settings():
    code = "import os; os.environ['CELERY_BROKER_URL'] = os.environ['BROKER_URL']; from safety_api.celery import app; print(app.conf.broker_url)"
    end = start({"BROKER_URL": "unix:///run/queue.sock"}, "-c", code)
    assert (end.returncode, end.stdout) == (0, "redis+socket:///run/queue.sock\n"), end.stderr


def test_rabbitmq_has_a_quorum_queue_of_its_own_name_and_redis_keeps_its_words():
    rabbit = settings_after_start(BROKER_URL="amqp://rabbit/safety")
    ((name, queue),) = rabbit["CELERY_TASK_QUEUES"].items()
    assert (name, rabbit["CELERY_TASK_DEFAULT_QUEUE"]) == ("safety-quorum", "safety-quorum")
    assert queue["queue_arguments"]["x-queue-type"] == "quorum"
    assert rabbit["CELERY_BROKER_TRANSPORT_OPTIONS"] == {"confirm_publish": True, "connect_timeout": 3}
    redis = settings_after_start()
    assert redis["CELERY_TASK_QUEUES"] is None
    assert redis["CELERY_BROKER_TRANSPORT_OPTIONS"]["visibility_timeout"] == 900


def test_every_variable_has_a_description():
    assert {"SECRET_KEY", "SECRET_KEY_FILE", "DATABASE_URL", "MIGRATE_DATABASE_URL", "REDIS_URL", "BROKER_URL", "BROKER_URL_FILE", "PORT", "DEMO"} <= KNOWN.keys()
    assert all(about for about in KNOWN.values())


SEVERAL = {"target_session_attrs": "read-write", "connect_timeout": 2}
HOSTS = [
    ("app@db:5432/safety", {"target_session_attrs": None, "connect_timeout": 5}),
    ("app@a,b/safety", SEVERAL | {"host": "a,b"}),
    ("app@a:5432,b:5433/safety", SEVERAL | {"host": "a,b", "port": "5432,5433"}),
    ("app@/safety?host=a,b&port=5432,5433", SEVERAL | {"host": "a,b", "port": "5432,5433"}),
    ("app@/safety?host=a,b&target_session_attrs=primary&connect_timeout=9", SEVERAL | {"target_session_attrs": "primary", "connect_timeout": 9}),
    ("app@/safety?host=/run/pg", {"host": "/run/pg", "target_session_attrs": None}),
]


@pytest.mark.parametrize("address, wanted", HOSTS, ids=[row[0] for row in HOSTS])
def test_of_several_hosts_the_one_that_takes_writes_is_looked_for(monkeypatch, address, wanted):
    monkeypatch.setenv("DATABASE_URL", f"postgis://{address}")
    found = DatabaseWrapper(connection.settings_dict | database("DATABASE_URL", None, ""), "elsewhere").get_connection_params()
    assert {name: found.get(name) for name in wanted} == wanted
    assert found["keepalives_idle"] == 5
