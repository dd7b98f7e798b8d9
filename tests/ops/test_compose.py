"""The containers run what `./safety up` runs, and are told only what settings read."""

import re
import subprocess

import pytest
import yaml

from ops import services
from ops.home import PROJECT
from safety_api.settings import KNOWN_VARIABLES

COMPOSE = yaml.safe_load((PROJECT / "docker-compose.yml").read_text(encoding="utf-8"))
DOCKERFILE = (PROJECT / "Dockerfile").read_text(encoding="utf-8")
OURS = ("web", "worker", "beat", "migrate")
IN_CONTAINERS = {"python": "python", "host": "0.0.0.0", "port": 8000, "beat": "/tmp/beat-schedule"}


def test_all_services_of_the_house_are_there():
    assert set(COMPOSE["services"]) == {*OURS, "postgis", "redis"}


@pytest.mark.parametrize("name", OURS)
def test_a_container_is_told_only_what_settings_read(name):
    assert set(COMPOSE["services"][name]["environment"]) <= KNOWN_VARIABLES


@pytest.mark.parametrize("name", services.COMMANDS)
def test_containers_run_the_same_commands_as_the_script(name):
    assert COMPOSE["services"][name]["command"] == services.command(name, **IN_CONTAINERS)


def test_the_image_by_itself_is_the_web():
    words = re.findall(r'"([^"]*)"', DOCKERFILE[DOCKERFILE.index("\nCMD ") :])
    assert words == services.command("web", **IN_CONTAINERS)


def test_only_the_migrating_container_knows_the_owner_of_the_tables():
    knowing = {name for name in OURS if "migrate_database_url" in COMPOSE["services"][name]["secrets"]}
    assert knowing == {"migrate"}
    told = COMPOSE["services"]["migrate"]["environment"]["DATABASE_URL_FILE"]
    assert told == "/run/secrets/migrate_database_url"


def test_every_secret_that_a_service_asks_for_is_made_by_the_script_for_it():
    asked = {secret for service in COMPOSE["services"].values() for secret in service.get("secrets", ())}
    made = set(re.findall(r"^make (\w+)", (PROJECT / "ops/compose-secrets.sh").read_text(encoding="utf-8"), re.M))
    assert asked == set(COMPOSE["secrets"]) == made


def test_no_port_but_the_webs_leaves_the_machine():
    published = {name: service["ports"] for name, service in COMPOSE["services"].items() if "ports" in service}
    assert published == {"web": ["127.0.0.1:${PORT:-8000}:8000"]}


def test_the_image_is_built_with_variables_that_settings_know():
    build = DOCKERFILE[DOCKERFILE.index("RUN SECRET_KEY") : DOCKERFILE.index("python manage.py collectstatic")]
    assert set(re.findall(r"\b([A-Z_]+)=", build)) <= KNOWN_VARIABLES


@pytest.mark.parametrize("script", ["ops/apt-install.sh", "ops/compose-secrets.sh", "ops/compose-database.sh", "safety"])
def test_shell_scripts_can_be_read_by_a_plain_shell(script):
    assert subprocess.run(["sh", "-n", PROJECT / script], check=False).returncode == 0
