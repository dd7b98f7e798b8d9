"""units: systemd units. For a machine of its own, a unit for each service; for the script, one that starts it at boot."""

import getpass
import shlex
from pathlib import Path

from ops import services
from ops.home import PROJECT, home, python
from ops.show import Failed

ROLE = """\
# {about}
[Unit]
Description={chinese} safety {name}
After=network-online.target
Wants=network-online.target
# Given up after ten starts in five minutes: `systemctl status` shows it failed, /readyz says so.
StartLimitIntervalSec=300
StartLimitBurst=10

[Service]
Type=exec
User={user}
WorkingDirectory={project}
EnvironmentFile=/etc/safety/environment
Environment=DJANGO_SETTINGS_MODULE=safety_api.settings PYTHONUTF8=1 PYTHONUNBUFFERED=1
ExecStart={command}
Restart=always
RestartSec=2
KillMode=mixed
TimeoutStopSec={grace}
StateDirectory=safety
NoNewPrivileges=yes
PrivateTmp=yes
ProtectSystem=full

[Install]
WantedBy=multi-user.target
"""
HOUSE = """\
# Everything on this machine, started at boot. What dies comes back by itself (ops/watch.py).
[Unit]
Description=安全生产现场监管 safety
After=network-online.target
Wants=network-online.target

[Service]
Type=oneshot
RemainAfterExit=yes
User={user}
Environment={environment}
# PORT, HOST, ALLOWED_HOSTS … (docs/operations.md, Settings)
EnvironmentFile=-/etc/safety/environment
ExecStart={up}
ExecStop={down}
TimeoutStartSec=30min
TimeoutStopSec=3min

[Install]
WantedBy=multi-user.target
"""
ROLES = {"web": "网页", "worker": "任务", "beat": "定时"}


def units(*words: str) -> int:
    if len(words) != 1:
        raise Failed("Usage: ./safety units FOLDER   (for example /tmp/units; nothing is put into /etc)")
    folder = Path(words[0]).expanduser().absolute()
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in written().items():
        (folder / name).write_text(content, encoding="utf-8")
        print(f"  ✓ {folder / name}")
    print("\n单机 one machine: safety.service. 各占一机 machines of their own: safety-web, -worker, -beat with /etc/safety/environment")
    print("  (DATABASE_URL, REDIS_URL, BROKER_URL, SECRET_KEY_FILE, ALLOWED_HOSTS …, mode 0600). Copy to /etc/systemd/system, then:")
    print("  systemctl daemon-reload && systemctl enable --now safety.service")
    return 0


def written() -> dict[str, str]:
    place = home()
    roles = {f"safety-{name}.service": _role(name, python(place)) for name in services.COMMANDS}
    return {**roles, "safety.service": _house(str(place.state))}


def _role(name: str, interpreter: str) -> str:
    words = services.command(name, python=interpreter, host="127.0.0.1", port=8000, beat="/var/lib/safety/beat-schedule")
    return ROLE.format(
        about="The same command as `./safety up` and docker-compose.yml run (ops/services.py).",
        name=name,
        chinese=ROLES[name],
        user=getpass.getuser(),
        project=_path(str(PROJECT)),
        command=_command(words),
        grace=services.GRACE[name] + 5,
    )


def _house(state: str) -> str:
    script = str(PROJECT / "safety")
    return HOUSE.format(
        user=getpass.getuser(),
        environment=_quoted(f"STATE_DIR={state}"),
        up=_command([script, "up"]),
        down=_command([script, "down"]),
    )


def _command(words: list[str]) -> str:
    return " ".join(_quoted(word).replace("$", "$$") for word in words)


def _path(text: str) -> str:
    """A path by itself is not taken apart at spaces; % begins a word of systemd."""
    return text.replace("%", "%%")


def _quoted(text: str) -> str:
    plain = _path(text.replace("\\", "\\\\").replace('"', '\\"'))
    return plain if shlex.quote(text) == text else f'"{plain}"'
