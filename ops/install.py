"""What must be there before anything can run: the system's packages (asked for only when missing) and the venv."""

import ctypes.util
import hashlib
import importlib.util
import json
import os
import platform
import shlex
import shutil
import ssl
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from ops import broker, cluster
from ops.home import AS_ROOT, PROJECT, Home, alone, python, venv_folder
from ops.show import Failed, step

# Which PostgreSQL a release brings; the PostGIS package pulls in GDAL and GEOS too.
RELEASES = {"bookworm": 15, "trixie": 17, "noble": 16, "plucky": 17, "questing": 17}
LIBRARIES = ("gdal", "geos_c")
FONT = "NotoSerifCJK-Regular.ttc"  # papers are printed with it and with no other
FONTS = ("/usr/share/fonts/opentype/noto", "/usr/share/fonts/google-noto-serif-cjk-fonts", "/usr/share/fonts/noto-cjk")
APT = PROJECT / "ops" / "apt-install.sh"
FOREIGN = {  # what the foreign tests start: Debian's package, and the program by which it is known to be there
    "nginx": "nginx",
    "haproxy": "haproxy",
    "rabbitmq-server": "rabbitmq-server",
    "pgbouncer": "pgbouncer",
    "chromium": "chromium",
    "webkit2gtk-driver": "WebKitWebDriver",
    "xvfb": "Xvfb",  # a screen for WebKit, which has no mode without one
    "dbus": "dbus-run-session",
}
LOCKS = ("requirements.lock",)
TEST_LOCKS = ("requirements.lock", "requirements-test.lock")
INSTALLER = PROJECT / "ops" / "uv.lock"
# uv does not read pip's configuration; a machine that was told of a mirror once need not be told again.
UV_WORDS = {"index-url": "UV_DEFAULT_INDEX", "cert": "SSL_CERT_FILE", "trusted-host": "UV_INSECURE_HOST"}


# --- the system's packages ------------------------------------------------------------------------------------------


def release() -> str:
    try:
        return platform.freedesktop_os_release().get("VERSION_CODENAME", "")
    except OSError:
        return ""


def missing_for_a_role(place: Home) -> list[str]:
    """For web, worker or beat on a machine of its own: the same without the servers. `gdal-bin` brings GDAL and GEOS in every release."""
    libraries = all(ctypes.util.find_library(name) for name in LIBRARIES)
    return [name for name, there in (("gdal-bin", libraries), *_for_python(place)) if not there]


def missing_packages(place: Home) -> list[str]:
    """Debian's names for what is not there; empty when everything is."""
    postgres = RELEASES.get(release(), 15)
    database = cluster.find_programs() and all(ctypes.util.find_library(name) for name in LIBRARIES)
    return [
        name
        for name, there in (
            (f"postgresql-{postgres}-postgis-3", database),
            ("redis-server", broker.find_program()),
            *_for_python(place),
        )
        if not there
    ]


def _for_python(place: Home) -> tuple[tuple[str, bool], ...]:
    return (f"python3.{sys.version_info.minor}-venv", _has_venv(place)), ("fonts-noto-cjk", has_font())


def has_font() -> bool:
    return any((Path(folder) / FONT).exists() for folder in (os.environ.get("FONT_DIR") or "/", *FONTS))


def _has_venv(place: Home) -> bool:
    return _works(place) or importlib.util.find_spec("ensurepip") is not None


def packages(place: Home) -> None:
    _packages(place, lambda: missing_packages(place))


def packages_for_a_role(place: Home) -> None:
    _packages(place, lambda: missing_for_a_role(place))


def _packages(place: Home, lacking: Callable[[], list[str]]) -> None:
    with step("系统软件 system packages"):
        if missing := lacking():
            _apt(place, missing, lacking)


def foreign_engines(place: Home, label: str = "外部引擎 foreign engines") -> None:
    """What `./safety test --all` starts beside the house's own engines; nothing of it starts by itself."""
    with step(label):
        if missing := missing_engines():
            _apt(place, missing, missing_engines)


def missing_engines() -> list[str]:
    return [package for package, program in FOREIGN.items() if not foreign_program(program)]


def foreign_program(name: str) -> str | None:
    """Its path; Debian keeps servers where an ordinary user's PATH does not look."""
    return shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"]))


def _apt(place: Home, missing: list[str], still: Callable[[], list[str]]) -> None:
    if not shutil.which("apt-get") or release() not in RELEASES:
        raise Failed(
            "This system lacks what Debian calls " + ", ".join(missing) + ".\n"
            "Install PostgreSQL 15–18 with PostGIS, GDAL, GEOS, Redis and the font Noto Serif CJK with its own package manager\n"
            "(FONT_DIR names the folder of the font, if it is elsewhere than usual),\n"
            "or start everything in containers: docker compose up"
        )
    command = [str(APT), *missing]
    if not AS_ROOT:
        if not _may_sudo():
            raise Failed(
                "These packages are missing, and installing them needs root: " + " ".join(missing) + "\n"
                f"Run once:  sudo {shlex.join(command)}\n"
                f"(the same as: apt-get install --no-install-recommends {' '.join(missing)},\n"
                "but without starting a system PostgreSQL or Redis), then ./safety up again."
            )
        command = ["sudo", "-n", *command]
    logged(command, place.logs / "install.log", "The system packages could not be installed.")
    if left := still():
        raise Failed("Installed, and still missing: " + ", ".join(left), log=place.logs / "install.log")


def _may_sudo() -> bool:
    if not shutil.which("sudo"):
        return False
    return subprocess.run(["sudo", "-n", "true"], stderr=subprocess.DEVNULL, check=False).returncode == 0


def logged(command: list, log: Path, problem: str, *, env: dict[str, str] | None = None, cwd: Path | None = None) -> None:
    """Runs it; what it prints goes to `log`. Raises Failed with `problem` and the end of the log."""
    with open(log, "wb") as out:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=env, cwd=cwd, check=False)
    if done.returncode:
        raise Failed(problem, log=log)


# --- the venv -------------------------------------------------------------------------------------------------------


def venv(place: Home, locks: tuple[str, ...] = LOCKS, label: str = "Python 软件包 packages, hashed") -> None:
    """The locked packages in the venv. A VENV_DIR of the caller's own is used as it is."""
    folder = venv_folder(place)
    with step(label), alone(folder.parent / "venv.lock", "another ./safety installs Python packages"):
        if os.environ.get("VENV_DIR"):
            if not _works(place):
                raise Failed(f"VENV_DIR={folder} holds no working Python.")
            return
        stamp = folder / "safety-locks.json"
        wanted = {name: _digest(PROJECT / name) for name in locks}
        if _works(place) and wanted.items() <= _stamped(stamp).items():
            return
        _make(place, folder)
        _install(place, locks)
        stamp.write_text(json.dumps({**_stamped(stamp), **wanted}) + "\n", encoding="utf-8")


def locks_digest() -> str:
    return "".join(_digest(PROJECT / name) for name in LOCKS)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _stamped(stamp: Path) -> dict[str, str]:
    try:
        return json.loads(stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _works(place: Home) -> bool:
    try:
        done = subprocess.run([python(place), "-c", "import ssl"], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def _make(place: Home, folder: Path) -> None:
    """A venv with pip in it; one whose Python has gone is made anew."""
    log = place.logs / "venv.log"
    if not _works(place):
        logged([sys.executable, "-m", "venv", "--clear", folder], log, "The Python environment could not be made.")
    elif subprocess.run([python(place), "-c", "import pip"], capture_output=True, check=False).returncode:
        logged([python(place), "-m", "ensurepip"], log, "pip could not be put into the Python environment.")


def _install(place: Home, locks: tuple[str, ...]) -> None:
    """By uv; should uv not get through where pip does (a mirror that only pip knows), by pip."""
    pip = [python(place), "-m", "pip", "install", "--no-input", "--require-hashes"]
    problem = "The Python packages could not be installed."
    files = [word for name in locks for word in ("-r", str(PROJECT / name))]
    logged([*pip, "-r", str(INSTALLER)], place.logs / "uv.log", problem)
    trust = ["--system-certs"] if ssl.create_default_context().cert_store_stats()["x509_ca"] else []
    uv = [venv_folder(place) / "bin" / "uv", "pip", "install", *trust, "--require-hashes", "--python", python(place)]
    try:
        logged([*uv, *files], place.logs / "packages.log", problem, env=uv_environment(place))
    except Failed:
        logged([*pip, *files], place.logs / "packages-pip.log", problem)


def uv_environment(place: Home) -> dict[str, str]:
    """The caller's environment, and pip's configuration in uv's words where uv was told nothing."""
    command = [python(place), "-m", "pip", "config", "list"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return uv_words(listed) | dict(os.environ)


def uv_words(pip_config: str) -> dict[str, str]:
    """From lines like global.index-url='https://…'; what the environment says (:env:) comes last in them and wins."""
    found = {}
    lines = (line.partition("=") for line in pip_config.splitlines())
    for key, _, value in sorted(lines, key=lambda line: line[0].startswith(":env:")):
        if name := UV_WORDS.get(key.rpartition(".")[2]):
            found[name] = " ".join(shlex.split(value))
    return found
