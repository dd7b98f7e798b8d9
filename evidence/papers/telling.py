"""告知 A paper that was issued is told to its unit and to the officers beside whoever issued it; a refusal to sign, upward.

After the commit, and safe to repeat.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone

from evidence.messages import ISSUED, REFUSED
from evidence.papers.models import Paper
from inbox import actions as inbox
from inbox.letters import Letter, To, person, posts
from safety_api.roles import DEPARTMENTS, ENTERPRISE, Role


def tell_of(paper_id: UUID) -> None:
    paper = Paper.objects.filter(pk=paper_id).first()
    if paper is not None:
        inbox.send(
            [
                _letter(
                    paper,
                    ISSUED,
                    "issued",
                    f"{paper.organ}出具{paper.title}{paper.number}",
                    _readers(paper),
                    day=paper.issued_on,
                )
            ]
        )


def _readers(paper: Paper) -> tuple[To, ...]:
    others = {UUID(each["id"]) for each in paper.officers if each.get("id")} - {paper.issued_by}
    unit = posts(ENTERPRISE) if paper.for_unit and paper.enterprise_id else ()
    return (*unit, *(to for key in sorted(others) for to in person(key)))


def tell_of_refusal(paper_id: UUID) -> None:
    """安全生产法第六十八条: to the heads of the department, of the township where none issued it."""
    paper = Paper.objects.filter(pk=paper_id).first()
    if paper is None:
        return
    heads = (
        posts(DEPARTMENTS, department=paper.department_id, leaders=True)
        if paper.department_id
        else posts({Role.TOWNSHIP_LEADER})
    )
    inbox.send([
        _letter(paper, REFUSED, f"refused/{each.pk}", f"{paper.title}{paper.number}：{each.name}拒绝签名，理由：{each.reason}", heads,
                day=timezone.localdate(each.refused_at))
        for each in paper.refusals.order_by("pk")
    ])  # fmt: skip


def _letter(paper: Paper, kind: str, once: str, sentence: str, to: tuple[To, ...], **fields: Any) -> Letter:
    return Letter(
        kind=kind, once=f"paper/{paper.pk}/{once}", sentence=sentence, to=to, about_kind="paper", about=paper.pk, region_code=paper.region_code,
        sector=paper.sector_id, department=paper.department_id, enterprise=paper.enterprise_id, **fields,
    )  # fmt: skip
