"""疑似重复: records that may be one, and to which one they were joined."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("hazards", "0009_order_in_the_visit"),
    ]

    operations = [
        migrations.CreateModel(
            name="HazardPair",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "proposed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="提出时间"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "待判断"),
                            ("joined", "已并入"),
                            ("dismissed", "不是同一条"),
                            ("separated", "已撤销合并"),
                        ],
                        default="proposed",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=1000, verbose_name="理由")),
                ("by_id", models.UUIDField(null=True, verbose_name="处理人")),
                ("by_name", models.CharField(blank=True, max_length=60, verbose_name="处理人姓名")),
                ("answered_at", models.DateTimeField(null=True, verbose_name="处理时间")),
            ],
            options={
                "verbose_name": "疑似重复的隐患",
                "verbose_name_plural": "疑似重复的隐患",
                "db_table": "hazards_pair",
            },
        ),
        migrations.AddField(
            model_name="hazard",
            name="joined_to",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="doubles",
                to="hazards.hazard",
                verbose_name="并入",
            ),
        ),
        AddConstraintNotValid(
            model_name="hazard",
            constraint=models.CheckConstraint(
                condition=models.Q(("joined_to", None), ("state", "void"), _connector="OR"),
                name="hazard_joined_is_void",
            ),
        ),
        migrations.AddField(
            model_name="hazardpair",
            name="first",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="pairs_first", to="hazards.hazard"
            ),
        ),
        migrations.AddField(
            model_name="hazardpair",
            name="second",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="pairs_second", to="hazards.hazard"
            ),
        ),
        migrations.AddField(
            model_name="hazardpair",
            name="stays",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="hazards.hazard",
                verbose_name="保留的记录",
            ),
        ),
        migrations.AddIndex(
            model_name="hazardpair",
            index=models.Index(condition=models.Q(("state", "proposed")), fields=["-id"], name="hazard_pair_proposed"),
        ),
        migrations.AddConstraint(
            model_name="hazardpair",
            constraint=models.UniqueConstraint(fields=("first", "second"), name="hazard_pair_once"),
        ),
        migrations.AddConstraint(
            model_name="hazardpair",
            constraint=models.CheckConstraint(
                condition=models.Q(("first", models.F("second")), _negated=True), name="hazard_pair_of_two"
            ),
        ),
        migrations.AddConstraint(
            model_name="hazardpair",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["proposed", "joined", "dismissed", "separated"])),
                name="hazard_pair_state_is_known",
            ),
        ),
    ]
