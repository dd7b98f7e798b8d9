"""A year's notice moves the open dates of the registers."""

from __future__ import annotations

from enforcement import dates
from enforcement.models import Dishonesty, Handover, Listing, StopOrder
from reference.working_out import work_out_anew
from safety_api.loads import HOLIDAYS, Loaded, follows_loads

DATED = (
    (Handover, dates.HANDOVER),
    (Listing, dates.LISTING),
    (StopOrder, dates.STOP_ORDER),
    (Dishonesty, dates.DISHONESTY),
)


@follows_loads
def dates_move(loaded: Loaded) -> list[str]:
    since = loaded.first_of(HOLIDAYS)
    return [said for model, columns in DATED for said in work_out_anew(model, columns, since=since)] if since else []
