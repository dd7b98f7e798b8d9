from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models


def words(name: str, of: str, table: str, label: str) -> migrations.CreateModel:
    return migrations.CreateModel(
        name,
        [
            ("text", models.TextField(verbose_name="检索文字")),
            ("signs", ArrayField(models.IntegerField(), size=None, verbose_name="检索编码")),
            (
                "record",
                models.OneToOneField(
                    of, models.CASCADE, primary_key=True, related_name="words", serialize=False, verbose_name=label
                ),
            ),
        ],
        {
            "verbose_name": f"{label}检索",
            "verbose_name_plural": f"{label}检索",
            "db_table": table,
            "indexes": [GinIndex(fields=["signs"], name=f"{name.lower()}_signs")],
        },
    )


# What is there already is filled in by the worker, a part a message.
FILL = """
INSERT INTO safety_outbox (topic, payload, attempts, error)
SELECT %s, jsonb_build_object('kind', %s::text, 'after', ''), 0, ''
WHERE EXISTS (SELECT 1 FROM {})
"""


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0002_more_kinds_of_sites"), ("safety_api", "0003_seals_by_their_last_line")]
    operations = [
        words("EnterpriseWords", "enterprises.enterprise", "enterprises_enterprise_words", "单位"),
        words("SiteWords", "enterprises.site", "enterprises_site_words", "场所"),
        migrations.RunSQL(
            [(FILL.format("enterprises_enterprise"), ["words.fill", "enterprise"])], migrations.RunSQL.noop
        ),
        migrations.RunSQL([(FILL.format("enterprises_site"), ["words.fill", "site"])], migrations.RunSQL.noop),
    ]
