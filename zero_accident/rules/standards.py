"""Acceptance by the nine creation standards for a year (五到位、两健全、一落实、一及时; mode accident_and_standard)."""

from collections.abc import Collection, Mapping

from reference.terms import Standard

LINE = "mode.accident_and_standard"  # the line of the policy by which one has unmet standards
Marks = Mapping[str, bool]  # standard → passed; what nobody has assessed is not there


def missing(marks: Marks) -> tuple[str, ...]:
    """Those of the nine that do not stand passed, in their order; () is accepted."""
    return tuple(code for code in Standard.values if not marks.get(code, False))


def is_accepted(marks: Marks) -> bool:
    return not missing(marks)


def marks_of(
    village: str,
    own: Mapping[str, Marks],
    came_from: Mapping[str, Collection[str]],
    seen: frozenset[str] = frozenset(),
) -> dict[str, bool]:
    """What stands of a village: its own marks; where it has none, what every village it took over in the period has
    passed. One of them that failed fails it, one that nobody assessed leaves it open.
    """
    before = [marks_of(old, own, came_from, seen | {village}) for old in came_from.get(village, ()) if old not in seen]
    taken_over = {code: _together([each.get(code) for each in before]) for code in Standard.values}
    known = {code: passed for code, passed in taken_over.items() if passed is not None}
    return {**known, **own.get(village, {})}


def _together(passed: list[bool | None]) -> bool | None:
    if False in passed:
        return False
    return None if not passed or None in passed else True
