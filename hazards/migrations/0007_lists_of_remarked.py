from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("hazards", "0006_remarks")]
    operations = [
        AddIndexConcurrently(
            "hazard",
            models.Index(
                condition=models.Q(("warnings", []), _negated=True), fields=["-found_at", "id"], name="hazard_remarked"
            ),
        ),
    ]
