"""Cells that are counted before anybody asks. `geo_keep_grid(layer, table)` has a table's changes noted: no writer waits for another."""

from django.db import migrations, models

NOTING = """
CREATE FUNCTION geo_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP IN ('INSERT', 'UPDATE') THEN
    INSERT INTO geo_gridchange (layer, lon, lat)
    SELECT TG_ARGV[0], ST_X(point), ST_Y(point) FROM new_rows WHERE point IS NOT NULL;
  END IF;
  IF TG_OP IN ('DELETE', 'UPDATE') THEN
    INSERT INTO geo_gridchange (layer, lon, lat)
    SELECT TG_ARGV[0], ST_X(point), ST_Y(point) FROM old_rows WHERE point IS NOT NULL;
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION geo_keep_grid(layer text, target text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE OR REPLACE TRIGGER grid_insert AFTER INSERT ON %I REFERENCING NEW TABLE AS new_rows '
                 'FOR EACH STATEMENT EXECUTE FUNCTION geo_note_change(%L)', target, layer);
  EXECUTE format('CREATE OR REPLACE TRIGGER grid_update AFTER UPDATE ON %I REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows '
                 'FOR EACH STATEMENT EXECUTE FUNCTION geo_note_change(%L)', target, layer);
  EXECUTE format('CREATE OR REPLACE TRIGGER grid_delete AFTER DELETE ON %I REFERENCING OLD TABLE AS old_rows '
                 'FOR EACH STATEMENT EXECUTE FUNCTION geo_note_change(%L)', target, layer);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("geo", "0001_regions_and_their_history"), ("safety_api", "0002_promises")]
    operations = [
        migrations.CreateModel(
            name="GridCell",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("layer", models.CharField(max_length=40, verbose_name="图层")),
                ("zoom", models.SmallIntegerField(verbose_name="级别")),
                ("x", models.IntegerField()),
                ("y", models.IntegerField()),
                ("cell", models.SmallIntegerField(help_text="64 × 64 a tile, row by row", verbose_name="格")),
                ("township", models.CharField(max_length=9, verbose_name="乡镇")),
                ("count", models.IntegerField(verbose_name="个数")),
                ("worst", models.SmallIntegerField(verbose_name="最重")),
                ("wx", models.FloatField()),
                ("wy", models.FloatField()),
            ],
            options={
                "verbose_name": "图斑",
                "verbose_name_plural": "图斑",
                "db_table": "geo_gridcell",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("layer", "zoom", "x", "y", "cell", "township"), name="grid_cell_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GridRun",
            fields=[
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("layer", models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name="图层")),
                ("day", models.DateField(verbose_name="所属之日")),
                ("made_at", models.DateTimeField(verbose_name="时间")),
            ],
            options={"verbose_name": "图斑更新", "verbose_name_plural": "图斑更新", "db_table": "geo_gridrun"},
        ),
        migrations.CreateModel(
            name="GridChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("layer", models.CharField(max_length=40, verbose_name="图层")),
                ("lon", models.FloatField()),
                ("lat", models.FloatField()),
            ],
            options={"verbose_name": "图斑待更新", "verbose_name_plural": "图斑待更新", "db_table": "geo_gridchange"},
        ),
        migrations.RunSQL("SELECT safety_stamp('geo_gridrun', 'layer')", migrations.RunSQL.noop),
        migrations.RunSQL(NOTING, migrations.RunSQL.noop),
    ]
