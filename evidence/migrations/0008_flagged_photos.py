"""Records are found by what is remarkable of their photos."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("evidence", "0007_drafts_of_papers")]

    operations = [
        AddIndexConcurrently(
            "photo",
            models.Index(condition=models.Q(("flags", []), _negated=True), fields=["owner_id"], name="photo_flagged"),
        ),
    ]
