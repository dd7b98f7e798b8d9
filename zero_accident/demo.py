"""The demo's figures, worked out from its accidents; and the case that is written off, by the real verb."""

from __future__ import annotations

from accidents.demo import WRITTEN_OFF
from accidents.reports import deciding
from accounts.demo import person
from safety_api.demo import World, builds
from zero_accident.figures import rebuilding


@builds
def build(world: World) -> None:
    for year in (world.year,) if world.size.accidents else (world.year - 1, world.year):
        rebuilding.rebuild(year, reason="演示数据")
    _write_off(world)


def _write_off(world: World) -> None:
    """When the figures are kept already, so that the revision says that a village was restored."""
    on = max(world.ago(9), world.in_year(0.40))
    deciding.write_off(
        world.key(*WRITTEN_OFF),
        by=person(world, "bureau"),
        on=on,
        approved_by="演示·省安委办",
        reason="公安机关认定为刑事案件，不属于生产安全事故",
        document="演示〔核销〕1号",
    )
