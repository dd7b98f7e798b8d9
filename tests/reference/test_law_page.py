"""docs/law.md says of every kind of document what shape it has, who asks for it and what it decides; nobody else asks."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from reference import files, shapes

ROOT = Path(settings.BASE_DIR)
PAGE = ROOT / "docs/law.md"
BY_KIND_SECOND = "all_in_force"  # of its other questions the kind is the first word


def rows() -> dict[str, list[str]]:
    """Kind → shape, readers, what it decides."""
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    cells = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    return {kind.strip("`"): others for kind, *others in cells}


def code() -> Iterator[tuple[str, ast.Module]]:
    """Modules of the apps, without the one that answers."""
    for app in settings.OUR_APPS:
        for path in sorted((ROOT / app).glob("**/*.py")):
            if "migrations" not in path.parts and path != ROOT / "reference/law.py":
                yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


# --- who asks ------------------------------------------------------------------------------------------------------------
def kinds_in(node: ast.AST) -> set[str]:
    return {each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and each.value in shapes.BODIES}


def asked_by_name() -> dict[str, set[str]]:
    """law.deadline → {"deadlines"}: questions that name the kind themselves."""
    tree = ast.parse((ROOT / "reference/law.py").read_text(encoding="utf-8"))
    return {node.name: kinds_in(node) for node in tree.body if isinstance(node, ast.FunctionDef)}


def meant(node: ast.AST, module: ast.Module) -> set[str]:
    """The kinds that a word stands for: itself, a name of the module, else any that the module lists."""
    if not isinstance(node, ast.Name):
        return kinds_in(node)
    given = [
        each.value for each in module.body if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == node.id
    ]
    listed = [each for each in ast.walk(module) if isinstance(each, ast.Tuple)]
    return {kind for each in given or listed for kind in kinds_in(each)}


def asked_in(node: ast.AST, module: ast.Module) -> set[str]:
    """law.in_force("windows", …), law.deadline(…), law.books().documents.get("windows"), Document.objects.filter(kind="windows")."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="law"), attr=question), args=[_, *_] as said):
            place = 1 if question == BY_KIND_SECOND else 0
            return asked_by_name().get(question, set()) | (meant(said[place], module) if place < len(said) else set())
        case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="documents")), args=[kind, *_]):
            return meant(kind, module)
        case ast.Subscript(value=ast.Attribute(attr="documents"), slice=kind):
            return meant(kind, module)
        case ast.Call(
            func=ast.Attribute(value=ast.Attribute(value=ast.Name(id="Document")), attr="filter"), keywords=words
        ):
            return {kind for each in words if each.arg == "kind" for kind in meant(each.value, module)}
    return set()


@pytest.fixture(scope="module")
def readers() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {kind: [] for kind in shapes.BODIES}
    for name, module in code():
        for kind in {kind for node in ast.walk(module) for kind in asked_in(node, module)}:
            found[kind].append(name)
    return found


# --- the page ------------------------------------------------------------------------------------------------------------
def test_every_kind_of_document_has_its_row():
    assert set(rows()) == set(shapes.BODIES) == {each.kind for each in files.documents(files.DATA)}


@pytest.mark.parametrize("kind", shapes.BODIES)
def test_a_row_names_the_shape_and_what_the_kind_decides(kind):
    shape, _, decides = rows()[kind]
    assert shapes.BODIES[kind] is getattr(shapes, shape.strip("`")) and len(decides) > 10


@pytest.mark.parametrize("kind", shapes.BODIES)
def test_the_readers_named_are_those_that_ask_for_the_kind(kind, readers):
    assert readers[kind] and rows()[kind][1] == ", ".join(f"`{each}`" for each in sorted(readers[kind]))
