from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("hazards", "0010_doubles")]
    operations = [
        ValidateConstraint("hazard", "hazard_joined_is_void"),
        AddIndexConcurrently(
            "hazard",
            models.Index(condition=models.Q(("joined_to__isnull", False)), fields=["joined_to"], name="hazard_doubles"),
        ),
    ]
