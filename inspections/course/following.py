"""What follows the course of a visit after its commit: its papers, and a word to whoever is still to approve it."""

from __future__ import annotations

from uuid import UUID

from inspections.course.issuing import issue_told
from inspections.course.telling import end_asking, tell_due
from inspections.models import Inspection, Task


def follow_course(inspection: UUID | str) -> None:
    """Safe to repeat."""
    issue_told(inspection)
    visit = Inspection.objects.select_related("enterprise", "site").filter(pk=inspection).first()
    if visit is None:
        return
    tell_due(visit)
    if visit.task_id:
        for task in Task.objects.filter(pk=visit.task_id, done_by=visit.pk):
            end_asking(task)
