"""待办 Visits of a rare sector, by when they came, and those at which somebody was a companion."""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("inspections", "0007_what_was_joined")]
    operations = [
        AddIndexConcurrently(
            "inspection", models.Index(fields=["sector", "-started_at", "id"], name="inspection_sector")
        ),
        AddIndexConcurrently("inspection", models.Index(fields=["received_at", "id"], name="inspection_received")),
        AddIndexConcurrently(
            "inspection",
            django.contrib.postgres.indexes.GinIndex(
                fields=["companions"], name="inspection_with", condition=models.Q(("companions", []), _negated=True)
            ),
        ),
    ]
