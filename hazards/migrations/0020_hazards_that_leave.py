"""A hazard that is placed elsewhere is forgotten by the phones of the place it left."""

from django.db import migrations

LEAVES = """
SELECT safety_leaves('hazards_hazard', 'region_code', 'sector_id', 'enterprise_id');
"""


class Migration(migrations.Migration):
    dependencies = [("hazards", "0019_editions_of_criteria"), ("safety_api", "0006_rows_that_leave")]
    operations = [migrations.RunSQL(LEAVES, migrations.RunSQL.noop)]
