"""up, down, status, manage, reset: the house as a whole, in the order in which its parts need each other."""

import contextlib
import hashlib
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from ops import bucket, exchange, install, lives, pages, services
from ops.broker import Broker
from ops.cluster import Cluster, release_of
from ops.home import (
    PROJECT,
    Home,
    alone,
    demo_wanted,
    environment,
    home,
    ignored,
    make_secrets,
    python,
    remember_demo,
    settings_words,
    write_private,
)
from ops.manager import Manager
from ops.processes import POLL, Service, memory
from ops.show import Failed, size, step, wide

SERVICES = ("web", "worker", "beat")
EVERYTHING = ("postgres", "redis", *SERVICES, *services.WATCHES)
LETTING_GO = 3  # seconds: a web that was killed is gone before its port is free
CODE = (".py", ".json", ".html", ".css", ".js", ".csv", ".txt", ".toml", ".typ", ".po", ".mo", ".lock")
NOT_CODE = {"tests", "bench", "chaos", "docs", "ops", "staticfiles", "node_modules", "__pycache__"}
OWNER_COMMANDS = {"migrate", "makemigrations", "sqlmigrate", "squashmigrations", "optimizemigration", "flush"}


def busy(place: Home):
    return alone(place.state / "lock", "another ./safety works in this state folder")


def hands(place: Home):
    """Held by whoever starts and stops things, so that the watch does not start what is being stopped."""
    return alone(place.run / "hands", "the watch is bringing something back")


# --- where it listens -----------------------------------------------------------------------------------------------


def host() -> str:
    return os.environ.get("HOST", "").strip() or "127.0.0.1"


def port_of(place: Home) -> int:
    """PORT; else the port of the web that already runs here; else 8000."""
    given = os.environ.get("PORT", "").strip()
    if not given:
        return Service(place, "web").running().get("port") or 8000
    if not given.isdecimal() or not 1 <= int(given) <= 65535:
        raise Failed(f"PORT={given!r}: a number from 1 to 65535 is needed, for example PORT=8001 ./safety up")
    return int(given)


def check_port(place: Home, port: int) -> None:
    web = Service(place, "web")
    if web.running().get("port") == port:
        return
    web.clear_orphans()
    until = time.monotonic() + (LETTING_GO if web.record().get("port") == port else 0)
    while error := taken(port):
        if time.monotonic() > until:
            raise Failed(
                f"Port {port} on {host()} cannot be used ({error.strerror}): another program has it?\n"
                f"Choose another one:  PORT={port + 1 if port < 65535 else 8000} ./safety up"
            )
        time.sleep(POLL)


def taken(port: int) -> OSError | None:
    try:
        with socket.socket(socket.AF_INET6 if ":" in host() else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host(), port))
            probe.listen(1)
    except OSError as error:
        return error
    return None


def address(port: int) -> str:
    shown = "127.0.0.1" if host() in ("0.0.0.0", "::") else host()
    return f"http://[{shown}]:{port}/" if ":" in shown else f"http://{shown}:{port}/"


def ready(port: int, path: str = "/readyz") -> bool:
    return asked(port, path)[0] == 200


def asked(port: int, path: str = "/readyz") -> tuple[int, bytes]:
    """Status and body; 0 when nobody answers."""
    shown = "127.0.0.1" if host() == "0.0.0.0" else "::1" if host() == "::" else host()
    line = http.client.HTTPConnection(shown, port, timeout=5)
    try:
        line.request("GET", path, headers={"Host": f"127.0.0.1:{port}"})
        answer = line.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        line.close()


def degraded_of(body: bytes) -> dict[str, str]:
    """What `/readyz` says is not as it should be: name and sentence."""
    try:
        return {str(each["name"]): str(each["says"]) for each in json.loads(body).get("degraded", [])}
    except (ValueError, AttributeError, KeyError, TypeError):
        return {}


# --- up -------------------------------------------------------------------------------------------------------------


def up() -> int:
    begun, place = time.monotonic(), home()
    port = port_of(place)
    bucket.check_named(place)
    with busy(place.open()), hands(place):
        check_port(place, port)
        print(f"安全 safety up · {place.state}")
        install.packages(place)
        install.venv(place)
        pages.pages(place)
        remember_demo(place)
        if Cluster(place).follows():
            return _follow(place)
        bucket.remember(place)
        env = environment(place, port=port)
        _say_ignored(env)
        foundation(place)
        open_doors(place, port, env)
        keep_watch(place, port, env)
    _greet(place, port, time.monotonic() - begun)
    return 0


def _say_ignored(env: dict[str, str]) -> None:
    """Whoever names a database and gets another one is told so."""
    if names := ignored(env):
        print(f"  ⚠ 单机内置模式不采用这些环境变量 NOT heeded by `up`, which has its own: {', '.join(names)}", file=sys.stderr)
        print("    用已有的数据库与队列 with engines of your own: ./safety web, worker, beat (docs/operations.md)", file=sys.stderr)


def _follow(place: Home) -> int:
    """A standby has nothing but its cluster."""
    with step("备机 PostgreSQL follows"):
        Cluster(place).start()
    print("\n这里是备机 this is a standby: it follows its primary, and no web runs. ./safety promote when that is lost.")
    return 0


def foundation(place: Home) -> None:
    """Database, queue and secrets: what everything else stands on."""
    with step("数据库 PostgreSQL + PostGIS"):
        Cluster(place).start()
    with step("队列 Redis"):
        Broker(place).start()
    make_secrets(place)


def open_doors(place: Home, port: int, env: dict[str, str]) -> None:
    """Prepare the data and start the services, both from the code as it is at this moment."""
    code = code_mark()
    prepare(place, env, code)
    serve(place, port, env, code)


def prepare(place: Home, env: dict[str, str], code: str) -> None:
    """Tables, reference data, demo year, static files; skipped when this code and choice were prepared before."""
    if is_prepared(place, env, code):
        return
    Cluster(place).refuse_to_wait_in_vain()
    with Manager(place, env | {"DATABASE_URL": env["MIGRATE_DATABASE_URL"]}) as owner:
        owner.do("表结构 migrate", "migrate", "--noinput")
    with Manager(place, env) as app:
        app.do("基础数据 reference data", "load_reference")
        app.do("行政区划 regions", "load_regions")
        if demo_wanted(place):
            app.do("演示数据 demo year", "load_demo", "--if-empty")
        app.do("静态文件 static files", "collectstatic", "--noinput")
    _note_accounts(place, env)
    _stamp(place).write_text(_prepared(env, code))


def is_prepared(place: Home, env: dict[str, str], code: str) -> bool:
    return _stamp(place).exists() and _stamp(place).read_text() == _prepared(env, code)


def _stamp(place: Home) -> Path:
    return place.run / "prepared"


def _prepared(env: dict[str, str], code: str) -> str:
    return f"{code} {env['DEMO']}"


def _note_accounts(place: Home, env: dict[str, str]) -> None:
    """The list of demo accounts is kept, so that a second `up` need not ask for it."""
    shown = ""
    if demo_wanted(place):
        command = [python(place), str(PROJECT / "manage.py"), "demo_accounts"]
        done = subprocess.run(command, env=env, cwd=PROJECT, capture_output=True, text=True, check=False)
        shown = done.stdout if done.returncode == 0 else ""
    (place.run / "demo-accounts").write_text(shown, encoding="utf-8")


def code_mark() -> str:
    """Changes when a file changes that the services are made of: then they start anew and the tables are migrated."""
    seen = hashlib.sha256(install.locks_digest().encode())
    for folder, names, files in os.walk(PROJECT):
        names[:] = sorted(name for name in names if name not in NOT_CODE and not name.startswith("."))
        for name in sorted(files):
            if name.endswith(CODE):
                facts = os.stat(os.path.join(folder, name))
                seen.update(f"{folder}/{name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return seen.hexdigest()[:16]


def serve(place: Home, port: int, env: dict[str, str], code: str) -> None:
    """The web first, and proven: where it does not come up, yesterday's web, worker and beat go on."""
    mark = f"{code} {settings_mark(env)}"
    with step("网页服务 web"):
        said = start_web(place, port, env, mark)
    if said:
        print(f"    {said}")
    with step("任务与定时 worker, beat"):
        start_service(place, "worker", port, env, mark)
        start_service(place, "beat", port, env, mark)
    with step("就绪 ready"):
        Service(place, "web").wait(lambda: ready(port), 90)
        for name in ("worker", "beat"):
            if not Service(place, name).running():
                raise Failed(f"{name} stopped while starting.", log=Service(place, name).log)


def settings_mark(env: dict[str, str]) -> str:
    settings = json.dumps(settings_words(env)) + host()
    return hashlib.sha256(settings.encode()).hexdigest()[:16]


def start_web(place: Home, port: int, env: dict[str, str], mark: str) -> str:
    """Beside the one that runs, where there is one at this address. What it took, in words; empty where nothing was exchanged."""
    known = Service(place, "web").running()
    if known.get("mark") == mark or not exchange.possible(known, host(), port):
        start_service(place, "web", port, env, mark)
        return ""
    return exchange.exchange(place, _command(place, "web", port), env=env, mark=mark, port=port, host=host())


def start_service(place: Home, name: str, port: int, env: dict[str, str], mark: str) -> None:
    service = Service(place, name)
    if service.running().get("mark") == mark:
        return
    service.stop(patience=services.GRACE[name])
    if name == "web":
        exchange.clear(place)
        check_port(place, port)
    service.start(_command(place, name, port), env=env, mark=mark, port=port, host=host(), cwd=PROJECT)


def _command(place: Home, name: str, port: int) -> list[str]:
    beat = place.run / "beat-schedule"
    return services.command(name, python=python(place), host=host(), port=port, beat=str(beat))


# --- the watch ------------------------------------------------------------------------------------------------------


def wanted_file(place: Home) -> Path:
    return place.run / "wanted.json"


def keep_watch(place: Home, port: int, env: dict[str, str]) -> None:
    """From now on what dies comes back (ops/watch.py), until `down`."""
    lives.hope_again(place)
    watch_mark = f"{_mark_of_ops()} {settings_mark(env)}"
    asked = {"port": port, "mark": Service(place, "web").running().get("mark", ""), "watch_mark": watch_mark}
    write_private(wanted_file(place), json.dumps(asked) + "\n")
    with step("守望 watch"):
        for name in services.WATCHES:
            if Service(place, name).running().get("mark") != watch_mark:
                start_watch(place, name, env, watch_mark)


def _mark_of_ops() -> str:
    facts = [f"{path.name} {path.stat().st_mtime_ns}" for path in sorted((PROJECT / "ops").glob("*.py"))]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:16]


def start_watch(place: Home, name: str, env: dict[str, str], mark: str) -> None:
    service = Service(place, name)
    service.stop()
    service.start([sys.executable, PROJECT / "ops" / "watch.py", name], env=env, mark=mark, cwd=PROJECT)


def end_watch(place: Home) -> None:
    """Nothing is brought back any more. For whoever holds the hands."""
    wanted_file(place).unlink(missing_ok=True)
    for name in services.WATCHES:
        Service(place, name).stop()
    lives.forget(place)


PAGES = (  # of each of the three users, and the demo account that sees it best
    ("检查员 phone     ", "m/", "inspector"),
    ("应急局 map       ", "map", "bureau"),
    ("乡镇领导 ranking ", "ranking", "leader"),
)


def _greet(place: Home, port: int, seconds: float) -> None:
    url = address(port)
    print(f"\n已启动 up in {seconds:.1f} s")
    print(f"  网址 address      {url}")
    for label, path, who in PAGES:
        print(f"  {label} {url}{path}   ({who})")
    print(f"  接口 documents    {url}api/v1/docs")
    print(f"  数据 state        {place.state}")
    if demo_wanted(place) and place.demo_password.exists():
        password = place.demo_password.read_text(encoding="utf-8").strip()
        print(f"  演示口令 password {password}   (演示账号 demo accounts:)")
        for line in _accounts(place):
            print(f"    {line}")
        if os.environ.get("DEMO_PASSWORD", password).strip() != password:
            print("  DEMO_PASSWORD was given, but the accounts keep the password they were made with (above).")


def _accounts(place: Home) -> list[str]:
    try:
        return (place.run / "demo-accounts").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


# --- down -----------------------------------------------------------------------------------------------------------


def down() -> int:
    place = home()
    if not place.run.is_dir():
        print("没有运行 nothing runs here")
        return 0
    with busy(place), hands(place):
        stopped = close(place)
    print("已停止 stopped: " + ", ".join(stopped) if stopped else "没有运行 nothing runs here")
    return 0


def close(place: Home) -> list[str]:
    """Only what was started here; the watch first, the database last."""
    end_watch(place)
    return [name for name, stop in _stoppers(place) if _stopped(name, stop)]


def _stoppers(place: Home) -> Iterator[tuple[str, object]]:
    exchange.clear(place)
    for name in SERVICES:
        yield name, lambda name=name: Service(place, name).stop(patience=services.GRACE[name])
    yield "redis", Broker(place).stop
    yield "postgres", Cluster(place).stop


def _stopped(name: str, stop) -> bool:
    begun = time.monotonic()
    there = stop()
    if there:
        print(f"  ✓ {wide('停止 ' + name, 46)}{time.monotonic() - begun:6.1f} s", flush=True)
    return there


# --- status ---------------------------------------------------------------------------------------------------------


def status() -> int:
    place = home()
    print(f"安全 safety status · {place.state}")
    if not place.run.is_dir():
        print("  尚未启动 never started here: ./safety up")
        return 3
    lines = [_line(place, name) for name in EVERYTHING]
    port = Service(place, "web").running().get("port", 0)
    code, body = asked(port) if port else (0, b"")
    answers = code == 200
    wrong = degraded_of(body)
    print(f"  {wide('readyz', 10)}{('degraded  ' if wrong else 'ok  ') + address(port) if answers else 'no answer'}")
    for name, said in wrong.items():
        print(f"  {wide('warning', 10)}⚠ {name}: {said}")
    for label, value in _facts(place):
        print(f"  {wide(label, 10)}{value}")
    return 0 if all(lines) and answers else 3


def _line(place: Home, name: str) -> bool:
    known, life = Service(place, name).running(), lives.read(place).get(name, lives.Life())
    if not known:
        gone = f"已放弃 given up after {life.tries} starts: {place.logs / name}.log, then ./safety up"
        print(f"  {wide(name, 10)}✗ {gone if life.given_up else '未运行 not running'}")
        return False
    others = {Service(place, other).record().get("pid", 0) for other in EVERYTHING if other != name}
    since = time.strftime("%Y-%m-%d %H:%M", time.localtime(known["since"]))
    port = f"port {known['port']}" if name == "web" else ""
    port += f"  重启 restarts {life.restarts}" if life.restarts else ""
    print(
        f"  {wide(name, 10)}✓ pid {known['pid']:<8} since {since}  {size(memory(known['pid'], without=others)):>9}  {port}".rstrip()
    )
    return True


def _facts(place: Home) -> Iterator[tuple[str, str]]:
    cluster = Cluster(place)
    if cluster.service.running():
        yield "database", _database(cluster)
        if said := _second(cluster):
            yield "standby", said
    count, total = measure(place.photos)
    yield "photos", f"{count} files, {size(total)}" if not place.bucket.exists() else f"in the bucket {place.bucket.read_text().strip()}"
    yield "free", size(shutil.disk_usage(place.state).free)
    yield "code", revision()
    yield "backup", _last_backup(place)
    yield "drill", _last_drill(place)


def _database(cluster: Cluster) -> str:
    """Its size and versions; after an upgrade of the packages under it, what to do: it runs on, but new connections may fail."""
    try:
        runs = cluster.sql("SHOW server_version", "postgres").split()[0]
        if upgraded(runs, installed := release_of(cluster.programs)):
            return (
                f"⚠ PostgreSQL {runs} runs, {installed} is installed: ./safety down && ./safety up (docs/operations.md)"
            )
        total = int(cluster.sql("SELECT pg_database_size(current_database())"))
        return f"{size(total)}, PostgreSQL {runs}, PostGIS {cluster.sql('SELECT postgis_lib_version()')}"
    except (Failed, ValueError, IndexError) as error:
        return f"⚠ it does not answer a new connection: {error}"


def _second(cluster: Cluster) -> str:
    """Of a second PostgreSQL; empty where there is none."""
    if cluster.follows():
        return "这里是备机 this is a standby: ./safety promote when its primary is lost"
    with contextlib.suppress(Failed):
        if cluster.has_standby():
            return f"已连接 connected, {'waited for' if cluster.second().wait else 'not waited for: ./safety standby wait on'}"
        return "⚠ 没有连接，写入暂停 away, and writes wait for it (docs/operations.md)" if cluster.second().wait else ""
    return ""


def upgraded(runs: str, installed: str) -> bool:
    return bool(installed) and runs != installed


def measure(folder: Path) -> tuple[int, int]:
    count = total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            count, total = count + 1, total + os.lstat(os.path.join(parent, name)).st_size
    return count, total


def revision() -> str:
    """The commit this code is at; a folder without history says so."""
    command = ["git", "-c", f"safe.directory={PROJECT}", "-C", str(PROJECT), "describe", "--always", "--dirty"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return "unknown"
    return done.stdout.strip() or "unknown"


def _last_backup(place: Home) -> str:
    try:
        last = json.loads((place.state / "last-backup.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return "none yet: ./safety backup"
    return f"{last['at']}, {size(last['bytes'])}, {last['file']}"


def _last_drill(place: Home) -> str:
    try:
        last = json.loads((place.state / "last-drill.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return "none yet: ./safety drill"
    return f"{last['at']}, {'⚠ 不符 NOT equal' if last['differences'] else '相符 equal'}, {last['file']}"


# --- manage and reset -----------------------------------------------------------------------------------------------


def manage(*words: str) -> int:
    place = home()
    if not os.access(python(place), os.X_OK):
        raise Failed("Nothing is installed yet: ./safety up first.")
    bucket.check_named(place.open())
    if not Service(place, "postgres").running():
        print("(数据库未运行 the database is not running: ./safety up)", file=sys.stderr)
    make_secrets(place)
    role = "safety_app"
    if words and words[0] in OWNER_COMMANDS:
        role = "safety_owner"
        (place.run / "prepared").unlink(missing_ok=True)
    os.chdir(PROJECT)
    env = environment(place, port=port_of(place), role=role)
    os.execve(python(place), [python(place), str(PROJECT / "manage.py"), *words], env)


def reset(*words: str) -> int:
    place = home()
    if not place.state.is_dir():
        print("没有数据 nothing to delete")
        return 0
    if "--yes" not in words and not _sure(place):
        print("未删除 nothing was deleted")
        return 1
    with busy(place.open()), hands(place):
        for part in ("bench", "test"):
            erase(Home(place.state / part))
            shutil.rmtree(place.state / part, ignore_errors=True)
        erase(place)
    print(f"已清空 emptied: {place.state} (venv and backups stay)")
    return 0


def _sure(place: Home) -> bool:
    """Deleting asks for a word, so that a stray Enter deletes nothing; without a keyboard the answer is no."""
    print(f"将删除全部数据 this deletes the database and the photos in {place.state}.")
    if not sys.stdin.isatty():
        print("Say ./safety reset --yes where no one can answer.")
        return False
    try:
        return input("输入 type DELETE: ").strip() == "DELETE"
    except EOFError:
        return False


def erase(place: Home, *, quietly: bool = False) -> None:
    """Delete what is ours by name: a state folder may hold other things too."""
    if not place.run.is_dir():
        return
    with (
        open(os.devnull, "w") if quietly else contextlib.nullcontext(sys.stdout) as told,
        contextlib.redirect_stdout(told),
    ):
        close(place)
    Cluster(place).remove()
    sockets = place.sockets
    for name in ("redis", "photos", "logs", "run"):
        shutil.rmtree(place.state / name, ignore_errors=True)
    own = (place.secret_key, place.demo_password, place.no_demo, place.bucket, place.chosen_sockets)
    notes = ("last-backup.json", "last-drill.json", "standby.json")
    for path in (*own, *(place.state / name for name in notes)):
        path.unlink(missing_ok=True)
    if sockets.name.startswith(place.nickname):
        shutil.rmtree(sockets, ignore_errors=True)
