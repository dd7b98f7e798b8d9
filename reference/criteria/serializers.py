"""Shapes of editions and of their items."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from rest_framework import serializers

from reference.criteria import editions
from reference.criteria.rules import Edition, article_alone
from reference.serializers import OnDay
from reference.terms import Changed, Clauses, ReadOf
from safety_api.problems import UNKNOWN_SECTOR
from safety_api.search import FOUND_BY
from safety_api.shapes import Shape, Text

ARTICLE = r"^[0-9A-Z][0-9A-Za-z().]*$"


class FieldParam(serializers.CharField):
    """A sector of the county's list, or a part of one that has criteria of its own."""

    def to_internal_value(self, data: Any) -> str:
        name = super().to_internal_value(data)
        if not editions.known_field(name):
            raise serializers.ValidationError(UNKNOWN_SECTOR.sentence(), code=UNKNOWN_SECTOR.code)
        return name


class Article(serializers.RegexField):
    """As the texts number it, or as whoever reads them writes it: 第五条第（三）项, 5（3）."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            ARTICLE, error_messages={"invalid": "请写条款号，如 5、5(3)、4.1(a) 或第五条第（三）项。"}, **options
        )

    def to_internal_value(self, data: Any) -> str:
        said = article_alone(data) if isinstance(data, str) else ""
        return super().to_internal_value(said or data)


class CriteriaFilters(OnDay):
    sector = FieldParam(
        max_length=30, required=False, help_text="领域代码，或其中有单独判定标准的 gas、fireworks、explosives、power"
    )
    q = Text(max_length=60, required=False, help_text=FOUND_BY)
    article = Article(max_length=20, required=False, help_text="条款号：5 含 5(3)；也可写第五条第（三）项")


class ClauseShape(Shape):
    article = Article(max_length=20, help_text="条款号，如 5(3)、4.1(a)，也可写第五条第（三）项")
    part = serializers.RegexField(
        r"^[a-z]{0,3}$", max_length=3, required=False, allow_blank=True, default="", help_text="同一条款内分列"
    )
    label = Text(min_length=2, max_length=300, help_text="情形，用简短的话写，不抄原文")  # type: ignore[assignment]
    when = Text(max_length=300, required=False, allow_blank=True, default="", help_text="前提")
    exception = Text(max_length=300, required=False, allow_blank=True, default="", help_text="除外")
    source = Text(min_length=2, max_length=200, help_text="依据哪份文本，哪里来的")  # type: ignore[assignment]
    source_url = serializers.URLField(max_length=300, required=False, allow_blank=True, default="")


class ClauseWithdrawShape(Shape):
    reason = Text(min_length=2, max_length=300)


# --- answers ----------------------------------------------------------------------------------------------------------
class EnteredOut(serializers.Serializer):
    id = serializers.IntegerField()
    source = serializers.CharField()  # type: ignore[assignment]
    source_url = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField()
    by_name = serializers.CharField()


class CriterionOut(serializers.Serializer):
    code = serializers.CharField(help_text="隐患 criterion 的取值")
    edition = serializers.CharField()
    article = serializers.CharField()
    part = serializers.CharField(allow_blank=True, help_text="同一条款内分列的字母，系统所加")
    cited = serializers.CharField(help_text="文书中的写法，如 第5条第（3）项")
    aspect = serializers.CharField(allow_blank=True)
    label = serializers.CharField(help_text="系统自己的短句，判定以正式文本为准")  # type: ignore[assignment]
    topic = serializers.BooleanField(help_text="只是条目主题，不能据以判定")
    when = serializers.CharField(required=False, help_text="前提")
    exception = serializers.CharField(required=False, help_text="除外")
    measure = serializers.DictField(child=serializers.CharField(), required=False, help_text="达到即构成的数值")
    mine = serializers.CharField(required=False, help_text="煤矿：underground 井工 open_pit 露天 both")
    list = serializers.ListField(child=serializers.CharField(), required=False)
    reading = serializers.CharField(required=False, help_text="主管部门的解释，不是条文")
    entered = EnteredOut(required=False, help_text="本县录入的：来源、何时、由谁")


class CriteriaChangeOut(serializers.Serializer):
    edition = serializers.CharField()
    article = serializers.CharField()
    change = serializers.ChoiceField(Changed.choices)
    change_name = serializers.CharField()
    text = serializers.CharField()


class EditionNameOut(serializers.Serializer):
    """What stands beside a hazard."""

    code = serializers.CharField()
    title = serializers.CharField()
    number = serializers.CharField()
    effective_from = serializers.DateField()
    effective_to = serializers.DateField(allow_null=True, help_text="末日（含）；空为现行")
    clauses = serializers.ChoiceField(Clauses.choices)
    clauses_name = serializers.CharField(help_text="条文录入到什么程度")


class EditionOut(EditionNameOut):
    field = serializers.CharField(help_text="属于哪一方面：领域代码，或 gas、fireworks、explosives、power")
    sectors = serializers.ListField(child=serializers.CharField())
    trait = serializers.CharField(allow_blank=True, help_text="适用于有此特征的单位；空为领域内其余单位")
    beside = serializers.CharField(allow_blank=True, help_text="补充哪一系列，与其同时有效")
    read = serializers.ChoiceField(ReadOf.choices, help_text="录入时看到多少原文")
    closed_list = serializers.BooleanField(help_text="只限所列情形")
    first_day_verified = serializers.BooleanField(help_text="false：首日未核对")
    last_day_setting = serializers.BooleanField(help_text="true：末日是本系统的设定")
    note = serializers.CharField(allow_blank=True)
    scope = serializers.CharField(allow_blank=True)
    source_url = serializers.CharField(allow_blank=True)
    changed_from = serializers.CharField(allow_blank=True, help_text="changed 相对于哪一版")
    items_count = serializers.IntegerField()


class CriteriaOut(serializers.Serializer):
    on = serializers.DateField()
    editions = EditionOut(many=True)
    items = CriterionOut(many=True)
    changed = CriteriaChangeOut(many=True, help_text="所列各条与上一版相比；含已删去的：标准为封闭清单时不再是重大隐患")


class EndsOut(serializers.Serializer):
    number = serializers.CharField()
    last_day = serializers.DateField(required=False)
    basis = serializers.CharField()
    source_url = serializers.CharField(required=False)


class AspectOut(serializers.Serializer):
    no = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]
    article = serializers.CharField(required=False)
    first_level = serializers.IntegerField(help_text="原文第一层的项数")
    applies = serializers.CharField(required=False)
    changed = CriteriaChangeOut(many=True)


class WholeEditionOut(EditionOut):
    issued_on = serializers.DateField(allow_null=True)
    effective_note = serializers.CharField(allow_blank=True)
    repealed_on = serializers.DateField(allow_null=True, help_text="正式废止日，晚于末日的")
    text_url = serializers.CharField(allow_blank=True)
    ends = EndsOut(many=True)
    aspects = AspectOut(many=True)
    items = CriterionOut(many=True)
    changed = CriteriaChangeOut(many=True)
    tables = serializers.ListField(child=serializers.DictField(), help_text="条目 measure 中的 table 所指")
    replies = serializers.ListField(child=serializers.DictField(), help_text="主管部门的答复")
    duties = serializers.ListField(child=serializers.DictField(), help_text="发现以后的报告、停产、评估等义务")


def name_of(edition: Edition) -> dict[str, Any]:
    clauses = editions.clauses_of(edition)
    return {
        "code": edition.code, "title": edition.title, "number": edition.number, "effective_from": edition.first,
        "effective_to": edition.last, "clauses": clauses.value, "clauses_name": clauses.label,
    }  # fmt: skip


def edition_out(edition: Edition) -> dict[str, Any]:
    body = edition.body
    blank = {name: body.get(name, "") for name in ("trait", "beside", "scope", "source_url", "changed_from")}
    return {
        **name_of(edition), **blank, "field": body["field"], "sectors": body["sectors"], "read": body["read"],
        "closed_list": edition.closed_list, "first_day_verified": body.get("first_day_verified", True),
        "last_day_setting": body.get("last_day_setting", False), "note": body.get("read_note", ""),
        "items_count": len(editions.items_of(edition.code)),
    }  # fmt: skip


def whole_out(edition: Edition) -> dict[str, Any]:
    body = edition.body
    dated = {name: body.get(name) for name in ("issued_on", "repealed_on")}
    blank = {name: body.get(name, "") for name in ("effective_note", "text_url")}
    rows = {name: body.get(name, []) for name in ("ends", "tables", "replies", "duties")}
    aspects = [_aspect(edition, each) for each in body["aspects"]]
    return {
        **edition_out(edition), **dated, **blank, **rows, "aspects": aspects, "items": editions.items_of(edition.code),
        "changed": changes_at(edition),
    }  # fmt: skip


def _aspect(edition: Edition, aspect: dict[str, Any]) -> dict[str, Any]:
    article = {"article": str(aspect["article"])} if "article" in aspect else {}
    return {**aspect, **article, "changed": changes_at(edition, article.values())}


def changes_at(edition: Edition, articles: Collection[str] | None = None) -> list[dict[str, Any]]:
    """Of all articles, or of these."""
    rows = edition.body.get("changed", ())
    return [
        {"edition": edition.code, **each, "change_name": Changed(each["change"]).label}
        for each in rows
        if articles is None or each["article"] in articles
    ]
