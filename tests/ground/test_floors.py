"""楼层: an app imports only from the floors below it; a lower floor knows an upper one by outbox topics alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
FLOORS = [  # those still to be built too
    "safety_api", "reference", "accounts", "geo", "evidence", "enterprises", "committee", "registers", "risks", "hazards",
    "enforcement", "inspections", "accidents", "zero_accident", "supervision", "plans", "assessment", "ledgers",
    "duty_room", "pages", "phone", "console",
]  # fmt: skip
KNOW_EVERY_APP = {"safety_api/settings.py", "safety_api/urls.py", "safety_api/celery.py"}
MODEL = re.compile(r"([a-z_]+)\.[A-Z][A-Za-z]+")
USER_LIVES_IN = "accounts"


def files_of(app: str) -> list[Path]:
    return [path for path in sorted((ROOT / app).rglob("*.py")) if str(path.relative_to(ROOT)) not in KNOW_EVERY_APP]


def named(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every app that a file names: in imports anywhere, in names of models, in dependencies of migrations."""
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Import):
            yield from ((line, alias.name.split(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield line, (node.module or "").split(".")[0]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and (model := MODEL.fullmatch(node.value)):
            yield line, model[1]
        elif isinstance(node, ast.Attribute) and node.attr == "AUTH_USER_MODEL":
            yield line, USER_LIVES_IN


def depended_on(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in ("dependencies", "run_before"):
            pairs = [each for each in ast.walk(node.value) if isinstance(each, ast.Tuple)]
            yield from ((pair.lineno, pair.elts[0].value) for pair in pairs if isinstance(pair.elts[0], ast.Constant))


def steps_up(app: str) -> list[str]:
    above = set(FLOORS[FLOORS.index(app) + 1 :])
    found = []
    for path in files_of(app):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        words = [*named(tree), *(depended_on(tree) if "migrations" in path.parts else ())]
        found += [f"{path.relative_to(ROOT)}:{line} names {word}" for line, word in words if word in above]
    return found


def test_the_settings_list_the_floors_in_their_order():
    assert [app for app in FLOORS if app in settings.OUR_APPS] == settings.OUR_APPS


def test_every_folder_with_an_app_is_a_floor():
    assert {path.parent.name for path in ROOT.glob("*/apps.py")} <= set(FLOORS)


@pytest.mark.parametrize("app", FLOORS)
def test_no_app_names_one_from_a_floor_above(app):
    assert steps_up(app) == []


@pytest.mark.parametrize(
    "code",
    [
        "from enterprises.models import Enterprise",
        "import enterprises.actions",
        "def late():\n    from enterprises import actions",
        "models.ForeignKey('enterprises.Enterprise', models.PROTECT)",
        "apps.get_model('enterprises.Enterprise')",
    ],
)
def test_a_step_up_is_seen_however_it_is_written(code):
    assert "enterprises" in {word for _, word in named(ast.parse(code))}


def test_a_migration_that_depends_on_a_floor_above_is_seen():
    code = "class Migration:\n    dependencies = [('safety_api', '0001_x'), ('hazards', '0001_y')]"
    assert {word for _, word in depended_on(ast.parse(code))} == {"safety_api", "hazards"}
