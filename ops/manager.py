"""Management commands one after another in one process: each start of Django costs seconds.

Run by itself, with the venv's Python, this file is that process: a JSON list of words on each line of its input,
`ok` or `failed` on its output, after the lines that a waiting command says (they begin with …); all that is said is on its error output (the log)."""

import contextlib
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import TextIO

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from ops.home import PROJECT, Home, python  # noqa: E402
from ops.show import Failed, step  # noqa: E402

WAITS = "… "  # what a command that waits says is for the person who waits too


class Manager(contextlib.AbstractContextManager):
    """`code`: another tree than this one, whose commands are run."""

    def __init__(self, place: Home, env: dict[str, str], code: Path = PROJECT):
        self.log = place.logs / "prepare.log"
        self.log.touch()
        with open(self.log, "ab") as log:
            self.child = subprocess.Popen(
                [python(place), str(code / "ops" / "manager.py")],
                env=env,
                cwd=code,
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
            while (answer := self.child.stdout.readline()).startswith(WAITS):
                print(f"    {answer.rstrip()}", flush=True)
            if answer != "ok\n":
                raise Failed(
                    answer.removeprefix("failed").strip() or f"manage.py {' '.join(words)} failed.", log=self.log
                )

    def __exit__(self, *_) -> None:
        with contextlib.suppress(BrokenPipeError):
            self.child.communicate()


class Said(io.TextIOBase):
    """What commands say goes into the log; that they wait, to whoever waits for them as well."""

    def __init__(self, log: TextIO, answers: TextIO):
        self.log, self.answers = log, answers

    def write(self, text: str) -> int:
        if text.startswith(WAITS):
            print(text.rstrip(), file=self.answers, flush=True)
        return self.log.write(text)

    def flush(self) -> None:
        self.log.flush()


def main() -> None:
    import traceback

    import django
    from django.core.management import CommandError, call_command

    answers, sys.stdout = sys.stdout, Said(sys.stderr, sys.stdout)
    django.setup()
    for line in sys.stdin:
        words = json.loads(line)
        print(f"--- {' '.join(words)}", flush=True)
        try:
            call_command(*words)
        except CommandError as error:
            print(error, flush=True)
            print(f"failed {' '.join(str(error).split())}", file=answers, flush=True)
        except Exception:
            traceback.print_exc()
            print("failed", file=answers, flush=True)
        else:
            print("ok", file=answers, flush=True)


if __name__ == "__main__":
    main()
