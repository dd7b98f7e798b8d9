"""Cells of the map are kept; and indexes for each filter of the list, measured over a million rows (bench/README.md)."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models
from django.db.models.functions import Upper

PAIRS = """
CREATE FUNCTION hazards_pairs(words text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN ARRAY(SELECT DISTINCT substr(words, place, 2) FROM generate_series(1, length(words) - 1) AS place);
"""


OPEN = ~models.Q(state__in=["closed", "rejected", "transferred", "unit_closed", "void", "draft"])


class Migration(migrations.Migration):
    dependencies = [("hazards", "0001_hazards_and_their_steps"), ("geo", "0002_counted_cells")]
    operations = [
        migrations.RemoveIndex("hazard", "hazard_words"),
        migrations.RunSQL(PAIRS, migrations.RunSQL.noop),
        migrations.AddIndex(
            "hazard",
            django.contrib.postgres.indexes.GinIndex(
                models.Func(
                    Upper("description"),
                    function="hazards_pairs",
                    output_field=django.contrib.postgres.fields.ArrayField(models.TextField()),
                ),
                name="hazard_text",
            ),
        ),
        migrations.AddIndex("hazard", models.Index(fields=["state", "-found_at", "id"], name="hazard_state")),
        migrations.AddIndex("hazard", models.Index(fields=["origin", "-found_at", "id"], name="hazard_origin")),
        migrations.AddIndex(
            "hazard",
            models.Index(
                fields=["-found_at", "id", "due_on", "region_code"], name="hazard_open_newest", condition=OPEN
            ),
        ),
        migrations.RunSQL("SELECT geo_keep_grid('hazards', 'hazards_hazard')", migrations.RunSQL.noop),
    ]
