"""Clauses of criteria entered here: of texts that came with their title and days alone."""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reference", "0002_values_with_dates_of_their_own"),
    ]

    operations = [
        migrations.CreateModel(
            name="EnteredClause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("edition", models.CharField(max_length=60, verbose_name="判定标准")),
                ("article", models.CharField(max_length=20, verbose_name="条款号")),
                ("part", models.CharField(blank=True, max_length=3, verbose_name="分列")),
                ("label", models.CharField(max_length=300, verbose_name="情形")),
                ("when", models.CharField(blank=True, max_length=300, verbose_name="前提")),
                ("exception", models.CharField(blank=True, max_length=300, verbose_name="除外")),
                ("source", models.CharField(max_length=200, verbose_name="来源")),
                ("source_url", models.CharField(blank=True, max_length=300, verbose_name="来源网址")),
                (
                    "entered_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="录入时间"),
                ),
                ("entered_by", models.UUIDField(verbose_name="录入人")),
                ("entered_by_name", models.CharField(max_length=60, verbose_name="录入人姓名")),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="撤回时间")),
                ("withdrawn_by", models.UUIDField(null=True, verbose_name="撤回人")),
                ("withdrawn_reason", models.CharField(blank=True, max_length=300, verbose_name="撤回理由")),
            ],
            options={
                "verbose_name": "录入的条文",
                "verbose_name_plural": "录入的条文",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("edition", "article", "part"),
                        name="entered_clause_stands_once",
                    )
                ],
            },
        ),
        migrations.RunSQL("SELECT safety_stamp('reference_enteredclause')", migrations.RunSQL.noop),
    ]
