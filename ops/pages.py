"""The pages' scripts and styles: packages by the lock, one file a page by esbuild, into `built/`; nothing is done twice for the same sources."""

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

from ops import install
from ops.home import PROJECT, Home, alone, python, venv_folder
from ops.show import step

BUILT, PACKAGES = PROJECT / "built", PROJECT / "node_modules"
LOCK, NODE_LOCK = PROJECT / "package-lock.json", PROJECT / "ops" / "node.lock"
SOURCES = ("*/assets/**/*.js", "*/assets/**/*.css", "package.json", "package-lock.json")
LEAST_NODE = 18


def pages(place: Home, *, tests: bool = False, label: str = "网页 pages, bundled") -> None:
    """`tests` brings what only the tests use as well."""
    with step(label):
        wanted = digest()
        built = _stamp(BUILT) == wanted
        if built and not tests:
            return
        with alone(PROJECT / "built.lock", "another ./safety builds the pages"):
            _packages(place, tests)
            if not built:
                _build(place, wanted)


def digest() -> str:
    """Of all that the built files are made of."""
    whole = hashlib.sha256()
    for pattern in SOURCES:
        for file in sorted(PROJECT.glob(pattern)):
            whole.update(f"{file.relative_to(PROJECT)}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()


def _stamp(folder: Path) -> str:
    file = folder / ".made-of"
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def _packages(place: Home, tests: bool) -> None:
    locked = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if _stamp(PACKAGES) in ({f"{locked} all"} if tests else {f"{locked} all", f"{locked} pages"}):
        return
    _npm(place, "ci", "--ignore-scripts", "--no-audit", "--no-fund", *(() if tests else ("--omit=dev",)))
    (PACKAGES / ".made-of").write_text(f"{locked} {'all' if tests else 'pages'}", encoding="utf-8")


def _build(place: Home, made_of: str) -> None:
    """Beside the old one, then in its place: a web that starts meanwhile finds one of them whole."""
    fresh, old = PROJECT / "built.new", PROJECT / "built.old"
    for folder in (fresh, old):
        shutil.rmtree(folder, ignore_errors=True)
    _npm(place, "run", "build", BUILT=str(fresh))
    (fresh / ".made-of").write_text(made_of, encoding="utf-8")
    if BUILT.exists():
        BUILT.rename(old)
    fresh.rename(BUILT)
    shutil.rmtree(old, ignore_errors=True)


def _npm(place: Home, *words: str, **env: str) -> None:
    program = _node(place)
    env = {**os.environ, **env, "PATH": os.pathsep.join([str(Path(program).parent), os.environ.get("PATH", "")])}
    install.logged(["npm", *words], place.logs / "pages.log", "The pages could not be built.", env=env, cwd=PROJECT)


def _node(place: Home) -> str:
    """The machine's own where it is new enough and has npm; else one from PyPI beside Python."""
    found = shutil.which("node")
    if found and shutil.which("npm") and _major(found) >= LEAST_NODE:
        return found
    beside = venv_folder(place) / "bin" / "node"
    if not beside.exists():
        command = [python(place), "-m", "pip", "install", "--no-input", "--require-hashes", "-r", NODE_LOCK]
        install.logged(command, place.logs / "node.log", "Node.js could not be installed.")
    return str(beside)


def _major(node: str) -> int:
    told = subprocess.run([node, "-p", "JSON.stringify(process.versions)"], capture_output=True, text=True, check=False)
    return int(json.loads(told.stdout)["node"].partition(".")[0]) if told.returncode == 0 else 0
