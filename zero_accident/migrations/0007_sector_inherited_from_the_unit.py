"""Whether an accident's sector was said, or only follows from its unit: then it does not decide the window for later deaths."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("zero_accident", "0006_accidents_of_a_township_by_day"),
    ]

    operations = [
        migrations.AddField(
            model_name="accident",
            name="sector_inherited",
            field=models.BooleanField(db_default=False, default=False, verbose_name="行业随单位"),
        ),
        migrations.AddField(
            model_name="decision",
            name="sector_inherited",
            field=models.BooleanField(db_default=False, default=False, verbose_name="行业随单位"),
        ),
    ]
