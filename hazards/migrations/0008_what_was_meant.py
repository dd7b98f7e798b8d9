"""Beside the fingerprint of what was sent, one of what it says: the same record in another form is no other record."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("hazards", "0007_lists_of_remarked")]
    operations = [
        migrations.AddField(
            "hazard", "meaning_sha256", models.CharField(blank=True, db_default="", default="", max_length=64)
        ),
    ]
