"""Accidents: what was reported and decided, legs against the clock, findings, duplicates, investigations."""

import django.contrib.gis.db.models.fields
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.db import migrations, models

# The rooms were one until the accidents moved out: an installation of before has made these tables by the seven
# migrations named here; their names stay, only Django's own books move.
OF_ONE_ROOM = [
    ("zero_accident", name)
    for name in (
        "0001_accidents_and_their_figures",
        "0002_reports_against_the_clock_twins_and_investigations",
        "0003_what_was_known_and_notices",
        "0004_standards_and_targets",
        "0005_leaving_statistics_on_paper",
        "0006_accidents_of_a_township_by_day",
        "0007_sector_inherited_from_the_unit",
    )
]

STAMPED = ("zero_accident_accident", "zero_accident_investigation")
APPENDED = (  # what was reported, decided and found is never edited
    "zero_accident_statement", "zero_accident_decision", "zero_accident_call", "zero_accident_receipt",
    "zero_accident_finding", "zero_accident_mark",
)  # fmt: skip
APPEND_ONLY = """
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION safety_append_only();
"""
NEVER_DELETED = """
CREATE OR REPLACE TRIGGER never_deleted BEFORE DELETE ON zero_accident_accident
  FOR EACH ROW EXECUTE FUNCTION safety_append_only();
"""  # what is no accident is written off
GUARDS = (
    *(f"SELECT safety_stamp('{table}')" for table in STAMPED),
    *(APPEND_ONLY.format(table=table) for table in APPENDED),
    NEVER_DELETED,
)


class Migration(migrations.Migration):
    initial = True
    replaces = OF_ONE_ROOM

    dependencies = [
        ("safety_api", "0002_promises"),
        ("enterprises", "0002_more_kinds_of_sites"),
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
                (
                    "kind",
                    models.CharField(
                        choices=[("accident", "事故"), ("serious_risk_event", "较大涉险事故")],
                        db_default="accident",
                        default="accident",
                        max_length=20,
                        verbose_name="种类",
                    ),
                ),
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
                ("great_impact", models.BooleanField(db_default=False, default=False, verbose_name="社会影响重大")),
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
                ("sector_inherited", models.BooleanField(db_default=False, default=False, verbose_name="行业随单位")),
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
                ("heard", models.JSONField(db_default={}, default=dict, verbose_name="各层级知悉时间")),
                (
                    "already_reported",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=200, verbose_name="已在别处报告"
                    ),
                ),
                ("rescue_ended_at", models.DateTimeField(null=True, verbose_name="救援结束时间")),
                ("is_demo", models.BooleanField(default=False, verbose_name="演示数据")),
                (
                    "grade",
                    models.CharField(
                        blank=True,
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
                    "joined_to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duplicates",
                        to="accidents.accident",
                        verbose_name="并入",
                    ),
                ),
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
            name="AccidentReport",
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
                ("endangered", models.PositiveIntegerField(null=True, verbose_name="涉险")),
                ("trapped", models.PositiveIntegerField(null=True, verbose_name="被困")),
                ("evacuated", models.PositiveIntegerField(null=True, verbose_name="紧急疏散")),
                (
                    "dangers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30),
                        db_default=[],
                        default=list,
                        size=None,
                        verbose_name="涉险情形",
                    ),
                ),
                (
                    "direct_loss_yuan",
                    models.DecimalField(decimal_places=2, max_digits=16, null=True, verbose_name="直接经济损失（元）"),
                ),
                (
                    "unit_overview",
                    models.CharField(blank=True, db_default="", default="", max_length=4000, verbose_name="单位概况"),
                ),
                (
                    "scene",
                    models.CharField(blank=True, db_default="", default="", max_length=4000, verbose_name="现场情况"),
                ),
                (
                    "course",
                    models.CharField(blank=True, db_default="", default="", max_length=4000, verbose_name="简要经过"),
                ),
                (
                    "measures",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=4000, verbose_name="已采取的措施"
                    ),
                ),
                (
                    "other",
                    models.CharField(blank=True, db_default="", default="", max_length=4000, verbose_name="其他情况"),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("app", "手机上报"),
                            ("telephone", "电话"),
                            ("written", "书面"),
                            ("platform", "上级平台"),
                        ],
                        db_default="app",
                        default="app",
                        max_length=10,
                        verbose_name="方式",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=4000, verbose_name="情况说明")),
                ("reason", models.CharField(blank=True, max_length=1000, verbose_name="减少的原因")),
                (
                    "accident",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="accidents.accident",
                    ),
                ),
                (
                    "through",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accidents.accident",
                        verbose_name="经由并入的记录",
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
                        to="accidents.accident",
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
            name="Call",
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
                    "caller",
                    models.CharField(
                        choices=[
                            ("enterprise", "事故单位"),
                            ("scene", "现场人员"),
                            ("township", "乡镇"),
                            ("village", "村（社区）"),
                            ("department", "行业主管部门"),
                            ("police", "公安（110、122）"),
                            ("fire", "消防（119）"),
                            ("medical", "急救（120）"),
                            ("public", "群众"),
                            ("other", "其他"),
                        ],
                        max_length=12,
                        verbose_name="来电方",
                    ),
                ),
                ("caller_name", models.CharField(blank=True, max_length=60, verbose_name="来电人")),
                ("caller_phone", models.CharField(blank=True, max_length=20, verbose_name="来电号码")),
                ("received_at", models.DateTimeField(verbose_name="接报时间")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("enterprise", "事故单位"),
                            ("township", "乡镇"),
                            ("county", "县应急管理局"),
                            ("department", "行业主管部门"),
                            ("government", "县人民政府"),
                            ("organs", "公安、人社、工会、检察院"),
                            ("city", "市"),
                            ("province", "省"),
                            ("state", "国务院有关部门"),
                            ("mine_safety", "国家矿山安全监察局山西局"),
                        ],
                        max_length=12,
                        verbose_name="接报层级",
                    ),
                ),
                (
                    "accident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="calls", to="accidents.accident"
                    ),
                ),
                (
                    "statement",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="call",
                        to="accidents.accidentreport",
                    ),
                ),
            ],
            options={
                "verbose_name": "接报记录",
                "verbose_name_plural": "接报记录",
                "db_table": "zero_accident_call",
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
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[("accident", "事故"), ("serious_risk_event", "较大涉险事故")],
                        db_default="",
                        default="",
                        max_length=20,
                        verbose_name="种类",
                    ),
                ),
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
                ("sector_inherited", models.BooleanField(db_default=False, default=False, verbose_name="行业随单位")),
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
                (
                    "stat_before",
                    models.CharField(blank=True, db_default="", default="", max_length=20, verbose_name="原统计状态"),
                ),
                ("reason", models.CharField(blank=True, max_length=1000, verbose_name="理由")),
                ("document", models.CharField(blank=True, max_length=200, verbose_name="文书")),
                ("approved_by", models.CharField(blank=True, max_length=100, verbose_name="批准")),
                (
                    "accident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="accidents.accident"
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
            name="Finding",
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
                        choices=[
                            ("late", "迟报"),
                            ("omitted", "漏报"),
                            ("false", "谎报"),
                            ("concealed", "瞒报"),
                            ("mistaken", "误报"),
                        ],
                        max_length=10,
                        verbose_name="情形",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("enterprise", "事故单位"),
                            ("township", "乡镇"),
                            ("county", "县应急管理局"),
                            ("department", "行业主管部门"),
                            ("government", "县人民政府"),
                            ("organs", "公安、人社、工会、检察院"),
                            ("city", "市"),
                            ("province", "省"),
                            ("state", "国务院有关部门"),
                            ("mine_safety", "国家矿山安全监察局山西局"),
                        ],
                        max_length=12,
                        verbose_name="责任方",
                    ),
                ),
                ("evidence", models.CharField(max_length=2000, verbose_name="事实和证据")),
                ("document", models.CharField(max_length=200, verbose_name="文书")),
                ("approved_by", models.CharField(max_length=100, verbose_name="批准")),
                ("decided_on", models.DateField(verbose_name="认定日")),
                ("fact", models.UUIDField(null=True, verbose_name="单位事实")),
                (
                    "accident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="findings", to="accidents.accident"
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
                (
                    "revokes",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revoked_by",
                        to="accidents.finding",
                        verbose_name="撤销",
                    ),
                ),
            ],
            options={
                "verbose_name": "违规报告认定",
                "verbose_name_plural": "违规报告认定",
                "db_table": "zero_accident_finding",
            },
        ),
        migrations.CreateModel(
            name="Investigation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("unit", "事故单位（受县级委托）"),
                            ("county", "县级人民政府"),
                            ("city", "设区的市级人民政府"),
                            ("province", "省级人民政府"),
                            ("state", "国务院"),
                            ("mine_safety", "国家矿山安全监察机构"),
                        ],
                        max_length=12,
                        verbose_name="调查层级",
                    ),
                ),
                ("organiser", models.CharField(max_length=100, verbose_name="牵头单位")),
                ("opened_on", models.DateField(verbose_name="成立调查组之日")),
                ("document", models.CharField(blank=True, max_length=200, verbose_name="成立文书")),
                ("extension_days", models.PositiveSmallIntegerField(default=0, verbose_name="延长（天）")),
                ("extension_document", models.CharField(blank=True, max_length=200, verbose_name="延期批准文书")),
                ("extension_approved_by", models.CharField(blank=True, max_length=100, verbose_name="延期批准")),
                ("submitted_on", models.DateField(null=True, verbose_name="调查报告提交之日")),
                ("report_document", models.CharField(blank=True, max_length=200, verbose_name="调查报告")),
                ("approval_extension_days", models.PositiveSmallIntegerField(default=0, verbose_name="批复延长（天）")),
                (
                    "approval_extension_document",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=200, verbose_name="批复延期批准文书"
                    ),
                ),
                (
                    "approval_extension_approved_by",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=100, verbose_name="批复延期批准"
                    ),
                ),
                ("approved_on", models.DateField(null=True, verbose_name="批复之日")),
                ("approval_document", models.CharField(blank=True, max_length=200, verbose_name="批复")),
                ("closed_on", models.DateField(null=True, verbose_name="结案之日")),
                ("assessed_on", models.DateField(null=True, verbose_name="整改评估之日")),
                ("assessment_document", models.CharField(blank=True, max_length=200, verbose_name="评估报告")),
                ("assessment", models.CharField(blank=True, max_length=2000, verbose_name="评估意见")),
                (
                    "accident",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="investigation",
                        to="accidents.accident",
                    ),
                ),
            ],
            options={
                "verbose_name": "事故调查",
                "verbose_name_plural": "事故调查",
                "db_table": "zero_accident_investigation",
            },
        ),
        migrations.CreateModel(
            name="Appraisal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("by_id", models.UUIDField(null=True, verbose_name="人员编号")),
                ("by_name", models.CharField(max_length=60, verbose_name="姓名")),
                ("by_role", models.CharField(max_length=30, verbose_name="岗位")),
                (
                    "known_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="知悉时间"),
                ),
                ("what", models.CharField(max_length=200, verbose_name="鉴定事项")),
                ("begun_on", models.DateField(verbose_name="开始")),
                ("ended_on", models.DateField(null=True, verbose_name="结束")),
                ("document", models.CharField(max_length=200, verbose_name="文书")),
                (
                    "investigation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appraisals",
                        to="accidents.investigation",
                    ),
                ),
            ],
            options={
                "verbose_name": "技术鉴定",
                "verbose_name_plural": "技术鉴定",
                "db_table": "zero_accident_appraisal",
            },
        ),
        migrations.CreateModel(
            name="InvestigationMark",
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
                    "mark",
                    models.CharField(
                        choices=[
                            ("cause", "事故原因已查清"),
                            ("responsible", "责任人员已处理"),
                            ("measures", "整改措施已落实"),
                            ("educated", "有关人员已受到教育"),
                        ],
                        max_length=12,
                        verbose_name="事项",
                    ),
                ),
                ("done_on", models.DateField(verbose_name="完成之日")),
                ("document", models.CharField(max_length=200, verbose_name="依据")),
                ("note", models.CharField(blank=True, max_length=1000, verbose_name="说明")),
                (
                    "investigation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="marks", to="accidents.investigation"
                    ),
                ),
            ],
            options={
                "verbose_name": "四不放过",
                "verbose_name_plural": "四不放过",
                "db_table": "zero_accident_mark",
            },
        ),
        migrations.CreateModel(
            name="Joining",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "known_from",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="知悉自"),
                ),
                ("known_to", models.DateTimeField(null=True, verbose_name="知悉至")),
                (
                    "accident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joinings",
                        to="accidents.accident",
                        verbose_name="并入的记录",
                    ),
                ),
                (
                    "stays",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accidents.accident",
                        verbose_name="保留的记录",
                    ),
                ),
            ],
            options={
                "verbose_name": "并入",
                "verbose_name_plural": "并入",
                "db_table": "zero_accident_joining",
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
                ("code", models.CharField(db_default="R2", default="R2", max_length=3, verbose_name="环节")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("enterprise", "事故单位"),
                            ("township", "乡镇"),
                            ("county", "县应急管理局"),
                            ("department", "行业主管部门"),
                            ("government", "县人民政府"),
                            ("organs", "公安、人社、工会、检察院"),
                            ("city", "市"),
                            ("province", "省"),
                            ("state", "国务院有关部门"),
                            ("mine_safety", "国家矿山安全监察局山西局"),
                        ],
                        max_length=12,
                        verbose_name="报告方",
                    ),
                ),
                (
                    "to",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("enterprise", "事故单位"),
                            ("township", "乡镇"),
                            ("county", "县应急管理局"),
                            ("department", "行业主管部门"),
                            ("government", "县人民政府"),
                            ("organs", "公安、人社、工会、检察院"),
                            ("city", "市"),
                            ("province", "省"),
                            ("state", "国务院有关部门"),
                            ("mine_safety", "国家矿山安全监察局山西局"),
                            ("statistics", "统计联网直报"),
                        ],
                        db_default="",
                        default="",
                        max_length=12,
                        verbose_name="接收方",
                    ),
                ),
                ("warning", models.BooleanField(db_default=False, default=False, verbose_name="只作提醒")),
                (
                    "wanted",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("app", "手机上报"),
                            ("telephone", "电话"),
                            ("written", "书面"),
                            ("platform", "上级平台"),
                        ],
                        db_default="",
                        default="",
                        max_length=10,
                        verbose_name="要求的方式",
                    ),
                ),
                ("presumed", models.BooleanField(db_default=False, default=False, verbose_name="起算时间为推定")),
                ("received_at", models.DateTimeField(verbose_name="知悉时间")),
                ("due_at", models.DateTimeField(verbose_name="应报时限")),
                ("sent_at", models.DateTimeField(null=True, verbose_name="上报时间")),
                (
                    "channel",
                    models.CharField(
                        blank=True,
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
                (
                    "told_to",
                    models.CharField(blank=True, db_default="", default="", max_length=60, verbose_name="接报人"),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                ("void_at", models.DateTimeField(null=True, verbose_name="不再需要的时间")),
                (
                    "void_reason",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=100, verbose_name="不再需要的原因"
                    ),
                ),
                ("before", models.JSONField(null=True)),
                (
                    "accident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="legs", to="accidents.accident"
                    ),
                ),
                (
                    "taken_from",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accidents.reportleg",
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
            name="Reminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "stage",
                    models.CharField(
                        choices=[("before", "临近时限"), ("overdue", "已过时限"), ("escalated", "升级提醒")],
                        max_length=10,
                        verbose_name="阶段",
                    ),
                ),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), size=None, verbose_name="提醒岗位"
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="提醒时间")),
                ("seen_at", models.DateTimeField(null=True, verbose_name="阅知时间")),
                ("seen_by", models.UUIDField(null=True, verbose_name="阅知人")),
                ("seen_name", models.CharField(blank=True, default="", max_length=60, verbose_name="阅知人姓名")),
                (
                    "leg",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reminders", to="accidents.reportleg"
                    ),
                ),
            ],
            options={
                "verbose_name": "报告提醒",
                "verbose_name_plural": "报告提醒",
                "db_table": "zero_accident_reminder",
            },
        ),
        migrations.CreateModel(
            name="Receipt",
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
                    "received_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="签收时间"),
                ),
                ("person", models.CharField(max_length=60, verbose_name="签收人")),
                (
                    "leg",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="receipts", to="accidents.reportleg"
                    ),
                ),
            ],
            options={
                "verbose_name": "签收",
                "verbose_name_plural": "签收",
                "db_table": "zero_accident_receipt",
            },
        ),
        migrations.CreateModel(
            name="DuplicatePair",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("metres", models.PositiveIntegerField(null=True, verbose_name="相距（米）")),
                ("minutes", models.PositiveIntegerField(verbose_name="相差（分钟）")),
                (
                    "proposed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="提出时间"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "疑似同一起"),
                            ("joined", "已合并"),
                            ("dismissed", "不是同一起"),
                            ("separated", "合并已撤销"),
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
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pairs_first", to="accidents.accident"
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pairs_second",
                        to="accidents.accident",
                    ),
                ),
                (
                    "stays",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accidents.accident",
                        verbose_name="保留的记录",
                    ),
                ),
            ],
            options={
                "verbose_name": "疑似同一起事故",
                "verbose_name_plural": "疑似同一起事故",
                "db_table": "zero_accident_twin",
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
            index=models.Index(
                django.db.models.functions.text.Left("region_code", 9),
                models.F("occurred_at"),
                name="accident_town_day",
            ),
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
                condition=models.Q(
                    models.Q(("grade__in", ["general", "larger", "major", "extra_major"]), ("kind", "accident")),
                    models.Q(("grade", ""), ("kind", "serious_risk_event")),
                    _connector="OR",
                ),
                name="accident_grade_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="accident",
            constraint=models.CheckConstraint(
                condition=models.Q(("joined_to", models.F("id")), _negated=True), name="accident_no_twin_of_itself"
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
            model_name="accidentreport",
            index=models.Index(fields=["accident", "held_at"], name="statement_of_accident"),
        ),
        migrations.AddConstraint(
            model_name="accidentreport",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["first", "follow_up", "supplement"])), name="statement_kind_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="accidentreport",
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
        migrations.AddIndex(
            model_name="accidentunit",
            index=models.Index(
                condition=models.Q(("known_to__isnull", False)), fields=["enterprise"], name="accident_unit_past"
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
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "caller__in",
                        [
                            "enterprise",
                            "scene",
                            "township",
                            "village",
                            "department",
                            "police",
                            "fire",
                            "medical",
                            "public",
                            "other",
                        ],
                    )
                ),
                name="call_caller_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "level__in",
                        [
                            "enterprise",
                            "township",
                            "county",
                            "department",
                            "government",
                            "organs",
                            "city",
                            "province",
                            "state",
                            "mine_safety",
                        ],
                    )
                ),
                name="call_level_is_known",
            ),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(fields=["region_code"], name="decision_place"),
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
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("stat_status", models.F("stat_before")),
                    models.Q(
                        ("stat_status__in", ["provisional", "counted"]),
                        models.Q(("stat_before", "counted"), _negated=True),
                    ),
                    models.Q(
                        models.Q(("reason", ""), _negated=True),
                        models.Q(("document", ""), _negated=True),
                        models.Q(("approved_by", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="decision_leaves_statistics_on_paper",
            ),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["late", "omitted", "false", "concealed", "mistaken"])),
                name="finding_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("evidence", ""), _negated=True),
                    models.Q(("document", ""), _negated=True),
                    models.Q(("approved_by", ""), _negated=True),
                ),
                name="finding_on_evidence_and_paper",
            ),
        ),
        migrations.AddConstraint(
            model_name="investigation",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", ["unit", "county", "city", "province", "state", "mine_safety"])),
                name="investigation_level_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="investigation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_on", None), ("approved_on__gte", models.F("submitted_on")), _connector="OR"
                ),
                name="investigation_approved_after_report",
            ),
        ),
        migrations.AddConstraint(
            model_name="investigation",
            constraint=models.CheckConstraint(
                condition=models.Q(("closed_on", None), ("approved_on__isnull", False), _connector="OR"),
                name="investigation_closed_when_approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="appraisal",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_on", None), ("ended_on__gte", models.F("begun_on")), _connector="OR"),
                name="appraisal_ends_after_it_began",
            ),
        ),
        migrations.AddConstraint(
            model_name="appraisal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_on", None)), fields=("investigation",), name="appraisal_one_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="investigationmark",
            constraint=models.UniqueConstraint(fields=("investigation", "mark"), name="mark_once"),
        ),
        migrations.AddConstraint(
            model_name="investigationmark",
            constraint=models.CheckConstraint(
                condition=models.Q(("mark__in", ["cause", "responsible", "measures", "educated"])), name="mark_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="joining",
            constraint=models.UniqueConstraint(
                condition=models.Q(("known_to", None)), fields=("accident",), name="joining_one_in_force"
            ),
        ),
        migrations.AddIndex(
            model_name="reportleg",
            index=models.Index(
                condition=models.Q(("sent_at", None), ("void_at", None)),
                fields=["due_at", "id"],
                name="leg_open_by_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportleg",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "level__in",
                        [
                            "enterprise",
                            "township",
                            "county",
                            "department",
                            "government",
                            "organs",
                            "city",
                            "province",
                            "state",
                            "mine_safety",
                        ],
                    )
                ),
                name="report_leg_level_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportleg",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("void_at", None),
                    models.Q(models.Q(("code", "R5"), _negated=True), ("sent_at", None), _connector="OR"),
                    models.Q(("to", ""), _negated=True),
                ),
                fields=("accident", "code", "level", "to"),
                name="report_leg_once",
            ),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(fields=["-made_at", "-id"], name="report_reminder_newest"),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(fields=("leg", "stage"), name="reminder_once_a_stage"),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.CheckConstraint(
                condition=models.Q(("stage__in", ["before", "overdue", "escalated"])), name="reminder_stage_is_known"
            ),
        ),
        migrations.AddIndex(
            model_name="duplicatepair",
            index=models.Index(condition=models.Q(("state", "proposed")), fields=["-id"], name="twin_proposed"),
        ),
        migrations.AddConstraint(
            model_name="duplicatepair",
            constraint=models.UniqueConstraint(fields=("first", "second"), name="twin_pair_once"),
        ),
        migrations.AddConstraint(
            model_name="duplicatepair",
            constraint=models.CheckConstraint(
                condition=models.Q(("first", models.F("second")), _negated=True), name="twin_pair_of_two"
            ),
        ),
        migrations.AddConstraint(
            model_name="duplicatepair",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["proposed", "joined", "dismissed", "separated"])),
                name="twin_state_is_known",
            ),
        ),
        *(migrations.RunSQL(guard, migrations.RunSQL.noop) for guard in GUARDS),
    ]
