"""A phone keeps the list of people: whatever shows in it is stamped. A sign-in, which writes `last_login`, is no change of it."""

from django.db import migrations, models

STAMPS = """
CREATE OR REPLACE TRIGGER stamp BEFORE INSERT OR UPDATE OF name, role, region, sectors, department_id, enterprise_id, is_leader, is_active
  ON accounts_user FOR EACH ROW EXECUTE FUNCTION safety_stamp_row();
CREATE OR REPLACE TRIGGER bury AFTER DELETE ON accounts_user FOR EACH ROW EXECUTE FUNCTION safety_bury_row('id');
CREATE INDEX IF NOT EXISTS accounts_user_stamp ON accounts_user (epoch, xid, id);
SELECT safety_stamp('accounts_certificate');
"""


def stamps(model: str) -> list[migrations.AddField]:
    return [
        migrations.AddField(model, "epoch", models.SmallIntegerField(db_default=0, editable=False)),
        migrations.AddField(model, "xid", models.BigIntegerField(db_default=0, editable=False)),
    ]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_devices_known_and_locks_told"), ("safety_api", "0006_rows_that_leave")]
    operations = [*stamps("user"), *stamps("certificate"), migrations.RunSQL(STAMPS, migrations.RunSQL.noop)]
