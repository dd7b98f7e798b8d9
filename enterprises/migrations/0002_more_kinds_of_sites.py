"""Carriers, vehicles and the nine kinds of small places (九小场所) are listed as sites too."""

from django.db import migrations, models

KINDS = [
    ("mine", "矿井（矿山）"), ("project", "工程项目"), ("house", "房屋"), ("venue", "经营场所、公共场所"), ("shop", "门店"),
    ("warehouse", "仓库"), ("pond", "尾矿库、塘坝"), ("slope", "边坡、地质灾害点"), ("reservoir", "水库"), ("road", "路段"),
    ("forest", "林区"), ("park", "园区"), ("carrier", "承运单位"), ("vehicle", "车辆"), ("small", "九小场所"), ("other", "其他"),
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0001_units_sites_and_what_is_stated")]

    operations = [
        migrations.RemoveConstraint("site", "site_kind_is_known"),
        migrations.AlterField("site", "kind", models.CharField(choices=KINDS, max_length=10, verbose_name="类别")),
        migrations.AddConstraint(
            "site",
            models.CheckConstraint(
                condition=models.Q(("kind__in", [kind for kind, _ in KINDS])), name="site_kind_is_known"
            ),
        ),
    ]
