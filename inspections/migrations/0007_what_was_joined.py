from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("inspections", "0006_doubles")]
    operations = [
        AddIndexConcurrently(
            "inspection",
            models.Index(
                condition=models.Q(("joined_to__isnull", False)), fields=["joined_to"], name="inspection_doubles"
            ),
        ),
    ]
