"""A unit or site that moves is forgotten by the phones of the place it left."""

from django.db import migrations

LEAVES = """
SELECT safety_leaves('enterprises_enterprise', 'region_code', 'sector_id', 'sectors');
SELECT safety_leaves('enterprises_site', 'region_code', 'sector_id', 'enterprise_id');
"""


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0007_grades_that_ceilings_go_by"), ("safety_api", "0006_rows_that_leave")]
    operations = [migrations.RunSQL(LEAVES, migrations.RunSQL.noop)]
