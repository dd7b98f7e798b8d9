"""楼层: an app imports only from the floors below it; a lower floor knows an upper one by outbox topics alone; and SQL names
only tables of its own app, above or below: what another room knows it gives itself (`facts.py`, a fragment, an action)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
FLOORS = [  # those still to be built too
    "safety_api", "reference", "accounts", "inbox", "geo", "evidence", "enterprises", "committee", "registers", "risks", "hazards",
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


def test_installed_apps_are_listed_in_the_order_of_the_floors():
    assert [app for app in FLOORS if app in settings.OUR_APPS] == settings.OUR_APPS


def test_every_folder_with_an_app_is_a_floor():
    assert {path.parent.name for path in ROOT.glob("*/apps.py")} <= set(FLOORS)


@pytest.mark.parametrize("app", FLOORS)
def test_no_app_depends_on_an_app_of_a_higher_floor(app):
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
def test_a_dependency_on_a_higher_floor_is_found_in_any_form(code):
    assert "enterprises" in {word for _, word in named(ast.parse(code))}


def test_a_migration_depending_on_a_higher_floor_is_found():
    code = "class Migration:\n    dependencies = [('safety_api', '0001_x'), ('hazards', '0001_y')]"
    assert {word for _, word in depended_on(ast.parse(code))} == {"safety_api", "hazards"}


# --- tables ---------------------------------------------------------------------------------------------------------------
TABLES = {
    model._meta.db_table: app
    for app in settings.OUR_APPS
    for model in apps.get_app_config(app).get_models(include_auto_created=True)
}
ROUTE = re.compile(r"[a-z_]+\.[a-z_]+")  # a door: `zero_accident_broken.list`
WORD = re.compile(r"\w+")
PUT_TOGETHER = re.compile(
    r'\b(?:FROM|JOIN|UPDATE|INTO|ANALYZE)\s+"?([a-z_]+)_$', re.IGNORECASE
)  # f"FROM hazards_{noun}"


def tables_named(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every table that a file names, and whose it is: in any string whatever it is for, and by a model's own word for it."""
    models = dict(imported_models(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and not ROUTE.fullmatch(node.value):
            words = [TABLES.get(word) for word in WORD.findall(node.value)] + PUT_TOGETHER.findall(node.value)
            yield from ((node.lineno, owner) for owner in words if owner in FLOORS)
        elif isinstance(node, ast.Attribute) and node.attr == "db_table":
            named_by = ast.unparse(node.value).removesuffix("._meta")
            yield from ((node.lineno, models[named_by]) for _ in range(named_by in models))


def imported_models(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield from ((alias.asname or alias.name, node.module.split(".")[0]) for alias in node.names)


@pytest.mark.parametrize("app", settings.OUR_APPS)
def test_no_app_names_a_table_of_another(app):
    files = [path for path in files_of(app) if "migrations" not in path.parts]  # a foreign key may be promised in SQL
    found = [
        f"{path.relative_to(ROOT)}:{line} names a table of {owner}"
        for path in files
        for line, owner in tables_named(ast.parse(path.read_text(encoding="utf-8")))
        if owner != app
    ]
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        'rows("SELECT id FROM hazards_hazard")',
        'SQL = """\nWITH mine AS (SELECT 1)\nSELECT * FROM mine JOIN hazards_hazard AS h ON h.id = mine.id"""',
        "rows('select 1 from \"hazards_hazard\" h')",
        'rows(f"UPDATE hazards_hazard SET note = {note}")',
        'rows("INSERT INTO " + "hazards_hazard" + " VALUES (1)")',
        'rows("DELETE FROM {} WHERE true".format("hazards_hazard"))',
        'TABLE = "hazards_hazard"',
        'for noun in ("hazard", "step"):\n    rows(f"ANALYZE hazards_{noun}")',
        'units.extra(where=["EXISTS (SELECT FROM hazards_hazard AS h WHERE h.enterprise_id = id)"])',
        'RawSQL("SELECT count(*) FROM hazards_hazard", [])',
        'from hazards.models import Hazard\nrows(f"SELECT * FROM {Hazard._meta.db_table}")',
        'from hazards.models import Hazard as H\nrows("SELECT * FROM " + H._meta.db_table)',
    ],
)
def test_a_table_of_another_app_is_found_however_it_is_written(code):
    assert {owner for _, owner in tables_named(ast.parse(code))} == {"hazards"}


@pytest.mark.parametrize(
    "code",
    [
        'rows("SELECT id FROM enterprises_enterprises")',  # no table of ours
        'MAY = {"hazards_figure.list": OFFICE}',  # a door
        'rows(f"SELECT * FROM {rows.model._meta.db_table}")',  # whatever it is handed
    ],
)
def test_code_that_names_no_table_of_another_app_is_allowed(code):
    assert list(tables_named(ast.parse(code))) == []
