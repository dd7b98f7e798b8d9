"""What is remarkable in who made a visit. No table, no clock; nothing from the field is refused for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from inspections.models import Authority, VisitKind
from safety_api.remarks import Remark


@dataclass(frozen=True)
class Made:
    """A visit, as far as it matters who made it."""

    authority: str
    kind: str
    of_enterprise: bool
    listed: bool  # whether each body in whose name it was made is on the list of the day
    certified: int  # officers with a certificate valid that day
    needed: int
    experts: int


def remarks(made: Made) -> set[Remark]:
    """国办发〔2024〕54号: an enterprise is inspected by a listed body, by two certified officers, with experts by name; whatever lacks is said
    in general and by itself. To patrol is to inspect, but asks for no certificates. Public places, help and self-checks are free."""
    if not made.of_enterprise or made.authority not in (Authority.ADMINISTRATIVE, Authority.PATROL):
        return set()
    if made.authority == Authority.PATROL:
        return set() if made.listed else {Remark.BODY_NOT_LISTED}
    found = {word for word, lacks in _lacking(made) if lacks}
    return found | {Remark.BODY_NOT_LISTED} if found else found


def _lacking(made: Made) -> Iterable[tuple[Remark, bool]]:
    yield Remark.BODY_NOT_LISTED, not made.listed
    yield Remark.OFFICERS_UNCERTIFIED, made.certified < made.needed
    yield Remark.EXPERTS_UNNAMED, made.kind == VisitKind.EXPERT and not made.experts
