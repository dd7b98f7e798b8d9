"""What hazards do in the transaction of a lower floor's fact: their unit moves and the open ones go along, the ended ones stay where they
were; a year's notice moves their open dates."""

from __future__ import annotations

from django.utils import timezone

from enterprises.following import follows_moves
from enterprises.models import Enterprise
from evidence.papers.drafting import take_along
from hazards import dates
from hazards.actions.editions import name_editions
from hazards.actions.reporting import step_line
from hazards.models import Extension, Hazard
from hazards.states import ENDED
from inbox import actions as inbox
from reference.working_out import work_out_anew
from safety_api.actors import Actor
from safety_api.inserts import insert_all
from safety_api.loads import HOLIDAYS, Loaded, follows_loads
from safety_api.outbox import send_many
from safety_api.trail import line, record_many


@follows_moves
def take_hazards_along(unit: Enterprise, before: str, by: Actor) -> None:
    rows = Hazard.objects.filter(enterprise=unit, region_code=before).exclude(state__in=ENDED).defer("point")
    moved = list(rows.select_for_update(of=("self",)).order_by("pk"))
    Hazard.objects.filter(pk__in=[each.pk for each in moved]).update(region_code=unit.region_code)
    places = {"from": before, "to": unit.region_code}
    for each in moved:
        each.region_code = unit.region_code
    now = timezone.now()
    insert_all([step_line(each, "relocate", each.state, by=by, happened_at=now, details=places) for each in moved])
    record_many(line(by, "hazard.relocate", each, **places) for each in moved)
    send_many("hazard.moved", [{"hazard": str(each.pk), "step": "relocate"} for each in moved])
    inbox.move([each.pk for each in moved], region_code=unit.region_code)
    take_along(unit.pk, before=before, after=unit.region_code, by=by)


@follows_loads
def editions_are_named(loaded: Loaded) -> list[str]:
    """What came before editions were kept has the one that its text names, and what was judged by an ended text is counted."""
    if loaded.first_of("criteria") is None:
        return []
    named, ended = name_editions(), Hazard.objects.judged("ended").looked_at(False).count()
    said = {
        f"隐患按其原文认定判定标准 {named} 条": named,
        f"按已失效文本判定、须复看的隐患 {ended} 条（hazards?judged_by=ended）": ended,
    }
    return [sentence for sentence, many in said.items() if many]


@follows_loads
def dates_move(loaded: Loaded) -> list[str]:
    if (since := loaded.first_of(HOLIDAYS)) is None:
        return []
    return [
        *work_out_anew(Extension, dates.EXTENSION, since=since),
        *work_out_anew(Hazard, dates.HAZARD, since=since),
    ]
