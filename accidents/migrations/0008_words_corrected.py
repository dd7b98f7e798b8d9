"""更正文字: what an accident's words were, why and by whom they were replaced; rows that nobody edits."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Now

APPEND_ONLY = """
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON zero_accident_wording
  FOR EACH ROW EXECUTE FUNCTION safety_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("accidents", "0007_reminders_in_the_inbox")]

    operations = [
        migrations.CreateModel(
            "Wording",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("by_id", models.UUIDField(null=True, verbose_name="人员编号")),
                ("by_name", models.CharField(max_length=60, verbose_name="姓名")),
                ("by_role", models.CharField(max_length=30, verbose_name="岗位")),
                ("known_at", models.DateTimeField(db_default=Now(), verbose_name="知悉时间")),
                ("field", models.CharField(max_length=20, verbose_name="更正项")),
                ("was", models.CharField(blank=True, max_length=4000, verbose_name="原文")),
                ("text", models.CharField(max_length=4000, verbose_name="改为")),
                ("reason", models.CharField(max_length=1000, verbose_name="理由")),
                (
                    "accident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="wordings", to="accidents.accident"
                    ),
                ),
            ],
            {"db_table": "zero_accident_wording", "verbose_name": "更正文字", "verbose_name_plural": "更正文字"},
        ),
        migrations.RunSQL(APPEND_ONLY, migrations.RunSQL.noop),
    ]
