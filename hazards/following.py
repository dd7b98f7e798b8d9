"""A year's notice moves the open dates of hazards."""

from __future__ import annotations

from hazards import dates
from hazards.models import Extension, Hazard
from reference.working_out import work_out_anew
from safety_api.loads import HOLIDAYS, Loaded, follows_loads


@follows_loads
def dates_move(loaded: Loaded) -> list[str]:
    if (since := loaded.first_of(HOLIDAYS)) is None:
        return []
    return [
        *work_out_anew(Extension, dates.EXTENSION, since=since),
        *work_out_anew(Hazard, dates.HAZARD, since=since),
    ]
