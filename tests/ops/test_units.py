"""The systemd units run the same commands as everything else, from folders with any name."""

import configparser
import shutil
import subprocess

import pytest

from ops import machines, services, units

NAMES = {"safety.service", *(f"safety-{name}.service" for name in services.COMMANDS)}


@pytest.fixture
def written(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("STATE_DIR", str(tmp_path / "100% two $words"))
    assert units.units(str(tmp_path / "units")) == 0
    capsys.readouterr()
    return tmp_path / "units"


def read(path) -> configparser.ConfigParser:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read_string(path.read_text(encoding="utf-8"))
    return unit


def test_there_is_a_unit_for_the_house_and_one_for_each_service(written):
    assert {path.name for path in written.iterdir()} == NAMES


@pytest.mark.parametrize("name", services.COMMANDS)
def test_a_unit_runs_its_role_and_rises_again_unless_something_is_missing(written, name):
    service = read(written / f"safety-{name}.service")["Service"]
    assert service["ExecStart"].endswith(f"safety {name}")
    assert service["RestartPreventExitStatus"] == str(machines.WRONG)
    assert (service["Restart"], int(service["TimeoutStopSec"]) > services.GRACE[name]) == ("always", True)


def test_signs_that_mean_something_to_systemd_are_doubled(written):
    assert read(written / "safety.service")["Service"]["Environment"].endswith('100%% two $words"')


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd on this machine")
def test_systemd_accepts_every_unit(written):
    done = subprocess.run(
        ["systemd-analyze", "verify", *sorted(written.iterdir())], capture_output=True, text=True, check=False
    )
    ours = [line for line in (done.stdout + done.stderr).splitlines() if "safety" in line and "is not executable" not in line]
    assert ours == []
