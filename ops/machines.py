"""web, worker, beat, migrate, ready: one role on a machine of its own, told by its environment alone (docs/operations.md).

The role runs in the foreground in place of this process, so that systemd, a container or a terminal holds the service itself: its
signals, its exit code, its output. Nothing of the embedded house is started here, and nothing of it is used.
"""

import contextlib
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import NoReturn

from ops import house, install, pages, services
from ops.home import PROJECT, Home, environment_of_code, home, python
from ops.show import Failed

WRONG = 2  # exit code: what was asked cannot be begun; trying again helps nobody
S3 = ("S3_BUCKET", "S3_ENDPOINT", "S3_ACCESS_KEY", "S3_SECRET_KEY")
EVERY_ROLE = {
    "DATABASE_URL": ("数据库地址，例如 postgis://safety_app:口令@db:5432/safety", "address of the database"),
    "REDIS_URL": (
        "缓存地址，例如 redis://redis:6379/0",
        "address of Redis: cache, and queue unless BROKER_URL names another",
    ),
    "SECRET_KEY": ("签名密钥，所有机器相同，至少 50 个字符", "signing key, the same on every machine"),
    "ALLOWED_HOSTS": ("对外的主机名，逗号分隔", "public host names, separated by commas"),
}
OWNER = {
    "MIGRATE_DATABASE_URL": (
        "建表角色 safety_owner 的数据库地址",
        "address of the database for its owner, who migrates",
    )
}
FOLDER = {
    "STORAGE_DIR": (
        "照片目录，各机共享；或设 STORAGE=s3",
        "folder of the photos, shared by all machines; or STORAGE=s3",
    )
}
BUCKET = dict.fromkeys(S3, ("照片存放在 S3 时需要", "needed while STORAGE=s3"))
OWNERS_WORDS = ("MIGRATE_DATABASE_URL", "MIGRATE_DATABASE_URL_FILE")
ASK_SETTINGS = """
import sys
from django.core.exceptions import ImproperlyConfigured
try:
    import safety_api.settings
except ImproperlyConfigured as refused:
    sys.exit(str(refused))
"""
FIRST_LOAD = (("migrate", "--noinput"), ("load_reference",), ("load_regions",))


# --- what a role must be told ------------------------------------------------------------------------------------------
def needed(role: str, caller: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Variables without which the role cannot run, with what each is for; beat has nothing to do with photos."""
    if role == "migrate":
        return EVERY_ROLE | OWNER
    if role == "beat":
        return EVERY_ROLE
    return EVERY_ROLE | (BUCKET if caller.get("STORAGE") == "s3" else FOLDER)


def missing(role: str, caller: Mapping[str, str]) -> list[str]:
    """A sentence for each that is not there. NAME_FILE stands for NAME."""
    return [
        f"缺少 {name}：{chinese}。{name} is not set: {english}."
        for name, (chinese, english) in needed(role, caller).items()
        if not (caller.get(name, "").strip() or caller.get(f"{name}_FILE", "").strip())
    ]


def environment(place: Home, caller: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The caller's, in production settings; the owner's password stays with `migrate`."""
    kept = {name: value for name, value in caller.items() if name not in OWNERS_WORDS and not name.startswith("DEMO")}
    return kept | environment_of_code(place, caller) | {"EMBEDDED": "0", "STATE_DIR": str(place.state)}


def own_machine(caller: Mapping[str, str] = os.environ) -> bool:
    """EMBEDDED=0: `manage` and `ready` speak of this machine's role, not of the house in the state folder."""
    return caller.get("EMBEDDED", "").strip().lower() in ("0", "false", "no", "off")


# --- one role ----------------------------------------------------------------------------------------------------------
def web() -> int:
    return _run("web")


def worker() -> int:
    return _run("worker")


def beat() -> int:
    return _run("beat")


def _run(role: str) -> int:
    """Returns only what was refused."""
    if said := missing(role, os.environ):
        return _refuse(*said)
    place = home().open()
    env = environment(place)
    _install(place)
    if wrong := _wrong_setting(place, env):
        return _refuse(wrong)
    command = _command(place, role)
    if role == "web":
        _manage(place, env, "collectstatic", "--noinput")
    return _become(command, env)


def _command(place: Home, role: str) -> list[str]:
    port = house.port_of(place) if role == "web" else 0
    if role == "web" and (taken := house.taken(port)):
        raise Failed(f"Port {port} on {house.host()} cannot be used ({taken.strerror}): another program has it?")
    schedule = place.run / "beat-schedule"
    return services.command(role, python=python(place), host=house.host(), port=port, beat=str(schedule))


def _refuse(*sentences: str) -> int:
    for sentence in sentences:
        print(f"safety: {sentence}", file=sys.stderr)
    return WRONG


def _install(place: Home) -> None:
    install.packages_for_a_role(place)
    install.venv(place)
    pages.pages(place)


def _wrong_setting(place: Home, env: dict[str, str]) -> str:
    """The sentence with which the settings refuse their environment; nothing when they take it."""
    asked = subprocess.run(
        [python(place), "-c", ASK_SETTINGS],
        env=env,
        cwd=PROJECT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    return (asked.stderr.strip() or "settings.py") if asked.returncode else ""


def _manage(place: Home, env: dict[str, str], *words: str) -> None:
    command = [python(place), str(PROJECT / "manage.py"), *words]
    if subprocess.run(command, env=env, cwd=PROJECT, check=False).returncode:
        raise Failed(f"manage.py {' '.join(words)} failed (its words are above).")


def _become(command: list[str], env: dict[str, str]) -> NoReturn:
    os.chdir(PROJECT)
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(command[0], command, env)


# --- beside the roles --------------------------------------------------------------------------------------------------
def migrate() -> int:
    """Tables, reference data and regions, by the owner; once for each release, from any one machine."""
    if said := missing("migrate", os.environ):
        return _refuse(*said)
    place = home().open()
    env = _as_owner(environment(place))
    _install(place)
    if wrong := _wrong_setting(place, env):
        return _refuse(wrong)
    for words in FIRST_LOAD:
        _manage(place, env, *words)
    return 0


def _as_owner(env: dict[str, str], caller: Mapping[str, str] = os.environ) -> dict[str, str]:
    """DATABASE_URL is the owner's."""
    theirs = {name.removeprefix("MIGRATE_"): caller[name] for name in OWNERS_WORDS if caller.get(name)}
    return {name: value for name, value in env.items() if name not in ("DATABASE_URL", "DATABASE_URL_FILE")} | theirs


def manage(*words: str) -> int:
    return _manage_here(*words) if own_machine() else house.manage(*words)


def _manage_here(*words: str) -> int:
    """manage.py in this machine's environment; as the owner for what needs one."""
    role = "migrate" if words[:1] and words[0] in house.OWNER_COMMANDS else "beat"
    if said := missing(role, os.environ):
        return _refuse(*said)
    place = home().open()
    _install_once(place)
    env = environment(place)
    return _become([python(place), str(PROJECT / "manage.py"), *words], _as_owner(env) if role == "migrate" else env)


def _install_once(place: Home) -> None:
    """Only where nothing is there yet: an operator's command does not change the packages under what runs."""
    if not os.access(python(place), os.X_OK):
        with contextlib.redirect_stdout(sys.stderr):
            _install(place)


def ready(*words: str) -> int:
    """Exit code 0: this machine's web, worker or beat can do its work. 1: it cannot, and why."""
    if len(words) != 1 or words[0] not in services.COMMANDS:
        return _refuse("用法：./safety ready web|worker|beat. Usage: ./safety ready web|worker|beat")
    if words[0] == "web":
        return _ready_web(home())
    return manage("ready", words[0])


def _ready_web(place: Home) -> int:
    """By its own door, so that the process is asked and not only what it needs."""
    port = house.port_of(place)
    status, body = house.asked(port)
    for name, says in house.degraded_of(body).items():
        print(f"{name}: {says}")
    print("ready" if status == 200 else f"no answer at port {port}" if status == 0 else "unavailable")
    return int(status != 200)
