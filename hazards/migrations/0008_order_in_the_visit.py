from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("hazards", "0007_lists_of_remarked")]
    operations = [
        migrations.AddField("hazard", "position", models.PositiveSmallIntegerField(null=True, verbose_name="录入次序")),
    ]
