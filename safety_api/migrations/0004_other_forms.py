"""Fingerprints of other forms in which a field record came again."""

from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [("safety_api", "0003_seals_by_their_last_line")]
    operations = [
        migrations.CreateModel(
            name="OtherForm",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("record", models.UUIDField(verbose_name="记录")),
                ("sha256", models.CharField(max_length=64, verbose_name="内容指纹")),
                ("came_at", models.DateTimeField(db_default=Now(), verbose_name="收到时间")),
            ],
            options={
                "verbose_name": "同一内容的其他写法",
                "verbose_name_plural": "同一内容的其他写法",
                "db_table": "safety_other_form",
                "constraints": [models.UniqueConstraint(fields=("record", "sha256"), name="other_form_once")],
            },
        ),
    ]
