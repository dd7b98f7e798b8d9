"""What the database itself keeps: the run role's rights, the append-only trail, the stamp of every change."""

from django.db import migrations

RIGHTS = """
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'safety_app') AND current_user <> 'safety_app' THEN
    GRANT USAGE ON SCHEMA public TO safety_app;
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO safety_app;
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO safety_app;
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO safety_app;
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO safety_app;
    REVOKE UPDATE, DELETE, TRUNCATE ON safety_trail_line, safety_trail_seal FROM safety_app;
    REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON safety_epoch FROM safety_app;
    REVOKE UPDATE, DELETE, TRUNCATE ON safety_tombstone FROM safety_app;
  END IF;
END $$;
"""

APPEND_ONLY = """
CREATE OR REPLACE FUNCTION safety_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON safety_trail_line
  FOR EACH ROW EXECUTE FUNCTION safety_append_only();
CREATE OR REPLACE TRIGGER append_only_all BEFORE TRUNCATE ON safety_trail_line
  FOR EACH STATEMENT EXECUTE FUNCTION safety_append_only();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON safety_trail_seal
  FOR EACH ROW EXECUTE FUNCTION safety_append_only();
CREATE OR REPLACE TRIGGER append_only_all BEFORE TRUNCATE ON safety_trail_seal
  FOR EACH STATEMENT EXECUTE FUNCTION safety_append_only();
"""

STAMP = """
INSERT INTO safety_epoch ("only", number) VALUES (true, 1) ON CONFLICT DO NOTHING;

-- A wall: the caller's own epoch and xid never survive; they are this transaction's.
CREATE OR REPLACE FUNCTION safety_stamp_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.epoch := (SELECT number FROM safety_epoch);
  NEW.xid := (pg_current_xact_id()::text)::bigint;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION safety_bury_row() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  INSERT INTO safety_tombstone (epoch, xid, table_name, key)
  VALUES ((SELECT number FROM safety_epoch), (pg_current_xact_id()::text)::bigint, TG_TABLE_NAME, to_jsonb(OLD) ->> TG_ARGV[0]);
  RETURN OLD;
END $$;

-- Makes a table with the columns epoch and xid a stamped one. Harmless when called again.
CREATE OR REPLACE FUNCTION safety_stamp(target text, key text DEFAULT 'id') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE OR REPLACE TRIGGER stamp BEFORE INSERT OR UPDATE ON %I '
                 'FOR EACH ROW EXECUTE FUNCTION safety_stamp_row()', target);
  EXECUTE format('CREATE OR REPLACE TRIGGER bury AFTER DELETE ON %I '
                 'FOR EACH ROW EXECUTE FUNCTION safety_bury_row(%L)', target, key);
  EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON %I (epoch, xid, %I)', target || '_stamp', target, key);
END $$;

CREATE OR REPLACE TRIGGER stamp BEFORE INSERT ON safety_trail_line FOR EACH ROW EXECUTE FUNCTION safety_stamp_row();
"""


class Migration(migrations.Migration):
    dependencies = [("safety_api", "0001_ground_tables")]
    operations = [
        migrations.RunSQL(STAMP, migrations.RunSQL.noop),
        migrations.RunSQL(APPEND_ONLY, migrations.RunSQL.noop),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
