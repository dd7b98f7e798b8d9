"""Sheets, vetoes, key-patrol lists, larger disasters; what a person confirmed or fixed is never touched again."""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

STANDS = """
CREATE OR REPLACE FUNCTION assessment_sheet_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.state = 'confirmed' THEN
    RAISE EXCEPTION 'a sheet stands as it was confirmed' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER sheet_stands BEFORE UPDATE OR DELETE ON assessment_sheet
  FOR EACH ROW EXECUTE FUNCTION assessment_sheet_stands();

CREATE OR REPLACE FUNCTION assessment_key_patrol_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.state = 'fixed' THEN
    RAISE EXCEPTION 'a list stands as it was fixed' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER key_patrol_stands BEFORE UPDATE OR DELETE ON assessment_key_patrol
  FOR EACH ROW EXECUTE FUNCTION assessment_key_patrol_stands();

CREATE OR REPLACE FUNCTION assessment_key_patrol_entry_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE'
     OR EXISTS (SELECT FROM assessment_key_patrol WHERE id = NEW.patrol_id AND state = 'fixed')
     OR TG_OP = 'UPDATE' AND NEW.patrol_id <> OLD.patrol_id THEN
    RAISE EXCEPTION 'a list stands as it was fixed' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER key_patrol_entry_stands BEFORE INSERT OR UPDATE OR DELETE ON assessment_key_patrol_entry
  FOR EACH ROW EXECUTE FUNCTION assessment_key_patrol_entry_stands();
"""
APPEND_ONLY = """
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON assessment_sheet_view
  FOR EACH ROW EXECUTE FUNCTION safety_append_only();
"""
NEVER_DELETED = """
CREATE OR REPLACE TRIGGER never_deleted BEFORE DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION safety_append_only();
"""
STAMPED = (
    "assessment_sheet", "assessment_veto", "assessment_key_patrol", "assessment_key_patrol_entry", "assessment_larger_disaster",
)  # fmt: skip
GUARDS = (
    *(f"SELECT safety_stamp('{table}')" for table in STAMPED),
    STANDS,
    APPEND_ONLY,
    NEVER_DELETED.format(table="assessment_veto"),
    NEVER_DELETED.format(table="assessment_larger_disaster"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("assessment", "0002_lists_reconciled_and_objections_answered"),
        ("accidents", "0001_accidents"),
        ("safety_api", "0002_promises"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeyPatrol",
            fields=[
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("region_code", models.CharField(max_length=12, verbose_name="县")),
                ("year", models.PositiveSmallIntegerField(verbose_name="巡查年度")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "待确定"), ("fixed", "已确定")],
                        default="open",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "opened_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="提出时间"),
                ),
                ("opened_by", models.UUIDField(null=True, verbose_name="提出人")),
                ("opened_name", models.CharField(blank=True, default="", max_length=60, verbose_name="提出人姓名")),
                ("document", models.CharField(blank=True, default="", max_length=80, verbose_name="文号")),
                ("fixed_by", models.UUIDField(null=True, verbose_name="签发人")),
                ("fixed_name", models.CharField(blank=True, default="", max_length=60, verbose_name="签发人姓名")),
                ("fixed_at", models.DateTimeField(null=True, verbose_name="签发时间")),
                ("content", models.JSONField(default=dict, verbose_name="内容")),
                ("content_sha256", models.CharField(blank=True, default="", max_length=64, verbose_name="内容摘要")),
            ],
            options={
                "verbose_name": "重点巡查名单",
                "verbose_name_plural": "重点巡查名单",
                "db_table": "assessment_key_patrol",
                "constraints": [
                    models.UniqueConstraint(fields=("region_code", "year"), name="key_patrol_once_a_year"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "fixed"])), name="key_patrol_state_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "open"),
                            models.Q(("fixed_at__isnull", False), models.Q(("content_sha256", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="key_patrol_fixed_by_a_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LargerDisaster",
            fields=[
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("region_code", models.CharField(max_length=12, verbose_name="乡镇")),
                ("happened_on", models.DateField(verbose_name="发生日")),
                ("name", models.CharField(max_length=100, verbose_name="灾害")),
                ("document", models.CharField(max_length=80, verbose_name="文号")),
                ("note", models.CharField(blank=True, default="", max_length=1000, verbose_name="说明")),
                ("stated_by", models.UUIDField(verbose_name="登记人")),
                ("stated_name", models.CharField(max_length=60, verbose_name="登记人姓名")),
                (
                    "stated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="登记时间"),
                ),
                ("voided_at", models.DateTimeField(null=True, verbose_name="作废时间")),
                ("void_reason", models.CharField(blank=True, default="", max_length=1000, verbose_name="作废理由")),
            ],
            options={
                "verbose_name": "较大自然灾害",
                "verbose_name_plural": "较大自然灾害",
                "db_table": "assessment_larger_disaster",
                "indexes": [models.Index(fields=["region_code", "happened_on"], name="disaster_of_place")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("document", ""), _negated=True), name="disaster_on_paper"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("voided_at", None), models.Q(("void_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="disaster_voided_has_its_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Sheet",
            fields=[
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("region_code", models.CharField(max_length=12, verbose_name="县")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                (
                    "party_kind",
                    models.CharField(
                        choices=[("township", "乡镇"), ("department", "县安委会成员单位")],
                        max_length=12,
                        verbose_name="被考核方类别",
                    ),
                ),
                ("party", models.CharField(max_length=30, verbose_name="被考核方")),
                ("party_name", models.CharField(max_length=60, verbose_name="被考核方名称")),
                ("number", models.PositiveIntegerField(default=1, verbose_name="修订号")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "待确认"), ("confirmed", "已确认")],
                        default="open",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=1000, verbose_name="修订原因")),
                (
                    "opened_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="生成时间"),
                ),
                ("opened_by", models.UUIDField(null=True, verbose_name="生成人")),
                ("opened_name", models.CharField(blank=True, default="", max_length=60, verbose_name="生成人姓名")),
                ("content", models.JSONField(default=dict, verbose_name="内容")),
                ("content_sha256", models.CharField(blank=True, default="", max_length=64, verbose_name="内容摘要")),
                ("known_at", models.DateTimeField(null=True, verbose_name="按此时所知")),
                ("conclusion", models.CharField(blank=True, default="", max_length=20, verbose_name="考核等次")),
                (
                    "conclusion_name",
                    models.CharField(blank=True, default="", max_length=20, verbose_name="考核等次名称"),
                ),
                ("comment", models.CharField(blank=True, default="", max_length=2000, verbose_name="考核意见")),
                ("document", models.CharField(blank=True, default="", max_length=80, verbose_name="文号")),
                ("confirmed_by", models.UUIDField(null=True, verbose_name="确认人")),
                ("confirmed_name", models.CharField(blank=True, default="", max_length=60, verbose_name="确认人姓名")),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="确认时间")),
            ],
            options={
                "verbose_name": "年度考核表",
                "verbose_name_plural": "年度考核表",
                "db_table": "assessment_sheet",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("region_code", "year", "party_kind", "party", "number"), name="sheet_revision_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("region_code", "year", "party_kind", "party"),
                        name="sheet_one_in_work",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("party_kind__in", ["township", "department"])),
                        name="sheet_party_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "confirmed"])), name="sheet_state_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number", 1), models.Q(("reason", ""), _negated=True), _connector="OR"),
                        name="sheet_revision_has_its_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_at", None), ("state", "open")),
                            models.Q(
                                ("confirmed_at__isnull", False),
                                models.Q(("content_sha256", ""), _negated=True),
                                models.Q(("conclusion", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="sheet_confirmed_by_a_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SheetView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=2000, verbose_name="意见")),
                ("by_id", models.UUIDField(verbose_name="陈述人")),
                ("by_name", models.CharField(max_length=60, verbose_name="陈述人姓名")),
                ("by_role", models.CharField(max_length=30, verbose_name="岗位")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="时间")),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="views",
                        to="assessment.sheet",
                        verbose_name="考核表",
                    ),
                ),
            ],
            options={
                "verbose_name": "被考核方意见",
                "verbose_name_plural": "被考核方意见",
                "db_table": "assessment_sheet_view",
            },
        ),
        migrations.CreateModel(
            name="KeyPatrolEntry",
            fields=[
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("region_code", models.CharField(max_length=12, verbose_name="乡镇")),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                (
                    "origin",
                    models.CharField(
                        choices=[("facts", "依据事实提出"), ("hand", "人工列入")],
                        default="facts",
                        max_length=10,
                        verbose_name="来源",
                    ),
                ),
                ("grounds", models.JSONField(default=list, verbose_name="事由")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "待确认"),
                            ("confirmed", "列入"),
                            ("removed", "不列入"),
                            ("withdrawn", "建议已撤回"),
                        ],
                        default="proposed",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=1000, verbose_name="理由")),
                ("decided_by", models.UUIDField(null=True, verbose_name="决定人")),
                ("decided_name", models.CharField(blank=True, default="", max_length=60, verbose_name="决定人姓名")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="决定时间")),
                (
                    "patrol",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="assessment.keypatrol",
                        verbose_name="名单",
                    ),
                ),
            ],
            options={
                "verbose_name": "重点巡查乡镇",
                "verbose_name_plural": "重点巡查乡镇",
                "db_table": "assessment_key_patrol_entry",
                "constraints": [
                    models.UniqueConstraint(fields=("patrol", "region_code"), name="key_patrol_township_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["proposed", "confirmed", "removed", "withdrawn"])),
                        name="key_patrol_entry_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("state", "removed"), _negated=True),
                                models.Q(("origin", "hand"), _negated=True),
                            ),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="key_patrol_by_hand_has_its_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["confirmed", "removed"]), _negated=True),
                            ("decided_at__isnull", False),
                            _connector="OR",
                        ),
                        name="key_patrol_decided_by_a_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Veto",
            fields=[
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("region_code", models.CharField(max_length=12, verbose_name="县")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                (
                    "party_kind",
                    models.CharField(
                        choices=[("township", "乡镇"), ("department", "县安委会成员单位")],
                        max_length=12,
                        verbose_name="被考核方类别",
                    ),
                ),
                ("party", models.CharField(max_length=30, verbose_name="被考核方")),
                ("party_name", models.CharField(max_length=60, verbose_name="被考核方名称")),
                ("grade", models.CharField(max_length=20, verbose_name="事故等级")),
                ("said", models.CharField(max_length=300, verbose_name="事由")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "建议否决"),
                            ("confirmed", "已否决"),
                            ("rejected", "不予否决"),
                            ("withdrawn", "建议已撤回"),
                            ("lifted", "已解除"),
                        ],
                        default="proposed",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "proposed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="提出时间"),
                ),
                ("effective_from", models.DateField(verbose_name="否决自")),
                ("document", models.CharField(blank=True, default="", max_length=80, verbose_name="文号")),
                ("decided_by", models.UUIDField(null=True, verbose_name="决定人")),
                ("decided_name", models.CharField(blank=True, default="", max_length=60, verbose_name="决定人姓名")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="决定时间")),
                ("reason", models.CharField(blank=True, default="", max_length=1000, verbose_name="理由")),
                ("ground_lost_at", models.DateTimeField(null=True, verbose_name="事由消失的时间")),
                ("lifted_on", models.DateField(null=True, verbose_name="解除日")),
                ("lift_document", models.CharField(blank=True, default="", max_length=80, verbose_name="解除文号")),
                ("lift_reason", models.CharField(blank=True, default="", max_length=1000, verbose_name="解除理由")),
                ("lifted_by", models.UUIDField(null=True, verbose_name="解除人")),
                ("lifted_name", models.CharField(blank=True, default="", max_length=60, verbose_name="解除人姓名")),
                (
                    "accident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vetoes",
                        to="accidents.accident",
                        verbose_name="事故",
                    ),
                ),
            ],
            options={
                "verbose_name": "一票否决",
                "verbose_name_plural": "一票否决",
                "db_table": "assessment_veto",
                "indexes": [models.Index(fields=["region_code", "year"], name="veto_of_county")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["proposed", "confirmed"])),
                        fields=("accident", "party_kind", "party"),
                        name="veto_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("party_kind__in", ["township", "department"])),
                        name="veto_party_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["proposed", "confirmed", "rejected", "withdrawn", "lifted"])),
                        name="veto_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["confirmed", "lifted"]), _negated=True),
                            models.Q(models.Q(("document", ""), _negated=True), ("decided_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="veto_confirmed_on_paper",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "rejected"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="veto_rejected_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "lifted"), _negated=True),
                            models.Q(models.Q(("lift_document", ""), _negated=True), ("lifted_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="veto_lifted_on_paper",
                    ),
                ],
            },
        ),
        *(migrations.RunSQL(guard, migrations.RunSQL.noop) for guard in GUARDS),
    ]
