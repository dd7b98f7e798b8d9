"""The containers run what `./safety up` runs, are told all that settings read and nothing else, and stand behind one door."""

import re
import subprocess

import pytest
import yaml

from ops import services
from ops.home import PROJECT
from safety_api import health
from safety_api.settings import KNOWN_VARIABLES

COMPOSE = yaml.safe_load((PROJECT / "docker-compose.yml").read_text(encoding="utf-8"))
DOCKERFILE = (PROJECT / "Dockerfile").read_text(encoding="utf-8")
OURS = ("web", "worker", "beat", "migrate")
IN_CONTAINERS = {"python": "python", "host": "0.0.0.0", "port": 8000, "beat": "/tmp/beat-schedule"}


def test_compose_defines_all_services():
    assert set(COMPOSE["services"]) == {*OURS, "proxy", "postgis", "redis"}


@pytest.mark.parametrize("name", OURS)
def test_a_container_gets_only_variables_that_the_settings_read(name):
    assert set(COMPOSE["services"][name]["environment"]) <= KNOWN_VARIABLES


NOT_PASSED_ON = {  # what the settings read and nobody may set from outside, with the reason
    "EMBEDDED": "containers are no embedded house", "DEMO": "as EMBEDDED", "DEMO_PASSWORD": "as EMBEDDED", "DEMO_PASSWORD_FILE": "as EMBEDDED",
    "BUILT_DIR": "the image holds what it was built with",
    "STATE_DIR": "as EMBEDDED", "DEBUG": "never in production", "TEST_DATABASE_NAME": "of the tests", "PORT": "the proxy's: inside it is 8000",
    "STATIC_ROOT": "in the image", "FONT_DIR": "in the image", "DJANGO_SETTINGS_MODULE": "in the image",
    "DATABASE_URL": "a secret", "SECRET_KEY": "a secret", "MIGRATE_DATABASE_URL": "a secret, of migrate alone", "REDIS_URL_FILE": "has no password",
    "BROKER_URL_FILE": "BROKER_URL is passed on", "REPLICA_URL_FILE": "REPLICA_URL is passed on", "S3_ACCESS_KEY_FILE": "S3_ACCESS_KEY is passed on", "S3_SECRET_KEY_FILE": "S3_SECRET_KEY is passed on",
    "EMAIL_HOST_PASSWORD_FILE": "EMAIL_HOST_PASSWORD is passed on", "SMS_URL_FILE": "SMS_URL is passed on", "SMS_TOKEN_FILE": "SMS_TOKEN is passed on",
    "ROBOTS_FILE": "ROBOTS is passed on", "BACKDROP_URL_FILE": "BACKDROP_URL is passed on",
}  # fmt: skip


@pytest.mark.parametrize("name", OURS)
def test_every_variable_of_the_settings_is_passed_on_or_left_out_for_a_reason(name):
    passed = COMPOSE["services"][name]["environment"].keys()
    assert passed | NOT_PASSED_ON.keys() == KNOWN_VARIABLES
    assert passed & NOT_PASSED_ON.keys() == set()


def test_a_setting_without_a_value_leaves_the_default_to_the_settings():
    assert set(COMPOSE["x-settings"].values()) == {None}


def test_any_number_of_webs_stand_behind_the_one_proxy():
    web, proxy = COMPOSE["services"]["web"], COMPOSE["services"]["proxy"]
    assert {"ports", "container_name", "hostname"} & web.keys() == set()
    assert proxy["volumes"] == ["./ops/compose-nginx.conf:/etc/nginx/conf.d/default.conf:ro"]


@pytest.mark.parametrize("name", services.COMMANDS)
def test_containers_run_the_same_commands_as_the_script(name):
    assert COMPOSE["services"][name]["command"] == services.command(name, **IN_CONTAINERS)


def test_the_image_runs_the_web_service_by_default():
    words = re.findall(r'"([^"]*)"', DOCKERFILE[DOCKERFILE.index("\nCMD ") :])
    assert words == services.command("web", **IN_CONTAINERS)


def test_only_the_migrate_container_gets_the_owner_credentials():
    knowing = {name for name in OURS if "migrate_database_url" in COMPOSE["services"][name]["secrets"]}
    assert knowing == {"migrate"}
    shown = COMPOSE["services"]["migrate"]["environment"]["DATABASE_URL_FILE"]
    assert shown == "/run/secrets/migrate_database_url"


def test_whatever_dies_in_a_container_is_started_again_and_shows_its_health():
    lasting = {name: service for name, service in COMPOSE["services"].items() if name != "migrate"}
    assert {service["restart"] for service in lasting.values()} == {"unless-stopped"}
    assert all(service["healthcheck"]["test"] for service in lasting.values())


@pytest.mark.parametrize("name", health.SPEAKING)
def test_the_health_of_a_role_without_a_door_is_what_it_needs_and_says(name):
    assert COMPOSE["services"][name]["healthcheck"]["test"] == ["CMD", "python", "manage.py", "ready", name]


def test_every_secret_a_service_uses_is_made_by_the_secrets_script():
    asked = {secret for service in COMPOSE["services"].values() for secret in service.get("secrets", ())}
    made = set(re.findall(r"^make (\w+)", (PROJECT / "ops/compose-secrets.sh").read_text(encoding="utf-8"), re.M))
    assert asked == set(COMPOSE["secrets"]) == made


def test_only_the_port_of_the_proxy_is_published_and_on_localhost():
    published = {name: service["ports"] for name, service in COMPOSE["services"].items() if "ports" in service}
    assert published == {"proxy": ["127.0.0.1:${PORT:-8000}:8080"]}


def test_database_and_queue_have_no_way_out():
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert {name for name, service in COMPOSE["services"].items() if service["networks"] == ["inside"]} == {"postgis", "redis"}


def test_the_image_is_built_only_with_variables_the_settings_know():
    build = DOCKERFILE[DOCKERFILE.index("RUN SECRET_KEY") : DOCKERFILE.index("python manage.py collectstatic")]
    assert set(re.findall(r"\b([A-Z_]+)=", build)) <= KNOWN_VARIABLES


@pytest.mark.parametrize("script", ["ops/apt-install.sh", "ops/compose-secrets.sh", "ops/compose-database.sh", "safety"])
def test_shell_scripts_are_valid_posix_shell(script):
    assert subprocess.run(["sh", "-n", PROJECT / script], check=False).returncode == 0
