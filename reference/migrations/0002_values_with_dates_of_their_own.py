from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reference", "0001_law_as_dated_data")]

    operations = [
        migrations.AddField(
            model_name="document",
            name="amended",
            field=models.JSONField(
                default=list, help_text="at, effective_from, source：见 versions.py", verbose_name="单值变更"
            ),
        ),
    ]
