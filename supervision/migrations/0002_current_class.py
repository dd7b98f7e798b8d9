"""现行类别 has a name that says what it is; its table keeps its own, so the database does nothing."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("supervision", "0001_classes_and_what_led_to_them")]

    operations = [
        migrations.RenameModel("Standing", "CurrentClass"),
        migrations.AlterField(
            "currentclass",
            "enterprise",
            models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name="current_class", serialize=False,
                to="enterprises.enterprise", verbose_name="单位",
            ),
        ),
    ]  # fmt: skip
