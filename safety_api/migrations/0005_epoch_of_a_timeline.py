"""A promoted standby gives transaction ids out again: its first write begins a new epoch, whoever promoted it."""

from django.db import migrations, models

# PostgreSQL counts promotions as timelines. Nothing here is asked of a replica but the first function.
TIMELINE = """
CREATE OR REPLACE FUNCTION safety_timeline() RETURNS text LANGUAGE sql AS $$
  SELECT CASE WHEN pg_is_in_recovery() THEN '' ELSE left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) END
$$;

UPDATE safety_epoch SET timeline = safety_timeline();

-- The number of the epoch that this timeline has; the first transaction that asks begins it, the others wait for that one.
CREATE OR REPLACE FUNCTION safety_epoch_now() RETURNS smallint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  UPDATE safety_epoch SET number = number + 1, timeline = safety_timeline() WHERE timeline <> safety_timeline();
  RETURN (SELECT number FROM safety_epoch);
END $$;

CREATE OR REPLACE FUNCTION safety_stamp_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.epoch := (SELECT number FROM safety_epoch WHERE timeline = left(pg_walfile_name(pg_current_wal_insert_lsn()), 8));
  IF NEW.epoch IS NULL THEN
    NEW.epoch := safety_epoch_now();
  END IF;
  NEW.xid := (pg_current_xact_id()::text)::bigint;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION safety_bury_row() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  INSERT INTO safety_tombstone (epoch, xid, table_name, key)
  VALUES (safety_epoch_now(), (pg_current_xact_id()::text)::bigint, TG_TABLE_NAME, to_jsonb(OLD) ->> TG_ARGV[0]);
  RETURN OLD;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("safety_api", "0004_other_forms")]
    operations = [
        migrations.AddField("epoch", "timeline", models.CharField(max_length=8, default="", db_default="")),
        migrations.RunSQL(TIMELINE, migrations.RunSQL.noop),
    ]
