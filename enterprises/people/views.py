"""Doors of the directory, and of a unit's accounts."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from enterprises.models import Enterprise
from enterprises.people import accounts
from enterprises.people.directory import meeting, named, people_for, reaching, who_can
from enterprises.people.serializers import (
    FirstPasswordOut,
    PeopleFilters,
    PersonFilters,
    PersonOut,
    UnitAccountOut,
)
from safety_api.doors import Door
from safety_api.problems import NOT_FOUND, UNKNOWN_ENTERPRISE
from safety_api.words import clauses


class PeopleDoor(Door):
    """人员目录：挑选同行人员、执法人员、承办人"""

    serializer_class = PersonOut
    ordering = ("name", "id")
    filters = {"list": PeopleFilters, "retrieve": PersonFilters}

    @cached_property
    def on(self) -> date:
        return self.parameters()["on"] or timezone.localdate()

    def get_queryset(self) -> Any:
        return people_for(self.request.user, on=self.on)

    def list(self, request, *args, **kwargs):
        """管辖区划与本人相交的和同部门的在用人员；村级安全员在内，企业人员和三类管理员不在内。"""
        return super().list(request, *args, **kwargs)

    def chosen(self, rows, *, region, enterprise, can, certified, on, q="", **equal):
        rows = rows.filter(**equal)
        for word in clauses(q):
            rows = rows.filter(named(word))
        rows = rows.filter(meeting(region)) if region else rows
        rows = rows.filter(reaching(self._unit(enterprise))) if enterprise else rows
        rows = rows.filter(who_can(can)) if can else rows
        return rows if certified is None else rows.filter(certificate__isnull=not certified)

    def _unit(self, key: UUID) -> Enterprise:
        unit = Enterprise.objects.visible_to(self.request.user).filter(pk=key).first()
        if unit is None:
            raise UNKNOWN_ENTERPRISE.at("/enterprise")
        return unit


class UnitAccountDoor(Door):
    """企业的账号，由所在乡镇帮助找回口令"""

    serializer_class = UnitAccountOut
    pagination_class = None  # type: ignore[assignment]
    keyed = False  # a first password is never stored; another one is harmless
    tag = "enterprises"

    def _unit(self, key: UUID) -> Enterprise:
        unit = Enterprise.objects.visible_to(self.request.user).filter(pk=key).first()
        if unit is None:
            raise NOT_FOUND()
        return unit

    @extend_schema(responses=UnitAccountOut(many=True))
    def list(self, request, pk: UUID):
        """一个单位的账号，姓名和手机遮掩。"""
        self.parameters()
        show = self.shape().to_representation
        return Response([show(each) for each in accounts.accounts_of(self._unit(pk))])

    @extend_schema(request=None, responses=FirstPasswordOut)
    def reset(self, request, pk: UUID, user_id: UUID):
        """重置口令：当面或电话核实身份后交给本人，首次登录须改；原有登录全部失效。一个账号一天最多五次。"""
        user, password = accounts.reset_password(pk, user_id, by=self.by)
        return Response({"username": user.username, "password": password})
