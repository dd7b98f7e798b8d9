"""Reminders are read from the inbox alone. What stands is taken there, and what yesterday's code still writes follows by itself.

The functions say nothing twice (`once`), so that the whole may be run again; they go with the tables, a release later.
"""

from django.db import migrations

MOVING = """
CREATE OR REPLACE FUNCTION hazards_reminder_to_inbox(r hazards_reminder) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  number bigint := nextval(pg_get_serial_sequence('inbox_message', 'id'));
  matter text := 'reminder/' || r.hazard_id || '/' || r.kind || '/' || r.level;
  ended timestamptz;
BEGIN
  INSERT INTO inbox_message (id, kind, once, thread, about_kind, about, sentence, details, day, due_on, region_code, sector_id,
                             department_id, enterprise, made_at, done_at)
  SELECT number, 'hazard.clock', matter || '/' || r.for_day, matter, 'hazard', h.id, r.name || '：期限 ' || r.deadline || '：' || left(h.description, 80),
         jsonb_build_object('kind', r.kind, 'name', r.name, 'level', r.level, 'audience', r.audience), r.for_day, r.deadline,
         r.region_code, r.sector_id, r.department_id, r.enterprise_id, r.made_at,
         CASE WHEN h.state IN ('closed', 'rejected', 'transferred', 'unit_closed', 'void') THEN now() END
  FROM hazards_hazard h WHERE h.id = r.hazard_id
  ON CONFLICT (once) DO NOTHING RETURNING coalesce(done_at, '-infinity') INTO ended;
  IF ended IS NULL THEN RETURN; END IF;
  INSERT INTO inbox_address (message_id, is_open, role, leaders, department_id, region_code, enterprise)
  SELECT number, ended = '-infinity', role, r.audience = 'department_leader',
         CASE WHEN r.audience IN ('department', 'department_leader') THEN r.department_id END, r.region_code, r.enterprise_id
  FROM unnest(CASE r.audience
    WHEN 'unit' THEN ARRAY['enterprise_officer'] WHEN 'township' THEN ARRAY['township_officer']
    WHEN 'township_leader' THEN ARRAY['township_leader'] WHEN 'county' THEN ARRAY['bureau_officer', 'committee_officer']
    ELSE ARRAY['bureau_officer', 'department_officer', 'inspector'] END) AS role;
  WITH before AS (
    UPDATE inbox_message SET done_at = now() WHERE thread = matter AND thread <> '' AND done_at IS NULL AND id < number RETURNING id
  ) UPDATE inbox_address SET is_open = false WHERE message_id IN (SELECT id FROM before);
END $$;
CREATE OR REPLACE FUNCTION hazards_reminder_seen_to_inbox(s hazards_reminder_seen) RETURNS void LANGUAGE sql AS $$
  INSERT INTO inbox_seen (message_id, user_id, name, seen_at)
  SELECT m.id, s.user_id, u.name, s.seen_at
  FROM hazards_reminder r JOIN inbox_message m ON m.once = 'reminder/' || r.hazard_id || '/' || r.kind || '/' || r.level || '/' || r.for_day
  JOIN accounts_user u ON u.id = s.user_id
  WHERE r.id = s.reminder_id
  ON CONFLICT DO NOTHING;
$$;
CREATE OR REPLACE FUNCTION hazards_reminder_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM hazards_reminder_to_inbox(NEW);
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION hazards_reminder_seen_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM hazards_reminder_seen_to_inbox(NEW);
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER hazards_reminder_moves AFTER INSERT ON hazards_reminder
  FOR EACH ROW EXECUTE FUNCTION hazards_reminder_moves();
CREATE OR REPLACE TRIGGER hazards_reminder_seen_moves AFTER INSERT ON hazards_reminder_seen
  FOR EACH ROW EXECUTE FUNCTION hazards_reminder_seen_moves();
"""
# Numbers of before name no message of another matter: a mark that a phone still has to send finds nothing.
NUMBERS = """
SELECT setval(pg_get_serial_sequence('inbox_message', 'id'), greatest(
  nextval(pg_get_serial_sequence('inbox_message', 'id')), (SELECT coalesce(max(id), 0) + 1 FROM hazards_reminder)))
"""
MOVE = [
    "SELECT hazards_reminder_to_inbox(r) FROM hazards_reminder r ORDER BY r.for_day, r.id",
    "SELECT hazards_reminder_seen_to_inbox(s) FROM hazards_reminder_seen s ORDER BY s.seen_at, s.id",
]
BACK = """
DROP TRIGGER hazards_reminder_moves ON hazards_reminder;
DROP TRIGGER hazards_reminder_seen_moves ON hazards_reminder_seen;
DROP FUNCTION hazards_reminder_moves, hazards_reminder_seen_moves;
DROP FUNCTION hazards_reminder_to_inbox, hazards_reminder_seen_to_inbox
"""


class Migration(migrations.Migration):
    dependencies = [
        ("hazards", "0017_extensions_through_an_officer"),
        ("inbox", "0001_messages_addresses_and_seen_marks"),
    ]

    operations = [
        migrations.RunSQL(MOVING, BACK),
        migrations.RunSQL([NUMBERS, *MOVE], migrations.RunSQL.noop),
    ]
