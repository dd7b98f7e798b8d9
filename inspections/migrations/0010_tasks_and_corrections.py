"""A visit put right keeps what it said before; a cancelled task says why; when each unit was visited last."""

import django.core.serializers.json
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models
from django.db.models import Max
from django.db.models.functions import Least
from django.utils import timezone

BATCH = 2000


def write_last_visits(apps, schema_editor):
    """May run again: it says of each unit what its visits say now."""
    units, visits = (apps.get_model(*name) for name in (("enterprises", "Enterprise"), ("inspections", "Inspection")))
    keys, after = units.objects.order_by("pk"), None
    while batch := list(keys.filter(pk__gt=after)[:BATCH] if after else keys[:BATCH]):
        after = batch[-1].pk
        counted = visits.objects.filter(enterprise__in=batch, joined_to=None).exclude(authority="self_check")
        last = dict(counted.values_list("enterprise").annotate(last=Max(Least("started_at", "received_at"))))
        seen = [unit for unit in batch if unit.pk in last]
        for unit in seen:
            unit.last_visit_on = timezone.localdate(last[unit.pk])
        units.objects.bulk_update(seen, ["last_visit_on"])


class Migration(migrations.Migration):
    dependencies = [("inspections", "0009_words"), ("enterprises", "0005_last_visits_and_corrections")]
    operations = [
        migrations.AddField(
            "task",
            "cancel_reason",
            models.CharField(blank=True, db_default="", default="", max_length=1000, verbose_name="取消理由"),
        ),
        migrations.CreateModel(
            "VisitCorrection",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("reason", models.CharField(max_length=1000, verbose_name="理由")),
                (
                    "before",
                    models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name="原记"),
                ),
                (
                    "after",
                    models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name="更正为"),
                ),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="更正时间"),
                ),
                ("by_id", models.UUIDField(verbose_name="更正人")),
                ("by_name", models.CharField(max_length=60, verbose_name="更正人姓名")),
                ("by_role", models.CharField(max_length=30, verbose_name="更正人岗位")),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="inspections.inspection",
                        verbose_name="检查",
                    ),
                ),
            ],
            {"db_table": "inspections_correction", "verbose_name": "检查更正", "verbose_name_plural": "检查更正"},
        ),
        migrations.RunPython(write_last_visits, migrations.RunPython.noop),
    ]
