"""Another commit beside this one: its tree as it was, its packages those of today's lock."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from ops.home import PROJECT, home
from ops.show import Failed, step

# How that tree starts its web, in its own words.
COMMAND = """import json, sys
from ops import services
print(json.dumps(services.command("web", python=sys.argv[1], host="127.0.0.1", port=sys.argv[2])))"""


@dataclass(frozen=True)
class Build:
    """`commit`: twelve signs of it, empty for the tree that measures."""

    code: Path
    commit: str = ""

    @property
    def suffix(self) -> str:
        return f"-{self.commit}" if self.commit else ""

    def web(self, python: str, port: int) -> list[str]:
        asked = subprocess.run([python, "-c", COMMAND, python, str(port)], cwd=self.code, check=True, capture_output=True, text=True)
        return json.loads(asked.stdout)

    def scenarios(self) -> ModuleType:
        """Its own requests: what a door takes may have changed since."""
        name = f"bench_scenarios_{self.commit}"
        found = importlib.util.spec_from_file_location(name, self.code / "bench" / "scenarios.py")
        if not found or not found.loader or not (self.code / "bench" / "scenarios.py").exists():
            raise Failed(f"{self.commit} has no bench.")
        sys.modules[name] = module = importlib.util.module_from_spec(found)
        found.loader.exec_module(module)
        return module


THIS = Build(PROJECT)


def commit_of(ref: str) -> str:
    """Raises Failed."""
    asked = _git("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
    if asked.returncode:
        raise Failed(f"{ref} is no commit of this repository.")
    return asked.stdout.strip()[:12]


def here() -> str:
    """The commit that measures; + where its files were changed since. Empty outside a repository."""
    asked = _git("rev-parse", "--short=12", "HEAD")
    return asked.stdout.strip() + ("+" if _git("status", "--porcelain", "--untracked-files=no").stdout.strip() else "")


def build_of(ref: str) -> Build:
    """Taken out once into the bench's state. Raises Failed."""
    commit = commit_of(ref)
    folder = home().state / "builds" / commit
    if not (folder / "manage.py").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        with step(f"{commit}: taken out"):
            packed = subprocess.run(["git", "archive", commit], cwd=PROJECT, check=True, capture_output=True)
            subprocess.run(["tar", "-x", "-C", str(folder)], input=packed.stdout, check=True)
    return Build(folder, commit)


def _git(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["git", *words], cwd=PROJECT, check=False, capture_output=True, text=True)
