"""A second PostgreSQL: a standby that follows this one, or this state's cluster following another, and what is done when one is lost.

What is asked of the cluster's configuration stands in standby.json of the state folder (Cluster.second): it outlives every `up`.
"""

import ipaddress
import shutil
import subprocess
import sys
import time
from urllib.parse import urlsplit

from ops import house, install
from ops.cluster import CLEAN, STANDBY, Cluster, Second, find_programs
from ops.home import Home, as_server, home
from ops.show import Failed, step

USAGE = """./safety standby allow [ADDRESS FROM …]       on the primary: let a standby in (and webs of other machines)
./safety standby follow WHERE [ADDRESS FROM …] [--yes]   on the second machine: copy the primary, then follow it
./safety standby wait on|off                 on the primary: a write is acknowledged when it is on the standby too
./safety promote [--yes]                     on the standby, when the primary is lost"""


def standby(*words: str) -> int:
    verbs = {"allow": allow, "follow": follow, "wait": wait}
    if not words or words[0] not in verbs:
        print(USAGE, file=sys.stderr)
        return 2
    return verbs[words[0]](*words[1:])


# --- on the primary ---------------------------------------------------------------------------------------------------


def allow(*words: str) -> int:
    place = home()
    cluster = _standing(place)
    if cluster.follows():
        raise Failed("This is a standby: it is the primary that lets others in.")
    cluster.start()  # it runs; but its roles may be of an older release
    second = _reachable(cluster.second(), words)
    with house.busy(place), house.hands(place):
        _apply(cluster, second)
        if second.listen:
            cluster.make_passwords()
    _invite(cluster, second)
    return 0


def _standing(place: Home) -> Cluster:
    cluster = Cluster(place)
    if not cluster.service.running():
        raise Failed("The database does not run here: ./safety up first.")
    return cluster


def _reachable(second: Second, words: tuple[str, ...]) -> Second:
    """By this address, from those. Raises Failed for what is no address."""
    if not words:
        return second
    listen, *networks = words
    try:
        ipaddress.ip_address(listen)
        known = tuple(str(ipaddress.ip_network(each)) for each in networks)
    except ValueError as error:
        raise Failed(f"{error}: an address and networks are needed, for example 10.0.0.1 10.0.0.2/32") from None
    if not known:
        raise Failed("From where may they come? For example: ./safety standby allow 10.0.0.1 10.0.0.2/32")
    return second._replace(listen=listen, networks=known)


def _apply(cluster: Cluster, second: Second) -> None:
    """Another address needs a restart: a few seconds of 503."""
    before = cluster.second()
    cluster.remember(second)
    if second.listen == before.listen:
        cluster.reload()
        return
    with step("数据库重启 PostgreSQL listens anew"):
        cluster.stop()
        cluster.start()


def _invite(cluster: Cluster, second: Second) -> None:
    """What to type on the other machine."""
    print("备机可以接入 a standby may follow now. On the second machine:")
    if not second.listen:
        print(f"  ./safety standby follow {cluster.socket}")
        return
    password = cluster.passwords()[STANDBY]
    print(f"  ./safety standby follow postgresql://{STANDBY}:{password}@{second.listen} ITS_ADDRESS {second.listen}/32")
    print(f"网页服务所在的机器 for webs elsewhere, with both machines named (passwords: {cluster.passwords_file}):")
    print(f"  DATABASE_URL=postgis://safety_app:…@{second.listen},ITS_ADDRESS/safety")


def wait(*words: str) -> int:
    if words not in (("on",), ("off",)):
        print(USAGE, file=sys.stderr)
        return 2
    place = home()
    cluster, on = _standing(place), words == ("on",)
    if on and not cluster.has_standby():
        raise Failed("No standby follows: every write would wait for it. First: ./safety standby allow, and follow there.")
    with house.busy(place), house.hands(place):
        cluster.remember(cluster.second()._replace(wait=on))
        cluster.reload()
    print(
        "写入等备机确认后才算成功 a write is acknowledged when the standby has it"
        if on
        else "⚠ 写入只存本机 a write is acknowledged when this machine alone has it: if it is lost, so are the last writes"
    )
    return 0


# --- on the second machine --------------------------------------------------------------------------------------------


def follow(*words: str) -> int:
    place = home()
    where, *reach = [word for word in words if word != "--yes"] or [""]
    if not where:
        print(USAGE, file=sys.stderr)
        return 2
    cluster = Cluster(place)
    if cluster.exists() and "--yes" not in words:
        raise Failed(f"There is a cluster in {place.state} already. With --yes it is put aside, and this one becomes a standby.")
    second, line = _reachable(cluster.second()._replace(wait=False), tuple(reach)), _line(where)
    with house.busy(place.open()), house.hands(place):
        install.packages(place)
        house.close(place)
        with step("复制主库 copy of the primary"):
            _copy(place, cluster, *line)
        cluster.remember(second)
        with step("数据库 PostgreSQL follows"):
            cluster.start()
    print(f"\n备机已就位 this follows {_shown(where)}. 在主库 on the primary: ./safety standby wait on")
    print("  重启后 after a reboot: ./safety up.  主库丢失时 when the primary is lost: ./safety promote")
    return 0


def _copy(place: Home, cluster: Cluster, line: str, env: dict[str, str]) -> None:
    """Into another folder, which takes the place of the cluster when it is whole."""
    programs = find_programs()
    if programs is None:
        raise Failed("No PostgreSQL 15–18 with PostGIS is installed.")
    place.open_sockets()
    cluster.settle()
    part = cluster.data.with_name(cluster.data.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700)
    cluster.give(part)
    slot = place.nickname.replace("-", "_")
    log = place.logs / "basebackup.log"
    psql = [str(programs / "psql"), "-X", "-d", f"{line} replication=true dbname=postgres", "-c"]
    copy = [str(programs / "pg_basebackup"), "-d", f"{line} application_name={STANDBY}", "-D", str(part)]
    with open(log, "ab") as out:
        said = {"env": env, "stdout": out, "stderr": out, **as_server()}
        subprocess.run([*psql, f"CREATE_REPLICATION_SLOT {slot} PHYSICAL RESERVE_WAL"], **said)  # it may be there from before
        done = subprocess.run([*copy, "-R", "-S", slot, "-c", "fast", "-X", "stream"], **said)
    if done.returncode:
        shutil.rmtree(part, ignore_errors=True)
        raise Failed("The primary could not be copied.", log=log)
    if cluster.exists():
        aside = cluster.data.with_name(f"{cluster.data.name}-{time.strftime('%Y%m%d-%H%M%S')}")
        cluster.data.rename(aside)
        print(f"  原有数据移到 what was here is put aside: {aside}")
    part.rename(cluster.data)


def _line(where: str) -> tuple[str, dict[str, str]]:
    """A conninfo, and the environment that holds its password: a command line is read by everybody."""
    if where.startswith("/"):
        return f"host={_quoted(where)} user={STANDBY}", CLEAN
    url = urlsplit(where)
    if not url.scheme.startswith("postgres") or not url.hostname:
        raise Failed(f"{where}: postgresql://{STANDBY}:PASSWORD@ADDRESS is needed, or the folder of a socket on this machine.")
    line = f"host={_quoted(url.hostname)} port={url.port or 5432} user={_quoted(url.username or STANDBY)}"
    return line, CLEAN | ({"PGPASSWORD": url.password} if url.password else {})


def _quoted(value: str) -> str:
    """One word of a conninfo, whatever is in it."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _shown(where: str) -> str:
    return where.rpartition("@")[2]


# --- when one is lost -------------------------------------------------------------------------------------------------


def promote(*words: str) -> int:
    """The standby becomes the primary, and a new epoch begins in the same step: transaction ids are given out again."""
    begun, place = time.monotonic(), home()
    cluster = Cluster(place)
    if not cluster.follows():
        raise Failed("This is no standby: nothing to promote.")
    with house.busy(place), house.hands(place):
        cluster.start()
        if "--yes" not in words and _hears_its_primary(cluster):
            raise Failed("The primary is alive: two primaries would each take visits. Stop it first (./safety down there), or say --yes.")
        with step("提升为主库 promote"):
            if cluster.sql("SELECT pg_promote(true, 60)", "postgres") != "t":
                raise Failed("It did not become a primary within 60 s.", log=cluster.service.log)
            epoch = cluster.sql("SELECT safety_epoch_now()")
    print(f"\n已提升 promoted in {time.monotonic() - begun:.1f} s, epoch {epoch}. 写入现在只存本机 writes are on this machine alone.")
    print("  网页服务 webs that name both machines find it by themselves; those of this machine: ./safety up")
    print("  原主库不要照原样启动 the old primary does not start again as it is. When it is mended, make it the standby (follow … --yes):")
    _invite(cluster, cluster.second())
    return 0


def _hears_its_primary(cluster: Cluster) -> bool:
    return cluster.sql("SELECT count(*) FROM pg_stat_wal_receiver WHERE status = 'streaming'") != "0"
