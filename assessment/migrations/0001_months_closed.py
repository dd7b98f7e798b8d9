"""Closings of months and years; what was signed stands, what was frozen is never touched."""

import django.db.models.functions.datetime
from django.db import migrations, models

STANDS = """
CREATE OR REPLACE FUNCTION assessment_closing_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.state = 'frozen' THEN
    RAISE EXCEPTION 'a closing stands as it was frozen' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF OLD.state = 'signed' AND NEW.state <> 'open'
     AND (NEW.content, NEW.content_sha256, NEW.signed_by, NEW.signed_at)
         IS DISTINCT FROM (OLD.content, OLD.content_sha256, OLD.signed_by, OLD.signed_at) THEN
    RAISE EXCEPTION 'what was signed stands' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER closing_stands BEFORE UPDATE OR DELETE ON assessment_closing
  FOR EACH ROW EXECUTE FUNCTION assessment_closing_stands();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [("safety_api", "0002_promises")]

    operations = [
        migrations.CreateModel(
            name="Closing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("region_code", models.CharField(max_length=12, verbose_name="县")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("month", models.PositiveSmallIntegerField(verbose_name="月份")),
                ("number", models.PositiveIntegerField(verbose_name="修订号")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "待核对"), ("signed", "已签发"), ("frozen", "已冻结")],
                        default="open",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=1000, verbose_name="修订原因")),
                (
                    "opened_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="开始核对"),
                ),
                ("opened_by", models.UUIDField(null=True, verbose_name="发起人")),
                ("opened_name", models.CharField(blank=True, default="", max_length=60, verbose_name="发起人姓名")),
                ("content", models.JSONField(default=dict, verbose_name="内容")),
                ("content_sha256", models.CharField(blank=True, default="", max_length=64, verbose_name="内容摘要")),
                ("known_at", models.DateTimeField(null=True, verbose_name="按此时所知")),
                ("signed_by", models.UUIDField(null=True, verbose_name="签发人")),
                ("signed_name", models.CharField(blank=True, default="", max_length=60, verbose_name="签发人姓名")),
                ("signed_at", models.DateTimeField(null=True, verbose_name="签发时间")),
                ("frozen_by", models.UUIDField(null=True, verbose_name="冻结人")),
                ("frozen_name", models.CharField(blank=True, default="", max_length=60, verbose_name="冻结人姓名")),
                ("frozen_at", models.DateTimeField(null=True, verbose_name="冻结时间")),
            ],
            options={
                "verbose_name": "定稿",
                "verbose_name_plural": "定稿",
                "db_table": "assessment_closing",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("region_code", "year", "month", "number"), name="closing_revision_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "frozen"), _negated=True),
                        fields=("region_code", "year", "month"),
                        name="closing_one_in_work",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "signed", "frozen"])), name="closing_state_is_known"
                    ),
                    models.CheckConstraint(condition=models.Q(("month__lte", 12)), name="closing_month_is_one"),
                    models.CheckConstraint(
                        condition=models.Q(("number", 1), models.Q(("reason", ""), _negated=True), _connector="OR"),
                        name="closing_revision_has_its_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("signed_at", None), ("state", "open")),
                            models.Q(("signed_at__isnull", False), models.Q(("content_sha256", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="closing_signed_with_its_content",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "frozen"), _negated=True), ("frozen_at__isnull", False), _connector="OR"
                        ),
                        name="closing_frozen_when",
                    ),
                ],
            },
        ),
        migrations.RunSQL("SELECT safety_stamp('assessment_closing')", migrations.RunSQL.noop),
        migrations.RunSQL(STANDS, migrations.RunSQL.noop),
    ]
