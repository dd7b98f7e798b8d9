"""Likely twins without a point are looked for in a township and a few hours, not in all the township ever had."""

from django.db import migrations, models
from django.db.models.functions import Left


class Migration(migrations.Migration):
    dependencies = [("zero_accident", "0005_leaving_statistics_on_paper")]

    operations = [
        migrations.AddIndex(
            model_name="accident",
            index=models.Index(Left("region_code", 9), "occurred_at", name="accident_town_day"),
        ),
    ]
