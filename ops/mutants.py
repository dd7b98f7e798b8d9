"""mutants: would a test notice if a rule said something else? mutmut changes the pure rules, one place at a time, and runs
the tests that need no database; pyproject.toml (tool.mutmut) names both."""

import gc
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ops import install
from ops.home import PROJECT, Home, alone, environment, home, make_secrets, settings_words, venv_folder
from ops.show import Failed, step, wide

COLUMNS = ("killed", "survived", "no tests", "timeout", "other")  # words of mutmut, but the last
Verdicts = Mapping[str, str]  # mutant → what became of it


def mutants(*modules: str) -> int:
    """With modules (`hazards.rules`, `supervision.rules.score`): those alone. Nothing is kept from an earlier run."""
    place = Home(home().state / "mutants", durable=False).open()
    with alone(place.state / "lock", "another ./safety mutants runs in this state folder"):
        print(f"安全 safety mutants · {place.state}")
        install.packages(place)
        install.venv(place, install.TEST_LOCKS)
        make_secrets(place)
        bench = _bench(place, _settings(modules))
        with step("逐处改动规则并测试 change the rules, one by one"):
            _mutmut(place, bench, "run", "--max-children", "1")
        verdicts = _verdicts(_mutmut(place, bench, "results", "--all", "true"))
        _print_table(verdicts)
        for function in dict.fromkeys(
            mutant.partition("__mutmut_")[0] for mutant in verdicts if verdicts[mutant] == "no tests"
        ):
            print(f"\n  {function}: no test of these calls it")
        for mutant, verdict in verdicts.items():
            if verdict == "survived":
                print(f"\n  {mutant}\n{_change(_mutmut(place, bench, 'show', mutant))}")
    return 0


def _settings(modules: Iterable[str]) -> dict[str, Any]:
    """What pyproject.toml says, for these modules alone if any is named."""
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutmut"]
    pure = settings["source_paths"]
    paths = [_path(module) for module in modules]
    for path in paths:
        if not any(path.is_relative_to(each) for each in pure) or not (PROJECT / path).exists():
            raise Failed(f"{path} is none of the pure rules: {', '.join(pure)}")
    return {**settings, "source_paths": [str(path) for path in paths] or pure}


def _path(module: str) -> Path:
    path = Path(*module.split("."))
    return path if (PROJECT / path).is_dir() else path.with_suffix(".py")


def _bench(place: Home, settings: Mapping[str, Any]) -> Path:
    """A folder where mutmut finds the project's folders and leaves its changed copies: the project stays as it is."""
    bench = place.state / "bench"
    shutil.rmtree(bench, ignore_errors=True)
    bench.mkdir()
    folders = sorted(each.name for each in PROJECT.iterdir() if each.is_dir() and not each.name.startswith("."))
    for name in folders:
        (bench / name).symlink_to(PROJECT / name)
    lines = [f"{name} = {json.dumps(value)}" for name, value in {**settings, "also_copy": folders}.items()]
    (bench / "pyproject.toml").write_text("\n".join(["[tool.mutmut]", *lines, ""]), encoding="utf-8")
    return bench


def _mutmut(place: Home, bench: Path, *words: str) -> str:
    """What it said, which stays in its log. Its counter runs along there too: tail -f."""
    program, log = venv_folder(place) / "bin" / "mutmut", place.logs / f"mutmut-{words[0]}.log"
    if not program.exists():
        raise Failed(f"{venv_folder(place)} holds no mutmut; requirements-test.lock brings it.")
    with open(log, "wb") as out:
        done = subprocess.run(
            [program, *words], env=_environment(place), cwd=bench, stdout=out, stderr=out, check=False
        )
    if done.returncode:
        raise Failed(f"mutmut {words[0]} did not end well.", log=log)
    return log.read_text(encoding="utf-8", errors="replace")


def _environment(place: Home) -> dict[str, str]:
    """No plugin but those that pyproject.toml names, and few examples, the same every time: the verdicts are too."""
    caller = {name: value for name, value in os.environ.items() if name not in settings_words(os.environ)}
    env = environment(place, port=8000, caller={**caller, "DEMO": "0"})
    return env | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PROPERTIES": "mutants"}


# As a plugin of pytest:


def pytest_configure() -> None:
    """A module of tests that reads law while it is imported is imported anew: the changed rule shall read it."""
    for name in [name for name in sys.modules if name.startswith("tests.") and ".test_" in name]:
        del sys.modules[name]


def pytest_collection_finish() -> None:
    """The process of a mutant looks through its own garbage alone, not
    through all of Django again, which would take it twice the time."""
    gc.freeze()


# --- what came of it -------------------------------------------------------------------------------------------------


def _verdicts(said: str) -> Verdicts:
    lines = (line.strip().rpartition(": ") for line in said.splitlines())
    return {mutant: verdict for mutant, _, verdict in lines if "__mutmut_" in mutant}


def _print_table(verdicts: Verdicts) -> None:
    counts: dict[str, Counter[str]] = {}
    for mutant, verdict in verdicts.items():
        for row in (mutant.rpartition(".")[0], "total"):
            counts.setdefault(row, Counter())[verdict if verdict in COLUMNS else "other"] += 1
    print("\n" + wide("", 42) + "".join(f"{name:>10}" for name in ("mutants", *COLUMNS)))
    for row in sorted(counts, key=lambda name: (name == "total", name)):
        figures = (counts[row].total(), *(counts[row][name] for name in COLUMNS))
        print("  " + wide(row, 40) + "".join(f"{figure:>10}" for figure in figures))


def _change(shown: str) -> str:
    """Of a difference, only the lines that differ."""
    lines = (line for line in shown.splitlines() if line.startswith(("-", "+")))
    return "\n".join(f"    {line}" for line in lines if not line.startswith(("---", "+++")))
