"""What an accident was taken for and joined to at any time; which counties a revision concerns; notices to townships."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

KINDS = [
    ("rank", "名次变化"),
    ("village_target", "村目标"),
    ("unit_target", "单位目标"),
    ("veto", "较大及以上事故"),
    ("broken", "新增破零"),
    ("restored", "恢复零事故"),
]
JOINED_BEFORE = """
INSERT INTO zero_accident_joining (accident_id, stays_id, known_from)
SELECT id, joined_to_id,
       coalesce((SELECT max(answered_at) FROM zero_accident_twin AS pair
                 WHERE pair.stays_id = accident.joined_to_id AND accident.id IN (pair.first_id, pair.second_id)),
                accident.received_at)
FROM zero_accident_accident AS accident WHERE joined_to_id IS NOT NULL
"""
COUNTIES_OF_BEFORE = """
UPDATE zero_accident_revision
SET counties = ARRAY(SELECT DISTINCT left(code, 6) FROM jsonb_object_keys(changes -> 'townships') AS code ORDER BY 1)
WHERE changes ? 'townships'
"""


class Migration(migrations.Migration):
    dependencies = [("zero_accident", "0002_reports_against_the_clock_twins_and_investigations")]

    operations = [
        migrations.CreateModel(
            name="Joining",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "accident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joinings",
                        to="zero_accident.accident",
                        verbose_name="并入的记录",
                    ),
                ),
                (
                    "stays",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="zero_accident.accident",
                        verbose_name="保留的记录",
                    ),
                ),
                (
                    "known_from",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="知悉自"),
                ),
                ("known_to", models.DateTimeField(null=True, verbose_name="知悉至")),
            ],
            options={
                "verbose_name": "并入",
                "verbose_name_plural": "并入",
                "db_table": "zero_accident_joining",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("known_to", None)), fields=("accident",), name="joining_one_in_force"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StandingNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("township", models.CharField(max_length=12, verbose_name="乡镇")),
                ("policy", models.CharField(max_length=30, verbose_name="口径")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("revision", models.PositiveIntegerField(verbose_name="修订号")),
                ("kind", models.CharField(choices=KINDS, max_length=20, verbose_name="事项")),
                ("better", models.BooleanField(null=True, verbose_name="好转")),
                ("rank_before", models.PositiveIntegerField(null=True, verbose_name="原名次")),
                ("rank_after", models.PositiveIntegerField(null=True, verbose_name="现名次")),
                ("sentence", models.CharField(max_length=1000, verbose_name="通知")),
                ("made_at", models.DateTimeField(verbose_name="时间")),
                ("seen_at", models.DateTimeField(null=True, verbose_name="阅知时间")),
                ("seen_by", models.UUIDField(null=True, verbose_name="阅知人")),
                (
                    "seen_name",
                    models.CharField(blank=True, db_default="", default="", max_length=60, verbose_name="阅知人姓名"),
                ),
            ],
            options={
                "verbose_name": "成绩变化通知",
                "verbose_name_plural": "成绩变化通知",
                "db_table": "zero_accident_notice",
                "indexes": [models.Index(fields=["township", "-id"], name="notice_newest")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("policy", "year", "revision", "township", "kind"), name="notice_once_a_revision"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", [code for code, _ in KINDS])), name="notice_kind_is_known"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="decision",
            name="kind",
            field=models.CharField(
                blank=True,
                choices=[("accident", "事故"), ("serious_risk_event", "较大涉险事故")],
                db_default="",
                default="",
                max_length=20,
                verbose_name="种类",
            ),
        ),
        migrations.AddField(
            model_name="figurerevision",
            name="counties",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=6),
                db_default=[],
                default=list,
                size=None,
                verbose_name="涉及的县",
            ),
        ),
        migrations.AddIndex(
            model_name="accidentunit",
            index=models.Index(
                condition=models.Q(("known_to__isnull", False)), fields=["enterprise"], name="accident_unit_past"
            ),
        ),
        migrations.AddIndex(model_name="decision", index=models.Index(fields=["region_code"], name="decision_place")),
        migrations.AddIndex(
            model_name="figurerevision",
            index=django.contrib.postgres.indexes.GinIndex(fields=["counties"], name="revision_by_county"),
        ),
        migrations.RunSQL(JOINED_BEFORE, migrations.RunSQL.noop),
        migrations.RunSQL(COUNTIES_OF_BEFORE, migrations.RunSQL.noop),
        migrations.RunSQL("SELECT safety_stamp('zero_accident_notice')", migrations.RunSQL.noop),
    ]
