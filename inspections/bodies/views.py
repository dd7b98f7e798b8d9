"""The door of the list of those who may inspect: everyone reads it, so that a unit can see who may come."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from django.utils.timezone import localdate
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from inspections.bodies import actions
from inspections.bodies.facts import townships_named
from inspections.bodies.serializers import BodyFilters, BodyListOut, BodyListShape
from reference import bodies, law
from reference.models import Document
from reference.views import ReferenceDoor

LIST = {
    "published_on": "2025-06-27",
    "source": "兴县人民政府公告〔2025〕4号",
    "bodies": [
        {"body": "emergency", "scope": "矿山、危险化学品、工贸等行业领域安全生产", "sectors": ["coal_mine", "non_coal_mine"]},
        {"body": "fire_rescue", "scope": "消防安全"},
    ],
}  # fmt: skip


class BodyListDoor(ReferenceDoor):
    """行政检查主体：某日谁可以检查企业，县政府公布的名单及其依据；名单录入之前，按部门分工列为代拟。"""

    serializer_class = BodyListOut
    pagination_class = None  # type: ignore[assignment]
    filters = {"list": BodyFilters}

    @extend_schema(responses=forced_singular_serializer(BodyListOut))
    def list(self, request: Request) -> Response:
        on = self.parameters().get("on") or localdate()
        return self.tagged(lambda: Response(self.shape().to_representation(shown(on))))

    @extend_schema(
        request=BodyListShape,
        responses={200: BodyListOut, 201: BodyListOut},
        examples=[OpenApiExample("县政府公布的名单", LIST, request_only=True)],
    )
    def enter(self, request: Request) -> Response:
        """录入县政府公布的整份名单，自公布日起适用；同样的再录一遍不改动什么。同一日的名单须写明理由才能更正，原来的留在审计记录里。"""
        fields = self.read(BodyListShape)
        document, changed = actions.enter(by=self.by, rows=fields.pop("bodies"), **fields)
        answer = self.shape().to_representation(shown(bodies.complete_from(document)))
        return Response(answer, status=201 if changed else 200)


def shown(on: date) -> dict[str, Any]:
    held, rule = bodies.list_on(on), bodies.rule(on)
    rows = list(bodies.bodies(held, on)) if held else []
    townships = townships_named(each.code for each in rows if each.code.isdigit())
    return {
        "on": on,
        **(_told(held) if held else {"status": "none", "title": "", "published_on": None, "source": ""}),
        "not_offered_from": rule and rule["not_offered_from"],
        "bodies": [{**asdict(each), **_named(each, townships)} for each in rows],
        "coordinating": [{"body": code, "name": _name(code)} for code in (rule["coordinating"] if rule else ())],
        "lists": [_told(each) for each in _all_lists()],
    }


def _told(held: Document) -> dict[str, Any]:
    proposed = bodies.is_proposed(held)
    return {
        "status": "proposed" if proposed else "published",
        "title": held.title,
        "published_on": None if proposed else held.effective_from,
        "source": held.source,
    }


def _named(each: bodies.Body, townships: dict[str, str]) -> dict[str, str]:
    department = law.books().departments.get(each.code)
    return {
        "name": department.name if department else townships.get(each.code, each.code),
        "kind": department.kind if department else "township",
        "status": "proposed" if each.proposed else "published",
    }


def _name(code: str) -> str:
    department = law.books().departments.get(code)
    return department.name if department else code


def _all_lists() -> list[Document]:
    return sorted(law.books().documents.get(bodies.LIST, []), key=lambda each: each.effective_from, reverse=True)
