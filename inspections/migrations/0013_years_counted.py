"""How often a unit was inspected in a year, by department: kept beside the visits."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("enterprises", "0007_grades_that_ceilings_go_by"),
        ("inspections", "0012_type_and_course"),
    ]

    operations = [
        migrations.CreateModel(
            name="YearCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("year", models.SmallIntegerField(verbose_name="年")),
                ("department", models.CharField(blank=True, max_length=40, verbose_name="检查机关")),
                ("word", models.CharField(blank=True, max_length=12, verbose_name="类型")),
                ("made", models.PositiveIntegerField(verbose_name="次数")),
                ("counted", models.PositiveIntegerField(verbose_name="计入上限的次数")),
                (
                    "enterprise",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="enterprises.enterprise",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "全年检查次数",
                "verbose_name_plural": "全年检查次数",
                "db_table": "inspections_year_count",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("enterprise", "year", "department", "word"), name="year_count_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("counted__lte", models.F("made"))), name="year_count_of_those_made"
                    ),
                ],
            },
        ),
        migrations.RunSQL("SELECT safety_stamp('inspections_year_count')", migrations.RunSQL.noop),
    ]
