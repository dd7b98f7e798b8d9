"""提示: a hazard carries its remarks itself, as visits and accidents do."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("hazards", "0005_figures")]
    operations = [
        migrations.AddField(
            "hazard",
            "warnings",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=30), db_default=[], default=list, size=None, verbose_name="提示"
            ),
        ),
    ]
