"""演示数据 The demo year: fiction marked as such, the same rows for the same seed, day and size.

Each app says in its own `demo.py` what it adds (`@builds`); the floors are built from the ground up. The county is told
in detail; what `Size` asks beyond it is written set-based, in SQL, for benches.
"""

from __future__ import annotations

import hashlib
import json
import random
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as clock
from functools import cached_property
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection, models, transaction
from django.db.models.expressions import DatabaseDefault
from django.utils.module_loading import autodiscover_modules

from safety_api.models import Epoch
from safety_api.trail import SYSTEM, record

NAMESPACE = UUID("de300000-1123-4000-8000-000000000000")
COUNTY_TIME = ZoneInfo("Asia/Shanghai")
COUNTY = "141123"
UNITS = 600  # of the county told in detail
BATCH = 5000


@dataclass(frozen=True)
class Size:
    """`units` of the county told in detail (fewer for a quick test); all other numbers are rows written beyond it."""

    units: int = UNITS
    counties: int = 1
    more_units: int = 0
    inspections: int = 0
    hazards: int = 0
    accidents: int = 0
    classes: bool = True


@dataclass(frozen=True)
class World:
    """What a builder is told. Days are days in Asia/Shanghai; what happens has happened before `today`."""

    today: date
    password: str = ""
    seed: int = 1
    size: Size = field(default_factory=Size)
    say: Callable[[str], Any] = lambda words: None

    @property
    def year(self) -> int:
        return self.today.year

    def chance(self, *about: object) -> random.Random:
        """A source of chance of its own: what one app draws does not shift what another does."""
        return random.Random(f"{self.seed} {about}")  # noqa: S311 - fiction, no secret

    def key(self, *about: object) -> UUID:
        """The id of a demo record, the same on every machine."""
        return uuid5(NAMESPACE, f"{self.seed} {about}")

    def at(self, day: date, hour: int = 9, minute: int = 0) -> datetime:
        return datetime.combine(day, clock(hour, minute), COUNTY_TIME)

    def ago(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def in_year(self, share: float) -> date:
        """A day of this year so far: 0 its first day, 1 yesterday. In January the year is short, not empty."""
        first = date(self.year, 1, 1)
        return first + timedelta(days=max(0, int((self.today - first).days * share - 0.5)))

    @cached_property
    def salt(self) -> int:
        """For the hashes of SQL: any 62 bits that follow from the seed."""
        return int.from_bytes(hashlib.sha256(str(self.seed).encode()).digest()[:8], "big") >> 2


Builder = Callable[[World], None]
BUILDERS: dict[str, Builder] = {}


class DemoRefused(Exception):
    """Nothing was loaded; the message says why."""


def builds(builder: Builder) -> Builder:
    """Declares what an app adds to the demo year: one builder an app, in its `demo.py`."""
    app = builder.__module__.split(".")[0]
    if BUILDERS.setdefault(app, builder) is not builder:
        raise ValueError(f"{app} has two builders")
    return builder


def is_loaded() -> bool:
    return get_user_model()._default_manager.filter(is_demo=True).exists()


def is_empty() -> bool:
    return not get_user_model()._default_manager.exists()


@transaction.atomic
def load(world: World) -> None:
    """All floors, or nothing. Raises DemoRefused."""
    if not settings.EMBEDDED:
        raise DemoRefused("演示数据只能装入单机内置模式（EMBEDDED=1）。")
    if not world.password:
        raise DemoRefused("DEMO_PASSWORD 为空：演示账号须有口令。")
    autodiscover_modules("demo")
    write("SET LOCAL jit = off")  # compiling a statement that is run once cost more than running it
    for app in [app for app in settings.OUR_APPS if app in BUILDERS]:
        begun = time.monotonic()
        BUILDERS[app](world)
        world.say(f"  {app:<14}{time.monotonic() - begun:6.1f} s")
    record(
        SYSTEM, "demo.load", Epoch.objects.get(), seed=world.seed, on=world.today.isoformat(), size=asdict(world.size)
    )


def put(rows: Iterable[models.Model]) -> int:
    """Writes rows of one model as they stand, as JSON that PostgreSQL takes apart: a tenth of what bulk_create costs.

    Fields without a value take the database's default; nothing of the model's own `save` happens.
    """
    rows = list(rows)
    return sum(_put(rows[start : start + BATCH]) for start in range(0, len(rows), BATCH))


def _put(rows: Sequence[models.Model]) -> int:
    fields = [each for each in rows[0]._meta.concrete_fields if not _is_left_out(rows[0], each)]
    names = ", ".join(f'"{each.column}"' for each in fields)
    table = rows[0]._meta.db_table
    said = [{each.column: getattr(row, each.attname) for each in fields} for row in rows]
    sql = f'INSERT INTO "{table}" ({names}) SELECT {names} FROM jsonb_populate_recordset(NULL::"{table}", %(rows)s)'  # noqa: S608
    return write(sql, rows=json.dumps(said, default=_plain, ensure_ascii=False))


def _is_left_out(row: models.Model, column: models.Field) -> bool:
    value = getattr(row, column.attname)
    return column.generated or isinstance(value, DatabaseDefault) or (column.primary_key and value is None)


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else getattr(value, "ewkt", None) or str(value)


def write(sql: str, **values: Any) -> int:
    """One statement of a builder, set-based; returns the rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.rowcount
