"""What hazards do when their unit moves: the open ones go along, whoever has them goes on with them; the ended ones stay where they were."""

from __future__ import annotations

from django.utils import timezone

from enterprises.following import follows_moves
from enterprises.models import Enterprise
from hazards.actions.reporting import step_line
from hazards.models import Hazard
from hazards.states import ENDED
from safety_api.actors import Actor
from safety_api.inserts import insert_all
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
