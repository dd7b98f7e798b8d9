"""Reading the environment: a missing or wrong value stops the start and says what to do."""

import json
import os
import re
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()
KNOWN: dict[str, str] = {}  # every variable the system reads, with one line of what it is for
RABBIT = ("amqp:", "amqps:")
BROKERS, SOCKETS = ("redis", "rediss", "amqp", "amqps"), ("unix:///", "redis+socket:///")


def _refuse(name: str, value: object, hint: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name}={value!r} 无法使用：{hint}")


def text(name: str, default: str | None, about: str, *, one_of: tuple[str, ...] = ()) -> str:
    KNOWN[name] = about
    value = env.str(name, default)
    if value is None:
        raise _refuse(name, None, f"请设置它（{about}）。")
    if one_of and value not in one_of:
        raise _refuse(name, value, f"只能是 {'、'.join(one_of)}。")
    return value


def flag(name: str, default: bool, about: str) -> bool:
    """Only 0/1, true/false, yes/no: a typo does not become False."""
    words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    value = text(name, str(int(default)), about).strip().lower()
    if value not in words:
        raise _refuse(name, value, "只能是 1 或 0。")
    return words[value]


def number(name: str, default: int, about: str, *, least: int = 0, most: int = 2**31) -> int:
    value = text(name, str(default), about)
    if not value.isdecimal() or not least <= int(value) <= most:
        raise _refuse(name, value, f"应为 {least} 到 {most} 之间的整数。")
    return int(value)


def words(name: str, default: str, about: str, *, one_of: tuple[str, ...] = ()) -> list[str]:
    found = [word.strip() for word in text(name, default, about).split(",") if word.strip()]
    if one_of and (unknown := [word for word in found if word not in one_of]):
        raise _refuse(name, ",".join(unknown), f"只能是 {'、'.join(one_of)}。")
    return found


def secret(name: str, default: str | None, about: str) -> str:
    """NAME, or the content of the file NAME_FILE (a container secret)."""
    KNOWN[f"{name}_FILE"] = f"{name} 所在的文件"
    path = env.str(f"{name}_FILE", "")
    if not path:
        return text(name, default, about)
    KNOWN[name] = about
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise _refuse(f"{name}_FILE", path, f"读不到这个文件（{error.strerror}）。") from None
    except UnicodeDecodeError:
        raise _refuse(f"{name}_FILE", path, "文件内容应为 UTF-8 文字。") from None


def address(name: str, default: str, about: str, *, plain: bool) -> str:
    """Of a service elsewhere: https://, where `plain` also http://; it may hold a secret. Empty: there is none."""
    url = secret(name, default, about)
    if url and not _is_web(url, plain):
        raise _refuse(name, "…", "应形如 https://主机/路径。")
    return url


def _is_web(url: str, plain: bool) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in (("https", "http") if plain else ("https",)) and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


ROBOT_KINDS = ("wecom", "dingtalk")


def robots(name: str, about: str, *, plain: bool) -> dict[str, dict[str, str]]:
    """Webhooks of group robots by the name under which the office chooses them: {"bureau": {"kind": "wecom", "url": "https://…"}}."""
    try:
        found = json.loads(secret(name, "{}", about) or "{}")
        rows = {word: _robot(row, plain) for word, row in found.items() if re.fullmatch(r"[a-z0-9-]{1,40}", word)}
        whole = len(rows) == len(found)
    except (ValueError, AttributeError, TypeError, KeyError):
        whole, rows = False, {}
    if not whole:
        hint = '应为 {"名称": {"kind": "wecom 或 dingtalk", "url": "https://…", "secret": "加签密钥"}}，名称为小写字母、数字和 -。'
        raise _refuse(name, "…", hint)
    return rows


def _robot(row: dict[str, str], plain: bool) -> dict[str, str]:
    """`secret`: DingTalk's 加签; WeCom has none."""
    if not {"kind", "url"} <= row.keys() <= {"kind", "url", "secret"} or not all(isinstance(each, str) for each in row.values()):
        raise ValueError
    if row["kind"] not in ROBOT_KINDS or not _is_web(row["url"], plain) or ("secret" in row and row["kind"] != "dingtalk"):
        raise ValueError
    return {"secret": "", **row}


def redis(name: str, about: str) -> str:
    """A redis://, rediss:// or unix:// address."""
    url = secret(name, None, about)
    if url.startswith(RABBIT):
        raise _refuse(name, "…", "RabbitMQ 的地址请写在 BROKER_URL；这里是缓存，应形如 redis://主机:6379/0。")
    if not url.startswith(("redis://", "rediss://", "unix:///")):
        raise _refuse(name, "…", "应形如 redis://主机:6379/0 或 unix:///…/redis.sock。")
    return url


def broker(name: str, default: str, about: str) -> str:
    """Where the queue is, as kombu reads it: Redis by its address or its socket; RabbitMQ, or the nodes of one, joined by `;`."""
    nodes = [url.strip() for url in (secret(name, "", about) or default).split(";")]
    if not all(map(_is_broker, nodes)) or len({urlsplit(url).scheme for url in nodes}) > 1:
        raise _refuse(name, "…", "应形如 amqp://用户:口令@主机:5672/虚拟主机、redis://主机:6379/0 或 unix:///…/redis.sock。")
    if len(nodes) > 1 and not nodes[0].startswith(RABBIT):
        raise _refuse(name, "…", "用分号写几个地址的只能是同一个 RabbitMQ 集群的节点。")
    return ";".join(map(_for_kombu, nodes))


def _is_broker(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.hostname and parts.port != 0) if parts.scheme in BROKERS else url.startswith(SOCKETS)
    except ValueError:
        return False


def _for_kombu(url: str) -> str:
    """A socket has another name there and another word for the number of the database; TLS is checked as the cache checks it."""
    if url.startswith("rediss:") and "ssl_cert_reqs=" not in url:
        return f"{url}{'&' if '?' in url else '?'}ssl_cert_reqs=required"
    if not url.startswith("unix:"):
        return url
    path, _, query = url.removeprefix("unix://").partition("?")
    asked = {word: quote(values[-1], safe="") for word, values in parse_qs(query).items()}
    who = f"{asked.get('username', '')}:{asked['password']}@" if "password" in asked else ""
    return f"redis+socket://{who}{path}" + (f"?virtual_host={asked['db']}" if "db" in asked else "")


def not_from_here(name: str, instead: str, *, copy_of: str = "") -> None:
    """A variable that a library would read by itself, past everything that is said here. A copy that it made itself is taken away."""
    value = os.environ.get(name)
    if value and value == os.environ.get(copy_of):
        del os.environ[name]
    elif value:
        raise _refuse(name, "…", instead)


def rate(name: str, default: str, about: str) -> str:
    """So many in a second, minute, hour or day: 60/min."""
    value = text(name, default, about)
    if not re.fullmatch(r"[1-9][0-9]{0,5}/(s|sec|m|min|h|hour|d|day)", value, re.ASCII):
        raise _refuse(name, value, "应形如 60/min。")
    return value


LINE = {  # of every connection; seconds, tcp_user_timeout in ms: a machine that vanished is noticed within fifteen seconds
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
DEAD_HOST = 2  # seconds that one of several hosts may cost: they are tried in turn
WRITER = ("read-write", "primary", "any")  # target_session_attrs of libpq, the first for several hosts that say nothing
READER = ("prefer-standby", "standby", "read-only", "any")


def database(name: str, default: str | None, about: str, *, leads_to: tuple[str, ...] = WRITER) -> dict:
    """A postgis:// address; `?host=/folder` names a unix socket. Of several hosts (`a,b`) the first that is `leads_to` is used."""
    url = secret(name, default, about)
    try:
        parts = environ.Env.db_url_config(url)
    except Exception:
        parts = {}
    if "postgis" not in parts.get("ENGINE", "") or not parts.get("NAME"):
        raise _refuse(name, "…", "应形如 postgis://用户:口令@主机:5432/库名。")
    said = parts.get("OPTIONS", {})
    hosts, ports = (str(said.get(word, parts[word.upper()])).split(",") for word in ("host", "port"))
    if len(ports) not in (1, len(hosts)):
        raise _refuse(
            name, "…", f"{len(hosts)} 台主机应有 1 个或 {len(hosts)} 个端口，写成 ?host=甲,乙&port=5432,5432。"
        )
    parts["OPTIONS"] = LINE | _of_several(hosts, leads_to) | said
    if parts["OPTIONS"].get("target_session_attrs", "any") not in leads_to:
        raise _refuse(name, "…", f"target_session_attrs 只能是 {'、'.join(leads_to)}。")
    return parts


def _of_several(hosts: list[str], leads_to: tuple[str, ...]) -> dict:
    return {"target_session_attrs": leads_to[0], "connect_timeout": DEAD_HOST} if len(hosts) > 1 else {}
