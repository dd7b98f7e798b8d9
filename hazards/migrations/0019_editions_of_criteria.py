"""By which edition of criteria a hazard is judged, and which item of it is named. What stands is `unknown`, and so is what yesterday's code
still writes, until its own text names one (manage name_editions, and every load of criteria)."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("hazards", "0018_reminders_in_the_inbox"),
    ]

    operations = [
        migrations.AddField(
            model_name="hazard",
            name="criterion",
            field=models.CharField(blank=True, db_default="", default="", max_length=80, verbose_name="判定条目"),
        ),
        migrations.AddField(
            model_name="hazard",
            name="edition",
            field=models.CharField(
                blank=True, db_default="unknown", default="unknown", max_length=60, verbose_name="判定标准"
            ),
        ),
        migrations.CreateModel(
            name="EditionLook",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("judged_by", models.CharField(max_length=60, verbose_name="原判定标准")),
                ("due", models.CharField(max_length=60, verbose_name="应按的判定标准")),
                (
                    "word",
                    models.CharField(
                        choices=[
                            ("stands", "按现行标准结论不变"),
                            ("rejudged", "改按现行标准的条目"),
                            ("not_major", "按现行标准不属重大隐患，另行办理"),
                        ],
                        max_length=12,
                        verbose_name="结论",
                    ),
                ),
                ("reason", models.CharField(max_length=2000, verbose_name="理由")),
                ("criterion", models.CharField(blank=True, max_length=80, verbose_name="条目")),
                ("by_id", models.UUIDField(verbose_name="复看人")),
                ("by_name", models.CharField(max_length=60, verbose_name="复看人姓名")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="时间")),
                (
                    "hazard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="looks",
                        to="hazards.hazard",
                        verbose_name="隐患",
                    ),
                ),
            ],
            options={
                "verbose_name": "判定标准复看",
                "verbose_name_plural": "判定标准复看",
                "db_table": "hazards_editionlook",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("word__in", ["stands", "rejudged", "not_major"])),
                        name="edition_look_word_is_known",
                    )
                ],
            },
        ),
    ]
