"""Risk points, their assessments one after another, and self-checks; every row stamped."""

import uuid

import django.contrib.gis.db.models.fields
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("safety_api", "0002_promises"),
        ("enterprises", "0001_units_sites_and_what_is_stated"),
    ]

    operations = [
        migrations.CreateModel(
            name="RiskPoint",
            fields=[
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("is_demo", models.BooleanField(default=False, verbose_name="演示数据")),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120, verbose_name="名称")),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="部位")),
                ("hazard_factors", models.CharField(max_length=1000, verbose_name="危险有害因素")),
                (
                    "accident_types",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        default=list,
                        size=None,
                        verbose_name="可能导致的事故类型",
                    ),
                ),
                (
                    "point",
                    django.contrib.gis.db.models.fields.PointField(
                        blank=True, null=True, spatial_index=False, srid=4326, verbose_name="位置"
                    ),
                ),
                ("point_sent", models.JSONField(blank=True, null=True, verbose_name="报送的坐标")),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "重大风险（红）"),
                            (2, "较大风险（橙）"),
                            (3, "一般风险（黄）"),
                            (4, "低风险（蓝）"),
                        ],
                        verbose_name="现有风险级别",
                    ),
                ),
                ("review_due_on", models.DateField(verbose_name="下次评价不晚于")),
                (
                    "status",
                    models.CharField(
                        choices=[("current", "在用"), ("retired", "已撤销")],
                        default="current",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("retired_on", models.DateField(blank=True, null=True, verbose_name="撤销日")),
                ("retired_why", models.CharField(blank=True, max_length=200, verbose_name="撤销原因")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="建立时间"),
                ),
                (
                    "changed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="变更时间"),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="enterprises.enterprise",
                        verbose_name="单位",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="enterprises.site",
                        verbose_name="场所",
                    ),
                ),
            ],
            options={
                "verbose_name": "风险点",
                "verbose_name_plural": "风险点",
                "db_table": "risks_point",
            },
        ),
        migrations.CreateModel(
            name="RiskAssessment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                (
                    "occasion",
                    models.CharField(
                        choices=[
                            ("first", "首次辨识"),
                            ("yearly", "定期评价"),
                            ("change", "条件变化"),
                            ("accident", "事故之后"),
                            ("control", "仅调整管控"),
                        ],
                        max_length=10,
                        verbose_name="缘由",
                    ),
                ),
                ("methods_version", models.CharField(max_length=30, verbose_name="办法版本")),
                (
                    "method",
                    models.CharField(
                        choices=[("lec", "作业条件危险性评价法（LEC）"), ("ls", "风险矩阵法（LS）")],
                        max_length=3,
                        verbose_name="方法",
                    ),
                ),
                ("inherent", models.JSONField(verbose_name="固有风险取值")),
                ("residual", models.JSONField(verbose_name="现有风险取值")),
                ("inherent_score", models.DecimalField(decimal_places=2, max_digits=8, verbose_name="固有风险值")),
                ("residual_score", models.DecimalField(decimal_places=2, max_digits=8, verbose_name="现有风险值")),
                ("inherent_level", models.PositiveSmallIntegerField(verbose_name="固有风险级别")),
                ("residual_level", models.PositiveSmallIntegerField(verbose_name="现有风险级别")),
                ("forced_major", models.CharField(blank=True, max_length=40, verbose_name="直接判定情形")),
                ("measures", models.JSONField(default=dict, verbose_name="管控措施")),
                (
                    "control_level",
                    models.CharField(
                        choices=[
                            ("company", "公司（厂）级"),
                            ("workshop", "车间（部室）级"),
                            ("team", "班组级"),
                            ("post", "岗位级"),
                        ],
                        max_length=10,
                        verbose_name="管控层级",
                    ),
                ),
                ("persons", models.JSONField(default=dict, verbose_name="各级责任人")),
                ("controlled", models.BooleanField(verbose_name="措施与责任人落实")),
                ("assessed_on", models.DateField(verbose_name="评价日")),
                ("review_due_on", models.DateField(verbose_name="下次评价不晚于")),
                ("held_from", models.DateField(verbose_name="自")),
                ("held_to", models.DateField(blank=True, null=True, verbose_name="至（不含）")),
                ("duty_from", models.DateField(verbose_name="排查自")),
                ("duty_to", models.DateField(blank=True, null=True, verbose_name="排查至（不含）")),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="登记时间"),
                ),
                ("recorded_by", models.UUIDField(null=True, verbose_name="登记人")),
                ("recorded_by_name", models.CharField(max_length=60, verbose_name="登记人姓名")),
                (
                    "risk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assessments",
                        to="risks.riskpoint",
                        verbose_name="风险点",
                    ),
                ),
            ],
            options={
                "verbose_name": "风险评价",
                "verbose_name_plural": "风险评价",
                "db_table": "risks_assessment",
            },
        ),
        migrations.CreateModel(
            name="SelfCheck",
            fields=[
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("is_demo", models.BooleanField(default=False, verbose_name="演示数据")),
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("content_sha256", models.CharField(max_length=64)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("company", "公司（厂）级"),
                            ("workshop", "车间（部室）级"),
                            ("team", "班组级"),
                            ("post", "岗位级"),
                        ],
                        max_length=10,
                        verbose_name="层级",
                    ),
                ),
                ("checked_at", models.DateTimeField(verbose_name="自查时间")),
                (
                    "received_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="收到时间"),
                ),
                ("period_from", models.DateField(verbose_name="所属时段自")),
                ("due_on", models.DateField(verbose_name="所属时段至")),
                ("shift", models.PositiveSmallIntegerField(default=0, verbose_name="班次")),
                ("in_time", models.BooleanField(verbose_name="按时送达")),
                (
                    "points",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), default=list, size=None, verbose_name="所查风险点"
                    ),
                ),
                ("counted", models.PositiveIntegerField(verbose_name="完成任务数")),
                (
                    "hazards",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), default=list, size=None, verbose_name="发现的隐患"
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=1000, verbose_name="说明")),
                ("by_id", models.UUIDField(verbose_name="人员编号")),
                ("by_name", models.CharField(max_length=60, verbose_name="姓名")),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="enterprises.enterprise",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "自查记录",
                "verbose_name_plural": "自查记录",
                "db_table": "risks_self_check",
            },
        ),
        migrations.AddIndex(
            model_name="riskpoint",
            index=django.contrib.postgres.indexes.GistIndex(fields=["point"], name="risk_point_place"),
        ),
        migrations.AddIndex(
            model_name="riskpoint",
            index=models.Index(
                condition=models.Q(("status", "current")), fields=["enterprise", "level"], name="risk_point_of_unit"
            ),
        ),
        migrations.AddConstraint(
            model_name="riskpoint",
            constraint=models.CheckConstraint(condition=models.Q(("level__range", (1, 4))), name="risk_level_is_known"),
        ),
        migrations.AddConstraint(
            model_name="riskpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("retired_on", None), ("status", "current")),
                    models.Q(("retired_on__isnull", False), ("status", "retired")),
                    _connector="OR",
                ),
                name="risk_retired_has_its_day",
            ),
        ),
        migrations.AddIndex(
            model_name="riskassessment",
            index=models.Index(
                condition=models.Q(("held_to", None)), fields=["residual_level", "id"], name="assessment_worst"
            ),
        ),
        migrations.AddIndex(
            model_name="riskassessment",
            index=models.Index(fields=["risk", "held_from"], name="assessment_of_point"),
        ),
        migrations.AddConstraint(
            model_name="riskassessment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("held_to", None)), fields=("risk",), name="assessment_one_in_force"
            ),
        ),
        migrations.AddConstraint(
            model_name="riskassessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("inherent_level__range", (1, 4)), ("residual_level__range", (1, 4))),
                name="assessment_levels_are_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="riskassessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("held_to", None), ("held_from__lte", models.F("held_to")), _connector="OR"),
                name="assessment_begins_before_it_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="riskassessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("duty_to", None), ("duty_from__lte", models.F("duty_to")), _connector="OR"),
                name="assessment_duty_begins_before_it_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="riskassessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("residual_score__lte", models.F("inherent_score"))),
                name="assessment_measures_do_not_add_risk",
            ),
        ),
        migrations.AddIndex(
            model_name="selfcheck",
            index=models.Index(fields=["-checked_at", "id"], name="self_check_newest"),
        ),
        migrations.AddIndex(
            model_name="selfcheck",
            index=models.Index(fields=["enterprise", "-checked_at", "id"], name="self_check_of_unit"),
        ),
        migrations.AddIndex(
            model_name="selfcheck",
            index=models.Index(fields=["enterprise", "due_on", "level"], include=("counted",), name="self_check_done"),
        ),
        migrations.AddConstraint(
            model_name="selfcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("period_from__lte", models.F("due_on"))), name="self_check_period_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="selfcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("in_time", True), ("counted", 0), _connector="OR"),
                name="self_check_late_counts_nothing",
            ),
        ),
        *(
            migrations.RunSQL(f"SELECT safety_stamp('{table}')", migrations.RunSQL.noop)
            for table in ("risks_point", "risks_assessment", "risks_self_check")
        ),
    ]
