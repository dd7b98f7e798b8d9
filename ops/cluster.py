"""The private PostgreSQL with PostGIS: on a unix socket, no TCP port, for no one but us."""

import functools
import hashlib
import ipaddress
import json
import locale
import os
import pwd
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ops.home import AS_ROOT, Home, as_server, new_secret_key, server_may_enter, server_user, write_private
from ops.processes import Service, end_all_in
from ops.show import Failed

VERSIONS = (15, 16, 17, 18)
FOLDERS = (
    "/usr/lib/postgresql/{}/bin",  # Debian, Ubuntu
    "/usr/pgsql-{}/bin",  # PGDG on Red Hat and its kin
    "/usr/libexec/postgresql{}",  # Alpine
    "/opt/homebrew/opt/postgresql@{}/bin",
    "/usr/local/opt/postgresql@{}/bin",
)
PROGRAMS = ("initdb", "postgres", "psql", "pg_dump", "pg_restore", "pg_config")
SUPERUSER = "postgres"
ROLES = ("safety_owner", "safety_app")
STANDBY = "safety_standby"  # its role and its name: the primary waits for whoever bears it
OVER_THE_NETWORK = (*ROLES, STANDBY)
CLEAN = {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "TZ": "UTC"}
OPERATOR = CLEAN | {"PGOPTIONS": "-c synchronous_commit=local"}  # nothing we say as the superuser waits for a standby

# Who connects is who the kernel says (peer): the caller, and the server's own user. No password to keep or to leak.
# Whole copies of the cluster leave it through the second line, to a standby; what no line names is refused.
HBA = f"""# type  database     user  method
local   all          all   peer map=safety
local   replication  {SUPERUSER},{STANDBY}   peer map=safety
"""
# With a password, and only from the networks that `./safety standby allow` was told.
NETWORK = f"""host  safety                {",".join(ROLES)}  {{network}}  scram-sha-256
host  postgres,replication  {STANDBY}  {{network}}  scram-sha-256
"""

SERVER = """
unix_socket_permissions = 0700
max_connections = 200
jit = off                                   # our queries are short; compiling them costs more than it saves
max_parallel_workers_per_gather = 0         # so does starting two processes for a page of a list: 20 ms became 77
random_page_cost = 1.1
work_mem = '16MB'
maintenance_work_mem = '256MB'
max_wal_size = '2GB'
checkpoint_timeout = '15min'
wal_compression = on
timezone = 'UTC'
log_timezone = 'Asia/Shanghai'
log_line_prefix = '%m [%p] %u@%d '
log_min_duration_statement = 1000
wal_sender_timeout = '10s'                  # a second PostgreSQL that vanished is noticed
wal_receiver_timeout = '10s'
max_slot_wal_keep_size = '10GB'             # one that stays away does not fill the disk: it has to be copied anew
"""
DURABLE = "fsync = on\nfull_page_writes = on\nsynchronous_commit = on\n"
FLEETING = "fsync = off\nfull_page_writes = off\nsynchronous_commit = off\n"  # the tests' cluster only

SQL = Path(__file__).parent / "sql"


def _candidates() -> Iterator[Path]:
    yield from (Path(folder.format(version)) for version in VERSIONS for folder in FOLDERS)
    if pg_config := shutil.which("pg_config"):
        yield Path(_ask(pg_config, "--bindir"))
    if postgres := shutil.which("postgres"):
        yield Path(postgres).resolve().parent


def _ask(program: str | Path, option: str) -> str:
    return subprocess.run([program, option], env=CLEAN, capture_output=True, text=True, check=False).stdout.strip()


def release_of(programs: Path) -> str:
    """15.12 of `postgres (PostgreSQL) 15.12 (Debian …)`; empty when it does not tell."""
    found = re.search(r"\) (\d\S*)", _ask(programs / "postgres", "--version"))
    return found.group(1) if found else ""


def major_of(programs: Path) -> int:
    found = re.match(r"\d+", release_of(programs))
    return int(found.group()) if found else 0


def lacks(programs: Path) -> str:
    """What keeps this installation from being used; empty when nothing does."""
    if missing := [name for name in PROGRAMS if not os.access(programs / name, os.X_OK)]:
        return ", ".join(missing)
    extension = Path(_ask(programs / "pg_config", "--sharedir")) / "extension"
    wanted = ("postgis", "btree_gist", "pg_trgm")
    return ", ".join(f"{name}.control" for name in wanted if not (extension / f"{name}.control").exists())


def find_programs(major: int = 0) -> Path | None:
    """The folder of a PostgreSQL 15–18 that has PostGIS; of that major version when one is asked for."""
    for programs in _candidates():
        if programs.is_dir() and not lacks(programs):
            version = major_of(programs)
            if version in VERSIONS and version == (major or version):
                return programs
    return None


class Second(NamedTuple):
    """How a second PostgreSQL reaches this one, and whether a write waits for it."""

    listen: str = ""
    networks: tuple[str, ...] = ()
    wait: bool = False

    @property
    def lines(self) -> str:
        """Of the configuration."""
        waited_for = f"ANY 1 ({STANDBY})" if self.wait else ""
        return f"listen_addresses = '{self.listen}'\nsynchronous_standby_names = '{waited_for}'\n"


class Cluster:
    def __init__(self, home: Home):
        self.home = home
        self.service = Service(home, "postgres")

    @property
    def socket(self) -> Path:
        return self.home.sockets / "pg"

    @property
    def data(self) -> Path:
        """In the state folder; as root, when `postgres` may not enter there, behind a link to /var/lib/postgresql."""
        return Path(os.path.realpath(self.home.state / "postgres"))

    @functools.cached_property
    def programs(self) -> Path:
        version = self.data / "PG_VERSION"
        major = int(version.read_text()) if version.exists() else 0
        if found := find_programs(major):
            return found
        wanted = f"PostgreSQL {major}" if major else "PostgreSQL 15–18"
        raise Failed(f"No {wanted} with PostGIS is installed. Or start everything with: docker compose up")

    def exists(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    # --- a second one (ops/standby.py) --------------------------------------------------------------------------------

    def follows(self) -> bool:
        """Whether it is a standby of another: it takes no writes."""
        return (self.data / "standby.signal").exists()

    def second(self) -> Second:
        try:
            return Second(**json.loads((self.home.state / "standby.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return Second()

    def remember(self, second: Second) -> None:
        write_private(self.home.state / "standby.json", json.dumps(second._asdict()) + "\n")

    @property
    def passwords_file(self) -> Path:
        """In the cluster's own folder: a copy of the cluster has it too, as it has the roles."""
        return self.data / "network-passwords"

    def passwords(self) -> dict[str, str]:
        """Of the roles that come over the network."""
        return json.loads(self.passwords_file.read_text(encoding="utf-8")) if self.passwords_file.exists() else {}

    def make_passwords(self) -> dict[str, str]:
        """Made once."""
        if not self.passwords():
            self._write(self.passwords_file, json.dumps({role: new_secret_key() for role in OVER_THE_NETWORK}) + "\n")
        known = self.passwords()
        self.sql("".join(f"ALTER ROLE {role} PASSWORD '{word}';" for role, word in known.items()), "postgres")
        return known

    def replaced_by(self) -> str:
        """The address of another that was promoted while this one lay there; empty when there is none."""
        known = self.passwords().get(STANDBY)
        networks = map(ipaddress.ip_network, self.second().networks if known and not self.follows() else ())
        hosts = [str(each.network_address) for each in networks if each.num_addresses == 1]
        return next((host for host in hosts if self._takes_writes(host, known or "")), "")

    def _takes_writes(self, host: str, password: str) -> bool:
        line = f"host={host} user={STANDBY} dbname=postgres connect_timeout=2 target_session_attrs=read-write"
        command = [str(self.programs / "psql"), "-X", "-At", "-d", line, "-c", "SELECT 1"]
        return subprocess.run(command, env=CLEAN | {"PGPASSWORD": password}, capture_output=True, check=False).returncode == 0

    def has_standby(self) -> bool:
        return self.sql(f"SELECT count(*) FROM pg_stat_replication WHERE application_name = '{STANDBY}'", "postgres") != "0"

    def refuse_to_wait_in_vain(self) -> None:
        """Before what writes much: each commit would wait for a standby that is not there."""
        if self.second().wait and not self.has_standby():
            raise Failed("The standby is away, and writes wait for it: start it, or say ./safety standby wait off first.")

    def _refuse_beside_another(self) -> None:
        """Two primaries would each take visits."""
        if other := self.replaced_by():
            raise Failed(
                f"{other} is the primary now; what is here was replaced by it, and may lack its visits or have some of its own.\n"
                "Make this one its standby: ./safety standby follow WHERE --yes (docs/operations.md, A second PostgreSQL)"
            )

    # --- making -----------------------------------------------------------------------------------------------------

    def make(self) -> None:
        if self.exists():
            return
        self.settle()
        part = self.data.with_name(self.data.name + ".part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=0o700)
        self.give(part)
        flags = ["--data-checksums"] if self.home.durable else ["--no-sync"]
        words = [str(self.programs / "initdb"), "-D", str(part), "-U", SUPERUSER, "-E", "UTF8", f"--locale={_locale()}"]
        log = self.home.logs / "initdb.log"
        with open(log, "wb") as out:
            done = subprocess.run([*words, "--auth=peer", *flags], env=CLEAN, stdout=out, stderr=out, **as_server())
        if done.returncode:
            shutil.rmtree(part, ignore_errors=True)
            raise Failed("The database cluster could not be made.", log=log)
        part.rename(self.data)

    def settle(self) -> None:
        place = self.home.state / "postgres"
        if AS_ROOT and not place.is_symlink() and not server_may_enter(self.home.state):
            place.symlink_to(Path("/var/lib/postgresql") / self.home.nickname)

    def give(self, path: Path) -> None:
        if user := server_user():
            shutil.chown(path, user, pwd.getpwnam(user).pw_gid)

    def _configure(self) -> None:
        """Written anew at each start: the folder may have moved, or someone else may start it."""
        caller = pwd.getpwuid(os.geteuid()).pw_name
        people = sorted({caller, server_user() or caller})
        names = "".join(f'safety  "{who}"  {role}\n' for who in people for role in (SUPERUSER, *OVER_THE_NETWORK))
        folder = str(self.socket).replace('"', '""').replace("'", "''")
        memory = f"shared_buffers = '{_shared_buffers()}MB'\n"
        mode = DURABLE if self.home.durable else FLEETING
        second = self.second()
        files = {
            "pg_hba.conf": HBA + "".join(NETWORK.format(network=each) for each in second.networks),
            "pg_ident.conf": names,
            "safety.conf": f"unix_socket_directories = '\"{folder}\"'\n{SERVER}{second.lines}{memory}{mode}",
        }
        for name, content in files.items():
            self._write(self.data / name, content)
        main = self.data / "postgresql.conf"
        text = main.read_text(encoding="utf-8") if main.exists() else ""  # a copied cluster's may be in another folder
        if "include = 'safety.conf'" not in text:
            self._write(main, f"{text}\ninclude = 'safety.conf'\n")

    def _write(self, path: Path, content: str) -> None:
        part = path.with_name(path.name + ".part")
        part.write_text(content, encoding="utf-8")
        part.chmod(0o600)
        self.give(part)
        part.replace(path)

    # --- running ----------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Make it if need be, start it, and hold roles, extensions and privileges to what is written above."""
        self.launch()
        self.service.wait(self.answers, 60)
        if not self.follows():
            self._prepare()

    def reload(self) -> None:
        """The configuration as it is wanted now, of a cluster that runs."""
        self._configure()
        self.sql("SELECT pg_reload_conf()", "postgres")

    def launch(self) -> None:
        """Made if need be and started, without waiting until it answers."""
        self.home.open_sockets()
        self.make()
        if not self.service.running() and not self._adopt():
            self._refuse_beside_another()
            end_all_in(self.data)
            (self.data / "postmaster.pid").unlink(missing_ok=True)  # nobody lives there now; a dead one not buried yet still has its number
            self.socket.mkdir(mode=0o700, exist_ok=True)
            self.give(self.socket)
            self.socket.chmod(0o700)
            (self.socket / ".s.PGSQL.5432.lock").unlink(missing_ok=True)  # no one else's can be in our own folder
            self._configure()
            command = [self.programs / "postgres", "-D", self.data]
            self.service.start(command, env=CLEAN | {"STATE_DIR": str(self.home.state)}, **as_server())

    def _adopt(self) -> bool:
        """A server of this cluster that we lost sight of is ours; a lock whose number is dead, or someone else's now, is stale."""
        lock = self.data / "postmaster.pid"
        try:
            pid = int(lock.read_text().split()[0])
            folder = os.readlink(f"/proc/{pid}/cwd")
        except (OSError, ValueError, IndexError):
            return False
        if folder != str(self.data):
            return False
        self.service.remember(pid)
        return True

    def answers(self) -> bool:
        return self._psql("SELECT 1", "postgres").returncode == 0

    def stop(self) -> bool:
        return self.service.stop(by=signal.SIGINT, patience=90)  # fast shutdown: sessions end, everything is written

    def _prepare(self) -> None:
        createdb = "NOCREATEDB" if self.home.durable else "CREATEDB"
        roles, database = ((SQL / name).read_text(encoding="utf-8") for name in ("roles.sql", "database.sql"))
        wanted = hashlib.sha256(f"{createdb}{roles}{database}".encode()).hexdigest()
        mark = self.data / "safety-prepared"
        if mark.exists() and mark.read_text().strip() == wanted:
            return
        self.sql(roles, "postgres", createdb=createdb)
        for name in ("safety",) if self.home.durable else ("safety", "template1"):
            self.sql(database, name)
        self._write(mark, wanted + "\n")

    # --- asking -----------------------------------------------------------------------------------------------------

    def tool(self, program: str, *words: str | Path) -> list[str]:
        return [str(self.programs / program), "-h", str(self.socket), "-U", SUPERUSER, *map(str, words)]

    def _psql(self, sql: str, database: str, **variables: str) -> subprocess.CompletedProcess:
        given = [word for name, value in variables.items() for word in ("-v", f"{name}={value}")]
        command = self.tool("psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", *given, "-d", database)
        return subprocess.run(command, input=sql, env=OPERATOR, capture_output=True, text=True, check=False)

    def sql(self, sql: str, database: str = "safety", **variables: str) -> str:
        """What psql answers, as the superuser. Raises Failed with PostgreSQL's own words."""
        done = self._psql(sql, database, **variables)
        if done.returncode:
            raise Failed(f"PostgreSQL refused: {done.stderr.strip()}", log=self.service.log)
        return done.stdout.strip()

    def renew(self) -> None:
        """Have roles and privileges looked at again at the next start (after a restore)."""
        (self.data / "safety-prepared").unlink(missing_ok=True)

    def remove(self) -> None:
        target, place = self.data, self.home.state / "postgres"
        shutil.rmtree(target, ignore_errors=True)
        if place.is_symlink():
            place.unlink()


def _locale() -> str:
    """C.UTF-8 sorts as C and knows letters beyond ASCII; where the system lacks it, plain C."""
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return "C"
    return "C.UTF-8"


def _shared_buffers() -> int:
    """A sixteenth of the machine's memory in MB, between 128 and 1024."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return max(128, min(1024, total // 16))
