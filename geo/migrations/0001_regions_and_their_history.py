"""Regions, every list that was loaded, and the history in two times that is derived from them."""

import django.contrib.gis.db.models.fields
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("safety_api", "0002_promises")]

    operations = [
        migrations.CreateModel(
            name="RegionEdition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(max_length=60, unique=True, verbose_name="版本")),
                ("cut_off", models.DateField(verbose_name="截止日")),
                ("on", models.DateField(verbose_name="变更自")),
                ("scope", models.CharField(blank=True, max_length=12, verbose_name="范围代码")),
                (
                    "levels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=8), size=None, verbose_name="级别"
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=300, verbose_name="来源")),
                ("loaded_at", models.DateTimeField(verbose_name="装入时间")),
                ("digest", models.CharField(max_length=64, verbose_name="内容摘要")),
            ],
            options={
                "verbose_name": "区划版本",
                "verbose_name_plural": "区划版本",
                "ordering": ("on", "label"),
            },
        ),
        migrations.CreateModel(
            name="RegionSuccession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("predecessor", models.CharField(max_length=12, verbose_name="原代码")),
                ("successor", models.CharField(blank=True, max_length=12, null=True, verbose_name="新代码")),
                ("on", models.DateField(verbose_name="自")),
                ("edition", models.CharField(max_length=60, verbose_name="版本")),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("name", "同名村重新编码"),
                            ("majority", "多数村的去向"),
                            ("none", "待人工确定"),
                            ("hand", "人工确定"),
                        ],
                        max_length=8,
                        verbose_name="依据",
                    ),
                ),
            ],
            options={
                "verbose_name": "撤并去向",
                "verbose_name_plural": "撤并去向",
                "ordering": ("predecessor", "successor"),
                "indexes": [models.Index(fields=["successor"], name="region_succession_successor")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("predecessor", "on", "successor"),
                        name="region_succession_said_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RegionVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("code", models.CharField(max_length=12, verbose_name="代码")),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("parent_code", models.CharField(blank=True, max_length=12, verbose_name="上级代码")),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="自")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="至（不含）")),
                ("edition", models.CharField(max_length=60, verbose_name="版本")),
                ("known_from", models.DateTimeField(verbose_name="知悉自")),
                ("known_to", models.DateTimeField(blank=True, null=True, verbose_name="知悉至")),
            ],
            options={
                "verbose_name": "区划沿革",
                "verbose_name_plural": "区划沿革",
                "ordering": ("code", "valid_from", "known_from"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_from", None),
                            ("valid_to", None),
                            ("valid_from__lt", models.F("valid_to")),
                            _connector="OR",
                        ),
                        name="region_version_held_before_ended",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("known_to", None)),
                        fields=("code", "valid_from"),
                        name="region_version_held_once",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Region",
            fields=[
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("code", models.CharField(max_length=12, primary_key=True, serialize=False, verbose_name="代码")),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("province", "省"),
                            ("city", "市"),
                            ("county", "县"),
                            ("township", "乡镇"),
                            ("village", "村（社区）"),
                        ],
                        max_length=8,
                        verbose_name="级别",
                    ),
                ),
                ("urban_rural_code", models.CharField(blank=True, max_length=3, verbose_name="城乡分类代码")),
                ("virtual", models.BooleanField(default=False, verbose_name="虚拟社区")),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="自")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="至（不含）")),
                (
                    "point",
                    django.contrib.gis.db.models.fields.PointField(
                        blank=True, null=True, srid=4326, verbose_name="驻地"
                    ),
                ),
                (
                    "area",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        blank=True, null=True, srid=4326, verbose_name="范围"
                    ),
                ),
                ("area_approximate", models.BooleanField(default=True, verbose_name="示意范围")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="geo.region",
                        verbose_name="上级",
                    ),
                ),
            ],
            options={
                "verbose_name": "行政区划",
                "verbose_name_plural": "行政区划",
                "ordering": ("code",),
                "indexes": [models.Index(fields=["level", "code"], name="region_level_code")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[1-9][0-9]{11}$")), name="region_code_is_12_digits"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_from", None),
                            ("valid_to", None),
                            ("valid_from__lt", models.F("valid_to")),
                            _connector="OR",
                        ),
                        name="region_held_before_ended",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code__regex", "^..0000000000$"), ("level", "province"), ("parent", None)),
                            models.Q(
                                ("code__regex", "^..(?!00)..00000000$"),
                                ("level", "city"),
                                models.Q(
                                    ("parent", None),
                                    (
                                        "parent",
                                        django.db.models.functions.text.RPad(
                                            django.db.models.functions.text.Left("code", 2), 12, models.Value("0")
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                            ),
                            models.Q(
                                ("code__regex", "^....(?!00)..000000$"),
                                ("level", "county"),
                                models.Q(
                                    ("parent", None),
                                    (
                                        "parent",
                                        django.db.models.functions.text.RPad(
                                            django.db.models.functions.text.Left("code", 4), 12, models.Value("0")
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                            ),
                            models.Q(
                                ("code__regex", "^......(?!000)...000$"),
                                ("level", "township"),
                                models.Q(
                                    ("parent", None),
                                    (
                                        "parent",
                                        django.db.models.functions.text.RPad(
                                            django.db.models.functions.text.Left("code", 6), 12, models.Value("0")
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                            ),
                            models.Q(
                                ("code__regex", "^.........(?!000)...$"),
                                ("level", "village"),
                                models.Q(
                                    ("parent", None),
                                    (
                                        "parent",
                                        django.db.models.functions.text.RPad(
                                            django.db.models.functions.text.Left("code", 9), 12, models.Value("0")
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="region_level_and_parent_fit_the_code",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RegionListing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=12)),
                ("name", models.CharField(max_length=60)),
                ("urban_rural_code", models.CharField(blank=True, max_length=3)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="listings", to="geo.regionedition"
                    ),
                ),
            ],
            options={
                "verbose_name": "区划名录",
                "verbose_name_plural": "区划名录",
                "ordering": ("edition", "code"),
                "constraints": [
                    models.UniqueConstraint(fields=("edition", "code"), name="region_listed_once_per_edition")
                ],
            },
        ),
        migrations.RunSQL("SELECT safety_stamp('geo_region', 'code')", migrations.RunSQL.noop),
        migrations.RunSQL("SELECT safety_stamp('geo_regionversion')", migrations.RunSQL.noop),
    ]
