"""Law as dated data: at most one version of a rule on any day, kept by the database (btree_gist)."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("safety_api", "0002_promises")]

    operations = [
        # Trusted: the owner of the database may create it; where not, the set-up has done so.
        migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS btree_gist", migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Department",
            fields=[
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("code", models.CharField(max_length=30, primary_key=True, serialize=False, verbose_name="代码")),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="全称")),
                (
                    "aliases",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), default=list, size=None, verbose_name="简称"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("county", "县政府部门"),
                            ("office", "安委会办公室"),
                            ("zone", "开发区"),
                            ("service", "事业单位"),
                            ("vertical", "垂直管理、驻县机构"),
                        ],
                        max_length=10,
                        verbose_name="性质",
                    ),
                ),
                ("verified", models.BooleanField(verbose_name="全称已核对")),
            ],
            options={
                "verbose_name": "部门",
                "verbose_name_plural": "部门",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Holiday",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False, verbose_name="日期")),
                ("is_workday", models.BooleanField(verbose_name="调休上班")),
                ("name", models.CharField(max_length=20, verbose_name="节日")),
                ("source", models.CharField(max_length=100, verbose_name="依据")),
            ],
            options={
                "verbose_name": "节假日",
                "verbose_name_plural": "节假日",
                "ordering": ["day"],
            },
        ),
        migrations.CreateModel(
            name="Load",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                (
                    "loaded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="时间"),
                ),
                ("new", models.PositiveIntegerField(verbose_name="新增")),
                ("changed", models.PositiveIntegerField(verbose_name="改动")),
                ("removed", models.PositiveIntegerField(verbose_name="删除")),
            ],
            options={
                "verbose_name": "装载",
                "verbose_name_plural": "装载",
            },
        ),
        migrations.CreateModel(
            name="Sector",
            fields=[
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("code", models.CharField(max_length=30, primary_key=True, serialize=False, verbose_name="代码")),
                ("name", models.CharField(max_length=40, unique=True, verbose_name="名称")),
                ("order", models.PositiveSmallIntegerField(unique=True, verbose_name="次序")),
                ("is_priority", models.BooleanField(verbose_name="11 个重点行业领域")),
            ],
            options={
                "verbose_name": "领域",
                "verbose_name_plural": "领域",
                "ordering": ["order"],
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("kind", models.CharField(max_length=30, verbose_name="种类")),
                ("code", models.CharField(max_length=40, verbose_name="代码")),
                ("version", models.CharField(max_length=30, verbose_name="版本")),
                ("title", models.CharField(max_length=100, verbose_name="标题")),
                ("effective_from", models.DateField(verbose_name="施行日")),
                ("effective_to", models.DateField(blank=True, null=True, verbose_name="末日（含）")),
                ("source", models.CharField(max_length=200, verbose_name="依据")),
                ("body", models.JSONField(verbose_name="内容")),
                (
                    "digest",
                    models.CharField(
                        help_text="SHA-256，不含末日：给旧版本写上末日不算改动其内容",
                        max_length=64,
                        verbose_name="摘要",
                    ),
                ),
            ],
            options={
                "verbose_name": "规定",
                "verbose_name_plural": "规定",
                "ordering": ["kind", "code", "effective_from"],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "code", "version"), name="document_version_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("effective_to__isnull", True),
                            ("effective_to__gte", models.F("effective_from")),
                            _connector="OR",
                        ),
                        name="document_ends_after_it_begins",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("kind", "="),
                            ("code", "="),
                            (
                                models.Func(
                                    models.F("effective_from"),
                                    models.F("effective_to"),
                                    models.Value("[]"),
                                    function="daterange",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="document_versions_never_overlap",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SectorDepartment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                (
                    "role",
                    models.CharField(
                        choices=[("supervise", "监管"), ("manage", "行业管理"), ("assist", "配合")],
                        max_length=10,
                        verbose_name="职责",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(verbose_name="主次")),
                ("note", models.CharField(blank=True, max_length=60, verbose_name="范围")),
                ("valid_from", models.DateField(verbose_name="自")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="至（含）")),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="reference.department",
                        verbose_name="部门",
                    ),
                ),
                (
                    "sector",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="reference.sector",
                        verbose_name="领域",
                    ),
                ),
            ],
            options={
                "verbose_name": "部门分工",
                "verbose_name_plural": "部门分工",
                "ordering": ["sector__order", "order"],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("sector", "="),
                            ("department", "="),
                            ("role", "="),
                            (
                                models.Func(
                                    models.F("valid_from"),
                                    models.F("valid_to"),
                                    models.Value("[]"),
                                    function="daterange",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="sector_department_once_a_day",
                    )
                ],
            },
        ),
        migrations.RunSQL(
            """
            SELECT safety_stamp('reference_sector', 'code');
            SELECT safety_stamp('reference_department', 'code');
            SELECT safety_stamp('reference_sectordepartment');
            SELECT safety_stamp('reference_document');
            SELECT safety_stamp('reference_load');
            """,
            migrations.RunSQL.noop,
        ),
    ]
