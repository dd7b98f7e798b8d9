from django.db import migrations, models

# Whoever had one bound when they signed in was asked for it.
PROVED = """
UPDATE accounts_device SET second_factor = true WHERE EXISTS (
    SELECT FROM otp_totp_totpdevice AS bound
    WHERE bound.user_id = accounts_device.user_id AND bound.confirmed
      AND (bound.created_at IS NULL OR bound.created_at <= accounts_device.created)
)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_deputies_posts_to_come_and_reset_codes"),
        ("otp_totp", "0003_add_timestamps"),
    ]

    operations = [
        migrations.AddField(
            model_name="device",
            name="second_factor",
            field=models.BooleanField(db_default=False, default=False, verbose_name="已用动态口令"),
        ),
        migrations.RunSQL(PROVED, migrations.RunSQL.noop),
    ]
