"""Reminders of reports are read from the inbox alone. What stands is taken there, and what yesterday's code still writes follows by itself.

The functions say nothing twice (`once`), so that the whole may be run again; they go with the table, a release later.
"""

from django.db import migrations

MOVING = """
CREATE OR REPLACE FUNCTION zero_accident_reminder_to_inbox(r zero_accident_reminder) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  number bigint := nextval(pg_get_serial_sequence('inbox_message', 'id'));
  said bigint;
BEGIN
  INSERT INTO inbox_message (id, kind, once, thread, about_kind, about, sentence, details, day, due_on, region_code, sector_id, made_at, done_at)
  SELECT number, 'accident.clock', 'leg/' || l.id || '/' || r.stage, 'leg/' || l.id, 'accident', a.id,
         '事故报告' || CASE r.stage WHEN 'before' THEN '临近时限' WHEN 'overdue' THEN '已过时限' ELSE '升级提醒' END || '：时限 '
           || to_char(l.due_at AT TIME ZONE 'Asia/Shanghai', 'MM月DD日 HH24:MI'),
         jsonb_build_object('leg', l.id, 'stage', r.stage, 'roles', to_jsonb(r.roles)), (r.made_at AT TIME ZONE 'Asia/Shanghai')::date,
         (l.due_at AT TIME ZONE 'Asia/Shanghai')::date, a.region_code, a.sector_id, r.made_at,
         CASE WHEN l.sent_at IS NOT NULL OR l.void_at IS NOT NULL THEN now() END
  FROM zero_accident_report_leg l JOIN zero_accident_accident a ON a.id = l.accident_id WHERE l.id = r.leg_id
  ON CONFLICT (once) DO NOTHING RETURNING id INTO said;
  IF said IS NOT NULL THEN
    INSERT INTO inbox_address (message_id, is_open, role, region_code, enterprise)
    SELECT m.id, m.done_at IS NULL, post, m.region_code, u.enterprise_id
    FROM inbox_message m CROSS JOIN unnest(r.roles) AS post
    LEFT JOIN zero_accident_unit u ON post = 'enterprise_officer' AND u.accident_id = m.about AND u.known_to IS NULL
    WHERE m.id = said;
  END IF;
  INSERT INTO inbox_seen (message_id, user_id, name, seen_at)
  SELECT m.id, u.id, r.seen_name, r.seen_at FROM inbox_message m JOIN accounts_user u ON u.id = r.seen_by
  WHERE m.once = 'leg/' || r.leg_id || '/' || r.stage AND r.seen_at IS NOT NULL
  ON CONFLICT DO NOTHING;
END $$;
CREATE OR REPLACE FUNCTION zero_accident_reminder_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM zero_accident_reminder_to_inbox(NEW);
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER zero_accident_reminder_moves AFTER INSERT OR UPDATE ON zero_accident_reminder
  FOR EACH ROW EXECUTE FUNCTION zero_accident_reminder_moves();
"""
# Numbers of before name no message of another matter.
NUMBERS = """
SELECT setval(pg_get_serial_sequence('inbox_message', 'id'), greatest(
  nextval(pg_get_serial_sequence('inbox_message', 'id')), (SELECT coalesce(max(id), 0) + 1 FROM zero_accident_reminder)))
"""
MOVE = "SELECT zero_accident_reminder_to_inbox(r) FROM zero_accident_reminder r ORDER BY r.made_at, r.id"
BACK = """
DROP TRIGGER zero_accident_reminder_moves ON zero_accident_reminder;
DROP FUNCTION zero_accident_reminder_moves, zero_accident_reminder_to_inbox
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accidents", "0006_times_as_told"),
        ("inbox", "0001_messages_addresses_and_seen_marks"),
    ]

    operations = [
        migrations.RunSQL(MOVING, BACK),
        migrations.RunSQL([NUMBERS, MOVE], migrations.RunSQL.noop),
    ]
