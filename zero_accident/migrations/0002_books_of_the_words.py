"""Django's own books name a kept table by the word it has today; nothing happens where they are new."""

from django.db import migrations

WORDS = {"standing": "townshipfigures", "tally": "townshipcount", "standingnotice": "townshipnotice"}
BOOKS = """
UPDATE django_content_type SET model = %(now)s WHERE app_label = 'zero_accident' AND model = %(was)s
  AND NOT EXISTS (SELECT FROM django_content_type WHERE app_label = 'zero_accident' AND model = %(now)s)
"""


class Migration(migrations.Migration):
    dependencies = [("zero_accident", "0001_figures"), ("contenttypes", "0002_remove_content_type_name")]

    operations = [
        migrations.RunSQL([(BOOKS, {"was": was, "now": now}) for was, now in WORDS.items()], migrations.RunSQL.noop)
    ]
