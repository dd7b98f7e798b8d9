from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evidence", "0002_papers_numbered_and_frozen")]
    operations = [
        migrations.AddField("photo", "position", models.PositiveSmallIntegerField(null=True, verbose_name="录入次序")),
    ]
