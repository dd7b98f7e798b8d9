"""An index of the rounds that fulfil the monthly duty, few among those of shifts and days."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("risks", "0001_risk_points_assessments_and_self_checks"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="selfcheck",
            index=models.Index(
                condition=models.Q(("in_time", True), ("level", "company")),
                fields=["enterprise", "due_on"],
                name="self_check_monthly",
            ),
        ),
    ]
