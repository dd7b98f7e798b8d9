"""Django's own books name an accident's tables by the room they moved to; nothing happens where they are new."""

from django.db import migrations

MOVED = {
    "zero_accident": [
        "accident", "accidentstatement", "accidentunit", "appraisal", "call", "decision", "finding", "investigation",
        "investigationmark", "joining", "receipt", "reminder", "reportleg", "twinpair",
    ],
    "assessment": ["quickreport"],
}  # fmt: skip
BOOKS = """
UPDATE django_content_type AS old SET app_label = 'accidents'
WHERE app_label = %s AND model = ANY(%s)
  AND NOT EXISTS (SELECT FROM django_content_type WHERE app_label = 'accidents' AND model = old.model)
"""


class Migration(migrations.Migration):
    dependencies = [("accidents", "0002_quick_reports"), ("contenttypes", "0002_remove_content_type_name")]

    operations = [migrations.RunSQL([(BOOKS, [app, models]) for app, models in MOVED.items()], migrations.RunSQL.noop)]
