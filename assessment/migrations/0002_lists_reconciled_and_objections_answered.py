"""Lists of departments, what was decided of their rows, objections and their answers: what was told stands."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

APPEND_ONLY = """
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION safety_append_only();
"""
APPENDED = ("assessment_source_list", "assessment_source_row", "assessment_closing_step")
STANDS = """
CREATE OR REPLACE FUNCTION assessment_settlement_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL
     OR to_jsonb(NEW) - '{ended_at,epoch,xid}'::text[] IS DISTINCT FROM to_jsonb(OLD) - '{ended_at,epoch,xid}'::text[] THEN
    RAISE EXCEPTION 'a decision is replaced by another, never changed' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER settlement_stands BEFORE UPDATE OR DELETE ON assessment_settlement
  FOR EACH ROW EXECUTE FUNCTION assessment_settlement_stands();

CREATE OR REPLACE FUNCTION assessment_objection_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.state <> 'open' THEN
    RAISE EXCEPTION 'an objection stands as it was answered' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER objection_stands BEFORE UPDATE OR DELETE ON assessment_objection
  FOR EACH ROW EXECUTE FUNCTION assessment_objection_stands();
"""
STAMPED = ("assessment_source_list", "assessment_settlement", "assessment_objection")
GUARDS = (
    *(f"SELECT safety_stamp('{table}')" for table in STAMPED),
    *(APPEND_ONLY.format(table=table) for table in APPENDED),
    STANDS,
)


class Migration(migrations.Migration):
    dependencies = [
        ("assessment", "0001_months_closed"),
        ("enterprises", "0002_more_kinds_of_sites"),
        ("accidents", "0001_accidents"),
        ("safety_api", "0002_promises"),
    ]

    operations = [
        migrations.CreateModel(
            name="SourceList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("region_code", models.CharField(max_length=12, verbose_name="县")),
                ("source", models.CharField(max_length=40, verbose_name="来源")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("month", models.PositiveSmallIntegerField(verbose_name="月份")),
                ("edition", models.PositiveIntegerField(verbose_name="版次")),
                ("nil_return", models.BooleanField(verbose_name="零报告")),
                ("note", models.CharField(blank=True, default="", max_length=500, verbose_name="说明")),
                ("sha256", models.CharField(max_length=64, verbose_name="内容摘要")),
                ("file_name", models.CharField(blank=True, default="", max_length=10, verbose_name="文件")),
                (
                    "received_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="收到时间"),
                ),
                ("by_id", models.UUIDField(null=True, verbose_name="提交人")),
                ("by_name", models.CharField(max_length=60, verbose_name="提交人姓名")),
            ],
            options={
                "verbose_name": "部门月报",
                "verbose_name_plural": "部门月报",
                "db_table": "assessment_source_list",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("region_code", "source", "year", "month", "edition"), name="source_list_edition_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("month__gte", 1), ("month__lte", 12)), name="source_list_month_is_one"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClosingStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "verb",
                    models.CharField(
                        choices=[
                            ("open", "开始核对"),
                            ("no_objection", "声明无异议"),
                            ("sign", "签发"),
                            ("withdraw", "撤回签发"),
                            ("freeze", "冻结"),
                            ("revise", "修订"),
                        ],
                        max_length=20,
                        verbose_name="步骤",
                    ),
                ),
                ("region_code", models.CharField(blank=True, default="", max_length=12, verbose_name="乡镇")),
                ("reason", models.CharField(blank=True, default="", max_length=1000, verbose_name="理由")),
                ("content_sha256", models.CharField(blank=True, default="", max_length=64, verbose_name="内容摘要")),
                ("by_id", models.UUIDField(null=True, verbose_name="办理人")),
                ("by_name", models.CharField(max_length=60, verbose_name="办理人姓名")),
                ("by_role", models.CharField(max_length=30, verbose_name="岗位")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="时间")),
                (
                    "closing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="assessment.closing",
                        verbose_name="定稿",
                    ),
                ),
            ],
            options={
                "verbose_name": "定稿步骤",
                "verbose_name_plural": "定稿步骤",
                "db_table": "assessment_closing_step",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("verb__in", ["open", "no_objection", "sign", "withdraw", "freeze", "revise"])
                        ),
                        name="closing_step_is_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("verb", "no_objection")),
                        fields=("closing", "region_code"),
                        name="closing_no_objection_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("verb__in", ["withdraw", "revise"]), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="closing_step_with_its_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("occurred_on", models.DateField(verbose_name="事故发生日")),
                ("region_code", models.CharField(max_length=12, verbose_name="乡镇")),
                (
                    "about",
                    models.CharField(
                        choices=[
                            ("village", "计入的村（社区）"),
                            ("unit", "计入的单位"),
                            ("responsibility", "责任认定"),
                            ("category", "事故类别"),
                        ],
                        max_length=20,
                        verbose_name="异议事项",
                    ),
                ),
                ("village", models.CharField(blank=True, default="", max_length=12, verbose_name="村代码")),
                ("reason", models.CharField(max_length=2000, verbose_name="理由")),
                (
                    "evidence",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200), size=None, verbose_name="证明材料"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "待答复"),
                            ("upheld", "异议成立"),
                            ("rejected", "异议不成立"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="提出时间"),
                ),
                ("by_id", models.UUIDField(verbose_name="提出人")),
                ("by_name", models.CharField(max_length=60, verbose_name="提出人姓名")),
                ("answer", models.CharField(blank=True, default="", max_length=2000, verbose_name="答复")),
                ("document", models.CharField(blank=True, default="", max_length=200, verbose_name="文书")),
                ("approved_by", models.CharField(blank=True, default="", max_length=100, verbose_name="批准")),
                ("remedy", models.JSONField(null=True, verbose_name="更正")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="答复或撤回时间")),
                ("ended_by", models.UUIDField(null=True, verbose_name="答复人")),
                ("ended_name", models.CharField(blank=True, default="", max_length=60, verbose_name="答复人姓名")),
                (
                    "accident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="accidents.accident",
                        verbose_name="事故",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="enterprises.enterprise",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "异议",
                "verbose_name_plural": "异议",
                "db_table": "assessment_objection",
                "indexes": [models.Index(fields=["occurred_on"], name="objection_of_day")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "upheld", "rejected", "withdrawn"])),
                        name="objection_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("about__in", ["village", "unit", "responsibility", "category"])),
                        name="objection_about_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", ""), _negated=True), models.Q(("evidence", []), _negated=True)
                        ),
                        name="objection_on_evidence",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("about__in", ["unit", "responsibility"]), _negated=True),
                            ("enterprise__isnull", False),
                            _connector="OR",
                        ),
                        name="objection_names_its_unit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["upheld", "rejected"]), _negated=True),
                            models.Q(("answer", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="objection_answered_in_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "upheld"), _negated=True),
                            models.Q(
                                models.Q(("document", ""), _negated=True),
                                models.Q(("approved_by", ""), _negated=True),
                                ("remedy__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="objection_upheld_on_paper",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("state", "open")),
                            models.Q(models.Q(("state", "open"), _negated=True), ("ended_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="objection_ended_when",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("accident", "region_code", "about", "village", "enterprise"),
                        name="objection_once_at_a_time",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Settlement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("region_code", models.CharField(max_length=12, verbose_name="县")),
                ("source", models.CharField(max_length=40, verbose_name="来源")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("month", models.PositiveSmallIntegerField(verbose_name="月份")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("matched", "是我方这起事故"),
                            ("created", "补录为新事故"),
                            ("set_aside", "不补录"),
                            ("unlisted", "对方未列，已说明"),
                        ],
                        max_length=12,
                        verbose_name="认定",
                    ),
                ),
                ("external_number", models.CharField(blank=True, default="", max_length=60, verbose_name="对方编号")),
                ("theirs", models.JSONField(default=dict, verbose_name="对方数字")),
                ("ours", models.JSONField(default=dict, verbose_name="我方数字")),
                ("accepted", models.BooleanField(default=False, verbose_name="差异已说明")),
                ("reason", models.CharField(blank=True, default="", max_length=1000, verbose_name="理由")),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="时间"),
                ),
                ("by_id", models.UUIDField(verbose_name="认定人")),
                ("by_name", models.CharField(max_length=60, verbose_name="认定人姓名")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="失效时间")),
                (
                    "accident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accidents.accident",
                        verbose_name="事故",
                    ),
                ),
            ],
            options={
                "verbose_name": "比对认定",
                "verbose_name_plural": "比对认定",
                "db_table": "assessment_settlement",
                "indexes": [models.Index(fields=["region_code", "year", "month"], name="settlement_of_month")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["matched", "created", "set_aside", "unlisted"])),
                        name="settlement_kind_is_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None), models.Q(("external_number", ""), _negated=True)),
                        fields=("region_code", "source", "year", "month", "external_number"),
                        name="settlement_one_a_row",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("accident__isnull", False), ("ended_at", None)),
                        fields=("region_code", "source", "accident"),
                        name="settlement_one_an_accident",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accident", None), ("kind", "set_aside")),
                            models.Q(models.Q(("kind", "set_aside"), _negated=True), ("accident__isnull", False)),
                            _connector="OR",
                        ),
                        name="settlement_names_its_accident",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("external_number", ""), ("kind", "unlisted")),
                            models.Q(
                                models.Q(("kind", "unlisted"), _negated=True),
                                models.Q(("external_number", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="settlement_names_its_row",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accepted", False), ("kind__in", ["matched", "created"])),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="settlement_has_its_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SourceRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveIntegerField(verbose_name="行号")),
                ("external_number", models.CharField(max_length=60, verbose_name="对方编号")),
                ("day", models.DateField(verbose_name="发生日")),
                ("time", models.TimeField(null=True, verbose_name="时间")),
                ("region_code", models.CharField(max_length=12, verbose_name="地区")),
                ("place", models.CharField(blank=True, default="", max_length=200, verbose_name="地点")),
                ("deaths", models.PositiveIntegerField(verbose_name="死亡")),
                ("serious_injuries", models.PositiveIntegerField(null=True, verbose_name="重伤")),
                (
                    "category",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("Z1", "生产安全死亡事故"),
                            ("Z2", "非生产经营性道路交通死亡事故"),
                            ("Z3", "村民自建、维修住房、窑洞、仓房等死亡事故"),
                            ("Z4", "火灾事故"),
                            ("Z5", "森林草原火灾和野外用火事故"),
                            ("Z6", "燃气（煤气）泄漏、爆炸事故"),
                            ("Z7", "非法生产、储存、燃放烟花爆竹事故"),
                            (
                                "Z8",
                                "其他因安全管理不到位造成的死亡事故（高处坠落、物体打击、中毒、窒息、淹溺、触电等）",
                            ),
                        ],
                        default="",
                        max_length=2,
                        verbose_name="类别",
                    ),
                ),
                ("description", models.CharField(blank=True, default="", max_length=2000, verbose_name="简要情况")),
                (
                    "of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rows",
                        to="assessment.sourcelist",
                        verbose_name="月报",
                    ),
                ),
            ],
            options={
                "verbose_name": "部门月报行",
                "verbose_name_plural": "部门月报行",
                "db_table": "assessment_source_row",
                "constraints": [
                    models.UniqueConstraint(fields=("of", "external_number"), name="source_row_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("category__in", ["", "Z1", "Z2", "Z3", "Z4", "Z5", "Z6", "Z7", "Z8"])),
                        name="source_row_category_is_known",
                    ),
                ],
            },
        ),
        *(migrations.RunSQL(each, migrations.RunSQL.noop) for each in GUARDS),
    ]
