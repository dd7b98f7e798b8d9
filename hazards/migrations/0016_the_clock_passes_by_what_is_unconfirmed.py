"""What is only reported falls due for nobody: the clock's index leaves it out, as its question does (hazards/actions/clocks.py)."""

from django.db import migrations

ENDED = "('closed', 'rejected', 'transferred', 'unit_closed', 'void', 'draft')"
BOUND = "('ordered', 'rectifying', 'review_requested', 'enforcement')"
LATE = "(review_requested_on IS NULL OR review_requested_on > due_on)"
PENDING = f"""(
  (overdue_since IS NULL AND {LATE} AND (state IN {BOUND} OR (state = 'closed' AND closed_on > due_on)))
  OR (state IN ('ordered', 'rectifying') AND loop IN ('county', 'township'))
  OR (loop = 'township' AND {LATE} AND state NOT IN {ENDED} AND state <> 'reported')
)"""
MAKE = f"CREATE INDEX CONCURRENTLY IF NOT EXISTS hazard_clock_told ON hazards_hazard (due_on, id) WHERE {PENDING}"
DROP = "DROP INDEX CONCURRENTLY IF EXISTS hazard_clock"


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("hazards", "0015_times_as_told")]
    operations = [
        migrations.RunSQL(MAKE, "DROP INDEX CONCURRENTLY IF EXISTS hazard_clock_told"),
        migrations.RunSQL(DROP, migrations.RunSQL.noop),
    ]
