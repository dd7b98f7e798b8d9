"""What papers say of the course of an inspection since it is in force (国办发〔2024〕54号); what is not known is left out, never guessed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from enterprises.models import Enterprise
from evidence.papers import kinds
from evidence.papers.registry import Sheet
from inspections.course.serializers import without_complaint
from inspections.models import SourceKind
from inspections.papers.yearly import spoken_year
from reference.terms import InspectionType


class Known(NamedTuple):
    """What a visit or a task says of its course; a unit says nothing."""

    type: str = ""
    source: Mapping[str, Any] = MappingProxyType({})
    experts: Sequence[Mapping[str, Any]] = ()
    course: Mapping[str, Any] = MappingProxyType({})


def known(record: Any) -> Known:
    if isinstance(record, Enterprise):
        return Known()
    return Known(record.type, record.source, record.experts, record.course)


def of_course(record: Any, sheet: Sheet, **stated: Any) -> dict[str, Any]:
    """`stated`: type, source, experts as the officer gives them, else the record's own. Nothing for a day before there was a course."""
    told, own = kinds.of_the_course(sheet.form_of), known(record)
    if told is None:
        return {}
    type_, source = stated.get("type") or own.type, stated.get("source") or own.source
    return {
        "type": InspectionType(type_).label if type_ else "",
        "source": spoken_source(source),
        "assistants": assistants(stated.get("experts") or own.experts),
        "count": spoken_year(record, sheet, type=type_, source=source),
        "bans": [{"text": each} for each in told["bans"]],
        "complaints": _whom(told["complaints"]),
    }


def spoken_source(source: Mapping[str, Any]) -> str:
    """上级部署的专项行动（晋安办发〔2026〕12号，山西省安委办部署）. Of a complaint no paper says which: the unit would know whose."""
    if not source.get("kind"):
        return ""
    source = without_complaint(source)
    by = source.get("ordered_by") and f"{source['ordered_by']}部署"
    more = "，".join(filter(None, (source.get("number"), by)))
    label = SourceKind(source["kind"]).label
    return f"{label}（{more}）" if more else label


def assistants(experts: Iterable[Mapping[str, Any]]) -> str:
    """2名：王工（某公司，高级工程师）、李工"""
    named = [_introduced(each) for each in experts]
    return f"{len(named)}名：{'、'.join(named)}" if named else ""


def _introduced(expert: Mapping[str, Any]) -> str:
    more = "，".join(filter(None, (expert.get("organ"), expert.get("post"))))
    return f"{expert['name']}（{more}）" if more else expert["name"]


def _whom(complaints: Mapping[str, Any]) -> str:
    phone = f"（电话：{complaints['phone']}）" if complaints.get("phone") else ""
    return f"{complaints['body']}{phone}"
