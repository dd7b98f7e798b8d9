"""Who may issue what, and which dates a paper may bear. No ORM, no clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from safety_api.roles import BUREAU, ENFORCING, Role

MAY_ISSUE = {
    "law": ENFORCING,
    "notice": frozenset({Role.TOWNSHIP_OFFICER}),  # 属地巡查: 不是执法，不出执法文书
}
# The bureau supervises all of the county (安全生产法 第十条 综合监督管理); others only what is given to them.
BOUND_TO_THEIR_DEPARTMENT = ENFORCING - BUREAU
IN_CHARGE = frozenset({"supervise", "manage"})
CLOCKS = timedelta(minutes=10)  # a phone's clock may be this much off


def may_issue(nature: str, role: str) -> bool:
    return role in MAY_ISSUE[nature]


def is_theirs(role: str, department: str | None, *, of_record: str | None, assigned: Iterable[tuple[str, str]]) -> bool:
    """Whether a record is this department's business: its own, or of a sector that it supervises or manages.

    `assigned` are (department, role) of the record's sector on the day. Whoever is of no department is bound by place and sector alone.
    """
    if role not in BOUND_TO_THEIR_DEPARTMENT or department is None or department == of_record:
        return True
    return any(each == department and as_what in IN_CHARGE for each, as_what in assigned)


def ahead(moment: datetime, *, now: datetime) -> bool:
    return moment > now + CLOCKS


def before(moment: datetime, *, issued_at: datetime) -> bool:
    return moment < issued_at - CLOCKS


def too_soon(cut_at: datetime, *, issued_at: datetime, notice: timedelta, emergency: bool) -> bool:
    """Whether supply would be cut before the unit's time of notice is over (安全生产法 第七十条); in an emergency it has none."""
    return not emergency and cut_at < issued_at + notice
