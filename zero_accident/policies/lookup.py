"""The policy in force on a day, of a year, and its lines by their codes."""

from __future__ import annotations

from datetime import date

from reference import law
from reference.models import Document
from zero_accident import rules


# --- the policy ------------------------------------------------------------------------------------------------------
def policy_of(document: Document) -> rules.Policy:
    """With the document for accidents without a category that holds when this version begins."""
    return law.understood(_read, document, law.in_force_or_first("unnamed_category", document.effective_from))


def _read(document: Document, unnamed: Document) -> rules.Policy:
    own = [{**each, "at": f"/categories/*{each['at']}"} for each in unnamed.amended]
    return rules.read_policy(document.body, document.version, unnamed.body, [*document.amended, *own])


def policy_on(day: date) -> rules.Policy:
    """Raises NO_RULE."""
    return policy_of(law.in_force("zero_accident_policy", day))


def policies_of(year: int) -> list[rules.Policy]:
    """Every version that holds on some day of the year: figures are kept under each."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    known = law.books().documents.get("zero_accident_policy", [])
    held = [
        each
        for each in known
        if each.effective_from <= last and (each.effective_to is None or each.effective_to >= first)
    ]
    return [policy_of(each) for each in sorted(held, key=lambda each: each.effective_from)]


def documents_of(version: str | None = None) -> list[Document]:
    """Every version of the policy that was ever loaded, the newest first; or the one of that name."""
    known = law.books().documents.get("zero_accident_policy", [])
    found = [each for each in known if version in (None, each.version)]
    return sorted(found, key=lambda each: each.effective_from, reverse=True)


def line_of(version: str, code: str) -> rules.Parameter | None:
    """The line of a policy by its code; None for a version or a line that is no more in the books."""
    lines = (line for document in documents_of(version) for line in rules.parameters_of(policy_of(document)))
    return next((line for line in lines if line.code == code), None)
