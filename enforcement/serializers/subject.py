"""A register's subject: a unit by its name, a person masked for whoever does not keep the register."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.masking import mask_name
from enforcement.kinds import SubjectKind


class SubjectOut(serializers.Serializer):
    subject_kind = serializers.ChoiceField(choices=SubjectKind.choices)
    subject_name = serializers.SerializerMethodField(help_text="人员姓名对非管理部门只显示首字")
    person_post = serializers.CharField()

    def get_subject_name(self, row: Any) -> str:
        hidden = row.subject_kind == SubjectKind.PERSON and not self.context["keeps"]
        return mask_name(row.subject_name) if hidden else row.subject_name
