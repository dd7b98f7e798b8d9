"""环: modules of one app lean on each other in one direction, imports inside functions and for types alone counted too."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.ground.test_floors import FLOORS, ROOT, files_of


def imported(tree: ast.AST) -> Iterator[str]:
    """Every dotted name that a module imports; of `from a import b` both what b may be, a module or a name in a."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def loaded_for(module: str, name: str, known: Iterable[str]) -> set[str]:
    """What an import of `name` loads before `module`: the module meant and the packages it lies in, but for the module's own."""
    parts = name.split(".")
    found = [each for length in range(1, len(parts) + 1) if (each := ".".join(parts[:length])) in known]
    return {each for each in found if each == found[-1] or not module.startswith(f"{each}.")} - {module}


def leans_on(sources: Mapping[str, str]) -> dict[str, set[str]]:
    return {
        module: {each for name in imported(ast.parse(source)) for each in loaded_for(module, name, sources)}
        for module, source in sources.items()
    }


def circle(graph: Mapping[str, set[str]]) -> list[str]:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def sources_of(app: str) -> dict[str, str]:
    paths = {path: path.relative_to(ROOT).with_suffix("").parts for path in files_of(app)}
    return {
        ".".join(parts).removesuffix(".__init__"): path.read_text(encoding="utf-8") for path, parts in paths.items()
    }


@pytest.mark.parametrize("app", FLOORS)
def test_no_app_has_a_circular_import(app):
    assert circle(leans_on(sources_of(app))) == []


@pytest.mark.parametrize(
    "code",
    [
        "from a import left",
        "import a.left",
        "from a.left import word",
        "def late():\n    from a import left",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from a.left import Word",
    ],
)
def test_a_circular_import_is_found_in_any_form(code):
    assert circle(leans_on({"a": "", "a.left": "from a.right import x", "a.right": code})) != []


def test_a_package_that_reexports_its_modules_is_no_circular_import():
    assert circle(leans_on({"a": "from a.room import word", "a.room": "from a.base import x", "a.base": ""})) == []


def test_importing_a_module_also_counts_as_importing_its_package():
    rooms = {"a.wide": "from a.wide.room import word", "a.wide.room": "import a.near", "a.near": "import a.wide.base"}
    assert circle(leans_on({**rooms, "a.wide.base": ""})) != []
