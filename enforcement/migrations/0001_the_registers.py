"""督办与执法衔接 The registers: listings, stop orders, handovers, accountability, joint punishment, dishonesty."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

STAMPED = (
    "listing", "listing_proposal", "stop_order", "handover", "approval_note", "accountability", "joint_punishment",
    "dishonesty",
)  # fmt: skip


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("safety_api", "0002_promises"),
        ("reference", "0001_law_as_dated_data"),
        ("enterprises", "0001_units_sites_and_what_is_stated"),
        ("hazards", "0001_hazards_and_their_steps"),
    ]

    operations = [
        migrations.CreateModel(
            name="Listing",
            fields=[
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("region_code", models.CharField(max_length=12, verbose_name="行政区划")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="登记时间"),
                ),
                ("created_by", models.UUIDField(null=True, verbose_name="登记人")),
                ("created_by_name", models.CharField(max_length=60, verbose_name="登记人姓名")),
                ("is_demo", models.BooleanField(default=False, verbose_name="演示数据")),
                (
                    "level",
                    models.CharField(
                        choices=[("county", "县级"), ("city", "市级"), ("province", "省级")],
                        max_length=10,
                        verbose_name="级别",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("listed", "督办中"),
                            ("applied", "申请验收"),
                            ("accepted", "验收合格"),
                            ("delisted", "已摘牌"),
                        ],
                        default="listed",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("document", models.CharField(max_length=80, verbose_name="挂牌文号")),
                ("listed_on", models.DateField(verbose_name="挂牌日")),
                ("leader", models.CharField(max_length=60, verbose_name="督办责任领导")),
                ("leader_post", models.CharField(max_length=80, verbose_name="领导职务")),
                ("responsible_person", models.CharField(max_length=60, verbose_name="整改责任人")),
                ("measures", models.CharField(max_length=2000, verbose_name="整改措施")),
                ("funds_yuan", models.DecimalField(decimal_places=2, max_digits=16, verbose_name="整改资金（元）")),
                ("deadline", models.DateField(verbose_name="整改时限")),
                ("plan", models.CharField(max_length=2000, verbose_name="应急预案（防范措施）")),
                (
                    "report_every",
                    models.CharField(
                        choices=[("month", "每月"), ("quarter", "每季度")],
                        default="month",
                        max_length=10,
                        verbose_name="进展报告",
                    ),
                ),
                ("report_due_on", models.DateField(verbose_name="下次进展报告期限")),
                ("publication_due_on", models.DateField(verbose_name="挂牌公告期限")),
                ("published_on", models.DateField(null=True, verbose_name="挂牌公告日")),
                ("published_at", models.CharField(blank=True, max_length=200, verbose_name="挂牌公告载体")),
                ("applied_on", models.DateField(null=True, verbose_name="申请验收日")),
                ("application", models.CharField(blank=True, max_length=2000, verbose_name="验收申请")),
                ("acceptance_due_on", models.DateField(null=True, verbose_name="验收期限")),
                ("accepted_on", models.DateField(null=True, verbose_name="验收日")),
                ("acceptance", models.CharField(blank=True, max_length=2000, verbose_name="验收意见")),
                ("delisted_on", models.DateField(null=True, verbose_name="摘牌日")),
                ("delisting_document", models.CharField(blank=True, max_length=80, verbose_name="摘牌文号")),
                ("delisting_note", models.CharField(blank=True, max_length=2000, verbose_name="摘牌说明")),
                ("delisting_publication_due_on", models.DateField(null=True, verbose_name="摘牌公告期限")),
                ("delisting_published_on", models.DateField(null=True, verbose_name="摘牌公告日")),
                ("delisting_published_at", models.CharField(blank=True, max_length=200, verbose_name="摘牌公告载体")),
                (
                    "department",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reference.department",
                        verbose_name="主管部门",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="enterprises.enterprise",
                        verbose_name="单位",
                    ),
                ),
                (
                    "hazard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="listings",
                        to="hazards.hazard",
                        verbose_name="隐患",
                    ),
                ),
                (
                    "sector",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reference.sector",
                        verbose_name="行业领域",
                    ),
                ),
            ],
            options={
                "verbose_name": "挂牌督办",
                "verbose_name_plural": "挂牌督办",
                "db_table": "enforcement_listing",
            },
        ),
        migrations.CreateModel(
            name="ListingProposal",
            fields=[
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("region_code", models.CharField(max_length=12, verbose_name="行政区划")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="登记时间"),
                ),
                ("created_by", models.UUIDField(null=True, verbose_name="登记人")),
                ("created_by_name", models.CharField(max_length=60, verbose_name="登记人姓名")),
                ("is_demo", models.BooleanField(default=False, verbose_name="演示数据")),
                (
                    "trigger",
                    models.CharField(
                        choices=[
                            ("overdue", "重大隐患逾期"),
                            ("repeated", "重大隐患重复出现"),
                            ("outside_factor", "外部因素致自身难以整改"),
                            ("reported", "部门提请"),
                        ],
                        max_length=20,
                        verbose_name="缘由",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "待决定"),
                            ("listed", "已挂牌"),
                            ("declined", "不挂牌"),
                            ("lapsed", "隐患已了结"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("proposed_on", models.DateField(verbose_name="提出日")),
                ("note", models.CharField(blank=True, max_length=2000, verbose_name="说明")),
                ("decided_on", models.DateField(null=True, verbose_name="决定日")),
                ("decided_by", models.UUIDField(null=True, verbose_name="决定人")),
                ("decided_by_name", models.CharField(blank=True, max_length=60, verbose_name="决定人姓名")),
                ("reason", models.CharField(blank=True, max_length=2000, verbose_name="不挂牌理由")),
                (
                    "department",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reference.department",
                        verbose_name="主管部门",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="enterprises.enterprise",
                        verbose_name="单位",
                    ),
                ),
                (
                    "hazard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="listing_proposals",
                        to="hazards.hazard",
                        verbose_name="隐患",
                    ),
                ),
                (
                    "listing",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="enforcement.listing",
                        verbose_name="挂牌督办",
                    ),
                ),
                (
                    "sector",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reference.sector",
                        verbose_name="行业领域",
                    ),
                ),
            ],
            options={
                "verbose_name": "挂牌建议",
                "verbose_name_plural": "挂牌建议",
                "db_table": "enforcement_listing_proposal",
            },
        ),
        migrations.CreateModel(
            name="Progress",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("due_on", models.DateField(verbose_name="应报日")),
                ("reported_on", models.DateField(verbose_name="报告日")),
                ("done", models.CharField(max_length=2000, verbose_name="进展")),
                ("problems", models.CharField(blank=True, max_length=2000, verbose_name="存在问题")),
                ("percent", models.PositiveSmallIntegerField(verbose_name="完成（%）")),
                (
                    "funds_spent_yuan",
                    models.DecimalField(decimal_places=2, max_digits=16, null=True, verbose_name="已投入（元）"),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="记录时间"),
                ),
                ("by_id", models.UUIDField(null=True, verbose_name="报告人")),
                ("by_name", models.CharField(max_length=60, verbose_name="报告人姓名")),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reports",
                        to="enforcement.listing",
                        verbose_name="挂牌督办",
                    ),
                ),
            ],
            options={
                "verbose_name": "督办进展",
                "verbose_name_plural": "督办进展",
                "db_table": "enforcement_progress",
            },
        ),
        migrations.CreateModel(
            name="StopOrder",
            fields=[
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("region_code", models.CharField(max_length=12, verbose_name="行政区划")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="登记时间"),
                ),
                ("created_by", models.UUIDField(null=True, verbose_name="登记人")),
                ("created_by_name", models.CharField(max_length=60, verbose_name="登记人姓名")),
                ("is_demo", models.BooleanField(default=False, verbose_name="演示数据")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("stopped", "停产中"),
                            ("applied", "已申请复产"),
                            ("accepted", "复产验收合格"),
                            ("resumed", "已复产"),
                            ("withdrawn", "已撤销"),
                            ("closed", "单位已关闭"),
                        ],
                        default="stopped",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "extent",
                    models.CharField(
                        choices=[("whole", "全部停产停业"), ("partial", "部分停产停业")],
                        max_length=10,
                        verbose_name="范围",
                    ),
                ),
                ("scope", models.CharField(blank=True, max_length=500, verbose_name="停产部位")),
                ("reason", models.CharField(max_length=1000, verbose_name="事由")),
                ("basis", models.CharField(blank=True, max_length=200, verbose_name="依据")),
                ("document", models.CharField(max_length=80, verbose_name="决定文号")),
                ("paper_id", models.UUIDField(null=True, verbose_name="文书")),
                ("issued_on", models.DateField(verbose_name="决定日")),
                ("publication_due_on", models.DateField(null=True, verbose_name="停产公告期限")),
                ("published_on", models.DateField(null=True, verbose_name="停产公告日")),
                ("published_at", models.CharField(blank=True, max_length=200, verbose_name="停产公告载体")),
                ("round", models.PositiveSmallIntegerField(default=0, verbose_name="第几次申请")),
                ("applied_on", models.DateField(null=True, verbose_name="申请复产日")),
                ("application", models.CharField(blank=True, max_length=2000, verbose_name="复产申请")),
                ("acceptance_due_on", models.DateField(null=True, verbose_name="验收期限")),
                ("accepted_on", models.DateField(null=True, verbose_name="验收日")),
                ("acceptance", models.CharField(blank=True, max_length=2000, verbose_name="验收意见")),
                ("acceptance_document", models.CharField(blank=True, max_length=80, verbose_name="验收文号")),
                ("resumed_on", models.DateField(null=True, verbose_name="复产日")),
                ("resumption_document", models.CharField(blank=True, max_length=80, verbose_name="复产文号")),
                ("resumption_publication_due_on", models.DateField(null=True, verbose_name="复产公告期限")),
                ("resumption_published_on", models.DateField(null=True, verbose_name="复产公告日")),
                ("resumption_published_at", models.CharField(blank=True, max_length=200, verbose_name="复产公告载体")),
                ("ended_on", models.DateField(null=True, verbose_name="了结日")),
                ("ended_note", models.CharField(blank=True, max_length=1000, verbose_name="了结说明")),
                ("fact_id", models.UUIDField(null=True, verbose_name="所述事实")),
                (
                    "department",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reference.department",
                        verbose_name="主管部门",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="enterprises.enterprise",
                        verbose_name="单位",
                    ),
                ),
                (
                    "hazards",
                    models.ManyToManyField(
                        db_table="enforcement_stop_order_hazard",
                        related_name="stop_orders",
                        to="hazards.hazard",
                        verbose_name="所列隐患",
                    ),
                ),
                (
                    "sector",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reference.sector",
                        verbose_name="行业领域",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="enterprises.site",
                        verbose_name="场所",
                    ),
                ),
            ],
            options={
                "verbose_name": "停产停业",
                "verbose_name_plural": "停产停业",
                "db_table": "enforcement_stop_order",
            },
        ),
        migrations.CreateModel(
            name="StopConsent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("round", models.PositiveSmallIntegerField(verbose_name="第几次申请")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("chief", "部门主要负责人签字"),
                            ("mine_safety", "矿山安全监察机构审核同意"),
                            ("government", "政府主要负责人批准"),
                        ],
                        max_length=12,
                        verbose_name="哪一方",
                    ),
                ),
                ("person", models.CharField(max_length=60, verbose_name="签字（批准）人")),
                ("document", models.CharField(max_length=80, verbose_name="文号")),
                ("given_on", models.DateField(verbose_name="日期")),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="记录时间"),
                ),
                ("by_id", models.UUIDField(null=True, verbose_name="登记人")),
                ("by_name", models.CharField(max_length=60, verbose_name="登记人姓名")),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consents",
                        to="enforcement.stoporder",
                        verbose_name="停产停业",
                    ),
                ),
            ],
            options={
                "verbose_name": "复产同意",
                "verbose_name_plural": "复产同意",
                "db_table": "enforcement_stop_consent",
            },
        ),
        migrations.CreateModel(
            name="Accountability",
            fields=[
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("region_code", models.CharField(max_length=12, verbose_name="行政区划")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="登记时间"),
                ),
                ("created_by", models.UUIDField(null=True, verbose_name="登记人")),
                ("created_by_name", models.CharField(max_length=60, verbose_name="登记人姓名")),
                ("is_demo", models.BooleanField(default=False, verbose_name="演示数据")),
                ("case", models.CharField(max_length=500, verbose_name="事由")),
                ("accident_id", models.UUIDField(null=True, verbose_name="事故")),
                ("person_name", models.CharField(max_length=60, verbose_name="被问责人")),
                ("person_unit", models.CharField(max_length=120, verbose_name="所在单位")),
                ("person_post", models.CharField(max_length=80, verbose_name="职务")),
                ("authority", models.CharField(max_length=120, verbose_name="问责机关")),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("talk", "约谈提醒"),
                            ("criticism", "通报批评"),
                            ("written_check", "责令书面检查"),
                            ("admonition", "诫勉"),
                            ("reassigned", "停职、调整职务"),
                            ("party", "党纪处分"),
                            ("sanction", "政务处分"),
                            ("penalty", "行政处罚"),
                            ("judiciary", "移送司法机关"),
                            ("other", "其他"),
                        ],
                        max_length=20,
                        verbose_name="问责方式",
                    ),
                ),
                ("measure_text", models.CharField(blank=True, max_length=500, verbose_name="具体处理")),
                ("document", models.CharField(max_length=80, verbose_name="文号")),
                ("decided_on", models.DateField(verbose_name="决定日")),
                ("voided_on", models.DateField(null=True, verbose_name="作废日")),
                ("void_reason", models.CharField(blank=True, max_length=500, verbose_name="作废理由")),
                (
                    "department",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reference.department",
                        verbose_name="主管部门",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="enterprises.enterprise",
                        verbose_name="单位",
                    ),
                ),
                (
                    "hazard",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="hazards.hazard",
                        verbose_name="隐患",
                    ),
                ),
                (
                    "sector",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reference.sector",
                        verbose_name="行业领域",
                    ),
                ),
            ],
            options={
                "verbose_name": "追责问责",
                "verbose_name_plural": "追责问责",
                "db_table": "enforcement_accountability",
                "indexes": [models.Index(fields=["-decided_on", "id"], name="accountability_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "measure__in",
                                [
                                    "talk",
                                    "criticism",
                                    "written_check",
                                    "admonition",
                                    "reassigned",
                                    "party",
                                    "sanction",
                                    "penalty",
                                    "judiciary",
                                    "other",
                                ],
                            )
                        ),
                        name="accountability_measure_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ApprovalNote",
            fields=[
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("region_code", models.CharField(max_length=12, verbose_name="行政区划")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="登记时间"),
                ),
                ("created_by", models.UUIDField(null=True, verbose_name="登记人")),
                ("created_by_name", models.CharField(max_length=60, verbose_name="登记人姓名")),
                ("is_demo", models.BooleanField(default=False, verbose_name="演示数据")),
                ("subject_name", models.CharField(max_length=120, verbose_name="申请人")),
                ("matter", models.CharField(max_length=200, verbose_name="审批事项")),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("granted", "准予许可"),
                            ("changed", "变更"),
                            ("renewed", "延续"),
                            ("refused", "不予许可"),
                            ("revoked", "撤销、注销"),
                        ],
                        max_length=10,
                        verbose_name="审批结果",
                    ),
                ),
                ("licence_number", models.CharField(blank=True, max_length=60, verbose_name="证照编号")),
                ("valid_to", models.DateField(null=True, verbose_name="有效期至")),
                ("decided_on", models.DateField(verbose_name="审批日")),
                ("received_on", models.DateField(verbose_name="收到日")),
                ("note", models.CharField(blank=True, max_length=1000, verbose_name="说明")),
                ("acknowledged_on", models.DateField(null=True, verbose_name="接收监管日")),
                ("acknowledged_by_name", models.CharField(blank=True, max_length=60, verbose_name="接收人姓名")),
                ("acknowledged_note", models.CharField(blank=True, max_length=1000, verbose_name="监管安排")),
                (
                    "department",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reference.department",
                        verbose_name="主管部门",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="enterprises.enterprise",
                        verbose_name="单位",
                    ),
                ),
                (
                    "from_department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reference.department",
                        verbose_name="审批部门",
                    ),
                ),
                (
                    "sector",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reference.sector",
                        verbose_name="行业领域",
                    ),
                ),
            ],
            options={
                "verbose_name": "审批信息",
                "verbose_name_plural": "审批信息",
                "db_table": "enforcement_approval_note",
                "indexes": [models.Index(fields=["-received_on", "id"], name="approval_note_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("result__in", ["granted", "changed", "renewed", "refused", "revoked"])),
                        name="approval_result_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Dishonesty",
            fields=[
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("region_code", models.CharField(max_length=12, verbose_name="行政区划")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="登记时间"),
                ),
                ("created_by", models.UUIDField(null=True, verbose_name="登记人")),
                ("created_by_name", models.CharField(max_length=60, verbose_name="登记人姓名")),
                ("is_demo", models.BooleanField(default=False, verbose_name="演示数据")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("notified", "已告知，待决定"),
                            ("dropped", "不予列入"),
                            ("listed", "已列入"),
                            ("removed", "已移出"),
                        ],
                        default="notified",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "subject_kind",
                    models.CharField(
                        choices=[("unit", "单位"), ("person", "人员")], max_length=10, verbose_name="主体种类"
                    ),
                ),
                ("subject_name", models.CharField(max_length=120, verbose_name="主体")),
                ("person_post", models.CharField(blank=True, max_length=80, verbose_name="职务")),
                ("regime", models.CharField(max_length=30, verbose_name="所依规定")),
                ("clause", models.CharField(max_length=10, verbose_name="条款")),
                ("facts", models.CharField(max_length=2000, verbose_name="失信事实")),
                ("penalty_document", models.CharField(max_length=80, verbose_name="处罚决定文号")),
                ("notice_document", models.CharField(blank=True, max_length=80, verbose_name="告知文号")),
                ("notified_on", models.DateField(verbose_name="告知日")),
                ("objection_due_on", models.DateField(verbose_name="陈述申辩期限")),
                ("objected_on", models.DateField(null=True, verbose_name="陈述申辩日")),
                ("objection", models.CharField(blank=True, max_length=2000, verbose_name="陈述申辩")),
                ("objection_answer", models.CharField(blank=True, max_length=2000, verbose_name="复核意见")),
                ("dropped_on", models.DateField(null=True, verbose_name="不予列入日")),
                ("drop_reason", models.CharField(blank=True, max_length=1000, verbose_name="不予列入理由")),
                ("listed_on", models.DateField(null=True, verbose_name="列入日")),
                ("decision_document", models.CharField(blank=True, max_length=80, verbose_name="列入决定文号")),
                ("expires_on", models.DateField(null=True, verbose_name="期满日（含）")),
                ("early_removal_from", models.DateField(null=True, verbose_name="可申请提前移出自")),
                ("published_on", models.DateField(null=True, verbose_name="公示日")),
                ("published_at", models.CharField(blank=True, max_length=200, verbose_name="公示平台")),
                ("removal_applied_on", models.DateField(null=True, verbose_name="申请提前移出日")),
                ("removal_application", models.CharField(blank=True, max_length=2000, verbose_name="提前移出申请")),
                ("removed_on", models.DateField(null=True, verbose_name="移出日")),
                (
                    "removal",
                    models.CharField(
                        blank=True,
                        choices=[("expired", "期满移出"), ("early", "提前移出"), ("revoked", "列入决定被撤销")],
                        max_length=10,
                        verbose_name="移出方式",
                    ),
                ),
                ("removal_document", models.CharField(blank=True, max_length=80, verbose_name="移出决定文号")),
                ("removal_reason", models.CharField(blank=True, max_length=1000, verbose_name="移出理由")),
                ("restored_on", models.DateField(null=True, verbose_name="恢复列入日")),
                ("restoring_document", models.CharField(blank=True, max_length=80, verbose_name="恢复列入文号")),
                ("restoring_reason", models.CharField(blank=True, max_length=1000, verbose_name="恢复列入理由")),
                ("fact_id", models.UUIDField(null=True, verbose_name="所述事实")),
                (
                    "department",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reference.department",
                        verbose_name="主管部门",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="enterprises.enterprise",
                        verbose_name="单位",
                    ),
                ),
                (
                    "sector",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reference.sector",
                        verbose_name="行业领域",
                    ),
                ),
            ],
            options={
                "verbose_name": "严重失信主体名单",
                "verbose_name_plural": "严重失信主体名单",
                "db_table": "enforcement_dishonesty",
                "indexes": [models.Index(fields=["-notified_on", "id"], name="dishonesty_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["notified", "dropped", "listed", "removed"])),
                        name="dishonesty_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("subject_kind__in", ["unit", "person"])), name="dishonesty_subject_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "listed"), _negated=True),
                            models.Q(("expires_on__isnull", False), ("listed_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="dishonesty_listed_has_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "removed"), _negated=True),
                            ("removed_on__isnull", False),
                            _connector="OR",
                        ),
                        name="dishonesty_removed_has_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("region_code", models.CharField(max_length=12, verbose_name="行政区划")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="登记时间"),
                ),
                ("created_by", models.UUIDField(null=True, verbose_name="登记人")),
                ("created_by_name", models.CharField(max_length=60, verbose_name="登记人姓名")),
                ("is_demo", models.BooleanField(default=False, verbose_name="演示数据")),
                ("inspection_id", models.UUIDField(null=True, verbose_name="检查")),
                (
                    "state",
                    models.CharField(
                        choices=[("sent", "待答复"), ("answered", "已答复")],
                        default="sent",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("problem", models.CharField(max_length=2000, verbose_name="问题")),
                ("licence_kind", models.CharField(blank=True, max_length=30, verbose_name="许可种类")),
                ("licence_number", models.CharField(blank=True, max_length=60, verbose_name="证照编号")),
                ("document", models.CharField(blank=True, max_length=80, verbose_name="抄告文号")),
                ("sent_on", models.DateField(verbose_name="抄告日")),
                ("answer_due_on", models.DateField(verbose_name="答复期限")),
                ("reminders", models.PositiveSmallIntegerField(default=0, verbose_name="催办次数")),
                ("reminded_on", models.DateField(null=True, verbose_name="最近催办日")),
                ("answered_on", models.DateField(null=True, verbose_name="答复日")),
                ("answer", models.CharField(blank=True, max_length=2000, verbose_name="答复")),
                ("answer_document", models.CharField(blank=True, max_length=80, verbose_name="答复文号")),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("handled", "已处理"),
                            ("revoked", "已撤销、注销或吊销许可"),
                            ("supplemented", "已补办手续"),
                            ("unfounded", "经核查手续合法"),
                            ("not_ours", "不属本部门职责"),
                        ],
                        max_length=20,
                        verbose_name="处理结果",
                    ),
                ),
                ("answered_by", models.UUIDField(null=True, verbose_name="答复登记人")),
                ("answered_by_name", models.CharField(blank=True, max_length=60, verbose_name="答复登记人姓名")),
                (
                    "department",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reference.department",
                        verbose_name="主管部门",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="enterprises.enterprise",
                        verbose_name="单位",
                    ),
                ),
                (
                    "hazard",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handovers",
                        to="hazards.hazard",
                        verbose_name="隐患",
                    ),
                ),
                (
                    "sector",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reference.sector",
                        verbose_name="行业领域",
                    ),
                ),
                (
                    "to_department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reference.department",
                        verbose_name="审批部门",
                    ),
                ),
            ],
            options={
                "verbose_name": "抄告审批部门",
                "verbose_name_plural": "抄告审批部门",
                "db_table": "enforcement_handover",
                "indexes": [
                    models.Index(fields=["-sent_on", "id"], name="handover_newest"),
                    models.Index(
                        condition=models.Q(("state", "sent")),
                        fields=["answer_due_on", "id"],
                        name="handover_unanswered",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["sent", "answered"])), name="handover_state_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("enterprise__isnull", False), ("hazard__isnull", False), _connector="OR"),
                        name="handover_is_about_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "sent"), ("answered_on__isnull", False), _connector="OR"),
                        name="handover_answer_has_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="JointPunishment",
            fields=[
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("region_code", models.CharField(max_length=12, verbose_name="行政区划")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="登记时间"),
                ),
                ("created_by", models.UUIDField(null=True, verbose_name="登记人")),
                ("created_by_name", models.CharField(max_length=60, verbose_name="登记人姓名")),
                ("is_demo", models.BooleanField(default=False, verbose_name="演示数据")),
                (
                    "subject_kind",
                    models.CharField(
                        choices=[("unit", "单位"), ("person", "人员")], max_length=10, verbose_name="对象种类"
                    ),
                ),
                ("subject_name", models.CharField(max_length=120, verbose_name="惩戒对象")),
                ("person_post", models.CharField(blank=True, max_length=80, verbose_name="职务")),
                ("reason", models.CharField(max_length=1000, verbose_name="事由")),
                ("basis", models.CharField(blank=True, max_length=200, verbose_name="依据")),
                ("document", models.CharField(max_length=80, verbose_name="文号")),
                (
                    "measures",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), size=None, verbose_name="惩戒措施"
                    ),
                ),
                (
                    "departments",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), size=None, verbose_name="实施部门"
                    ),
                ),
                ("held_from", models.DateField(verbose_name="自")),
                ("held_to", models.DateField(null=True, verbose_name="至（含）")),
                ("lifted_on", models.DateField(null=True, verbose_name="解除日")),
                ("lifting_document", models.CharField(blank=True, max_length=80, verbose_name="解除文号")),
                ("lifting_reason", models.CharField(blank=True, max_length=500, verbose_name="解除理由")),
                (
                    "department",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reference.department",
                        verbose_name="主管部门",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="enterprises.enterprise",
                        verbose_name="单位",
                    ),
                ),
                (
                    "sector",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reference.sector",
                        verbose_name="行业领域",
                    ),
                ),
            ],
            options={
                "verbose_name": "联合惩戒",
                "verbose_name_plural": "联合惩戒",
                "db_table": "enforcement_joint_punishment",
                "indexes": [models.Index(fields=["-held_from", "id"], name="joint_punishment_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("subject_kind__in", ["unit", "person"])), name="joint_subject_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "measures__contained_by",
                                [
                                    "more_inspections",
                                    "approvals_suspended",
                                    "insurance_rate",
                                    "occupation_ban",
                                    "no_honours",
                                    "no_support",
                                    "finance",
                                    "bidding",
                                    "publicity",
                                ],
                            )
                        ),
                        name="joint_measures_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("measures", []), _negated=True), models.Q(("departments", []), _negated=True)
                        ),
                        name="joint_says_what_and_who",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("held_to", None), ("held_from__lte", models.F("held_to")), _connector="OR"),
                        name="joint_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(fields=["-listed_on", "id"], name="listing_newest"),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "delisted"), _negated=True),
                fields=("hazard",),
                name="listing_one_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["listed", "applied", "accepted", "delisted"])),
                name="listing_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", ["county", "city", "province"])), name="listing_level_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.CheckConstraint(
                condition=models.Q(("funds_yuan__gte", 0)), name="listing_funds_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.CheckConstraint(
                condition=models.Q(("deadline__gte", models.F("listed_on"))), name="listing_deadline_follows"
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("delisted_on__isnull", False), models.Q(("state", "delisted"), _negated=True), _connector="OR"
                ),
                name="listing_ended_has_day",
            ),
        ),
        migrations.AddIndex(
            model_name="listingproposal",
            index=models.Index(fields=["-proposed_on", "id"], name="proposal_newest"),
        ),
        migrations.AddConstraint(
            model_name="listingproposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    models.Q(("trigger", "reported"), _negated=True), ("state", "open"), _connector="OR"
                ),
                fields=("hazard", "trigger"),
                name="proposal_once_a_trigger",
            ),
        ),
        migrations.AddConstraint(
            model_name="listingproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "listed", "declined", "lapsed"])),
                name="proposal_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="listingproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("trigger__in", ["overdue", "repeated", "outside_factor", "reported"])),
                name="proposal_trigger_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="progress",
            constraint=models.CheckConstraint(
                condition=models.Q(("percent__lte", 100)), name="progress_percent_at_most_100"
            ),
        ),
        migrations.AddIndex(
            model_name="stoporder",
            index=models.Index(fields=["-issued_on", "id"], name="stop_order_newest"),
        ),
        migrations.AddConstraint(
            model_name="stoporder",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["stopped", "applied", "accepted", "resumed", "withdrawn", "closed"])),
                name="stop_order_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="stoporder",
            constraint=models.CheckConstraint(
                condition=models.Q(("extent__in", ["whole", "partial"])), name="stop_order_extent_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="stoporder",
            constraint=models.CheckConstraint(
                condition=models.Q(("enterprise__isnull", False), ("site__isnull", False), _connector="OR"),
                name="stop_order_stops_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="stoporder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("scope", ""), _negated=True),
                    models.Q(("extent", "partial"), _negated=True),
                    _connector="OR",
                ),
                name="stop_order_partial_says_what",
            ),
        ),
        migrations.AddConstraint(
            model_name="stopconsent",
            constraint=models.UniqueConstraint(fields=("order", "round", "kind"), name="consent_once_a_round"),
        ),
        migrations.AddConstraint(
            model_name="stopconsent",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["chief", "mine_safety", "government"])), name="consent_kind_is_known"
            ),
        ),
        *(
            migrations.RunSQL(f"SELECT safety_stamp('enforcement_{table}')", migrations.RunSQL.noop)
            for table in STAMPED
        ),
    ]
