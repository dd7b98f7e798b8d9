"""Bulletins: once frozen, nobody changes them; none is ever deleted once it has gone out."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

STANDS = """
CREATE OR REPLACE FUNCTION assessment_bulletin_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.frozen_at IS NOT NULL THEN
    RAISE EXCEPTION 'a bulletin stands as it was frozen' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE OR REPLACE TRIGGER bulletin_stands BEFORE UPDATE OR DELETE ON assessment_bulletin
  FOR EACH ROW EXECUTE FUNCTION assessment_bulletin_stands();
"""


class Migration(migrations.Migration):
    replaces = [("assessment", "0004_bulletins_and_quick_reports")]  # the quick reports are made where accidents are
    dependencies = [
        ("assessment", "0003_the_year_judged"),
        ("accidents", "0001_accidents"),
    ]

    operations = [
        migrations.CreateModel(
            name="Bulletin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("region_code", models.CharField(max_length=12, verbose_name="县")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("month", models.PositiveSmallIntegerField(verbose_name="月份")),
                ("revision", models.PositiveIntegerField(verbose_name="修订号")),
                ("facts", models.JSONField(default=dict, verbose_name="内容")),
                (
                    "gathered_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="汇总时间"),
                ),
                ("recipients", models.CharField(max_length=500, verbose_name="主送")),
                ("copies", models.CharField(blank=True, max_length=500, verbose_name="抄送")),
                ("opening", models.CharField(blank=True, default="", max_length=2000, verbose_name="导语")),
                ("paragraphs", models.JSONField(default=dict, verbose_name="各部分补充")),
                ("requirements", models.JSONField(default=list, verbose_name="工作要求")),
                (
                    "drafted_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="起草时间"),
                ),
                ("drafted_by", models.UUIDField(null=True, verbose_name="起草人")),
                ("drafted_name", models.CharField(max_length=60, verbose_name="起草人姓名")),
                ("edited_at", models.DateTimeField(null=True, verbose_name="修改时间")),
                ("edited_name", models.CharField(blank=True, default="", max_length=60, verbose_name="修改人姓名")),
                ("series", models.CharField(blank=True, default="", max_length=20, verbose_name="文号类别")),
                ("number_year", models.PositiveSmallIntegerField(null=True, verbose_name="文号年度")),
                ("sequence", models.PositiveIntegerField(null=True, verbose_name="序号")),
                ("number", models.CharField(blank=True, default="", max_length=80, verbose_name="文号")),
                ("text", models.JSONField(default=dict, verbose_name="正文")),
                ("sha256", models.CharField(blank=True, default="", max_length=64, verbose_name="记录摘要")),
                ("code", models.CharField(blank=True, default="", max_length=16, verbose_name="核验码")),
                ("issued_on", models.DateField(null=True, verbose_name="成文日期")),
                ("frozen_at", models.DateTimeField(null=True, verbose_name="定稿时间")),
                ("frozen_name", models.CharField(blank=True, default="", max_length=60, verbose_name="定稿人姓名")),
                (
                    "closing",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bulletin",
                        to="assessment.closing",
                        verbose_name="定稿",
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="assessment.bulletin",
                        verbose_name="更正的通报",
                    ),
                ),
            ],
            options={
                "verbose_name": "通报",
                "verbose_name_plural": "通报",
                "db_table": "assessment_bulletin",
                "indexes": [
                    models.Index(fields=["region_code", "-year", "-month", "-revision", "id"], name="bulletin_newest")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("sequence__isnull", False)),
                        fields=("region_code", "number_year", "series", "sequence"),
                        name="bulletin_number_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("code", ""), _negated=True), fields=("code",), name="bulletin_code_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("frozen_at", None), ("number", ""), ("sequence", None), ("sha256", "")),
                            models.Q(
                                ("frozen_at__isnull", False),
                                ("issued_on__isnull", False),
                                ("number_year__isnull", False),
                                ("sequence__gte", 1),
                                models.Q(("number", ""), _negated=True),
                                models.Q(("series", ""), _negated=True),
                                models.Q(("code", ""), _negated=True),
                                ("sha256__regex", "^[0-9a-f]{64}$"),
                            ),
                            _connector="OR",
                        ),
                        name="bulletin_frozen_with_its_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("month__gte", 1), ("month__lte", 12)), name="bulletin_of_a_month"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("first", None), ("revision", 1)), ("revision__gt", 1), _connector="OR"
                        ),
                        name="bulletin_first_corrects_none",
                    ),
                ],
            },
        ),
        migrations.RunSQL("SELECT safety_stamp('assessment_bulletin')", migrations.RunSQL.noop),
        migrations.RunSQL(STANDS, migrations.RunSQL.noop),
    ]
