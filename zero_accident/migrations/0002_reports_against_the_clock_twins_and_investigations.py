"""Legs of a report with both ends, receipts, reminders and findings; events without grade; twins; investigations."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

APPENDED = ("zero_accident_call", "zero_accident_receipt", "zero_accident_finding", "zero_accident_mark")
APPEND_ONLY = """
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION safety_append_only();
"""
NEVER_DELETED = """
CREATE OR REPLACE TRIGGER never_deleted BEFORE DELETE ON zero_accident_accident
  FOR EACH ROW EXECUTE FUNCTION safety_append_only();
"""  # what is no accident is written off
GUARDS = (
    "SELECT safety_stamp('zero_accident_investigation')",
    NEVER_DELETED,
    *(APPEND_ONLY.format(table=table) for table in APPENDED),
)


class Migration(migrations.Migration):
    dependencies = [
        ("enterprises", "0001_units_sites_and_what_is_stated"),
        ("reference", "0001_law_as_dated_data"),
        ("zero_accident", "0001_accidents_and_their_figures"),
    ]

    operations = [
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
            ],
            options={
                "verbose_name": "技术鉴定",
                "verbose_name_plural": "技术鉴定",
                "db_table": "zero_accident_appraisal",
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
            ],
            options={
                "verbose_name": "接报记录",
                "verbose_name_plural": "接报记录",
                "db_table": "zero_accident_call",
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
                ("approved_on", models.DateField(null=True, verbose_name="批复之日")),
                ("approval_document", models.CharField(blank=True, max_length=200, verbose_name="批复")),
                ("closed_on", models.DateField(null=True, verbose_name="结案之日")),
                ("assessed_on", models.DateField(null=True, verbose_name="整改评估之日")),
                ("assessment_document", models.CharField(blank=True, max_length=200, verbose_name="评估报告")),
                ("assessment", models.CharField(blank=True, max_length=2000, verbose_name="评估意见")),
            ],
            options={
                "verbose_name": "事故调查",
                "verbose_name_plural": "事故调查",
                "db_table": "zero_accident_investigation",
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
            ],
            options={
                "verbose_name": "四不放过",
                "verbose_name_plural": "四不放过",
                "db_table": "zero_accident_mark",
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
            ],
            options={
                "verbose_name": "签收",
                "verbose_name_plural": "签收",
                "db_table": "zero_accident_receipt",
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
            ],
            options={
                "verbose_name": "报告提醒",
                "verbose_name_plural": "报告提醒",
                "db_table": "zero_accident_reminder",
            },
        ),
        migrations.CreateModel(
            name="TwinPair",
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
            ],
            options={
                "verbose_name": "疑似同一起事故",
                "verbose_name_plural": "疑似同一起事故",
                "db_table": "zero_accident_twin",
            },
        ),
        migrations.RemoveConstraint(
            model_name="accident",
            name="accident_grade_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="reportleg",
            name="report_leg_level_is_known",
        ),
        migrations.AddField(
            model_name="accident",
            name="already_reported",
            field=models.CharField(blank=True, db_default="", default="", max_length=200, verbose_name="已在别处报告"),
        ),
        migrations.AddField(
            model_name="accident",
            name="heard",
            field=models.JSONField(db_default={}, default=dict, verbose_name="各层级知悉时间"),
        ),
        migrations.AddField(
            model_name="accident",
            name="joined_to",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="twins",
                to="zero_accident.accident",
                verbose_name="并入",
            ),
        ),
        migrations.AddField(
            model_name="accident",
            name="kind",
            field=models.CharField(
                choices=[("accident", "事故"), ("serious_risk_event", "较大涉险事故")],
                db_default="accident",
                default="accident",
                max_length=20,
                verbose_name="种类",
            ),
        ),
        migrations.AddField(
            model_name="accident",
            name="rescue_ended_at",
            field=models.DateTimeField(null=True, verbose_name="救援结束时间"),
        ),
        migrations.AddField(
            model_name="accidentstatement",
            name="channel",
            field=models.CharField(
                choices=[("app", "手机上报"), ("telephone", "电话"), ("written", "书面"), ("platform", "上级平台")],
                db_default="app",
                default="app",
                max_length=10,
                verbose_name="方式",
            ),
        ),
        migrations.AddField(
            model_name="accidentstatement",
            name="course",
            field=models.CharField(blank=True, db_default="", default="", max_length=4000, verbose_name="简要经过"),
        ),
        migrations.AddField(
            model_name="accidentstatement",
            name="dangers",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=30),
                db_default=[],
                default=list,
                size=None,
                verbose_name="涉险情形",
            ),
        ),
        migrations.AddField(
            model_name="accidentstatement",
            name="endangered",
            field=models.PositiveIntegerField(null=True, verbose_name="涉险"),
        ),
        migrations.AddField(
            model_name="accidentstatement",
            name="evacuated",
            field=models.PositiveIntegerField(null=True, verbose_name="紧急疏散"),
        ),
        migrations.AddField(
            model_name="accidentstatement",
            name="measures",
            field=models.CharField(blank=True, db_default="", default="", max_length=4000, verbose_name="已采取的措施"),
        ),
        migrations.AddField(
            model_name="accidentstatement",
            name="other",
            field=models.CharField(blank=True, db_default="", default="", max_length=4000, verbose_name="其他情况"),
        ),
        migrations.AddField(
            model_name="accidentstatement",
            name="scene",
            field=models.CharField(blank=True, db_default="", default="", max_length=4000, verbose_name="现场情况"),
        ),
        migrations.AddField(
            model_name="accidentstatement",
            name="through",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="zero_accident.accident",
                verbose_name="经由并入的记录",
            ),
        ),
        migrations.AddField(
            model_name="accidentstatement",
            name="trapped",
            field=models.PositiveIntegerField(null=True, verbose_name="被困"),
        ),
        migrations.AddField(
            model_name="accidentstatement",
            name="unit_overview",
            field=models.CharField(blank=True, db_default="", default="", max_length=4000, verbose_name="单位概况"),
        ),
        migrations.AddField(
            model_name="reportleg",
            name="before",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="reportleg",
            name="code",
            field=models.CharField(db_default="R2", default="R2", max_length=3, verbose_name="环节"),
        ),
        migrations.AddField(
            model_name="reportleg",
            name="presumed",
            field=models.BooleanField(db_default=False, default=False, verbose_name="起算时间为推定"),
        ),
        migrations.AddField(
            model_name="reportleg",
            name="taken_from",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zero_accident.reportleg"
            ),
        ),
        migrations.AddField(
            model_name="reportleg",
            name="to",
            field=models.CharField(
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
                ],
                db_default="",
                default="",
                max_length=12,
                verbose_name="接收方",
            ),
        ),
        migrations.AddField(
            model_name="reportleg",
            name="told_to",
            field=models.CharField(blank=True, db_default="", default="", max_length=60, verbose_name="接报人"),
        ),
        migrations.AddField(
            model_name="reportleg",
            name="void_at",
            field=models.DateTimeField(null=True, verbose_name="不再需要的时间"),
        ),
        migrations.AddField(
            model_name="reportleg",
            name="void_reason",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=100, verbose_name="不再需要的原因"
            ),
        ),
        migrations.AddField(
            model_name="reportleg",
            name="wanted",
            field=models.CharField(
                blank=True,
                choices=[("app", "手机上报"), ("telephone", "电话"), ("written", "书面"), ("platform", "上级平台")],
                db_default="",
                default="",
                max_length=10,
                verbose_name="要求的方式",
            ),
        ),
        migrations.AddField(
            model_name="reportleg",
            name="warning",
            field=models.BooleanField(db_default=False, default=False, verbose_name="只作提醒"),
        ),
        migrations.AlterField(
            model_name="accident",
            name="grade",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="reportleg",
            name="channel",
            field=models.CharField(
                blank=True,
                choices=[("app", "手机上报"), ("telephone", "电话"), ("written", "书面"), ("platform", "上级平台")],
                max_length=10,
                verbose_name="方式",
            ),
        ),
        migrations.AlterField(
            model_name="reportleg",
            name="level",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="reportleg",
            name="received_at",
            field=models.DateTimeField(verbose_name="知悉时间"),
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
        migrations.AddField(
            model_name="call",
            name="accident",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="calls", to="zero_accident.accident"
            ),
        ),
        migrations.AddField(
            model_name="call",
            name="statement",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="call",
                to="zero_accident.accidentstatement",
            ),
        ),
        migrations.AddField(
            model_name="finding",
            name="accident",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="findings", to="zero_accident.accident"
            ),
        ),
        migrations.AddField(
            model_name="finding",
            name="enterprise",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="enterprises.enterprise",
                verbose_name="单位",
            ),
        ),
        migrations.AddField(
            model_name="finding",
            name="revokes",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="revoked_by",
                to="zero_accident.finding",
                verbose_name="撤销",
            ),
        ),
        migrations.AddField(
            model_name="investigation",
            name="accident",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="investigation", to="zero_accident.accident"
            ),
        ),
        migrations.AddField(
            model_name="appraisal",
            name="investigation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="appraisals", to="zero_accident.investigation"
            ),
        ),
        migrations.AddField(
            model_name="investigationmark",
            name="investigation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="marks", to="zero_accident.investigation"
            ),
        ),
        migrations.AddField(
            model_name="receipt",
            name="leg",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="receipts", to="zero_accident.reportleg"
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="leg",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="reminders", to="zero_accident.reportleg"
            ),
        ),
        migrations.AddField(
            model_name="twinpair",
            name="first",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="pairs_first", to="zero_accident.accident"
            ),
        ),
        migrations.AddField(
            model_name="twinpair",
            name="second",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="pairs_second", to="zero_accident.accident"
            ),
        ),
        migrations.AddField(
            model_name="twinpair",
            name="stays",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="zero_accident.accident",
                verbose_name="保留的记录",
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
            model_name="twinpair",
            index=models.Index(condition=models.Q(("state", "proposed")), fields=["-id"], name="twin_proposed"),
        ),
        migrations.AddConstraint(
            model_name="twinpair",
            constraint=models.UniqueConstraint(fields=("first", "second"), name="twin_pair_once"),
        ),
        migrations.AddConstraint(
            model_name="twinpair",
            constraint=models.CheckConstraint(
                condition=models.Q(("first", models.F("second")), _negated=True), name="twin_pair_of_two"
            ),
        ),
        migrations.AddConstraint(
            model_name="twinpair",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["proposed", "joined", "dismissed", "separated"])),
                name="twin_state_is_known",
            ),
        ),
        *(migrations.RunSQL(guard, migrations.RunSQL.noop) for guard in GUARDS),
    ]
