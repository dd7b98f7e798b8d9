"""Beside the fingerprint of what was sent, one of what it says: the same record in another form is no other record."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accidents", "0003_books_of_the_rooms")]
    operations = [
        migrations.AddField(
            "accident", "meaning_sha256", models.CharField(blank=True, db_default="", default="", max_length=64)
        ),
    ]
