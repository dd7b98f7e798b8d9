"""送达回证: a paper about a paper, from what was written down of its service."""

from __future__ import annotations

from typing import Any

from evidence.papers.models import Paper
from evidence.papers.registry import Sheet, gathers, gives_papers
from safety_api.problems import NOT_SERVED


@gives_papers("paper", Paper)
def visible(user: Any):
    return Paper.objects.visible_to(user)


@gathers("service_receipt", of="paper")
def service_receipt(paper: Paper, sheet: Sheet) -> dict[str, Any]:
    """Raises NOT_SERVED: first the service, then its receipt."""
    service = paper.services.order_by("-served_at").first()
    if service is None:
        raise NOT_SERVED()
    return {
        "to": paper.addressee, "paper_title": paper.title, "paper_number": paper.number, "paper": str(paper.pk), "place": service.place,
        "how": service.get_how_display(), "served_at": service.served_at.isoformat(), "received_by": service.received_by,
        "post": service.post, "left": service.how == "left", "witnesses": "、".join(service.witnesses), "note": service.note,
    }  # fmt: skip
