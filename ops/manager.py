"""Management commands one after another in one process: each start of Django costs seconds.

Run by itself, with the venv's Python, this file is that process: a JSON list of words on each line of its input,
`ok` or `failed` on its output, all that the commands say on its error output (the log)."""

import contextlib
import json
import subprocess
import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from ops.home import PROJECT, Home, python  # noqa: E402
from ops.show import Failed, step  # noqa: E402


class Manager(contextlib.AbstractContextManager):
    def __init__(self, place: Home, env: dict[str, str]):
        self.log = place.logs / "prepare.log"
        self.log.touch()
        with open(self.log, "ab") as log:
            self.child = subprocess.Popen(
                [python(place), str(Path(__file__).resolve())],
                env=env,
                cwd=PROJECT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def do(self, label: str, *words: str) -> None:
        assert self.child.stdin and self.child.stdout
        with step(label):
            with contextlib.suppress(BrokenPipeError):
                self.child.stdin.write(json.dumps(words) + "\n")
                self.child.stdin.flush()
            if self.child.stdout.readline() != "ok\n":
                raise Failed(f"manage.py {' '.join(words)} failed.", log=self.log)

    def __exit__(self, *_) -> None:
        with contextlib.suppress(BrokenPipeError):
            self.child.communicate()


def main() -> None:
    import traceback

    import django
    from django.core.management import call_command

    answers, sys.stdout = sys.stdout, sys.stderr
    django.setup()
    for line in sys.stdin:
        words = json.loads(line)
        print(f"--- {' '.join(words)}", flush=True)
        try:
            call_command(*words)
        except Exception:
            traceback.print_exc()
            print("failed", file=answers, flush=True)
        else:
            print("ok", file=answers, flush=True)


if __name__ == "__main__":
    main()
