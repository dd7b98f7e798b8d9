"""A photo that can never be stored says so, and why; what the bytes are stands beside what the phone believed."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

STATES = [
    ("missing", "未到"), ("held", "已收"), ("ready", "已处理"), ("unreadable", "无法打开"), ("refused", "不能收存"),
]  # fmt: skip
NOT_STORED = ("state__in", ["missing", "refused"])


class Migration(migrations.Migration):
    dependencies = [("evidence", "0004_photos_that_have_not_come")]

    operations = [
        migrations.AddField("earlyupload", "refused_because", models.CharField(max_length=30, null=True)),
        migrations.AddField(
            "photo", "kept_type", models.CharField(max_length=40, null=True, verbose_name="实际类型")
        ),
        migrations.AddField(
            "photo", "refused_because", models.CharField(max_length=30, null=True, verbose_name="不能收存的原因")
        ),
        migrations.AlterField("photo", "media_type", models.CharField(max_length=40, verbose_name="申报类型")),
        migrations.AlterField(
            "photo", "state",
            models.CharField(choices=STATES, default="missing", max_length=12, verbose_name="状态"),
        ),
        migrations.RemoveConstraint("photo", "photo_state_is_known"),
        migrations.RemoveConstraint("photo", "photo_stored_has_time"),
        # Not valid, so that no table of photos is read under a lock; the next migration has them looked at.
        AddConstraintNotValid(
            "photo",
            models.CheckConstraint(
                condition=models.Q(("state__in", [state for state, _ in STATES])), name="photo_state_is_known"
            ),
        ),
        AddConstraintNotValid(
            "photo",
            models.CheckConstraint(
                condition=models.Q(NOT_STORED, ("stored_at__isnull", False), _connector="OR"), name="photo_stored_has_time"
            ),
        ),
        AddConstraintNotValid(
            "photo",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "refused"), _negated=True), ("refused_because__isnull", False), _connector="OR"
                ),
                name="photo_refused_has_reason",
            ),
        ),
    ]  # fmt: skip
