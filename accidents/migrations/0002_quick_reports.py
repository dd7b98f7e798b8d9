"""Quick reports: once signed, nobody changes them; none is ever deleted once it has gone out. Their table keeps its name."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

STANDS = """
CREATE OR REPLACE FUNCTION assessment_quick_report_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.signed_at IS NOT NULL THEN
    RAISE EXCEPTION 'a quick report stands as it was signed' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE OR REPLACE TRIGGER quick_report_stands BEFORE UPDATE OR DELETE ON assessment_quick_report
  FOR EACH ROW EXECUTE FUNCTION assessment_quick_report_stands();
"""


class Migration(migrations.Migration):
    replaces = [("assessment", "0004_bulletins_and_quick_reports")]  # made there by an installation of before
    dependencies = [("accidents", "0001_accidents")]

    operations = [
        migrations.CreateModel(
            name="QuickReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("issue", models.PositiveSmallIntegerField(verbose_name="本起事故第几期")),
                (
                    "kind",
                    models.CharField(
                        choices=[("first", "首报"), ("follow_up", "续报"), ("supplement", "补报")],
                        max_length=10,
                        verbose_name="报告类别",
                    ),
                ),
                ("region_code", models.CharField(max_length=12, verbose_name="县")),
                ("words", models.JSONField(default=dict, verbose_name="修改的文字")),
                ("recipients", models.CharField(max_length=500, verbose_name="主报")),
                ("copies", models.CharField(blank=True, max_length=500, verbose_name="抄送")),
                (
                    "drafted_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="起草时间"),
                ),
                ("drafted_name", models.CharField(max_length=60, verbose_name="起草人姓名")),
                ("edited_at", models.DateTimeField(null=True, verbose_name="修改时间")),
                ("edited_name", models.CharField(blank=True, default="", max_length=60, verbose_name="修改人姓名")),
                ("signed_at", models.DateTimeField(null=True, verbose_name="签发时间")),
                ("signed_by", models.UUIDField(null=True, verbose_name="签发人")),
                ("signed_name", models.CharField(blank=True, default="", max_length=60, verbose_name="签发人姓名")),
                ("signed_role", models.CharField(blank=True, default="", max_length=30, verbose_name="签发人岗位")),
                ("year", models.PositiveSmallIntegerField(null=True, verbose_name="年度")),
                ("sequence", models.PositiveIntegerField(null=True, verbose_name="期号")),
                ("number", models.CharField(blank=True, default="", max_length=40, verbose_name="编号")),
                ("facts", models.JSONField(default=dict, verbose_name="数字")),
                ("text", models.JSONField(default=dict, verbose_name="正文")),
                ("sha256", models.CharField(blank=True, default="", max_length=64, verbose_name="记录摘要")),
                (
                    "accident",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quick_reports",
                        to="accidents.accident",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accidents.accidentreport",
                    ),
                ),
            ],
            options={
                "verbose_name": "事故快报",
                "verbose_name_plural": "事故快报",
                "db_table": "assessment_quick_report",
                "constraints": [
                    models.UniqueConstraint(fields=("accident", "issue"), name="quick_report_issue_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("signed_at", None)), fields=("accident",), name="quick_report_one_draft"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("sequence__isnull", False)),
                        fields=("region_code", "year", "sequence"),
                        name="quick_report_number_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["first", "follow_up", "supplement"])),
                        name="quick_report_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("number", ""), ("sequence", None), ("sha256", ""), ("signed_at", None)),
                            models.Q(
                                ("sequence__gte", 1),
                                ("signed_at__isnull", False),
                                ("signed_by__isnull", False),
                                ("year__isnull", False),
                                models.Q(("number", ""), _negated=True),
                                ("sha256__regex", "^[0-9a-f]{64}$"),
                            ),
                            _connector="OR",
                        ),
                        name="quick_report_signed_with_its_number",
                    ),
                ],
            },
        ),
        migrations.RunSQL("SELECT safety_stamp('assessment_quick_report')", migrations.RunSQL.noop),
        migrations.RunSQL(STANDS, migrations.RunSQL.noop),
    ]
