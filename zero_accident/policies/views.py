"""The door of the policy: every version and every line, with its source."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from reference import law
from safety_api.doors import Door
from safety_api.problems import UNKNOWN_POLICY, UNKNOWN_POLICY_LINE
from zero_accident import rules
from zero_accident.policies import lookup
from zero_accident.policies.serializers import PolicyFilters, PolicyOut


# --- the policy ------------------------------------------------------------------------------------------------------
class PolicyDoor(Door):
    """零事故口径"""

    pagination_class = None  # type: ignore[assignment]
    serializer_class = PolicyOut
    etag_tables = ("reference.Load",)
    filters = {"list": PolicyFilters}

    @extend_schema(responses=PolicyOut(many=True))
    def list(self, request):
        """各版口径的施行日期和全部条目：代码、名称、值、中文说明、依据、是否待县里决定。

        破零依据引用的条目（如 min_deaths.Z1）用 version 和 line 查。
        """
        asked = self.parameters()
        return self.tagged(lambda: Response(policies(**asked)))


def policies(version: str | None, line: str | None) -> list[dict[str, Any]]:
    """Raises UNKNOWN_POLICY, UNKNOWN_POLICY_LINE."""
    documents = lookup.documents_of(version)
    if not documents:
        raise UNKNOWN_POLICY()
    questions = {each["id"]: each for each in law.in_force("open_questions", timezone.localdate()).body["questions"]}
    found = [
        {
            **{name: getattr(each, name) for name in ("version", "title", "source", "effective_from", "effective_to")},
            "parameters": [
                _parameter(parameter, questions)
                for parameter in rules.parameters_of(lookup.policy_of(each))
                if line in (None, parameter.code)
            ],
        }
        for each in documents
    ]
    if line and not any(each["parameters"] for each in found):
        raise UNKNOWN_POLICY_LINE()
    return found


def _parameter(parameter: rules.Parameter, questions: dict[str, Any]) -> dict[str, Any]:
    asked = questions.get(parameter.open_question or "", {})
    return asdict(parameter) | {"question": asked.get("question"), "default": asked.get("default")}
