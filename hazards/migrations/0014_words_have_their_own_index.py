from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("hazards", "0013_words")]
    operations = [
        RemoveIndexConcurrently("hazard", "hazard_text"),
    ]
