"""A row that goes to another place or into other hands leaves a tombstone where it was: a phone there forgets it."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

LEAVING = """
CREATE OR REPLACE FUNCTION safety_bury_row() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  INSERT INTO safety_tombstone (epoch, xid, table_name, key, region_code)
  VALUES (safety_epoch_now(), (pg_current_xact_id()::text)::bigint, TG_TABLE_NAME, to_jsonb(OLD) ->> TG_ARGV[0],
          to_jsonb(OLD) ->> 'region_code');
  RETURN OLD;
END $$;

CREATE OR REPLACE FUNCTION safety_leave_row() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  was jsonb := to_jsonb(OLD);
BEGIN
  INSERT INTO safety_tombstone (epoch, xid, table_name, key, region_code, people)
  VALUES (safety_epoch_now(), (pg_current_xact_id()::text)::bigint, TG_TABLE_NAME, was ->> TG_ARGV[0], was ->> 'region_code',
          CASE WHEN was ? 'assignees' THEN ARRAY(SELECT jsonb_array_elements_text(was -> 'assignees'))::uuid[] END);
  RETURN NULL;
END $$;

-- Rows of a stamped table leave when one of these columns changes. Harmless when called again.
CREATE OR REPLACE FUNCTION safety_leaves(target text, VARIADIC columns text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format(
    'CREATE OR REPLACE TRIGGER leave AFTER UPDATE OF %s ON %I FOR EACH ROW WHEN (%s) EXECUTE FUNCTION safety_leave_row(''id'')',
    (SELECT string_agg(quote_ident(each), ', ') FROM unnest(columns) each), target,
    (SELECT string_agg(format('OLD.%1$I IS DISTINCT FROM NEW.%1$I', each), ' OR ') FROM unnest(columns) each));
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("safety_api", "0005_epoch_of_a_timeline")]
    operations = [
        migrations.AddField("tombstone", "region_code", models.CharField("所在行政区划", max_length=12, null=True)),
        migrations.AddField("tombstone", "people", ArrayField(models.UUIDField(), null=True, verbose_name="原承办人")),
        migrations.RunSQL(LEAVING, migrations.RunSQL.noop),
    ]
