"""Where things are, and what the services are told through their environment."""

import fcntl
import functools
import hashlib
import os
import pwd
import secrets
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from ops.show import Failed

PROJECT = Path(__file__).resolve().parent.parent
SOCKET_LIMIT = 100  # sun_path holds 108 bytes on Linux and 104 on macOS, the closing NUL included
LONGEST_SOCKET = "pg/.s.PGSQL.5432"
AS_ROOT = os.geteuid() == 0
READABLE = "abcdefghjkmnpqrstuvwxyz"  # no letter that is mistaken for another when a password is read aloud
DIGITS = "23456789"


@functools.cache
def server_user() -> str | None:
    """PostgreSQL refuses to run as root: then it runs as the user `postgres`. None: it runs as whoever calls."""
    if not AS_ROOT:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        raise Failed("PostgreSQL refuses to run as root, and there is no user `postgres`: use another user.") from None


def as_server() -> dict:
    """Keyword arguments of subprocess that run a command as the server's user."""
    user = server_user()
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": [], "cwd": "/"} if user else {"cwd": "/"}


def server_may_enter(folder: Path) -> bool:
    return subprocess.run(["test", "-x", folder], **as_server(), check=False).returncode == 0


@dataclass(frozen=True)
class Home:
    """One state folder and everything that runs from it. The tests' and the bench's homes are folders inside."""

    state: Path
    durable: bool = True  # False: the tests' home; nothing in it need survive a crash

    @property
    def run(self) -> Path:
        return self.state / "run"

    @property
    def logs(self) -> Path:
        return self.state / "logs"

    @property
    def photos(self) -> Path:
        return self.state / "photos"

    @property
    def backups(self) -> Path:
        return self.state / "backups"

    @property
    def secret_key(self) -> Path:
        return self.state / "secret-key"

    @property
    def demo_password(self) -> Path:
        return self.state / "demo-password"

    @property
    def no_demo(self) -> Path:
        return self.state / "no-demo"

    @property
    def bucket(self) -> Path:
        """Where the photos are, if not in this folder."""
        return self.state / "bucket"

    @property
    def nickname(self) -> str:
        return "safety-" + hashlib.sha256(os.fsencode(self.state)).hexdigest()[:10]

    @functools.cached_property
    def sockets(self) -> Path:
        """The folder of the unix sockets: in the state folder, or a private short one when the path is too long
        or the server's user may not enter. Once chosen it stays: what runs is not lost when a folder's mode changes."""
        short = Path("/run" if AS_ROOT and os.access("/run", os.W_OK) else tempfile.gettempdir())
        away = short / f"{self.nickname}-{os.geteuid()}"
        fits = len(os.fsencode(self.run / LONGEST_SOCKET)) <= SOCKET_LIMIT
        chosen = os.readlink(self.chosen_sockets) if self.chosen_sockets.is_symlink() else ""
        if chosen == str(away) or (chosen == "run" and fits):  # a copied state folder brings another's choice along
            return self.state / chosen
        return self.run if fits and server_may_enter(self.state) else away

    @property
    def chosen_sockets(self) -> Path:
        return self.state / "sockets"

    @property
    def redis_socket(self) -> Path:
        return self.sockets / "redis.sock"

    def open(self) -> "Home":
        """Make the folders. As root, others may pass through the state folder (the server's user must), not read."""
        passage = 0o711 if AS_ROOT else 0o700
        if not self.state.exists():
            self.state.parent.mkdir(parents=True, exist_ok=True)
            self.state.mkdir()
            self.state.chmod(passage)
        for folder, mode in ((self.run, passage), (self.logs, 0o700), (self.photos, 0o700)):
            folder.mkdir(exist_ok=True)
            _own(folder).chmod(mode)
        return self

    def open_sockets(self) -> None:
        """Later than open(): the server's user must be there, and a package brings it."""
        self.sockets.mkdir(exist_ok=True)
        _own(self.sockets).chmod(0o711 if AS_ROOT else 0o700)
        self.chosen_sockets.unlink(missing_ok=True)
        self.chosen_sockets.symlink_to("run" if self.sockets == self.run else self.sockets)

    def secret(self, path: Path, make) -> str:
        """The content of a file only its owner may read, made at first use."""
        if not path.exists():
            write_private(path, make() + "\n")
        return path.read_text(encoding="utf-8").strip()


def _own(folder: Path) -> Path:
    """Refuse a folder that someone else put in our place (the short socket folder stands in a shared one)."""
    facts = folder.lstat()
    if folder.is_symlink() or not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.geteuid():
        raise Failed(f"{folder} is not a folder of yours; remove it or choose another STATE_DIR.")
    return folder


def write_private(path: Path, content: str) -> None:
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def home() -> Home:
    state = Path(os.environ.get("STATE_DIR") or PROJECT / ".state").expanduser()
    return Home(Path(os.path.realpath(state)))


@contextmanager
def alone(path: Path, why: str) -> Iterator[None]:
    """One at a time: a second `up` waits for the first and then finds everything running."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"  … waiting: {why}", file=sys.stderr, flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def if_free(path: Path) -> Iterator[bool]:
    """Held when nobody else holds it: True. Else False, without waiting."""
    with open(path, "a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


# --- what the services are told -------------------------------------------------------------------------------------


def new_secret_key() -> str:
    return secrets.token_urlsafe(64)


def new_demo_password() -> str:
    """Upper and lower case, digits and a sign, as the password rules ask; about 45 bits."""
    letters = "".join(secrets.choice(READABLE) for _ in range(6))
    return f"Demo-{letters}-{''.join(secrets.choice(DIGITS) for _ in range(6))}"


def settings_words(environ: Mapping[str, str]) -> dict[str, str]:
    """Those variables that settings.py reads."""
    text = (PROJECT / "safety_api" / "settings.py").read_text(encoding="utf-8")
    return {name: value for name, value in sorted(environ.items()) if f'"{name.removesuffix("_FILE")}"' in text}


def demo_wanted(place: Home, caller: Mapping[str, str] = os.environ) -> bool:
    """DEMO; else what was said the first time: a real county's state must not fill with fiction at some later start."""
    said = caller.get("DEMO", "").strip().lower()
    return said not in ("0", "false", "no", "off") if said else not place.no_demo.exists()


def remember_demo(place: Home) -> None:
    if demo_wanted(place):
        place.no_demo.unlink(missing_ok=True)
    else:
        place.no_demo.touch()


def make_secrets(place: Home) -> None:
    """The signing key and the demo accounts' password, made once."""
    place.secret(place.secret_key, new_secret_key)
    if demo_wanted(place):
        place.secret(place.demo_password, lambda: os.environ.get("DEMO_PASSWORD", "").strip() or new_demo_password())


def database_url(place: Home, role: str) -> str:
    return f"postgis://{role}@/safety?host={quote(str(place.sockets / 'pg'), safe='/')}"


def environment(
    place: Home, *, port: int, role: str = "safety_app", caller: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """The caller's environment, with our addresses and secrets in place of any the caller has."""
    ours = {
        "DATABASE_URL": database_url(place, role),
        "MIGRATE_DATABASE_URL": database_url(place, "safety_owner"),
        "REDIS_URL": f"unix://{quote(str(place.redis_socket), safe='/')}?db=0",
        "SECRET_KEY_FILE": str(place.secret_key),
        "EMBEDDED": "1",
        "DEMO": str(int(demo_wanted(place, caller))),
        "STATE_DIR": str(place.state),
        "STORAGE_DIR": str(place.photos),
        "PORT": str(port),
        "ALLOWED_HOSTS": ",".join(["localhost", "127.0.0.1", "[::1]", *_words(caller.get("ALLOWED_HOSTS", ""))]),
        "DJANGO_SETTINGS_MODULE": "safety_api.settings",
        "PYTHONUTF8": "1",
        "PYTHONUNBUFFERED": "1",
        "PATH": f"{venv_folder(place) / 'bin'}{os.pathsep}{caller.get('PATH', '')}",
    }
    if demo_wanted(place, caller):
        ours["DEMO_PASSWORD_FILE"] = str(place.demo_password)
    theirs = {"DATABASE_URL_FILE", "MIGRATE_DATABASE_URL_FILE", "REDIS_URL_FILE", "SECRET_KEY", "DEMO_PASSWORD", "DATABASE_POOLED"}
    theirs |= {"BROKER_URL", "BROKER_URL_FILE", "CELERY_BROKER_URL", "CELERY_BROKER_READ_URL", "CELERY_BROKER_WRITE_URL"}
    theirs |= {"RESULT_BACKEND", "CELERY_RESULT_BACKEND"}
    theirs.add("PYTHONDONTWRITEBYTECODE")  # it would cost each start of Django three seconds more
    kept = {k: v for k, v in caller.items() if k not in theirs and not k.startswith("PG")}
    return kept | ours


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def venv_folder(place: Home) -> Path:
    """VENV_DIR names a ready environment, in which nothing is installed; homes inside a state share its one."""
    if given := os.environ.get("VENV_DIR"):
        return Path(os.path.abspath(given))
    return home().state / "venv"


def python(place: Home) -> str:
    return str(venv_folder(place) / "bin" / "python")
