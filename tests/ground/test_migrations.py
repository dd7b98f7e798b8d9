"""迁移: yesterday's code goes on writing while tomorrow's tables are made (docs/operations.md, Upgrading)."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.db import models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AddField, CreateModel
from django.db.models.fields import NOT_PROVIDED

LOADED_WITH_THE_MIGRATION = {"reference"}  # law: nobody but `load_reference` writes it, the next step of an upgrade
OURS = {  # in one order: the workers collect each for itself
    key: each for key, each in sorted(MigrationLoader(None).disk_migrations.items()) if key[0] in settings.OUR_APPS
}


def refused(migration) -> list[str]:
    """New columns that an INSERT of the code before does not name and the database does not fill."""
    made = {each.name_lower for each in migration.operations if isinstance(each, CreateModel)}
    added = [each for each in migration.operations if isinstance(each, AddField) and each.model_name_lower not in made]
    return [f"{each.model_name}.{each.name}" for each in added if not filled(each.field)]


def filled(field: models.Field) -> bool:
    return field.null or field.many_to_many or field.db_default is not NOT_PROVIDED


@pytest.mark.parametrize("key", OURS, ids=".".join)
def test_a_new_column_does_not_stop_the_code_before_it(key):
    found = [] if key[0] in LOADED_WITH_THE_MIGRATION else refused(OURS[key])
    assert found == [], "null=True or db_default, and in a later release what you wanted"


@pytest.mark.parametrize(
    "field, fault",
    [
        (models.CharField(max_length=9, default=""), True),
        (models.CharField(max_length=9, default="", db_default=""), False),
        (models.DateField(null=True), False),
    ],
)
def test_a_column_that_would_stop_the_code_before_it_is_seen(field, fault):
    migration = type("Step", (), {"operations": [AddField("visit", "note", field)]})
    assert bool(refused(migration)) is fault


@pytest.mark.parametrize("key", OURS, ids=".".join)
def test_a_migration_is_named_for_what_it_does(key):
    assert not re.search(r"_auto_|_and_more$|_\d{8}", key[1]), f"makemigrations {key[0]} -n what_it_does"
