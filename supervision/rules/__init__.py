"""A/B/C/D as a pure rule: facts and a dated scheme in, a class with its explanation out; no database, no clock.

facts       what a class is computed from (the names of API.md), read from hostile input with every fault named
scheme      points, bands, caps and the rule of change, read from the document
score       S, T, R1–R4, caps, the computed class and a sentence for each
effective   down at once, up at a review
shape       a document against a table, with JSON pointers
"""

from supervision.rules.effective import (
    ClassDecision,
    ClassHeld,
    Manual,
    add_months,
    caps_in_the_way,
    document,
    effective_class,
    in_force,
    is_review_day,
    next_upgrade_day,
    replay,
    whole_months,
)
from supervision.rules.facts import FACTS, read_facts
from supervision.rules.scheme import CLASSES, Scheme, read_scheme
from supervision.rules.score import Cap, ComputedClass, evaluate
from supervision.rules.shape import BadDocument, Fault

__all__ = [
    "CLASSES",
    "FACTS",
    "BadDocument",
    "Cap",
    "ClassDecision",
    "ClassHeld",
    "ComputedClass",
    "Fault",
    "Manual",
    "Scheme",
    "add_months",
    "caps_in_the_way",
    "document",
    "effective_class",
    "evaluate",
    "in_force",
    "is_review_day",
    "next_upgrade_day",
    "read_facts",
    "read_scheme",
    "replay",
    "whole_months",
]
