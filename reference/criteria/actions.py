"""Clauses entered here, of editions that came with their title and days alone."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from reference import law
from reference.criteria import editions
from reference.models import EnteredClause, Load
from reference.terms import Clauses
from safety_api.actors import Actor
from safety_api.problems import CLAUSE_STANDS, EDITION_IS_WHOLE
from safety_api.writing import add, keep, locked


@transaction.atomic
def enter(edition: str, *, by: Actor, article: str, part: str = "", **said: Any) -> EnteredClause:
    """录入一条. Raises UNKNOWN_EDITION, EDITION_IS_WHOLE, and CLAUSE_STANDS for one that was shipped or entered already."""
    law.renew()
    found = editions.edition(edition)
    if editions.clauses_of(found) == Clauses.WHOLE:
        raise EDITION_IS_WHOLE()
    if editions.item(editions.item_code(edition, article, part)):
        raise CLAUSE_STANDS.at("/article")
    clause = EnteredClause(
        edition=edition, article=article, part=part, entered_by=by.pk, entered_by_name=by.name, **said
    )
    try:
        with transaction.atomic():
            add(clause, "criteria.enter", by=by, clause=str(clause))
    except IntegrityError:
        raise CLAUSE_STANDS.at("/article") from None
    clause.refresh_from_db()
    _turn_the_page()
    return clause


@transaction.atomic
def withdraw(clause_id: int, *, by: Actor, reason: str) -> EnteredClause:
    """撤回: what was entered wrongly stays, with who withdrew it and why. Raises NOT_FOUND."""
    clause = locked(EnteredClause.objects.standing(), clause_id)
    clause.withdrawn_at, clause.withdrawn_by, clause.withdrawn_reason = timezone.now(), by.pk, reason
    columns = ["withdrawn_at", "withdrawn_by", "withdrawn_reason"]
    kept = keep(clause, "criteria.withdraw", columns, by=by, clause=str(clause), reason=reason)
    _turn_the_page()
    return kept


def _turn_the_page() -> None:
    """Every process reads the books again, every answer has a new tag."""
    Load.objects.create(new=0, changed=1, removed=0)
    law.forget()
    transaction.on_commit(law.forget)
