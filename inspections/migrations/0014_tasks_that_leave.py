"""A task that is given to others is forgotten by the phones of those who had it."""

from django.db import migrations

LEAVES = """
SELECT safety_leaves('inspections_task', 'region_code', 'sector_id', 'assignees');
"""


class Migration(migrations.Migration):
    dependencies = [("inspections", "0013_years_counted"), ("safety_api", "0006_rows_that_leave")]
    operations = [migrations.RunSQL(LEAVES, migrations.RunSQL.noop)]
