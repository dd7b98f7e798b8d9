from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("evidence", "0003_order_in_the_manifest")]
    operations = [
        AddIndexConcurrently(
            "photo", models.Index(condition=models.Q(("state", "missing")), fields=["owner_id"], name="photo_missing")
        ),
    ]
