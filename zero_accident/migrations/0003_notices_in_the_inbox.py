"""Notices to townships are read from the inbox alone. What stands is taken there, and what yesterday's code still writes follows by itself.

The functions say nothing twice (`once`), so that the whole may be run again; they go with the table, a release later.
"""

from django.db import migrations

MOVING = """
CREATE OR REPLACE FUNCTION zero_accident_notice_to_inbox(n zero_accident_notice) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  number bigint := nextval(pg_get_serial_sequence('inbox_message', 'id'));
  word text := 'notice/' || n.policy || '/' || n.year || '/' || n.revision || '/' || n.township || '/' || n.kind;
  said bigint;
BEGIN
  INSERT INTO inbox_message (id, kind, once, thread, about_kind, sentence, details, day, region_code, made_at, done_at)
  VALUES (number, 'zero_accident.notice', word, '', '', n.sentence,
          jsonb_build_object('policy', n.policy, 'year', n.year, 'revision', n.revision, 'kind', n.kind, 'better', n.better,
                             'rank_before', n.rank_before, 'rank_after', n.rank_after),
          (n.made_at AT TIME ZONE 'Asia/Shanghai')::date, n.township, n.made_at, n.seen_at)
  ON CONFLICT (once) DO NOTHING RETURNING id INTO said;
  IF said IS NOT NULL THEN
    INSERT INTO inbox_address (message_id, is_open, role, region_code)
    SELECT said, n.seen_at IS NULL, role, n.township FROM unnest(ARRAY['township_leader', 'township_officer']) AS role;
  END IF;
  INSERT INTO inbox_seen (message_id, user_id, name, seen_at)
  SELECT m.id, u.id, n.seen_name, n.seen_at FROM inbox_message m JOIN accounts_user u ON u.id = n.seen_by
  WHERE m.once = word AND n.seen_at IS NOT NULL
  ON CONFLICT DO NOTHING;
END $$;
CREATE OR REPLACE FUNCTION zero_accident_notice_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM zero_accident_notice_to_inbox(NEW);
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER zero_accident_notice_moves AFTER INSERT OR UPDATE ON zero_accident_notice
  FOR EACH ROW EXECUTE FUNCTION zero_accident_notice_moves();
"""
# Numbers of before name no message of another matter.
NUMBERS = """
SELECT setval(pg_get_serial_sequence('inbox_message', 'id'), greatest(
  nextval(pg_get_serial_sequence('inbox_message', 'id')), (SELECT coalesce(max(id), 0) + 1 FROM zero_accident_notice)))
"""
MOVE = "SELECT zero_accident_notice_to_inbox(n) FROM zero_accident_notice n ORDER BY n.id"
BACK = """
DROP TRIGGER zero_accident_notice_moves ON zero_accident_notice;
DROP FUNCTION zero_accident_notice_moves, zero_accident_notice_to_inbox
"""


class Migration(migrations.Migration):
    dependencies = [
        ("zero_accident", "0002_books_of_the_words"),
        ("inbox", "0001_messages_addresses_and_seen_marks"),
    ]

    operations = [
        migrations.RunSQL(MOVING, BACK),
        migrations.RunSQL([NUMBERS, MOVE], migrations.RunSQL.noop),
    ]
