"""判定标准 By which edition a hazard is judged, what it names of it, and which hazards were judged by an ended text.

The edition is that of the day of finding, and an open hazard keeps it. What came before editions were kept has the one that its own text
names, else `unknown`. From memory: no question costs a statement.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.utils import timezone

from hazards.states import ENDED, State
from reference.criteria import editions, rules
from reference.criteria.rules import UNKNOWN, Edition
from reference.terms import HazardLevel
from safety_api.days import during
from safety_api.problems import CRITERION_OF_OTHER_EDITION, UNKNOWN_CRITERION
from safety_api.remarks import Remark, remarked

NO_HAZARDS = (State.DRAFT, State.REJECTED, State.VOID)
OF_CRITERIA = frozenset({Remark.UNKNOWN_CRITERION, Remark.CRITERION_OF_OTHER_EDITION, Remark.NO_CRITERION})


# --- judging ----------------------------------------------------------------------------------------------------------
def judge(hazard: Any, traits: Collection[str] = ()) -> set[Remark]:
    """Sets the edition of the day of finding, and the clause where an item says it; returns what is remarkable of what it names."""
    hazard.edition = _code(_judging(hazard, traits))
    if not hazard.standard_clause:
        hazard.standard_clause = editions.cited(hazard.criterion)
    return remarks_of(hazard)


def judge_again(hazard: Any) -> None:
    """Of a hazard that was judged: its sector or its day of finding was put right."""
    if hazard.edition != UNKNOWN:
        hazard.edition = _code(_judging(hazard, traits_of(hazard)))
    set_remarks(hazard)


def traits_of(hazard: Any) -> Collection[str]:
    return hazard.enterprise.traits if hazard.enterprise_id else ()


def found_on(hazard: Any) -> date:
    return timezone.localdate(hazard.found_at)


def _judging(hazard: Any, traits: Collection[str]) -> Edition | None:
    on = found_on(hazard)
    named = _named_by(hazard)
    held = next((each.code for each in named if each.holds(on)), "")
    return editions.judging(hazard.sector_id, on, traits=traits, named=held)


def _named_by(hazard: Any) -> list[Edition]:
    """The editions that its item or, without one, the number in its clause names."""
    if hazard.criterion:
        item = editions.item(hazard.criterion)
        return [editions.edition(item["edition"])] if item else []
    clause = hazard.standard_clause
    return rules.named_by_number(editions.of_sector(hazard.sector_id), clause) if clause else []


def _code(edition: Edition | None) -> str:
    return edition.code if edition else ""


def remarks_of(hazard: Any) -> set[Remark]:
    """Never a refusal: a phone that was offline knows yesterday's items."""
    if hazard.edition == UNKNOWN:
        return set()
    found, judged_by, named = set(), editions.known(hazard.edition), _named_by(hazard)
    if hazard.criterion and not named:
        found.add(Remark.UNKNOWN_CRITERION)
    if named and not any(rules.belongs(each, judged_by) for each in named):
        found.add(Remark.CRITERION_OF_OTHER_EDITION)
    if judged_by and judged_by.closed_list and hazard.level == HazardLevel.MAJOR and not _names_one(hazard, judged_by):
        found.add(Remark.NO_CRITERION)
    return found


def _names_one(hazard: Any, judged_by: Edition) -> bool:
    """By its item, or by an article of the edition in its clause."""
    return bool(hazard.criterion) or editions.has_article(judged_by, hazard.standard_clause)


def set_remarks(hazard: Any) -> None:
    """Not yet saved; what else is remarked stays."""
    hazard.warnings = sorted({*hazard.warnings} - OF_CRITERIA | remarks_of(hazard))


def name_criterion(hazard: Any, code: str, *, pointer: str = "/criterion") -> None:
    """At the office's door. Sets item, clause and, where none was known, the edition. Raises UNKNOWN_CRITERION,
    CRITERION_OF_OTHER_EDITION."""
    item = editions.item(code)
    if item is None:
        raise UNKNOWN_CRITERION.at(pointer)
    named = editions.edition(item["edition"])
    judged_by = _of_its_day(hazard, named)
    _check_belongs(named, judged_by, pointer)
    hazard.criterion, hazard.standard_clause, hazard.edition = code, editions.cited(code), _code(judged_by)


def _of_its_day(hazard: Any, named: Edition) -> Edition | None:
    """Its own edition; or what is named, where both hold on the day of finding in its sector: gas beside housing."""
    own, on = editions.known(hazard.edition), found_on(hazard)
    if own and (rules.belongs(named, own) or not own.holds(on)):
        return own
    return editions.judging(hazard.sector_id, on, traits=traits_of(hazard), named=named.code)


def drop_foreign(hazard: Any) -> None:
    """A clause that the office writes stands in the place of an item that a phone named of another edition, or of none."""
    named, judged_by = _named_by(hazard), editions.known(hazard.edition)
    if hazard.criterion and not any(rules.belongs(each, judged_by) for each in named):
        hazard.criterion = ""


def check_named(hazard: Any, pointer: str) -> None:
    """A major one is confirmed, and its papers cite, by the edition of its finding alone. Raises CRITERION_OF_OTHER_EDITION."""
    if hazard.level == HazardLevel.MAJOR and Remark.CRITERION_OF_OTHER_EDITION in remarks_of(hazard):
        named = _named_by(hazard)
        one = next((each for each in named if rules.belongs(each, _of_its_day(hazard, each))), named[0])
        judged_by = _of_its_day(hazard, one)
        _check_belongs(one, judged_by, pointer)
        hazard.edition = _code(judged_by)


def _check_belongs(named: Edition, judged_by: Edition | None, pointer: str) -> None:
    if not rules.belongs(named, judged_by):
        said = judged_by.cited if judged_by else "没有"
        raise CRITERION_OF_OTHER_EDITION.at(
            pointer, said=CRITERION_OF_OTHER_EDITION.sentence(edition=said), edition=said
        )


# --- shown ------------------------------------------------------------------------------------------------------------
def now_instead(hazard: Any, today: date) -> Edition | None:
    """The edition that holds today in the place of an open hazard's own; None where its own holds."""
    return None if hazard.state in ENDED else editions.taken_over(hazard.edition, today)


def basis_of(hazard: Any) -> str:
    """What makes it major, as a paper cites it: by the edition of the finding, with title, number and article."""
    if hazard.criterion and (cited := editions.cited(hazard.criterion)):
        return cited
    clause, judged_by = hazard.standard_clause, editions.known(hazard.edition)
    if not clause or judged_by is None or hazard.level != HazardLevel.MAJOR:
        return clause or hazard.judged_by_expert
    if rules.named_by_number(editions.of_sector(hazard.sector_id), clause):
        return clause
    return f"{clause}（{judged_by.number}）" if judged_by.title in clause else f"{judged_by.cited}：{clause}"


# --- judged by an ended text ------------------------------------------------------------------------------------------
def judged_by_ended(edition: str = "") -> Q:
    """Found since an edition's first day and judged by what it took the place of, or by whatever is not of its day."""
    taken = [during("found_at", new.first, None) & _in(new) & Q(edition__in=old) for new, old in _successions(edition)]
    other = remarked(Remark.CRITERION_OF_OTHER_EDITION) & (Q(edition=edition) if edition else Q())
    return reduce(or_, taken, other)


def judged_by_nobody_knows_what(edition: str = "") -> Q:
    """Major ones found since then whose own text names none: listed apart."""
    since = [during("found_at", new.first, None) & _in(new) for new, _ in _successions(edition)]
    return Q(edition=UNKNOWN, level=HazardLevel.MAJOR) & reduce(or_, since, Q(pk__in=[]))


def _in(edition: Edition) -> Q:
    return Q(sector__in=edition.body["sectors"])


def _successions(edition: str) -> list[tuple[Edition, list[str]]]:
    """Of all editions, or of one. Raises UNKNOWN_EDITION."""
    wanted = editions.edition(edition).code if edition else ""
    return [(new, old) for new, old in editions.successions() if wanted in ("", new.code)]


def due_edition(hazard: Any) -> Edition | None:
    """By which it should have been judged: None where its own is the one of its day."""
    mine, on = editions.known(hazard.edition), found_on(hazard)
    if Remark.CRITERION_OF_OTHER_EDITION in hazard.warnings:
        return mine
    if hazard.edition == UNKNOWN:
        return editions.judging(hazard.sector_id, on, traits=traits_of(hazard))
    return None if mine is None or mine.holds(on) else editions.current(mine.code, on)


def is_to_be_looked_at(hazard: Any) -> bool:
    if hazard.state in NO_HAZARDS or (hazard.edition == UNKNOWN and hazard.level != HazardLevel.MAJOR):
        return False
    return due_edition(hazard) is not None
