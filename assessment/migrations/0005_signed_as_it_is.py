"""Of a signed closing only the freeze and the withdrawal are possible; its period and number never change at all."""

from django.db import migrations

STANDS = """
CREATE OR REPLACE FUNCTION assessment_closing_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.state = 'frozen' THEN
    RAISE EXCEPTION 'a closing stands as it was frozen' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF (NEW.region_code, NEW.year, NEW.month, NEW.number, NEW.reason)
     IS DISTINCT FROM (OLD.region_code, OLD.year, OLD.month, OLD.number, OLD.reason) THEN
    RAISE EXCEPTION 'a closing is of one period' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF OLD.state = 'open' AND NEW.state = 'frozen' THEN
    RAISE EXCEPTION 'nothing is frozen unsigned' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF OLD.state = 'signed' AND NEW.state <> 'open'
     AND to_jsonb(NEW) - '{state,frozen_by,frozen_name,frozen_at,epoch,xid}'::text[]
         IS DISTINCT FROM to_jsonb(OLD) - '{state,frozen_by,frozen_name,frozen_at,epoch,xid}'::text[] THEN
    RAISE EXCEPTION 'what was signed stands' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("assessment", "0004_bulletins")]

    operations = [migrations.RunSQL(STANDS, migrations.RunSQL.noop)]
