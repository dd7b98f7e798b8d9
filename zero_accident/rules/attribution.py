"""Whom an accident is charged to by an approved decision, whatever the policy would say (认定变更)."""

from dataclasses import dataclass

from accidents.rules import AccidentFacts


@dataclass(frozen=True)
class Override:
    """认定变更, on paper and approved: this village or unit is charged after all, or is not.

    A village charged so replaces the village of the place: an accident has one village only.
    """

    subject: str  # village | unit
    key: str  # its code or id
    charged: bool = True


@dataclass(frozen=True)
class AttributedAccident(AccidentFacts):
    """The facts of an accident, and what was approved about whom it is charged to."""

    excluded: bool = False  # taken out of “零事故” by an approved decision
    overrides: tuple[Override, ...] = ()
