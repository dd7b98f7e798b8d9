from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("inspections", "0003_checklists_of_departments")]
    operations = [
        AddIndexConcurrently(
            "inspection",
            models.Index(
                condition=models.Q(("warnings", []), _negated=True),
                fields=["-started_at", "id"],
                name="inspection_remarked",
            ),
        ),
    ]
