"""What runs: the same commands in `./safety up` and in docker-compose.yml (tests/ops holds them equal)."""

WEB = (
    "-m granian --interface rsgi --http 1 --no-ws --workers 2 --backlog 1024 --backpressure 2048 --http1-buffer-size 65536"
    " --http1-header-read-timeout 30000 --respawn-failed-workers --workers-kill-timeout 10 --host {host} --port {port}"
    " safety_api.front.application:application"
)
WORKER = "-m celery -A safety_api worker --concurrency 2 --without-gossip --without-mingle --loglevel INFO"
BEAT = "-m celery -A safety_api beat --schedule {beat} --pidfile= --loglevel INFO"
COMMANDS = {"web": WEB, "worker": WORKER, "beat": BEAT}

WEB_PROCESSES = int(WEB.partition("--workers ")[2].split()[0])
WATCHES = ("watch-1", "watch-2")  # two equal ones: each brings back the other too
GRACE = {"web": 15, "worker": 30, "beat": 10}  # seconds a service may take to finish what it holds


def command(name: str, *, python: str, host: str = "", port: int | str = "", beat: str = "") -> list[str]:
    """The words of one service's command; a folder with spaces stays one word."""
    values = {"host": host, "port": port, "beat": beat}
    return [python, *(word.format(**values) for word in COMMANDS[name].split())]
