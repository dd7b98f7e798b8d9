"""The demo's classes: by the real evaluation from what the floors below give, on review days of a year and today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from accounts.demo import OWN_MINE
from hazards.demo import LISTED_DUE
from safety_api.demo import World, builds
from supervision import actions
from supervision.schemes import scheme_on

REVIEWS = 1  # so many of the last review days are evaluated for all units, a year of them for the own mine


@builds
def build(world: World) -> None:
    if not world.size.classes:
        return
    mine = [world.key(*OWN_MINE)]
    days = list(_review_days(world))
    for day in days[:-REVIEWS]:
        actions.evaluate(mine, day)
    for day in days[-REVIEWS:]:
        actions.evaluate_all(day)
    actions.evaluate(mine, world.ago(LISTED_DUE - 1))  # the day after its own deadline: from A to D at once
    actions.evaluate_all(world.today)


def _review_days(world: World) -> Iterator[date]:
    """Of the last twelve months, the oldest first, but none after the mine fell: a class rises on these days only."""
    wanted = scheme_on(world.today)["change"]["review_days"]
    for back in range(365, LISTED_DUE, -1):
        day = world.today - timedelta(days=back)
        if f"{day:%m-%d}" in wanted:
            yield day
