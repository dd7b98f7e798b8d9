"""The same bytes elsewhere are found by an index of stored photos; the widened constraints are looked at while others write."""

from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("evidence", "0005_photos_refused_for_good")]

    operations = [
        ValidateConstraint("photo", "photo_state_is_known"),
        ValidateConstraint("photo", "photo_stored_has_time"),
        ValidateConstraint("photo", "photo_refused_has_reason"),
        AddIndexConcurrently(
            "photo",
            models.Index(fields=["sha256"], condition=models.Q(("stored_at__isnull", False)), name="photo_same_bytes"),
        ),
    ]
