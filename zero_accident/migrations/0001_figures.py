"""Figures kept with their revisions, notices, creation standards, targets, approved changes of attribution."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
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

STAMPED = ("effect", "break", "broken", "tally", "standing", "notice", "standard_sheet", "target")
GUARDS = tuple(f"SELECT safety_stamp('zero_accident_{name}')" for name in STAMPED)


class Migration(migrations.Migration):
    initial = True
    replaces = OF_ONE_ROOM

    dependencies = [
        ("safety_api", "0002_promises"),
        ("accidents", "0001_accidents"),
        ("enterprises", "0002_more_kinds_of_sites"),
    ]

    operations = [
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
                    "counties",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=6),
                        db_default=[],
                        default=list,
                        size=None,
                        verbose_name="涉及的县",
                    ),
                ),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="时间"),
                ),
            ],
            options={
                "verbose_name": "修订",
                "verbose_name_plural": "修订",
                "db_table": "zero_accident_revision",
                "indexes": [django.contrib.postgres.indexes.GinIndex(fields=["counties"], name="revision_by_county")],
                "constraints": [
                    models.UniqueConstraint(fields=("policy", "year", "number"), name="revision_number_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="StandardSheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                (
                    "subject",
                    models.CharField(
                        choices=[("village", "村（社区）"), ("unit", "企事业单位")], max_length=10, verbose_name="对象"
                    ),
                ),
                ("village", models.CharField(blank=True, max_length=12, verbose_name="村代码")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                (
                    "enterprise",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="standard_sheets",
                        to="enterprises.enterprise",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "创建标准评定表",
                "verbose_name_plural": "创建标准评定表",
                "db_table": "zero_accident_standard_sheet",
            },
        ),
        migrations.CreateModel(
            name="StandardMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "standard",
                    models.CharField(
                        choices=[
                            ("leadership", "组织领导到位"),
                            ("risk_control", "风险管控到位"),
                            ("hazard_rectification", "隐患整治到位"),
                            ("education", "宣传教育到位"),
                            ("assessment", "考核奖惩到位"),
                            ("organisation", "管理组织健全"),
                            ("responsibility", "责任制度健全"),
                            ("meetings", "会议制度落实"),
                            ("reporting", "信息报告及时"),
                        ],
                        max_length=20,
                        verbose_name="标准",
                    ),
                ),
                ("passed", models.BooleanField(verbose_name="通过")),
                ("reason", models.CharField(blank=True, max_length=1000, verbose_name="理由")),
                ("held_on", models.DateField(verbose_name="评定日")),
                ("document", models.CharField(blank=True, max_length=200, verbose_name="依据")),
                ("by_id", models.UUIDField(null=True, verbose_name="人员编号")),
                ("by_name", models.CharField(max_length=60, verbose_name="姓名")),
                ("by_role", models.CharField(max_length=30, verbose_name="岗位")),
                (
                    "known_from",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="知悉自"),
                ),
                ("known_to", models.DateTimeField(null=True, verbose_name="知悉至")),
                (
                    "sheet",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="marks",
                        to="zero_accident.standardsheet",
                    ),
                ),
            ],
            options={
                "verbose_name": "创建标准评定",
                "verbose_name_plural": "创建标准评定",
                "db_table": "zero_accident_standard_mark",
            },
        ),
        migrations.CreateModel(
            name="TownshipFigures",
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
                (
                    "villages_short",
                    models.PositiveIntegerField(db_default=0, default=0, verbose_name="未达创建标准的村"),
                ),
                (
                    "units_short",
                    models.PositiveIntegerField(db_default=0, default=0, verbose_name="未达创建标准的单位"),
                ),
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
            name="TownshipNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("township", models.CharField(max_length=12, verbose_name="乡镇")),
                ("policy", models.CharField(max_length=30, verbose_name="口径")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("revision", models.PositiveIntegerField(verbose_name="修订号")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("rank", "名次变化"),
                            ("village_target", "村目标"),
                            ("unit_target", "单位目标"),
                            ("veto", "较大及以上事故"),
                            ("broken", "新增破零"),
                            ("restored", "恢复零事故"),
                        ],
                        max_length=20,
                        verbose_name="事项",
                    ),
                ),
                ("better", models.BooleanField(null=True, verbose_name="好转")),
                ("rank_before", models.PositiveIntegerField(null=True, verbose_name="原名次")),
                ("rank_after", models.PositiveIntegerField(null=True, verbose_name="现名次")),
                ("sentence", models.CharField(max_length=1000, verbose_name="通知")),
                ("made_at", models.DateTimeField(verbose_name="时间")),
                ("seen_at", models.DateTimeField(null=True, verbose_name="阅知时间")),
                ("seen_by", models.UUIDField(null=True, verbose_name="阅知人")),
                (
                    "seen_name",
                    models.CharField(blank=True, db_default="", default="", max_length=60, verbose_name="阅知人姓名"),
                ),
            ],
            options={
                "verbose_name": "成绩变化通知",
                "verbose_name_plural": "成绩变化通知",
                "db_table": "zero_accident_notice",
                "indexes": [models.Index(fields=["township", "-id"], name="notice_newest")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("policy", "year", "revision", "township", "kind"), name="notice_once_a_revision"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["rank", "village_target", "unit_target", "veto", "broken", "restored"])
                        ),
                        name="notice_kind_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TownshipCount",
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
                ("short", models.PositiveIntegerField(db_default=0, default=0, verbose_name="未破零而未达创建标准")),
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
                        condition=models.Q(
                            (
                                "total__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("broken"), "+", models.F("short")
                                ),
                            )
                        ),
                        name="tally_no_more_broken_than_there_are",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Target",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("region_code", models.CharField(max_length=12, verbose_name="县或乡镇")),
                (
                    "subject",
                    models.CharField(
                        choices=[("village", "村（社区）"), ("unit", "企事业单位")], max_length=10, verbose_name="对象"
                    ),
                ),
                ("percent", models.DecimalField(decimal_places=2, max_digits=5, verbose_name="目标（%）")),
                ("document", models.CharField(max_length=200, verbose_name="文书")),
                ("approved_by", models.CharField(max_length=100, verbose_name="批准")),
                ("by_id", models.UUIDField(null=True, verbose_name="登记人")),
                ("by_name", models.CharField(max_length=60, verbose_name="登记人姓名")),
                (
                    "known_from",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="知悉自"),
                ),
                ("known_to", models.DateTimeField(null=True, verbose_name="知悉至")),
            ],
            options={
                "verbose_name": "零事故目标",
                "verbose_name_plural": "零事故目标",
                "db_table": "zero_accident_target",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("known_to", None)),
                        fields=("year", "region_code", "subject"),
                        name="target_one_in_force",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("percent__range", (0, 100))), name="target_is_a_percentage"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("document", ""), _negated=True), models.Q(("approved_by", ""), _negated=True)
                        ),
                        name="target_on_paper",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("subject__in", ["village", "unit"])), name="target_subject_is_known"
                    ),
                ],
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
                        to="accidents.accident",
                    ),
                ),
            ],
            options={
                "verbose_name": "事故的影响",
                "verbose_name_plural": "事故的影响",
                "db_table": "zero_accident_effect",
                "indexes": [models.Index(fields=["policy", "year", "region_code"], name="effect_by_place")],
                "constraints": [models.UniqueConstraint(fields=("accident", "policy"), name="effect_once_a_policy")],
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="overrides", to="accidents.accident"
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
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("known_to", None)),
                        fields=("accident", "subject", "village", "enterprise"),
                        name="override_one_in_force",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("enterprise", None), ("subject", "village"), models.Q(("village", ""), _negated=True)
                            ),
                            models.Q(("enterprise__isnull", False), ("subject", "unit"), ("village", "")),
                            models.Q(
                                ("effect", "exclude"), ("enterprise", None), ("subject", "accident"), ("village", "")
                            ),
                            _connector="OR",
                        ),
                        name="override_names_its_subject",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", ""), _negated=True),
                            models.Q(("document", ""), _negated=True),
                            models.Q(("approved_by", ""), _negated=True),
                        ),
                        name="override_on_paper",
                    ),
                ],
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
                        to="accidents.accident",
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
                "indexes": [
                    models.Index(
                        condition=models.Q(("village", ""), _negated=True),
                        fields=["policy", "year", "village"],
                        name="break_by_village",
                    ),
                    models.Index(
                        condition=models.Q(("enterprise__isnull", False)),
                        fields=["policy", "year", "enterprise"],
                        name="break_by_unit",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("accident", "policy", "village", "enterprise"), name="break_once", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("village", ""), ("enterprise", None), _connector="XOR"),
                        name="break_of_one_subject",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="standardsheet",
            index=models.Index(
                condition=models.Q(("enterprise", None), _negated=True),
                fields=["enterprise", "year"],
                name="sheet_of_unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="standardsheet",
            constraint=models.UniqueConstraint(
                fields=("year", "village", "enterprise"), name="sheet_once_a_year", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="standardsheet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("enterprise", None), ("subject", "village"), models.Q(("village", ""), _negated=True)),
                    models.Q(("enterprise__isnull", False), ("subject", "unit"), ("village", "")),
                    _connector="OR",
                ),
                name="sheet_names_its_subject",
            ),
        ),
        migrations.AddConstraint(
            model_name="standardmark",
            constraint=models.UniqueConstraint(
                condition=models.Q(("known_to", None)),
                fields=("sheet", "standard", "held_on"),
                include=("passed",),
                name="mark_once_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="standardmark",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "standard__in",
                        [
                            "leadership",
                            "risk_control",
                            "hazard_rectification",
                            "education",
                            "assessment",
                            "organisation",
                            "responsibility",
                            "meetings",
                            "reporting",
                        ],
                    )
                ),
                name="mark_standard_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="standardmark",
            constraint=models.CheckConstraint(
                condition=models.Q(("passed", True), models.Q(("reason", ""), _negated=True), _connector="OR"),
                name="mark_failed_with_a_reason",
            ),
        ),
        *(migrations.RunSQL(guard, migrations.RunSQL.noop) for guard in GUARDS),
    ]
