"""The nine creation standards, whoever falls short of them, and targets that a county sets itself."""

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("enterprises", "0002_more_kinds_of_sites"),
        ("zero_accident", "0003_what_was_known_and_notices"),
    ]

    operations = [
        migrations.CreateModel(
            name="StandardMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "standard",
                    models.CharField(
                        choices=[
                            ("leadership", "组织领导到位"),
                            ("risk_control", "风险管控到位"),
                            ("hazard_rectification", "隐患整治到位"),
                            ("education", "宣传教育到位"),
                            ("assessment", "考核奖惩到位"),
                            ("organisation", "管理组织健全"),
                            ("responsibility", "责任制度健全"),
                            ("meetings", "会议制度落实"),
                            ("reporting", "信息报告及时"),
                        ],
                        max_length=20,
                        verbose_name="标准",
                    ),
                ),
                ("passed", models.BooleanField(verbose_name="通过")),
                ("reason", models.CharField(blank=True, max_length=1000, verbose_name="理由")),
                ("held_on", models.DateField(verbose_name="评定日")),
                ("document", models.CharField(blank=True, max_length=200, verbose_name="依据")),
                ("by_id", models.UUIDField(null=True, verbose_name="人员编号")),
                ("by_name", models.CharField(max_length=60, verbose_name="姓名")),
                ("by_role", models.CharField(max_length=30, verbose_name="岗位")),
                (
                    "known_from",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="知悉自"),
                ),
                ("known_to", models.DateTimeField(null=True, verbose_name="知悉至")),
            ],
            options={
                "verbose_name": "创建标准评定",
                "verbose_name_plural": "创建标准评定",
                "db_table": "zero_accident_standard_mark",
            },
        ),
        migrations.CreateModel(
            name="StandardSheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                (
                    "subject",
                    models.CharField(
                        choices=[("village", "村（社区）"), ("unit", "企事业单位")], max_length=10, verbose_name="对象"
                    ),
                ),
                ("village", models.CharField(blank=True, max_length=12, verbose_name="村代码")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
            ],
            options={
                "verbose_name": "创建标准评定表",
                "verbose_name_plural": "创建标准评定表",
                "db_table": "zero_accident_standard_sheet",
            },
        ),
        migrations.CreateModel(
            name="Target",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("region_code", models.CharField(max_length=12, verbose_name="县或乡镇")),
                (
                    "subject",
                    models.CharField(
                        choices=[("village", "村（社区）"), ("unit", "企事业单位")], max_length=10, verbose_name="对象"
                    ),
                ),
                ("percent", models.DecimalField(decimal_places=2, max_digits=5, verbose_name="目标（%）")),
                ("document", models.CharField(max_length=200, verbose_name="文书")),
                ("approved_by", models.CharField(max_length=100, verbose_name="批准")),
                ("by_id", models.UUIDField(null=True, verbose_name="登记人")),
                ("by_name", models.CharField(max_length=60, verbose_name="登记人姓名")),
                (
                    "known_from",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="知悉自"),
                ),
                ("known_to", models.DateTimeField(null=True, verbose_name="知悉至")),
            ],
            options={
                "verbose_name": "零事故目标",
                "verbose_name_plural": "零事故目标",
                "db_table": "zero_accident_target",
            },
        ),
        migrations.RemoveConstraint(
            model_name="tally",
            name="tally_no_more_broken_than_there_are",
        ),
        migrations.AddField(
            model_name="standing",
            name="units_short",
            field=models.PositiveIntegerField(db_default=0, default=0, verbose_name="未达创建标准的单位"),
        ),
        migrations.AddField(
            model_name="standing",
            name="villages_short",
            field=models.PositiveIntegerField(db_default=0, default=0, verbose_name="未达创建标准的村"),
        ),
        migrations.AddField(
            model_name="tally",
            name="short",
            field=models.PositiveIntegerField(db_default=0, default=0, verbose_name="未破零而未达创建标准"),
        ),
        migrations.AddConstraint(
            model_name="tally",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "total__gte",
                        django.db.models.expressions.CombinedExpression(models.F("broken"), "+", models.F("short")),
                    )
                ),
                name="tally_no_more_broken_than_there_are",
            ),
        ),
        migrations.AddField(
            model_name="standardsheet",
            name="enterprise",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="standard_sheets",
                to="enterprises.enterprise",
                verbose_name="单位",
            ),
        ),
        migrations.AddField(
            model_name="standardmark",
            name="sheet",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="marks",
                to="zero_accident.standardsheet",
            ),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.UniqueConstraint(
                condition=models.Q(("known_to", None)),
                fields=("year", "region_code", "subject"),
                name="target_one_in_force",
            ),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.CheckConstraint(
                condition=models.Q(("percent__range", (0, 100))), name="target_is_a_percentage"
            ),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("document", ""), _negated=True), models.Q(("approved_by", ""), _negated=True)
                ),
                name="target_on_paper",
            ),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.CheckConstraint(
                condition=models.Q(("subject__in", ["village", "unit"])), name="target_subject_is_known"
            ),
        ),
        migrations.AddIndex(
            model_name="standardsheet",
            index=models.Index(
                condition=models.Q(("enterprise", None), _negated=True),
                fields=["enterprise", "year"],
                name="sheet_of_unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="standardsheet",
            constraint=models.UniqueConstraint(
                fields=("year", "village", "enterprise"), name="sheet_once_a_year", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="standardsheet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("enterprise", None), ("subject", "village"), models.Q(("village", ""), _negated=True)),
                    models.Q(("enterprise__isnull", False), ("subject", "unit"), ("village", "")),
                    _connector="OR",
                ),
                name="sheet_names_its_subject",
            ),
        ),
        migrations.AddConstraint(
            model_name="standardmark",
            constraint=models.UniqueConstraint(
                condition=models.Q(("known_to", None)),
                fields=("sheet", "standard", "held_on"),
                include=("passed",),
                name="mark_once_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="standardmark",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "standard__in",
                        [
                            "leadership",
                            "risk_control",
                            "hazard_rectification",
                            "education",
                            "assessment",
                            "organisation",
                            "responsibility",
                            "meetings",
                            "reporting",
                        ],
                    )
                ),
                name="mark_standard_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="standardmark",
            constraint=models.CheckConstraint(
                condition=models.Q(("passed", True), models.Q(("reason", ""), _negated=True), _connector="OR"),
                name="mark_failed_with_a_reason",
            ),
        ),
        migrations.RunSQL("SELECT safety_stamp('zero_accident_standard_sheet')", migrations.RunSQL.noop),
        migrations.RunSQL("SELECT safety_stamp('zero_accident_target')", migrations.RunSQL.noop),
    ]
