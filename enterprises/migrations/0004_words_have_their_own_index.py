from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("enterprises", "0003_words")]
    operations = [
        RemoveIndexConcurrently("enterprise", "enterprise_name"),
        RemoveIndexConcurrently("enterprise", "enterprise_pinyin"),
    ]
