"""待办 What lists of a million rows are chosen and sorted by: a rare sector or department, one's own, when it came, when it is due."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

INDEXES = [
    models.Index(fields=["sector", "-found_at", "id"], name="hazard_sector"),
    models.Index(fields=["department", "-found_at", "id"], name="hazard_department"),
    models.Index(fields=["reported_by", "-found_at", "id"], name="hazard_found_by"),
    models.Index(fields=["received_at", "id"], name="hazard_received"),
    models.Index(fields=["due_on", "id"], name="hazard_due"),
]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("hazards", "0011_what_was_joined")]
    operations = [AddIndexConcurrently("hazard", index) for index in INDEXES]
