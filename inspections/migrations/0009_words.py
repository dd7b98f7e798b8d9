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
    dependencies = [("inspections", "0008_queues"), ("safety_api", "0003_seals_by_their_last_line")]
    operations = [
        words("InspectionWords", "inspections.inspection", "inspections_inspection_words", "检查"),
        migrations.RunSQL(
            [(FILL.format("inspections_inspection"), ["words.fill", "inspection"])], migrations.RunSQL.noop
        ),
    ]
