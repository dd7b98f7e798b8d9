"""What this floor asks the floor that decides classes: which one a unit was in on a day that is past.

The floor above declares it in its `following.py`, as an expression that stands in a statement of this floor or of one between.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import CharField, Value
from django.db.models.functions import Coalesce

ClassAt = Callable[[Any, Any], Any]
TOLD: list[ClassAt] = []


def tells_classes(class_at: ClassAt) -> ClassAt:
    """`@tells_classes def f(unit, day) -> expression`: of references to a unit's key and a day; null where nothing is known."""
    TOLD.append(class_at)
    return class_at


def class_at(unit: Any, day: Any) -> Any:
    return Coalesce(*(told(unit, day) for told in TOLD), Value(""), Value(""), output_field=CharField())
