import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

STAMPED = {
    "supervision_evaluation": "id", "supervision_manual_class": "id", "supervision_acceptance": "id",
    "supervision_standing": "enterprise_id",
}  # fmt: skip
APPENDED = (
    "supervision_evaluation",
    "supervision_manual_class",
    "supervision_acceptance",
)  # a trigger keeps the promise


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("enterprises", "0001_units_sites_and_what_is_stated"),
        ("safety_api", "0002_promises"),
    ]

    operations = [
        migrations.CreateModel(
            name="Evaluation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("on", models.DateField(verbose_name="评定日")),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="评定时间"),
                ),
                ("scheme", models.CharField(max_length=40, verbose_name="方案")),
                ("facts", models.JSONField(verbose_name="依据")),
                ("answer", models.JSONField(verbose_name="结果")),
                (
                    "computed",
                    models.CharField(
                        choices=[("A", "A"), ("B", "B"), ("C", "C"), ("D", "D")], max_length=1, verbose_name="计算类别"
                    ),
                ),
                ("score", models.DecimalField(decimal_places=1, max_digits=4, verbose_name="得分")),
                ("d_reason", models.CharField(blank=True, max_length=20, verbose_name="D类原因")),
                ("provisional", models.BooleanField(verbose_name="暂定")),
                (
                    "effective",
                    models.CharField(
                        choices=[("A", "A"), ("B", "B"), ("C", "C"), ("D", "D")], max_length=1, verbose_name="执行类别"
                    ),
                ),
                ("since", models.DateField(verbose_name="执行类别自")),
                (
                    "step",
                    models.CharField(
                        choices=[("first", "首次评定"), ("down", "降级"), ("up", "升级"), ("kept", "保持")],
                        max_length=5,
                        verbose_name="变动",
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="变动说明")),
                ("fingerprint", models.CharField(editable=False, max_length=32)),
                (
                    "enterprise",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evaluations",
                        to="enterprises.enterprise",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "分类评定",
                "verbose_name_plural": "分类评定",
                "db_table": "supervision_evaluation",
            },
        ),
        migrations.CreateModel(
            name="ManualClass",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                (
                    "effective",
                    models.CharField(
                        choices=[("A", "A"), ("B", "B"), ("C", "C"), ("D", "D")], max_length=1, verbose_name="调整为"
                    ),
                ),
                ("first", models.DateField(verbose_name="自")),
                ("until", models.DateField(verbose_name="至（含）")),
                ("reason", models.CharField(max_length=500, verbose_name="理由")),
                ("document", models.CharField(max_length=200, verbose_name="依据文书")),
                ("approver_id", models.UUIDField(verbose_name="批准人编号")),
                ("approver_name", models.CharField(max_length=60, verbose_name="批准人")),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="登记时间"),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="manual_classes",
                        to="enterprises.enterprise",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "人工调整类别",
                "verbose_name_plural": "人工调整类别",
                "db_table": "supervision_manual_class",
            },
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                (
                    "enterprise",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="standing",
                        serialize=False,
                        to="enterprises.enterprise",
                        verbose_name="单位",
                    ),
                ),
                (
                    "effective",
                    models.CharField(
                        blank=True,
                        choices=[("A", "A"), ("B", "B"), ("C", "C"), ("D", "D")],
                        max_length=1,
                        verbose_name="执行类别",
                    ),
                ),
                ("since", models.DateField(null=True, verbose_name="自")),
                (
                    "step",
                    models.CharField(
                        blank=True,
                        choices=[("first", "首次评定"), ("down", "降级"), ("up", "升级"), ("kept", "保持")],
                        max_length=5,
                        verbose_name="由来",
                    ),
                ),
                (
                    "computed",
                    models.CharField(
                        blank=True,
                        choices=[("A", "A"), ("B", "B"), ("C", "C"), ("D", "D")],
                        max_length=1,
                        verbose_name="计算类别",
                    ),
                ),
                ("provisional", models.BooleanField(default=False, verbose_name="暂定")),
                ("evaluated_on", models.DateField(null=True, verbose_name="最近评定日")),
                ("fingerprint", models.CharField(blank=True, editable=False, max_length=32)),
                ("reviewed_on", models.DateField(null=True, verbose_name="最近定期评审")),
                ("next_upgrade_on", models.DateField(null=True, verbose_name="最早可升级日")),
                ("accepted_on", models.DateField(null=True, verbose_name="现场验收日")),
                (
                    "evaluation",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="supervision.evaluation",
                        verbose_name="最近评定",
                    ),
                ),
                (
                    "manual",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="supervision.manualclass",
                        verbose_name="人工调整",
                    ),
                ),
            ],
            options={
                "verbose_name": "现行类别",
                "verbose_name_plural": "现行类别",
                "db_table": "supervision_standing",
            },
        ),
        migrations.CreateModel(
            name="Acceptance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("on", models.DateField(verbose_name="验收日")),
                ("document", models.CharField(max_length=200, verbose_name="验收文书")),
                ("note", models.CharField(blank=True, max_length=1000, verbose_name="说明")),
                ("by_id", models.UUIDField(verbose_name="验收人编号")),
                ("by_name", models.CharField(max_length=60, verbose_name="验收人")),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="登记时间"),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acceptances",
                        to="enterprises.enterprise",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "现场验收",
                "verbose_name_plural": "现场验收",
                "db_table": "supervision_acceptance",
                "indexes": [models.Index(fields=["enterprise", "-on"], name="acceptance_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("document", ""), _negated=True), name="acceptance_on_paper"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="evaluation",
            index=models.Index(fields=["enterprise", "-on", "-id"], name="evaluation_newest"),
        ),
        migrations.AddConstraint(
            model_name="evaluation",
            constraint=models.CheckConstraint(
                condition=models.Q(("computed__in", ["A", "B", "C", "D"])), name="evaluation_computed_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="evaluation",
            constraint=models.CheckConstraint(
                condition=models.Q(("effective__in", ["A", "B", "C", "D"])), name="evaluation_effective_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="evaluation",
            constraint=models.CheckConstraint(
                condition=models.Q(("since__lte", models.F("on"))), name="evaluation_since_is_not_later"
            ),
        ),
        migrations.AddIndex(
            model_name="manualclass",
            index=models.Index(fields=["enterprise", "-id"], name="manual_class_newest"),
        ),
        migrations.AddConstraint(
            model_name="manualclass",
            constraint=models.CheckConstraint(
                condition=models.Q(("effective__in", ["A", "B", "C", "D"])), name="manual_class_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="manualclass",
            constraint=models.CheckConstraint(
                condition=models.Q(("first__lte", models.F("until"))), name="manual_class_begins_before_it_ends"
            ),
        ),
        migrations.AddConstraint(
            model_name="manualclass",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("reason", ""), _negated=True), models.Q(("document", ""), _negated=True)),
                name="manual_class_on_paper",
            ),
        ),
        migrations.AddConstraint(
            model_name="standing",
            constraint=models.CheckConstraint(
                condition=models.Q(("effective__in", ["", "A", "B", "C", "D"])), name="standing_class_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="standing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("effective", ""), ("since", None)),
                    models.Q(models.Q(("effective", ""), _negated=True), ("since__isnull", False)),
                    _connector="OR",
                ),
                name="standing_class_has_its_day",
            ),
        ),
        *(
            migrations.RunSQL(f"SELECT safety_stamp('{table}', '{key}')", migrations.RunSQL.noop)
            for table, key in STAMPED.items()
        ),
        *(
            migrations.RunSQL(
                f"CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION safety_append_only()",
                migrations.RunSQL.noop,
            )
            for table in APPENDED
        ),
    ]
