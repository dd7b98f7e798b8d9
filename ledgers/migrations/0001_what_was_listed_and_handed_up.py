"""Lists that came in, superiors' templates, what was handed up with them, reconciliations."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("safety_api", "0002_promises")]

    operations = [
        migrations.CreateModel(
            name="Import",
            fields=[
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("by_id", models.UUIDField(verbose_name="人员")),
                ("by_name", models.CharField(max_length=60, verbose_name="姓名")),
                ("region", models.CharField(max_length=12, verbose_name="管辖区划")),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="时间"),
                ),
                ("kind", models.CharField(max_length=20, verbose_name="种类")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "待处理"),
                            ("checked", "检查通过，未录入"),
                            ("refused", "有误，未录入"),
                            ("done", "已录入"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("dry_run", models.BooleanField(default=False, verbose_name="只检查")),
                ("parameters", models.JSONField(default=dict, verbose_name="参数")),
                ("file", models.BinaryField(null=True, verbose_name="文件")),
                ("sha256", models.CharField(max_length=64, verbose_name="文件摘要")),
                ("size", models.PositiveIntegerField(verbose_name="字节")),
                ("rows_read", models.PositiveIntegerField(default=0, verbose_name="读到行数")),
                ("rows_bad", models.PositiveIntegerField(default=0, verbose_name="有问题行数")),
                ("rows_written", models.PositiveIntegerField(default=0, verbose_name="录入行数")),
                ("fault", models.CharField(blank=True, max_length=500, verbose_name="整个文件的问题")),
                (
                    "warnings",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200), default=list, size=None, verbose_name="提醒"
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True, verbose_name="完成时间")),
            ],
            options={
                "verbose_name": "名册导入",
                "verbose_name_plural": "名册导入",
                "db_table": "ledgers_import",
                "indexes": [models.Index(fields=["by_id", "-made_at", "id"], name="import_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "checked", "refused", "done"])),
                        name="import_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rows_written", 0), ("state", "done"), _connector="OR"),
                        name="import_writes_all_or_nothing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportFault",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("row", models.PositiveIntegerField(verbose_name="行")),
                ("heading", models.CharField(max_length=60, verbose_name="列")),
                ("value", models.CharField(blank=True, max_length=200, verbose_name="内容")),
                ("reason", models.CharField(max_length=300, verbose_name="问题")),
                (
                    "of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="faults", to="ledgers.import"
                    ),
                ),
            ],
            options={
                "verbose_name": "逐行问题",
                "verbose_name_plural": "逐行问题",
                "db_table": "ledgers_import_fault",
            },
        ),
        migrations.CreateModel(
            name="ReportTemplate",
            fields=[
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("by_id", models.UUIDField(verbose_name="人员")),
                ("by_name", models.CharField(max_length=60, verbose_name="姓名")),
                ("region", models.CharField(max_length=12, verbose_name="管辖区划")),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="时间"),
                ),
                ("name", models.CharField(max_length=100, verbose_name="名称")),
                ("ledger", models.CharField(max_length=30, verbose_name="台账")),
                ("file", models.BinaryField(verbose_name="文件")),
                ("sha256", models.CharField(max_length=64, verbose_name="文件摘要")),
                ("sheet", models.CharField(blank=True, max_length=60, verbose_name="工作表")),
                ("heading_row", models.PositiveSmallIntegerField(null=True, verbose_name="列名所在行")),
                ("first_row", models.PositiveSmallIntegerField(null=True, verbose_name="首行数据")),
                ("columns", models.JSONField(default=dict, verbose_name="列的对应")),
                ("words", models.JSONField(default=dict, verbose_name="用词的对应")),
            ],
            options={
                "verbose_name": "上级模板",
                "verbose_name_plural": "上级模板",
                "db_table": "ledgers_report_template",
                "indexes": [models.Index(fields=["region", "-made_at", "id"], name="template_newest")],
            },
        ),
        migrations.CreateModel(
            name="Reconciliation",
            fields=[
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("by_id", models.UUIDField(verbose_name="人员")),
                ("by_name", models.CharField(max_length=60, verbose_name="姓名")),
                ("region", models.CharField(max_length=12, verbose_name="管辖区划")),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="时间"),
                ),
                ("sha256", models.CharField(max_length=64, verbose_name="文件摘要")),
                ("filters", models.CharField(max_length=500, verbose_name="我方范围")),
                ("theirs", models.PositiveIntegerField(verbose_name="对方行数")),
                ("ours", models.PositiveIntegerField(verbose_name="我方行数")),
                ("matched", models.PositiveIntegerField(verbose_name="对上行数")),
                ("only_theirs", models.JSONField(default=list, verbose_name="对方有我方无")),
                ("only_ours", models.JSONField(default=list, verbose_name="我方有对方无")),
                ("differences", models.JSONField(default=list, verbose_name="状态、期限不同")),
                ("numbers", models.JSONField(default=dict, verbose_name="可补记的上级编号")),
                ("numbers_taken_at", models.DateTimeField(null=True, verbose_name="补记时间")),
                (
                    "template",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reconciliations",
                        to="ledgers.reporttemplate",
                    ),
                ),
            ],
            options={
                "verbose_name": "对账",
                "verbose_name_plural": "对账",
                "db_table": "ledgers_reconciliation",
                "indexes": [models.Index(fields=["region", "-made_at", "id"], name="reconciliation_newest")],
            },
        ),
        migrations.CreateModel(
            name="HandedUp",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("by_id", models.UUIDField(verbose_name="人员")),
                ("by_name", models.CharField(max_length=60, verbose_name="姓名")),
                ("region", models.CharField(max_length=12, verbose_name="管辖区划")),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="时间"),
                ),
                ("filters", models.CharField(max_length=500, verbose_name="范围")),
                (
                    "rows",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), size=None, verbose_name="记录"
                    ),
                ),
                ("marked_on", models.DateField(null=True, verbose_name="标记为已报之日")),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handed_up",
                        to="ledgers.reporttemplate",
                    ),
                ),
            ],
            options={
                "verbose_name": "上报",
                "verbose_name_plural": "上报",
                "db_table": "ledgers_handed_up",
                "indexes": [models.Index(fields=["template", "by_id", "-made_at"], name="handed_up_newest")],
            },
        ),
        *(
            migrations.RunSQL(f"SELECT safety_stamp('{table}', 'id')", migrations.RunSQL.noop)
            for table in ("ledgers_import", "ledgers_report_template", "ledgers_reconciliation")
        ),
    ]
