from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("hazards", "0008_what_was_meant")]
    operations = [
        migrations.AddField("hazard", "position", models.PositiveSmallIntegerField(null=True, verbose_name="录入次序")),
    ]
