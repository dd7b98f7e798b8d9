"""判定标准 Looking again at what an ended text judged, and naming editions by the text of what came before they were kept."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hazards import editions as judged
from hazards.actions.reporting import step_line
from hazards.models import EditionLook, Hazard
from reference.criteria import editions, rules
from reference.criteria.rules import UNKNOWN
from safety_api.actors import Actor
from safety_api.inserts import insert_all
from safety_api.parts import in_parts
from safety_api.problems import NOT_JUDGED_BY_ENDED
from safety_api.trail import SYSTEM, line, record, record_many
from safety_api.writing import Fresh, locked

AGAIN = "look-again"
AT_ONCE = 500  # hazards an UPDATE


@transaction.atomic
def look_again(
    hazard_id: UUID, *, by: Actor, word: str, reason: str, criterion: str = "", check_fresh: Fresh = None
) -> Hazard:
    """复看: a person says what follows from the edition of the finding. With `rejudged` the hazard is judged by it from now on.

    Raises NOT_FOUND, STALE, NOT_JUDGED_BY_ENDED, UNKNOWN_CRITERION, CRITERION_OF_OTHER_EDITION.
    """
    hazard = locked(Hazard.objects.visible_to(by).defer("point"), hazard_id, check_fresh)
    due = judged.due_edition(hazard)
    if due is None or not judged.is_to_be_looked_at(hazard):
        raise NOT_JUDGED_BY_ENDED()
    before = {"edition": hazard.edition, "criterion": hazard.criterion, "standard_clause": hazard.standard_clause}
    EditionLook.objects.create(
        hazard=hazard, judged_by=hazard.edition, due=due.code, word=word, reason=reason, criterion=criterion, by_id=by.pk, by_name=by.name
    )  # fmt: skip
    if word == EditionLook.Word.REJUDGED:
        _rejudge(hazard, due.code, criterion)
    else:
        hazard.save(update_fields=["edition"])  # its stamp: lists and phones see it again
    said = {"word": word, "due": due.code, "before": before}
    insert_all([step_line(hazard, AGAIN, hazard.state, by=by, happened_at=timezone.now(), note=reason, details=said)])
    record(by, "hazard.look_again", hazard, reason=reason, **said)
    return hazard


def _rejudge(hazard: Hazard, due: str, criterion: str) -> None:
    hazard.edition, hazard.criterion = due, ""
    judged.name_criterion(hazard, criterion)
    judged.set_remarks(hazard)
    hazard.save(update_fields=["edition", "criterion", "standard_clause", "warnings"])


# --- what came before editions were kept ------------------------------------------------------------------------------
@transaction.atomic
def name_editions() -> int:
    """Of hazards without a known edition those whose own clause names one. May be run again: what is named stays. Returns how many."""
    rows = Hazard.objects.filter(edition=UNKNOWN).exclude(standard_clause="")
    found: dict[str, list[Hazard]] = defaultdict(list)
    for hazard in rows.only("sector_id", "standard_clause", "found_at", "region_code").iterator():
        named = rules.named(editions.of_sector(hazard.sector_id), hazard.standard_clause, judged.found_on(hazard))
        if named:
            found[named.code].append(hazard)
    for code, hazards in found.items():
        for part in in_parts(hazards, AT_ONCE):
            Hazard.objects.filter(pk__in=[each.pk for each in part], edition=UNKNOWN).update(edition=code)
            record_many(line(SYSTEM, "hazard.name_edition", each, edition=code) for each in part)
    return sum(map(len, found.values()))
