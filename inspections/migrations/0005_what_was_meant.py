"""Beside the fingerprint of what was sent, one of what it says: the same record in another form is no other record."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inspections", "0004_lists_of_remarked")]
    operations = [
        migrations.AddField(
            "inspection", "meaning_sha256", models.CharField(blank=True, db_default="", default="", max_length=64)
        ),
    ]
