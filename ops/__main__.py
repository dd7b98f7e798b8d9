"""./safety: with no word, the table of contents; with one, the work."""

import errno
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # `ops` is a package of the project, not a heap of modules

from ops import backup, checks, drill, house, machines, mutants, standby, units  # noqa: E402
from ops.show import Failed, complain, wide  # noqa: E402

CONTENTS: dict[str, tuple[str, str, str, Callable[..., int]]] = {
    "up": ("", "装好并启动", "install what is missing and start everything", house.up),
    "test": (
        "[--quick|--all]",
        "检查与测试",
        "checks and tests, a minute of them, or all; other words: pytest alone",
        checks.test,
    ),
    "mutants": ("[MODULE …]", "规则变异检查", "would a test notice a changed rule? (minutes)", mutants.mutants),
    "down": ("", "停止", "stop what `up` started", house.down),
    "status": ("", "运行状况", "what runs, how large, last backup (exit 3: not all up)", house.status),
    "backup": ("[FILE]", "备份", "database and photos into one file", backup.backup),
    "restore": ("FILE [--yes]", "恢复", "bring them back, on an empty machine too", backup.restore),
    "drill": ("[FILE]", "恢复演练", "restore the newest backup into a throw-away cluster and compare", drill.drill),
    "web": ("", "只运行网页", "a machine of its own: the web in the foreground, told by the environment alone", machines.web),
    "worker": ("", "只运行任务", "the same: the worker", machines.worker),
    "beat": ("", "只运行定时", "the same: the clock", machines.beat),
    "migrate": ("", "建表与基础数据", "for those: tables, law and regions, once for each release", machines.migrate),
    "ready": ("web|worker|beat", "能否工作", "exit code 0: that role of this machine can do its work", machines.ready),
    "standby": ("…", "备机", "a second PostgreSQL that follows; without a word: how", standby.standby),
    "promote": ("[--yes]", "备机升主", "on the standby, when the primary is lost", standby.promote),
    "units": ("FOLDER", "系统服务", "systemd units: start at boot, or a machine for each service", units.units),
    "bench": ("[…]", "性能测量", "measure, in a state of its own", checks.bench),
    "chaos": ("[…]", "混沌试验", "phones over bad lines while all is killed, then books compared", checks.chaos),
    "manage": ("COMMAND …", "管理命令", "manage.py in the environment of this state (EMBEDDED=0: of this machine)", machines.manage),
    "reset": ("[--yes]", "清空数据", "stop and delete the data (asks first)", house.reset),
}
ENVIRONMENT = {
    "PORT": "网页端口 port of the web (8000)",
    "HOST": "监听地址 address it listens on (127.0.0.1)",
    "STATE_DIR": "数据目录 where the data are (.state)",
    "DEMO": "0 不装演示数据 leaves the demo year out",
    "DEMO_PASSWORD": "演示口令 password of the demo accounts (else one is made)",
}

FULL = "磁盘已满 the disk is full ({}). What ran goes on; make room and say it again."


def contents() -> None:
    print("安全生产现场监管 · ./safety COMMAND\n")
    for name, (words, chinese, english, _) in CONTENTS.items():
        print(f"  {wide(f'{name} {words}', 22)}{wide(chinese, 16)}{english}")
    print("\n环境变量 environment")
    for name, about in ENVIRONMENT.items():
        print(f"  {wide(name, 22)}{about}")


def stop_politely(number: int, _) -> NoReturn:
    """A TERM lets the work end as ctrl-C does: what was borrowed is given back."""
    raise SystemExit(128 + number)


def main(words: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace", line_buffering=True)  # type: ignore[union-attr]
    if not words or words[0] in ("help", "-h", "--help"):
        contents()
        return 0
    if words[0] not in CONTENTS:
        contents()
        print(f"\n没有这个命令 no such command: {words[0]}", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, stop_politely)
    try:
        return CONTENTS[words[0]][3](*words[1:])
    except Failed as error:
        complain(error)
        return 1
    except BrokenPipeError:  # whoever read along has gone: ./safety status | head
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 141
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        complain(Failed(FULL.format(error.filename or error.strerror)))
        return 1
    except KeyboardInterrupt:
        print("\n已中断 interrupted. What was started goes on: ./safety status, ./safety down", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
