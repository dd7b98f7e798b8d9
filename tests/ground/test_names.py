"""What a test is called says its rule, in one line of a report."""

import ast
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
LONGEST = 80


def test_the_name_of_a_test_fits_into_eighty_characters():
    names = (
        (path.relative_to(TESTS), node.name)
        for path in TESTS.rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )
    assert [f"{path}: {name}" for path, name in names if len(name) > LONGEST] == []
