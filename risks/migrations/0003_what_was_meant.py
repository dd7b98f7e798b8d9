"""Beside the fingerprint of what was sent, one of what it says: the same record in another form is no other record."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("risks", "0002_rounds_of_the_month")]
    operations = [
        migrations.AddField(
            "selfcheck", "meaning_sha256", models.CharField(blank=True, db_default="", default="", max_length=64)
        ),
    ]
