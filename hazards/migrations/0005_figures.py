"""Figures of hazards are kept: what each hazard counts for, and sums a month. `manage rebuild_hazard_figures` fills them."""

import django.db.models.deletion
from django.db import migrations, models

LEVELS = [("general", "一般"), ("major", "重大")]
ORIGINS = [("inspection", "检查发现"), ("self", "企业自查"), ("village", "村级上报"), ("patrol", "属地巡查")]


def keys():
    return [
        ("township", models.CharField(max_length=9, verbose_name="乡镇")),
        ("sector", models.CharField(max_length=30, verbose_name="行业领域")),
        ("department", models.CharField(blank=True, max_length=30, verbose_name="主管部门")),
        ("level", models.CharField(choices=LEVELS, max_length=10, verbose_name="级别")),
        ("origin", models.CharField(choices=ORIGINS, max_length=12, verbose_name="来源")),
    ]


def day(label):
    return models.DateField(null=True, verbose_name=label)


class Migration(migrations.Migration):
    dependencies = [("hazards", "0004_reminders"), ("safety_api", "0002_promises")]
    operations = [
        migrations.CreateModel(
            name="Counted",
            fields=[
                (
                    "hazard",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="counted",
                        serialize=False,
                        to="hazards.hazard",
                        verbose_name="隐患",
                    ),
                ),
                *keys(),
                ("found_on", models.DateField(verbose_name="发现日")),
                ("confirmed_on", day("确认日")),
                ("closed_on", day("销号日")),
                ("ended_on", day("了结日")),
                ("due_on", day("现行期限")),
                ("fell_due_on", day("到期日")),
                ("on_time", models.BooleanField(verbose_name="按期")),
                ("late_from", day("逾期自")),
                ("late_to", day("逾期至（不含）")),
                ("earlier_late_from", day("此前逾期自")),
                ("earlier_late_to", day("此前逾期至（不含）")),
            ],
            options={
                "verbose_name": "隐患计数",
                "verbose_name_plural": "隐患计数",
                "db_table": "hazards_counted",
                "indexes": [
                    models.Index(fields=["township", "fell_due_on"], name="counted_due"),
                    models.Index(fields=["township", "confirmed_on"], name="counted_confirmed"),
                    models.Index(fields=["township", "ended_on"], name="counted_ended"),
                    models.Index(fields=["due_on", "township"], name="counted_ahead"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Figure",
            fields=[
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("month", models.DateField(verbose_name="月份")),
                *keys(),
                ("found", models.IntegerField(default=0, verbose_name="发现")),
                ("confirmed", models.IntegerField(default=0, verbose_name="确认")),
                ("cleared", models.IntegerField(default=0, verbose_name="确认且已销号")),
                ("closed", models.IntegerField(default=0, verbose_name="销号")),
                ("days", models.IntegerField(default=0, verbose_name="销号用时（天）")),
                ("ended", models.IntegerField(default=0, verbose_name="了结")),
                ("due", models.IntegerField(default=0, verbose_name="到期")),
                ("on_time", models.IntegerField(default=0, verbose_name="按期")),
                ("lapsed", models.IntegerField(default=0, verbose_name="转为逾期")),
                ("regained", models.IntegerField(default=0, verbose_name="不再逾期")),
            ],
            options={
                "verbose_name": "月度隐患数字",
                "verbose_name_plural": "月度隐患数字",
                "db_table": "hazards_figure",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("township", "month", "sector", "department", "level", "origin"), name="figure_once"
                    )
                ],
            },
        ),
        migrations.RunSQL("SELECT safety_stamp('hazards_figure')", migrations.RunSQL.noop),
    ]
