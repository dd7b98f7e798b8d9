"""A department's own list is named by sector and department: hazardous_chemicals.natural_resources has 37 signs."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inspections", "0002_lists_by_kind")]

    operations = [
        migrations.AlterField(
            "inspection", "checklist_code", models.CharField(blank=True, max_length=40, verbose_name="检查表")
        ),
        migrations.AlterField(
            "inspection", "checklist_version", models.CharField(blank=True, max_length=30, verbose_name="版本")
        ),
    ]
