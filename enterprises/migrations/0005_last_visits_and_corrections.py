"""When each unit was visited last, orders of the list of units, how far each is; a site put right keeps what it said before."""

import django.contrib.postgres.indexes
import django.core.serializers.json
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models
from django.db.models import DateField, F, Func, IntegerField

RANK = "CASE %(expressions)s WHEN 'red' THEN 1 WHEN 'orange' THEN 2 WHEN 'yellow' THEN 3 WHEN 'blue' THEN 4 ELSE 5 END"


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0004_words_have_their_own_index")]
    operations = [
        migrations.AddField(
            "enterprise", "last_visit_on", models.DateField(blank=True, null=True, verbose_name="最近检查日")
        ),
        migrations.AddIndex(
            "enterprise",
            models.Index(
                Func(
                    F("last_visit_on"),
                    template="COALESCE(%(expressions)s, DATE '0001-01-01')",
                    output_field=DateField(),
                ),
                "id",
                name="enterprise_last_visit",
            ),
        ),
        migrations.AddIndex(
            "enterprise",
            models.Index(
                Func(F("risk_colour"), template=RANK, output_field=IntegerField()), "id", name="enterprise_risk"
            ),
        ),
        migrations.AddIndex(
            "enterprise",
            django.contrib.postgres.indexes.GistIndex(
                Func(F("point"), template="(%(expressions)s::geography)"), name="enterprise_near"
            ),
        ),
        migrations.AddIndex("site", models.Index(fields=["kind", "region_code", "id"], name="site_by_kind")),
        migrations.CreateModel(
            "SiteCorrection",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("reason", models.CharField(max_length=1000, verbose_name="理由")),
                (
                    "before",
                    models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name="原记"),
                ),
                (
                    "after",
                    models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name="更正为"),
                ),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="更正时间"),
                ),
                ("by_id", models.UUIDField(verbose_name="更正人")),
                ("by_name", models.CharField(max_length=60, verbose_name="更正人姓名")),
                ("by_role", models.CharField(max_length=30, verbose_name="更正人岗位")),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="enterprises.site",
                        verbose_name="场所",
                    ),
                ),
            ],
            {"db_table": "enterprises_site_correction", "verbose_name": "场所更正", "verbose_name_plural": "场所更正"},
        ),
    ]
