"""Django's own books name a table of accidents by the room and the word it has today; nothing happens where they are new."""

from django.db import migrations

MOVED = {
    "zero_accident": {
        **{name: name for name in (
            "accident", "accidentunit", "appraisal", "call", "decision", "finding", "investigation", "investigationmark",
            "joining", "receipt", "reminder", "reportleg",
        )},
        "accidentstatement": "accidentreport",
        "twinpair": "duplicatepair",
    },
    "assessment": {"quickreport": "quickreport"},
}  # fmt: skip
BOOKS = """
UPDATE django_content_type SET app_label = 'accidents', model = %(now)s WHERE app_label = %(room)s AND model = %(was)s
  AND NOT EXISTS (SELECT FROM django_content_type WHERE app_label = 'accidents' AND model = %(now)s)
"""
RENAMED = [
    (BOOKS, {"room": room, "was": was, "now": now}) for room, models in MOVED.items() for was, now in models.items()
]


class Migration(migrations.Migration):
    dependencies = [("accidents", "0002_quick_reports"), ("contenttypes", "0002_remove_content_type_name")]

    operations = [migrations.RunSQL(RENAMED, migrations.RunSQL.noop)]
