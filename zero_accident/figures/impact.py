"""What an accident does to places and units under a policy, as rows of the kept tables."""

from __future__ import annotations

from uuid import UUID

from accidents.models import Accident
from zero_accident import rules
from zero_accident.choices import Charged
from zero_accident.figures.tables import BreakKey, BreakSays, EffectKey, EffectSays


def assess(
    policy: rules.Policy, accident: Accident, known: rules.AttributedAccident
) -> tuple[dict[EffectKey, EffectSays], dict[BreakKey, BreakSays]]:
    """Rows of EFFECT and BREAK. Pure.

    An accident counts once, in the township of the village it is charged to, else of its place. One whose village
    nobody has named yet breaks no village, and counts for its township all the same: saying less must not look
    better.
    """
    broken, verdict = rules.breaks(policy, known), rules.judge(policy, known)
    counts = bool(broken) or rules.would_break_a_village(policy, known)
    veto = rules.proposes_veto(known, policy.veto_grade_from)
    village = next((each.key for each in broken if each.subject == Charged.VILLAGE), accident.region_code)
    deaths = rules.effective_deaths(policy, known) if counts else 0
    effect = EffectSays(
        known.occurred_on, village, counts, deaths, rules.is_undetermined(known), veto, verdict.line, verdict.reason
    )
    lines = {
        _of(accident, each): BreakSays(known.occurred_on, each.line, each.attribution, each.reason, each.provisional)
        for each in broken
    }
    return ({EffectKey(accident.pk): effect} if counts or veto else {}), lines


def _of(accident: Accident, each: rules.SubjectBreak) -> BreakKey:
    is_village = each.subject == Charged.VILLAGE
    return BreakKey(accident.pk, each.key if is_village else "", None if is_village else UUID(each.key))
