import django.contrib.gis.db.models.fields
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

STAMPED = [f"zero_accident_{name}" for name in ("accident", "effect", "break", "broken", "tally", "standing")]
APPENDED = ["zero_accident_statement", "zero_accident_decision"]  # what was told and decided is never edited
APPEND_ONLY = """
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION safety_append_only();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("safety_api", "0002_promises"),
        ("enterprises", "0001_units_sites_and_what_is_stated"),
        ("reference", "0001_law_as_dated_data"),
    ]

    operations = [
        migrations.CreateModel(
            name="Accident",
            fields=[
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("content_sha256", models.CharField(max_length=64)),
                ("occurred_at", models.DateTimeField(verbose_name="发生时间")),
                ("region_code", models.CharField(max_length=12, verbose_name="发生地")),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="地点")),
                (
                    "point",
                    django.contrib.gis.db.models.fields.PointField(
                        null=True, spatial_index=False, srid=4326, verbose_name="位置"
                    ),
                ),
                ("sent_lon", models.FloatField(null=True)),
                ("sent_lat", models.FloatField(null=True)),
                ("sent_crs", models.CharField(blank=True, max_length=10)),
                ("accuracy_m", models.FloatField(null=True)),
                ("on_trunk_road", models.BooleanField(default=False, verbose_name="国省干线、铁路")),
                (
                    "category",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("Z1", "生产安全死亡事故"),
                            ("Z2", "非生产经营性道路交通死亡事故"),
                            ("Z3", "村民自建、维修住房、窑洞、仓房等死亡事故"),
                            ("Z4", "火灾事故"),
                            ("Z5", "森林草原火灾和野外用火事故"),
                            ("Z6", "燃气（煤气）泄漏、爆炸事故"),
                            ("Z7", "非法生产、储存、燃放烟花爆竹事故"),
                            (
                                "Z8",
                                "其他因安全管理不到位造成的死亡事故（高处坠落、物体打击、中毒、窒息、淹溺、触电等）",
                            ),
                        ],
                        max_length=2,
                        verbose_name="类别",
                    ),
                ),
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("production", "生产经营性"),
                            ("non_production", "非生产经营性"),
                            ("undetermined", "性质待定"),
                        ],
                        default="undetermined",
                        max_length=20,
                        verbose_name="性质",
                    ),
                ),
                (
                    "stat_status",
                    models.CharField(
                        choices=[
                            ("provisional", "暂列统计"),
                            ("counted", "纳入统计"),
                            ("not_counted", "不纳入统计"),
                            ("written_off", "已核销"),
                        ],
                        default="provisional",
                        max_length=20,
                        verbose_name="统计状态",
                    ),
                ),
                ("description", models.CharField(blank=True, max_length=4000, verbose_name="简要经过")),
                ("stated", models.JSONField(default=dict, verbose_name="报告人的判断")),
                (
                    "warnings",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), default=list, size=None, verbose_name="提示"
                    ),
                ),
                ("reported_by", models.UUIDField(verbose_name="报告人")),
                ("reporter_name", models.CharField(max_length=60, verbose_name="报告人姓名")),
                (
                    "received_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="收到时间"),
                ),
                ("is_demo", models.BooleanField(default=False, verbose_name="演示数据")),
                (
                    "grade",
                    models.CharField(
                        choices=[
                            ("general", "一般事故"),
                            ("larger", "较大事故"),
                            ("major", "重大事故"),
                            ("extra_major", "特别重大事故"),
                        ],
                        default="general",
                        max_length=20,
                        verbose_name="等级",
                    ),
                ),
                ("deaths", models.PositiveIntegerField(default=0, verbose_name="死亡")),
                ("serious_injuries", models.PositiveIntegerField(default=0, verbose_name="重伤（含急性工业中毒）")),
                ("missing", models.PositiveIntegerField(default=0, verbose_name="下落不明")),
                ("late_deaths", models.PositiveIntegerField(default=0, verbose_name="期限外死亡")),
                (
                    "direct_loss_yuan",
                    models.DecimalField(decimal_places=2, max_digits=16, null=True, verbose_name="直接经济损失（元）"),
                ),
                ("in_statistics", models.BooleanField(default=False, verbose_name="计入生产安全事故统计")),
                (
                    "sector",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="reference.sector",
                        verbose_name="行业领域",
                    ),
                ),
            ],
            options={
                "verbose_name": "事故",
                "verbose_name_plural": "事故",
                "db_table": "zero_accident_accident",
            },
        ),
        migrations.CreateModel(
            name="AccidentEffect",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("policy", models.CharField(max_length=30, verbose_name="口径")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("occurred_on", models.DateField(verbose_name="发生日")),
                ("region_code", models.CharField(max_length=12, verbose_name="计入地")),
                ("breaks", models.BooleanField(verbose_name="破零")),
                ("deaths", models.PositiveIntegerField(verbose_name="计入的死亡")),
                ("provisional", models.BooleanField(verbose_name="暂计")),
                ("veto", models.BooleanField(verbose_name="较大及以上")),
                ("line", models.CharField(max_length=40, verbose_name="口径条目")),
                ("reason", models.CharField(max_length=300, verbose_name="说明")),
                (
                    "accident",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="effects",
                        to="zero_accident.accident",
                    ),
                ),
            ],
            options={
                "verbose_name": "事故的影响",
                "verbose_name_plural": "事故的影响",
                "db_table": "zero_accident_effect",
            },
        ),
        migrations.CreateModel(
            name="AccidentStatement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("by_id", models.UUIDField(null=True, verbose_name="人员编号")),
                ("by_name", models.CharField(max_length=60, verbose_name="姓名")),
                ("by_role", models.CharField(max_length=30, verbose_name="岗位")),
                (
                    "known_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="知悉时间"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("first", "首报"), ("follow_up", "续报"), ("supplement", "补报")],
                        max_length=10,
                        verbose_name="报告类别",
                    ),
                ),
                ("held_at", models.DateTimeField(verbose_name="情况截止时间")),
                ("deaths", models.PositiveIntegerField(null=True, verbose_name="死亡")),
                ("serious_injuries", models.PositiveIntegerField(null=True, verbose_name="重伤")),
                ("acute_poisonings", models.PositiveIntegerField(null=True, verbose_name="急性工业中毒")),
                ("light_injuries", models.PositiveIntegerField(null=True, verbose_name="轻伤")),
                ("missing", models.PositiveIntegerField(null=True, verbose_name="下落不明")),
                (
                    "direct_loss_yuan",
                    models.DecimalField(decimal_places=2, max_digits=16, null=True, verbose_name="直接经济损失（元）"),
                ),
                ("note", models.CharField(blank=True, max_length=4000, verbose_name="情况说明")),
                ("reason", models.CharField(blank=True, max_length=1000, verbose_name="减少的原因")),
                (
                    "accident",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="zero_accident.accident",
                    ),
                ),
            ],
            options={
                "verbose_name": "事故报告",
                "verbose_name_plural": "事故报告",
                "db_table": "zero_accident_statement",
            },
        ),
        migrations.CreateModel(
            name="AccidentUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[("occurring", "事故发生单位"), ("contractor", "承包单位"), ("owner", "发包单位")],
                        max_length=20,
                        verbose_name="角色",
                    ),
                ),
                ("responsible", models.BooleanField(null=True, verbose_name="负有责任")),
                ("held_on", models.DateField(null=True, verbose_name="认定日")),
                ("document", models.CharField(blank=True, max_length=200, verbose_name="依据文书")),
                (
                    "known_from",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="知悉自"),
                ),
                ("known_to", models.DateTimeField(null=True, verbose_name="知悉至")),
                (
                    "accident",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="units",
                        to="zero_accident.accident",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accidents",
                        to="enterprises.enterprise",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "涉事单位",
                "verbose_name_plural": "涉事单位",
                "db_table": "zero_accident_unit",
            },
        ),
        migrations.CreateModel(
            name="AttributionOverride",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "subject",
                    models.CharField(
                        choices=[("village", "村（社区）"), ("unit", "企事业单位"), ("accident", "整起事故")],
                        max_length=10,
                        verbose_name="对象",
                    ),
                ),
                ("village", models.CharField(blank=True, max_length=12, verbose_name="村代码")),
                (
                    "effect",
                    models.CharField(
                        choices=[("charge", "计入"), ("exclude", "不计入")], max_length=10, verbose_name="计入与否"
                    ),
                ),
                ("reason", models.CharField(max_length=1000, verbose_name="理由")),
                ("document", models.CharField(max_length=200, verbose_name="文书")),
                ("approved_by", models.CharField(max_length=100, verbose_name="批准")),
                ("held_on", models.DateField(verbose_name="批准日")),
                ("by_id", models.UUIDField(null=True, verbose_name="登记人")),
                (
                    "known_from",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="知悉自"),
                ),
                ("known_to", models.DateTimeField(null=True, verbose_name="知悉至")),
                (
                    "accident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="overrides",
                        to="zero_accident.accident",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="enterprises.enterprise",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "认定变更",
                "verbose_name_plural": "认定变更",
                "db_table": "zero_accident_override",
            },
        ),
        migrations.CreateModel(
            name="Break",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("policy", models.CharField(max_length=30, verbose_name="口径")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("village", models.CharField(blank=True, max_length=12, verbose_name="村代码")),
                ("occurred_on", models.DateField(verbose_name="发生日")),
                ("line", models.CharField(max_length=40, verbose_name="口径条目")),
                ("attribution", models.CharField(max_length=20, verbose_name="归属")),
                ("reason", models.CharField(max_length=300, verbose_name="说明")),
                ("provisional", models.BooleanField(verbose_name="暂计")),
                (
                    "accident",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="breaks",
                        to="zero_accident.accident",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="enterprises.enterprise",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "破零依据",
                "verbose_name_plural": "破零依据",
                "db_table": "zero_accident_break",
            },
        ),
        migrations.CreateModel(
            name="Broken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("policy", models.CharField(max_length=30, verbose_name="口径")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("revision", models.PositiveIntegerField(verbose_name="修订号")),
                (
                    "subject",
                    models.CharField(
                        choices=[("village", "村（社区）"), ("unit", "企事业单位")], max_length=10, verbose_name="对象"
                    ),
                ),
                ("key", models.CharField(max_length=36, verbose_name="村代码或单位编号")),
                ("region_code", models.CharField(max_length=12, verbose_name="所在地")),
                ("unit_type", models.CharField(blank=True, max_length=20, verbose_name="单位类型")),
                ("sector_code", models.CharField(blank=True, max_length=30, verbose_name="行业领域")),
                ("broken_on", models.DateField(verbose_name="破零日")),
                ("provisional", models.BooleanField(verbose_name="暂计")),
                (
                    "accidents",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), size=None, verbose_name="事故"
                    ),
                ),
            ],
            options={
                "verbose_name": "破零名单",
                "verbose_name_plural": "破零名单",
                "db_table": "zero_accident_broken",
                "indexes": [models.Index(fields=["policy", "year", "region_code", "id"], name="broken_by_place")],
                "constraints": [
                    models.UniqueConstraint(fields=("policy", "year", "subject", "key"), name="broken_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("by_id", models.UUIDField(null=True, verbose_name="人员编号")),
                ("by_name", models.CharField(max_length=60, verbose_name="姓名")),
                ("by_role", models.CharField(max_length=30, verbose_name="岗位")),
                (
                    "known_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="知悉时间"),
                ),
                ("decided_on", models.DateField(verbose_name="认定日")),
                ("region_code", models.CharField(max_length=12, verbose_name="发生地")),
                ("on_trunk_road", models.BooleanField(verbose_name="国省干线、铁路")),
                ("category", models.CharField(blank=True, max_length=2, verbose_name="类别")),
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("production", "生产经营性"),
                            ("non_production", "非生产经营性"),
                            ("undetermined", "性质待定"),
                        ],
                        max_length=20,
                        verbose_name="性质",
                    ),
                ),
                ("sector_code", models.CharField(blank=True, max_length=30, verbose_name="行业领域")),
                (
                    "stat_status",
                    models.CharField(
                        choices=[
                            ("provisional", "暂列统计"),
                            ("counted", "纳入统计"),
                            ("not_counted", "不纳入统计"),
                            ("written_off", "已核销"),
                        ],
                        max_length=20,
                        verbose_name="统计状态",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=1000, verbose_name="理由")),
                ("document", models.CharField(blank=True, max_length=200, verbose_name="文书")),
                ("approved_by", models.CharField(blank=True, max_length=100, verbose_name="批准")),
                (
                    "accident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="zero_accident.accident",
                    ),
                ),
            ],
            options={
                "verbose_name": "事故认定",
                "verbose_name_plural": "事故认定",
                "db_table": "zero_accident_decision",
            },
        ),
        migrations.CreateModel(
            name="FigureRevision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("policy", models.CharField(max_length=30, verbose_name="口径")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("number", models.PositiveIntegerField(verbose_name="修订号")),
                ("reason", models.CharField(max_length=200, verbose_name="原因")),
                ("cause", models.UUIDField(null=True, verbose_name="事故")),
                ("changes", models.JSONField(default=dict, verbose_name="变化")),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="时间"),
                ),
            ],
            options={
                "verbose_name": "修订",
                "verbose_name_plural": "修订",
                "db_table": "zero_accident_revision",
                "constraints": [
                    models.UniqueConstraint(fields=("policy", "year", "number"), name="revision_number_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportLeg",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("by_id", models.UUIDField(null=True, verbose_name="人员编号")),
                ("by_name", models.CharField(max_length=60, verbose_name="姓名")),
                ("by_role", models.CharField(max_length=30, verbose_name="岗位")),
                (
                    "known_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="知悉时间"),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("enterprise", "事故单位"), ("township", "乡镇"), ("county", "县"), ("city", "市")],
                        max_length=12,
                        verbose_name="层级",
                    ),
                ),
                ("received_at", models.DateTimeField(verbose_name="接报时间")),
                ("due_at", models.DateTimeField(verbose_name="应报时限")),
                ("sent_at", models.DateTimeField(null=True, verbose_name="上报时间")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("app", "手机上报"),
                            ("telephone", "电话"),
                            ("written", "书面"),
                            ("platform", "上级平台"),
                        ],
                        max_length=10,
                        verbose_name="方式",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                (
                    "accident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="legs", to="zero_accident.accident"
                    ),
                ),
            ],
            options={
                "verbose_name": "报告环节",
                "verbose_name_plural": "报告环节",
                "db_table": "zero_accident_report_leg",
            },
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("policy", models.CharField(max_length=30, verbose_name="口径")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("revision", models.PositiveIntegerField(verbose_name="修订号")),
                ("region_code", models.CharField(max_length=12, verbose_name="乡镇")),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("zone", models.BooleanField(verbose_name="开发区")),
                ("villages_total", models.PositiveIntegerField(verbose_name="村总数")),
                ("villages_broken", models.PositiveIntegerField(verbose_name="破零村")),
                ("village_ratio", models.CharField(max_length=6, null=True, verbose_name="村零事故率")),
                ("units_total", models.PositiveIntegerField(verbose_name="单位总数")),
                ("units_broken", models.PositiveIntegerField(verbose_name="破零单位")),
                ("unit_ratio", models.CharField(max_length=6, null=True, verbose_name="单位零事故率")),
                ("deaths", models.PositiveIntegerField(verbose_name="破零事故死亡")),
                ("accidents", models.PositiveIntegerField(verbose_name="破零事故起数")),
                ("vetoes", models.PositiveIntegerField(verbose_name="较大及以上事故起数")),
                ("hazards_due", models.PositiveIntegerField(verbose_name="到期隐患")),
                ("hazards_on_time", models.PositiveIntegerField(verbose_name="按期整改")),
                ("on_time_rate", models.CharField(max_length=6, null=True, verbose_name="按期整改率")),
            ],
            options={
                "verbose_name": "乡镇成绩",
                "verbose_name_plural": "乡镇成绩",
                "db_table": "zero_accident_standing",
                "constraints": [
                    models.UniqueConstraint(fields=("policy", "year", "region_code"), name="standing_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("policy", models.CharField(max_length=30, verbose_name="口径")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("revision", models.PositiveIntegerField(verbose_name="修订号")),
                ("region_code", models.CharField(max_length=12, verbose_name="乡镇")),
                (
                    "subject",
                    models.CharField(
                        choices=[("village", "村（社区）"), ("unit", "企事业单位")], max_length=10, verbose_name="对象"
                    ),
                ),
                ("unit_type", models.CharField(blank=True, max_length=20, verbose_name="单位类型")),
                ("sector_code", models.CharField(blank=True, max_length=30, verbose_name="行业领域")),
                ("total", models.PositiveIntegerField(verbose_name="总数")),
                ("broken", models.PositiveIntegerField(verbose_name="破零")),
                ("provisional", models.PositiveIntegerField(verbose_name="其中暂计")),
            ],
            options={
                "verbose_name": "计数",
                "verbose_name_plural": "计数",
                "db_table": "zero_accident_tally",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("policy", "year", "region_code", "subject", "unit_type", "sector_code"),
                        name="tally_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("broken__lte", models.F("total"))),
                        name="tally_no_more_broken_than_there_are",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="accident",
            index=models.Index(fields=["-occurred_at", "id"], name="accident_newest"),
        ),
        migrations.AddIndex(
            model_name="accident",
            index=models.Index(fields=["region_code", "-occurred_at", "id"], name="accident_place"),
        ),
        migrations.AddIndex(
            model_name="accident",
            index=models.Index(fields=["reported_by"], name="accident_reporter"),
        ),
        migrations.AddIndex(
            model_name="accident",
            index=django.contrib.postgres.indexes.GistIndex(fields=["point"], name="accident_point"),
        ),
        migrations.AddConstraint(
            model_name="accident",
            constraint=models.CheckConstraint(
                condition=models.Q(("category__in", ["", "Z1", "Z2", "Z3", "Z4", "Z5", "Z6", "Z7", "Z8"])),
                name="accident_category_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="accident",
            constraint=models.CheckConstraint(
                condition=models.Q(("nature__in", ["production", "non_production", "undetermined"])),
                name="accident_nature_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="accident",
            constraint=models.CheckConstraint(
                condition=models.Q(("stat_status__in", ["provisional", "counted", "not_counted", "written_off"])),
                name="accident_stat_status_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="accident",
            constraint=models.CheckConstraint(
                condition=models.Q(("grade__in", ["general", "larger", "major", "extra_major"])),
                name="accident_grade_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="accident",
            constraint=models.CheckConstraint(
                condition=models.Q(("direct_loss_yuan", None), ("direct_loss_yuan__gte", 0), _connector="OR"),
                name="accident_loss_is_no_gain",
            ),
        ),
        migrations.AddIndex(
            model_name="accidenteffect",
            index=models.Index(fields=["policy", "year", "region_code"], name="effect_by_place"),
        ),
        migrations.AddConstraint(
            model_name="accidenteffect",
            constraint=models.UniqueConstraint(fields=("accident", "policy"), name="effect_once_a_policy"),
        ),
        migrations.AddIndex(
            model_name="accidentstatement",
            index=models.Index(fields=["accident", "held_at"], name="statement_of_accident"),
        ),
        migrations.AddConstraint(
            model_name="accidentstatement",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["first", "follow_up", "supplement"])), name="statement_kind_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="accidentstatement",
            constraint=models.CheckConstraint(
                condition=models.Q(("direct_loss_yuan", None), ("direct_loss_yuan__gte", 0), _connector="OR"),
                name="statement_loss_is_no_gain",
            ),
        ),
        migrations.AddIndex(
            model_name="accidentunit",
            index=models.Index(fields=["accident"], name="accident_unit_of"),
        ),
        migrations.AddIndex(
            model_name="accidentunit",
            index=models.Index(
                condition=models.Q(("known_to", None)), fields=["enterprise"], name="accident_unit_whose"
            ),
        ),
        migrations.AddConstraint(
            model_name="accidentunit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("known_to", None)), fields=("accident", "enterprise"), name="accident_unit_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="accidentunit",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["occurring", "contractor", "owner"])),
                name="accident_unit_role_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="attributionoverride",
            constraint=models.UniqueConstraint(
                condition=models.Q(("known_to", None)),
                fields=("accident", "subject", "village", "enterprise"),
                name="override_one_in_force",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="attributionoverride",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("enterprise", None), ("subject", "village"), models.Q(("village", ""), _negated=True)),
                    models.Q(("enterprise__isnull", False), ("subject", "unit"), ("village", "")),
                    models.Q(("effect", "exclude"), ("enterprise", None), ("subject", "accident"), ("village", "")),
                    _connector="OR",
                ),
                name="override_names_its_subject",
            ),
        ),
        migrations.AddConstraint(
            model_name="attributionoverride",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", ""), _negated=True),
                    models.Q(("document", ""), _negated=True),
                    models.Q(("approved_by", ""), _negated=True),
                ),
                name="override_on_paper",
            ),
        ),
        migrations.AddIndex(
            model_name="break",
            index=models.Index(
                condition=models.Q(("village", ""), _negated=True),
                fields=["policy", "year", "village"],
                name="break_by_village",
            ),
        ),
        migrations.AddIndex(
            model_name="break",
            index=models.Index(
                condition=models.Q(("enterprise__isnull", False)),
                fields=["policy", "year", "enterprise"],
                name="break_by_unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="break",
            constraint=models.UniqueConstraint(
                fields=("accident", "policy", "village", "enterprise"), name="break_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="break",
            constraint=models.CheckConstraint(
                condition=models.Q(("village", ""), ("enterprise", None), _connector="XOR"), name="break_of_one_subject"
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("stat_status", "written_off"), _negated=True),
                    models.Q(
                        models.Q(("reason", ""), _negated=True),
                        models.Q(("document", ""), _negated=True),
                        models.Q(("approved_by", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="decision_written_off_on_paper",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportleg",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", ["enterprise", "township", "county", "city"])),
                name="report_leg_level_is_known",
            ),
        ),
        *(migrations.RunSQL(f"SELECT safety_stamp('{table}')", migrations.RunSQL.noop) for table in STAMPED),
        *(migrations.RunSQL(APPEND_ONLY.format(table=table), migrations.RunSQL.noop) for table in APPENDED),
    ]
