from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inspections", "0001_visits_and_tasks")]
    operations = [
        migrations.AddIndex("inspection", models.Index(fields=["kind", "-started_at", "id"], name="inspection_kind")),
    ]
