"""补正 What was missed of a course and is made good: the remark stays with the visit, and is healed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.models import User
from evidence.papers.drafting import plain
from inspections.course.facts import facts_of, people_of, rule_of
from inspections.course.rules import WORDS, remarks
from inspections.course.words import OF_THE_COURSE
from inspections.models import Authority, Inspection
from safety_api.actors import Actor
from safety_api.remarks import Remark


def open_words(visit: Inspection) -> set[str]:
    """Of the course, and not healed."""
    return (set(visit.warnings) & OF_THE_COURSE) - set(visit.healed)


def recheck(visit: Inspection, *, type_stated: bool = False) -> list[str]:
    """Reads the course again after a step or a correction: what no longer holds is healed, what now holds is added. Saves nothing.

    Returns the words that this healed.
    """
    rule = rule_of(timezone.localdate(visit.started_at))
    found = set(remarks(_facts(visit, type_stated), rule)) if visit.authority == Authority.ADMINISTRATIVE else set()
    before, gone = set(visit.healed), (set(visit.warnings) & WORDS) - found
    visit.warnings = sorted({*visit.warnings, *found})
    visit.healed = sorted({str(each) for each in gone | set(visit.course.get("settled", ()))})
    return sorted(set(visit.healed) - before)


def heal(visit: Inspection, corrected: Mapping[str, Any], by: Actor) -> None:
    """After a correction: whoever states a source stands by the type as well. Saves nothing."""
    if healed := recheck(visit, type_stated=not {"type", "source"}.isdisjoint(corrected)):
        add_step(visit, "correct", by, healed)


def add_step(visit: Inspection, step: str, by: Actor, healed: list[str], **more: Any) -> None:
    line = plain({"step": step, "at": timezone.now(), "by": by.pk, "by_name": by.name, "healed": healed, **more})
    visit.course = {**visit.course, "steps": [*visit.course.get("steps", ()), line]}


def _facts(visit: Inspection, type_stated: bool):
    """As the phone's were read; a type that was assumed stays assumed until somebody says one."""
    approver = (visit.course.get("approval") or {}).get("approver")
    named = {*visit.companions, *([UUID(approver)] if approver else [])} - {visit.by_id}
    people = people_of(named, User.objects.get(pk=visit.by_id), visit.region_code) if named else {}
    facts = facts_of(visit, people)
    assumed = Remark.TYPE_ASSUMED in open_words(visit) and not type_stated
    return replace(facts, type="") if assumed else facts
