"""The containers run what `./safety up` runs, and are told only what settings read."""

import re
import subprocess

import pytest
import yaml

from ops import services
from ops.home import PROJECT
from safety_api import alive, health
from safety_api.settings import KNOWN_VARIABLES

COMPOSE = yaml.safe_load((PROJECT / "docker-compose.yml").read_text(encoding="utf-8"))
DOCKERFILE = (PROJECT / "Dockerfile").read_text(encoding="utf-8")
OURS = ("web", "worker", "beat", "migrate")
IN_CONTAINERS = {"python": "python", "host": "0.0.0.0", "port": 8000, "beat": "/tmp/beat-schedule"}


def test_compose_defines_all_services():
    assert set(COMPOSE["services"]) == {*OURS, "postgis", "redis"}


@pytest.mark.parametrize("name", OURS)
def test_a_container_gets_only_variables_that_the_settings_read(name):
    assert set(COMPOSE["services"][name]["environment"]) <= KNOWN_VARIABLES


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


def test_the_health_of_beat_is_what_it_says_itself():
    check = " ".join(COMPOSE["services"]["beat"]["healthcheck"]["test"])
    assert f"ttl('{alive._key('beat')}') < {alive.KEPT - health.SILENT}" in check


def test_every_secret_a_service_uses_is_made_by_the_secrets_script():
    asked = {secret for service in COMPOSE["services"].values() for secret in service.get("secrets", ())}
    made = set(re.findall(r"^make (\w+)", (PROJECT / "ops/compose-secrets.sh").read_text(encoding="utf-8"), re.M))
    assert asked == set(COMPOSE["secrets"]) == made


def test_only_the_web_port_is_published_and_on_localhost():
    published = {name: service["ports"] for name, service in COMPOSE["services"].items() if "ports" in service}
    assert published == {"web": ["127.0.0.1:${PORT:-8000}:8000"]}


def test_the_image_is_built_only_with_variables_the_settings_know():
    build = DOCKERFILE[DOCKERFILE.index("RUN SECRET_KEY") : DOCKERFILE.index("python manage.py collectstatic")]
    assert set(re.findall(r"\b([A-Z_]+)=", build)) <= KNOWN_VARIABLES


@pytest.mark.parametrize("script", ["ops/apt-install.sh", "ops/compose-secrets.sh", "ops/compose-database.sh", "safety"])
def test_shell_scripts_are_valid_posix_shell(script):
    assert subprocess.run(["sh", "-n", PROJECT / script], check=False).returncode == 0
