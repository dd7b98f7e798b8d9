"""Reminders, who saw them, how far the clock went; and partial indexes: the clock reads what a day changes, not the table."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

ENDED = "('closed', 'rejected', 'transferred', 'unit_closed', 'void', 'draft')"
BOUND = "('ordered', 'rectifying', 'review_requested', 'enforcement')"
LATE = "(review_requested_on IS NULL OR review_requested_on > due_on)"
# What a passing deadline would still change; hazards/actions/clocks.py asks with the same words.
PENDING = f"""(
  (overdue_since IS NULL AND {LATE} AND (state IN {BOUND} OR (state = 'closed' AND closed_on > due_on)))
  OR (state IN ('ordered', 'rectifying') AND loop IN ('county', 'township'))
  OR (loop = 'township' AND {LATE} AND state NOT IN {ENDED})
)"""
# Of the clock alone and in its own words, so they are no indexes of the models.
INDEXES = f"""
CREATE INDEX hazard_clock ON hazards_hazard (due_on, id) WHERE {PENDING};
CREATE INDEX hazard_clock_due ON hazards_hazard (due_on) WHERE state NOT IN {ENDED};
CREATE INDEX hazard_clock_unbound ON hazards_hazard (due_on) WHERE state IN ('reported', 'confirmed');
CREATE INDEX hazard_clock_review ON hazards_hazard (review_due_on) WHERE state = 'review_requested';
CREATE INDEX extension_clock ON hazards_extension (answer_due_on) WHERE answer = 'asked';
"""
NO_INDEXES = "DROP INDEX hazard_clock, hazard_clock_due, hazard_clock_unbound, hazard_clock_review, extension_clock"

LEVELS = [("unit", "单位"), ("officer", "承办人员"), ("leader", "负责人"), ("county", "县级")]
AUDIENCES = [
    ("unit", "单位"),
    ("township", "乡镇安监员"),
    ("township_leader", "乡镇领导"),
    ("department", "主管部门承办人员"),
    ("department_leader", "主管部门负责人"),
    ("county", "安委办和应急管理局"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("safety_api", "0002_promises"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("enterprises", "0001_units_sites_and_what_is_stated"),
        ("hazards", "0003_the_whole_flow"),
        ("reference", "0001_law_as_dated_data"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClockTurn",
            fields=[
                ("id", models.SmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ("last_day", models.DateField(null=True, verbose_name="已走到")),
                ("turned_at", models.DateTimeField(null=True, verbose_name="时间")),
                ("so_far", models.JSONField(db_default={}, default=dict)),
            ],
            options={
                "verbose_name": "时钟",
                "verbose_name_plural": "时钟",
                "db_table": "hazards_clock_turn",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="clock_turn_is_one_row")],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=40, verbose_name="种类")),
                ("name", models.CharField(max_length=20, verbose_name="名称")),
                ("level", models.CharField(choices=LEVELS, max_length=10, verbose_name="层级")),
                ("audience", models.CharField(choices=AUDIENCES, max_length=20, verbose_name="对象")),
                ("for_day", models.DateField(verbose_name="提醒日")),
                ("deadline", models.DateField(verbose_name="期限")),
                ("region_code", models.CharField(max_length=12, verbose_name="行政区划")),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="生成时间"),
                ),
                (
                    "department",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="reference.department",
                        verbose_name="主管部门",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="enterprises.enterprise",
                        verbose_name="单位",
                    ),
                ),
                (
                    "hazard",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminders",
                        to="hazards.hazard",
                        verbose_name="隐患",
                    ),
                ),
                (
                    "sector",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="reference.sector",
                        verbose_name="行业领域",
                    ),
                ),
            ],
            options={
                "verbose_name": "提醒",
                "verbose_name_plural": "提醒",
                "db_table": "hazards_reminder",
                "indexes": [
                    models.Index(fields=["audience", "-for_day", "-id"], name="reminder_newest"),
                    models.Index(fields=["region_code", "-for_day", "-id"], name="reminder_place"),
                    models.Index(
                        condition=models.Q(("audience", "unit")),
                        fields=["enterprise", "-for_day", "-id"],
                        name="reminder_unit",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("hazard", "kind", "level", "for_day"), name="reminder_once_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", [code for code, _ in LEVELS])), name="reminder_level_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("audience__in", [code for code, _ in AUDIENCES])),
                        name="reminder_audience_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReminderSeen",
            fields=[
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "seen_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="阅知时间"),
                ),
                (
                    "reminder",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="seen_by",
                        to="hazards.reminder",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="人员",
                    ),
                ),
            ],
            options={
                "verbose_name": "提醒已阅",
                "verbose_name_plural": "提醒已阅",
                "db_table": "hazards_reminder_seen",
                "constraints": [models.UniqueConstraint(fields=("reminder", "user"), name="reminder_seen_once")],
            },
        ),
        migrations.RunSQL("SELECT safety_stamp('hazards_reminder', 'id')", migrations.RunSQL.noop),
        migrations.RunSQL("SELECT safety_stamp('hazards_reminder_seen', 'id')", migrations.RunSQL.noop),
        migrations.RunSQL(INDEXES, NO_INDEXES),
    ]
