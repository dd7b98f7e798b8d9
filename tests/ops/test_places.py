"""Where things are, what is asked for, and what the services are told."""

import os
import stat
import sys

import pytest

from ops import cluster, home, house, install
from ops.home import Home
from ops.show import Failed

LOCAL = {"PATH": "/usr/bin"}


def service_environment(tmp_path, **caller: str) -> dict[str, str]:
    return home.environment(Home(tmp_path / "state"), port=8000, caller=LOCAL | caller)


def test_a_too_long_socket_path_moves_to_a_short_private_folder(tmp_path):
    deep = tmp_path / ("x" * 60) / ("y" * 60)
    place = Home(deep).open()
    place.open_sockets()
    try:
        assert len(os.fsencode(place.sockets / home.LONGEST_SOCKET)) <= home.SOCKET_LIMIT
        assert place.sockets.stat().st_uid == os.geteuid()
        assert not place.sockets.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH | stat.S_IWOTH)
    finally:
        place.sockets.rmdir()


def test_a_socket_folder_not_owned_by_the_user_is_refused(tmp_path):
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "run").symlink_to(tmp_path)
    with pytest.raises(Failed, match="not a folder of yours"):
        Home(tmp_path / "state").open()


def test_secrets_are_made_once_and_readable_by_their_owner_only(tmp_path, monkeypatch):
    monkeypatch.delenv("DEMO", raising=False)
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)
    place = Home(tmp_path / "state").open()
    home.make_secrets(place)
    first = place.secret_key.read_text(), place.demo_password.read_text()
    home.make_secrets(place)
    assert (place.secret_key.read_text(), place.demo_password.read_text()) == first
    assert {stat.S_IMODE(path.stat().st_mode) for path in (place.secret_key, place.demo_password)} == {0o600}
    assert len(first[0].strip()) >= 50


def test_a_generated_demo_password_passes_the_password_rules():
    from django.contrib.auth.password_validation import validate_password

    validate_password(home.new_demo_password())


def test_a_database_url_with_spaces_is_parsed_correctly(tmp_path):
    from safety_api.environment import database

    place = Home(tmp_path / "two words" / "state")
    os.environ["SPACED_URL"] = home.database_url(place, "safety_app")
    try:
        parts = database("SPACED_URL", None, "路径带空格的库")
    finally:
        del os.environ["SPACED_URL"]
    assert (parts["USER"], parts["NAME"], parts["OPTIONS"]["host"]) == ("safety_app", "safety", str(place.sockets / "pg"))


def test_the_callers_database_variables_are_not_passed_to_the_services(tmp_path):
    env = service_environment(tmp_path, DATABASE_URL="postgis://x@y/z", DATABASE_URL_FILE="/x", PGHOST="elsewhere", LOG_LEVEL="DEBUG")
    assert "safety_app@" in env["DATABASE_URL"]
    assert not {"DATABASE_URL_FILE", "PGHOST"} & set(env)
    assert env["LOG_LEVEL"] == "DEBUG"


def test_the_callers_queue_is_not_the_services_own(tmp_path):
    theirs = dict.fromkeys(("BROKER_URL", "BROKER_URL_FILE", "CELERY_BROKER_URL", "CELERY_BROKER_READ_URL", "CELERY_RESULT_BACKEND"), "x")
    assert not theirs.keys() & service_environment(tmp_path, **theirs).keys()


def test_additional_allowed_hosts_are_added_to_the_local_ones(tmp_path):
    assert service_environment(tmp_path, ALLOWED_HOSTS="a.example, b.example")["ALLOWED_HOSTS"].endswith("[::1],a.example,b.example")


@pytest.mark.parametrize(
    "said, first_time, wanted",
    [("", "demo", True), ("0", "demo", False), ("", "no demo", False), ("1", "no demo", True), ("false", "demo", False)],
)
def test_an_installation_begun_without_the_demo_stays_without_it(tmp_path, said, first_time, wanted):
    place = Home(tmp_path / "state").open()
    if first_time == "no demo":
        place.no_demo.touch()
    assert home.demo_wanted(place, {"DEMO": said}) is wanted


def test_only_environment_variables_known_to_the_settings_are_selected():
    caller = {"LOG_LEVEL": "INFO", "SECRET_KEY_FILE": "/x", "HOME": "/root", "TERM": "xterm"}
    assert set(home.settings_words(caller)) == {"LOG_LEVEL", "SECRET_KEY_FILE"}


@pytest.mark.parametrize("given", ["abc", "0", "65536", "-1", "8000x"])
def test_an_invalid_port_is_refused_by_name(tmp_path, monkeypatch, given):
    monkeypatch.setenv("PORT", given)
    with pytest.raises(Failed, match="PORT="):
        house.port_of(Home(tmp_path))


def test_a_port_already_in_use_is_named(tmp_path, monkeypatch):
    import socket

    monkeypatch.delenv("HOST", raising=False)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(Failed, match=rf"Port {other.getsockname()[1]} .*\n.*PORT="):
            house.check_port(Home(tmp_path), other.getsockname()[1])


# --- packages -------------------------------------------------------------------------------------------------------


def test_without_root_the_missing_packages_and_command_are_named(tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "find_programs", lambda *_: None)
    monkeypatch.setattr(install.broker, "find_program", lambda: None)
    monkeypatch.setattr(install, "release", lambda: "bookworm")
    monkeypatch.setattr(install.shutil, "which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    monkeypatch.setattr(install, "AS_ROOT", False)
    with pytest.raises(Failed, match="postgresql-15-postgis-3 redis-server"):
        install.packages(Home(tmp_path))


def test_on_an_unknown_system_containers_are_suggested(tmp_path, monkeypatch):
    monkeypatch.setattr(install, "missing_packages", lambda _: ["redis-server"])
    monkeypatch.setattr(install, "release", lambda: "")
    with pytest.raises(Failed, match="docker compose up"):
        install.packages(Home(tmp_path))


def test_a_postgresql_without_postgis_is_not_used(tmp_path):
    for name in cluster.PROGRAMS:
        (tmp_path / name).write_text(f"#!/bin/sh\necho {tmp_path}\n")
        (tmp_path / name).chmod(0o755)
    assert "postgis.control" in cluster.lacks(tmp_path)
    (tmp_path / "initdb").unlink()
    assert cluster.lacks(tmp_path) == "initdb"


def test_the_postgresql_found_has_postgis_and_a_supported_version():
    programs = cluster.find_programs()
    assert cluster.major_of(programs) in cluster.VERSIONS
    assert cluster.find_programs(99) is None


def test_pip_settings_are_passed_on_to_uv():
    listed = (
        ":env:.index-url='https://mirror.example/simple'\n"
        "global.cert='/etc/ssl/own.pem'\n"
        "global.index-url='https://other.example/simple'\n"
        "global.timeout='60'\n"
    )
    assert install.uv_words(listed) == {
        "UV_DEFAULT_INDEX": "https://mirror.example/simple",
        "SSL_CERT_FILE": "/etc/ssl/own.pem",
    }


def test_every_locked_package_has_a_hash_and_no_url():
    for name in (*install.TEST_LOCKS, "ops/uv.lock"):
        text = (install.PROJECT / name).read_text(encoding="utf-8")
        assert "://" not in "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
        assert text.count("==") <= text.count("--hash=sha256:")


def test_the_script_itself_needs_no_package():
    import ast

    known = set(sys.stdlib_module_names) | {"ops"}
    for path in (install.PROJECT / "ops").glob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) else []
            assert {name.partition(".")[0] for name in names} <= known, path
