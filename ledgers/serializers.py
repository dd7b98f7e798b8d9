"""Shapes of ledgers (one a ledger, made from its columns), of lists that come in, of templates and reconciliations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rest_framework import serializers

from ledgers.books import LEDGERS
from ledgers.columns import Column, ColumnKind, Row
from ledgers.filters import DepartmentParam
from ledgers.importing import KINDS
from ledgers.ledger import Ledger
from ledgers.models import Import
from reference.serializers import SectorParam
from safety_api.doors import Filters
from safety_api.shapes import Out, RecordId, Shape, Text, Whole

MOST_COLUMNS = 60

FIELDS: dict[ColumnKind, Callable[..., serializers.Field]] = {
    ColumnKind.TEXT: serializers.CharField,
    ColumnKind.DAY: serializers.DateField,
    ColumnKind.WHOLE: serializers.IntegerField,
    ColumnKind.YUAN: lambda **options: serializers.DecimalField(max_digits=16, decimal_places=2, **options),
    ColumnKind.FLAG: serializers.BooleanField,
    ColumnKind.WORD: serializers.CharField,
}
SPEAK: dict[ColumnKind, Callable[[Any], Any]] = {
    ColumnKind.DAY: lambda day: day and day.isoformat(),
    ColumnKind.YUAN: lambda yuan: yuan if yuan is None else f"{yuan:.2f}",
    ColumnKind.FLAG: bool,
}


class LedgerRowOut(serializers.Serializer):
    """A row as the list gives it: codes, not labels; people masked unless the context says `contacts`."""

    ledger: Ledger

    id = serializers.UUIDField()

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        contacts = self.context.get("contacts", False)
        self._read = [
            (each.name, each.value(contacts=contacts), SPEAK.get(each.kind, _as_it_is)) for each in self.ledger.columns
        ]

    def to_representation(self, row: Row) -> dict[str, Any]:
        return {"id": str(row["id"]), **{name: speak(read(row)) for name, read, speak in self._read}}


def _as_it_is(value: Any) -> Any:
    return value


def shape_of(ledger: Ledger) -> type[LedgerRowOut]:
    name = "".join(part.title() for part in ledger.name.split("-"))
    fields = {each.name: field_of(each) for each in ledger.columns}
    return type(f"{name}LedgerRowOut", (LedgerRowOut,), {"ledger": ledger, **fields})


def field_of(column: Column) -> serializers.Field:
    said = "、".join(f"{code} {label}" for code, label in column.words.items())
    help_text = "：".join(part for part in (column.heading, said) if part)
    nothing = {} if column.kind is ColumnKind.FLAG else {"allow_null": True}
    return FIELDS[column.kind](help_text=help_text, **nothing)


# --- lists that come in -----------------------------------------------------------------------------------------------
class ImportFilters(Filters):
    kind = serializers.ChoiceField([(name, kind.label) for name, kind in KINDS.items()], required=False)
    state = serializers.ChoiceField(Import.State.choices, required=False)


class SendFilters(Filters):
    dry_run = serializers.BooleanField(required=False, default=False, help_text="true：只检查，不录入")


class SendChecklistFilters(SendFilters):
    sector = SectorParam()
    department = DepartmentParam()
    version = Text(max_length=30, help_text="如 2026-1")
    effective_from = serializers.DateField(help_text="施行日，晚于该部门本领域的上一版")
    source = Text(max_length=200, help_text="依据，如文号")  # type: ignore[assignment]
    title = Text(max_length=100, required=False, help_text="不写则为“部门＋领域＋检查表”")


class SendAnyFilters(SendChecklistFilters):
    """What the document says of all kinds at once."""

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        for each in fields.values():
            each.required = False
        return fields


class ImportFaultOut(Out):
    row = serializers.IntegerField(help_text="如 Excel 所示的行号")
    heading = serializers.CharField()
    value = serializers.CharField()
    reason = serializers.CharField()


class ImportProgressOut(serializers.Serializer):
    read = serializers.IntegerField(required=False)
    checked = serializers.IntegerField(required=False)
    written = serializers.IntegerField(required=False)


class ImportOut(Out):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField([(name, kind.label) for name, kind in KINDS.items()])
    state = serializers.ChoiceField(Import.State.choices)
    dry_run = serializers.BooleanField()
    parameters = serializers.DictField(child=serializers.CharField())
    sha256 = serializers.CharField()
    size = serializers.IntegerField()
    by_name = serializers.CharField()
    made_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    rows_read = serializers.IntegerField()
    rows_bad = serializers.IntegerField()
    rows_written = serializers.IntegerField(help_text="全部录入，或为 0")
    fault = serializers.CharField(help_text="整个文件的问题；没有为空")


class ImportWholeOut(ImportOut):
    warnings = serializers.ListField(child=serializers.CharField())
    progress = ImportProgressOut(help_text="处理中：已读、已查、已写的行数")
    faults = ImportFaultOut(many=True, help_text="前 200 处；全部见 report.xlsx")


# --- superiors' templates ---------------------------------------------------------------------------------------------
class NewTemplateFilters(Filters):
    name = Text(max_length=100)
    ledger = serializers.ChoiceField([(name, ledger.title) for name, ledger in LEDGERS.items()])


class ReportMappingShape(Shape):
    sheet = Text(max_length=60)
    heading_row = Whole(min_value=1, max_value=100, help_text="列名所在行，如 Excel 所示")
    first_row = Whole(min_value=2, max_value=200, help_text="首行数据；其格式用于各行")
    columns = serializers.DictField(
        child=Text(max_length=40), help_text="列名 → 字段；字段即该台账各列的名称，另有 serial 序号、id 我方编号"
    )
    words = serializers.DictField(
        child=Text(max_length=40), required=False, default=dict, help_text="对方用词 → 我方代码，如 已整改 → closed"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["first_row"] <= attrs["heading_row"]:
            raise serializers.ValidationError({"first_row": "应在列名之下。"})
        for name in ("columns", "words"):
            if len(attrs[name]) > MOST_COLUMNS or any(len(each) > 100 for each in attrs[name]):
                raise serializers.ValidationError({name: f"至多 {MOST_COLUMNS} 项，每项至多 100 字。"})
        if not attrs["columns"]:
            raise serializers.ValidationError({"columns": "至少对应一列。"})
        return attrs


class ReportedUpShape(Shape):
    on = serializers.DateField(help_text="报出之日，不晚于今天")
    handed_up = RecordId(
        required=False, allow_null=True, default=None, help_text="filled.xlsx 的 Handed-Up 头；不写为本人最近一次"
    )


class ReportedUpOut(Out):
    marked = serializers.IntegerField()


class ReportSheetOut(Out):
    name = serializers.CharField()
    rows = serializers.ListField(child=serializers.ListField(child=serializers.CharField()), help_text="前 12 行")


class ReportTemplateOut(Out):
    id = serializers.UUIDField()
    name = serializers.CharField()
    ledger = serializers.ChoiceField([(name, ledger.title) for name, ledger in LEDGERS.items()])
    sha256 = serializers.CharField()
    by_name = serializers.CharField()
    made_at = serializers.DateTimeField()
    sheet = serializers.CharField()
    heading_row = serializers.IntegerField(allow_null=True)
    first_row = serializers.IntegerField(allow_null=True)
    columns = serializers.DictField(child=serializers.CharField())
    words = serializers.DictField(child=serializers.CharField())


class ReportTemplateWholeOut(ReportTemplateOut):
    sheets = ReportSheetOut(many=True)
    fields_of_ledger = serializers.DictField(child=serializers.CharField(), help_text="可对应的字段 → 我方列名")


# --- reconciliations --------------------------------------------------------------------------------------------------
class ReconciliationOut(Out):
    id = serializers.UUIDField()
    template = serializers.UUIDField(source="template_id")
    by_name = serializers.CharField()
    made_at = serializers.DateTimeField()
    sha256 = serializers.CharField()
    filters = serializers.CharField(help_text="我方范围")
    theirs = serializers.IntegerField()
    ours = serializers.IntegerField()
    matched = serializers.IntegerField()
    numbers_taken_at = serializers.DateTimeField(allow_null=True)


class ReconciledTheirsOut(serializers.Serializer):
    row = serializers.IntegerField()
    reason = serializers.CharField()
    cells = serializers.DictField(child=serializers.CharField())


class ReconciledOursOut(serializers.Serializer):
    id = serializers.UUIDField()
    unit = serializers.CharField()
    description = serializers.CharField()
    state = serializers.CharField()
    deadline = serializers.CharField()
    external_number = serializers.CharField()
    reported_up_on = serializers.CharField(help_text="空：从未报过")


class ReconciledDifferenceOut(serializers.Serializer):
    row = serializers.IntegerField(help_text="对方表中的行")
    id = serializers.UUIDField()
    external_number = serializers.CharField()
    field = serializers.CharField()
    theirs = serializers.CharField()
    ours = serializers.CharField()
    reason = serializers.CharField()


class ReconciliationWholeOut(ReconciliationOut):
    only_theirs = ReconciledTheirsOut(many=True)
    only_ours = ReconciledOursOut(many=True)
    differences = ReconciledDifferenceOut(many=True)
    numbers = serializers.DictField(child=serializers.CharField(), help_text="我方编号 → 可补记的上级编号")
