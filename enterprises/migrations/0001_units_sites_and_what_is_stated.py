"""Units, their conditions in two times, sites, and what is stated about a unit."""

import uuid

import django.contrib.gis.db.models.fields
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

# The rows of a place are found by its code, so the column is plain; that the place exists the database sees to.
PLACES_EXIST = """
ALTER TABLE enterprises_enterprise ADD CONSTRAINT enterprise_place_exists
  FOREIGN KEY (region_code) REFERENCES geo_region (code) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE enterprises_condition ADD CONSTRAINT condition_place_exists
  FOREIGN KEY (region_code) REFERENCES geo_region (code) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE enterprises_site ADD CONSTRAINT site_place_exists
  FOREIGN KEY (region_code) REFERENCES geo_region (code) DEFERRABLE INITIALLY DEFERRED;
"""
STAMPED = (
    "enterprises_enterprise", "enterprises_condition", "enterprises_site", "enterprises_standardization",
    "enterprises_licence", "enterprises_insurance", "enterprises_stated_fact",
)  # fmt: skip


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("geo", "0001_regions_and_their_history"),
        ("safety_api", "0002_promises"),
        ("reference", "0001_law_as_dated_data"),
        ("geo", "0001_regions_and_their_history"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS pg_trgm", migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Enterprise",
            fields=[
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("region_code", models.CharField(max_length=12, verbose_name="所在村（社区）代码")),
                (
                    "point",
                    django.contrib.gis.db.models.fields.PointField(
                        blank=True, null=True, srid=4326, verbose_name="位置"
                    ),
                ),
                ("point_sent", models.JSONField(blank=True, null=True, verbose_name="报送的坐标")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("operating", "在营"),
                            ("suspended", "停产停业"),
                            ("stopped_by_order", "责令停产停业"),
                            ("closed", "关闭"),
                        ],
                        default="operating",
                        max_length=20,
                        verbose_name="状态",
                    ),
                ),
                (
                    "unit_type",
                    models.CharField(
                        choices=[
                            ("enterprise", "企业"),
                            ("individual_business", "个体工商户"),
                            ("cooperative", "农民专业合作社"),
                            ("public_institution", "事业单位"),
                            ("state_organ", "机关"),
                            ("village_body", "基层群众性自治组织"),
                            ("social_organisation", "社会组织"),
                            ("other", "其他"),
                        ],
                        max_length=20,
                        verbose_name="类型",
                    ),
                ),
                (
                    "sectors",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="其他行业",
                    ),
                ),
                ("above_scale", models.BooleanField(default=False, verbose_name="规模以上")),
                ("producing", models.BooleanField(default=False, verbose_name="生产矿井")),
                ("underground", models.BooleanField(default=False, verbose_name="井工")),
                ("special_geology", models.BooleanField(default=False, verbose_name="突出、冲击地压或水文极复杂矿井")),
                (
                    "traits",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="特征",
                    ),
                ),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120, verbose_name="名称")),
                ("name_search", models.TextField(editable=False, verbose_name="检索名")),
                ("pinyin", models.TextField(editable=False, verbose_name="拼音")),
                (
                    "credit_code",
                    models.CharField(blank=True, max_length=18, null=True, verbose_name="统一社会信用代码"),
                ),
                ("no_credit_code_reason", models.CharField(blank=True, max_length=100, verbose_name="无代码原因")),
                ("registered_region_code", models.CharField(blank=True, max_length=12, verbose_name="登记地代码")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="地址")),
                ("principal_name", models.CharField(blank=True, max_length=60, verbose_name="主要负责人")),
                ("principal_phone", models.CharField(blank=True, max_length=30, verbose_name="联系电话")),
                ("status_on", models.DateField(blank=True, null=True, verbose_name="现状自")),
                ("opened_on", models.DateField(blank=True, null=True, verbose_name="开业（投产）日")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="关闭日")),
                (
                    "supervision_class",
                    models.CharField(
                        blank=True,
                        choices=[("A", "A"), ("B", "B"), ("C", "C"), ("D", "D")],
                        max_length=1,
                        verbose_name="分类监管类别",
                    ),
                ),
                ("class_on", models.DateField(blank=True, null=True, verbose_name="类别自")),
                ("class_provisional", models.BooleanField(default=False, verbose_name="类别为暂定")),
                (
                    "risk_colour",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("red", "重大风险（红）"),
                            ("orange", "较大风险（橙）"),
                            ("yellow", "一般风险（黄）"),
                            ("blue", "低风险（蓝）"),
                        ],
                        max_length=6,
                        verbose_name="最高风险等级",
                    ),
                ),
                ("is_demo", models.BooleanField(default=False, verbose_name="演示数据")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="建立时间"),
                ),
                (
                    "sector",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reference.sector",
                        verbose_name="主要行业",
                    ),
                ),
            ],
            options={
                "verbose_name": "单位",
                "verbose_name_plural": "单位",
                "db_table": "enterprises_enterprise",
            },
        ),
        migrations.CreateModel(
            name="Condition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("operating", "在营"),
                            ("suspended", "停产停业"),
                            ("stopped_by_order", "责令停产停业"),
                            ("closed", "关闭"),
                        ],
                        default="operating",
                        max_length=20,
                        verbose_name="状态",
                    ),
                ),
                (
                    "unit_type",
                    models.CharField(
                        choices=[
                            ("enterprise", "企业"),
                            ("individual_business", "个体工商户"),
                            ("cooperative", "农民专业合作社"),
                            ("public_institution", "事业单位"),
                            ("state_organ", "机关"),
                            ("village_body", "基层群众性自治组织"),
                            ("social_organisation", "社会组织"),
                            ("other", "其他"),
                        ],
                        max_length=20,
                        verbose_name="类型",
                    ),
                ),
                (
                    "sectors",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="其他行业",
                    ),
                ),
                ("above_scale", models.BooleanField(default=False, verbose_name="规模以上")),
                ("producing", models.BooleanField(default=False, verbose_name="生产矿井")),
                ("underground", models.BooleanField(default=False, verbose_name="井工")),
                ("special_geology", models.BooleanField(default=False, verbose_name="突出、冲击地压或水文极复杂矿井")),
                (
                    "traits",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="特征",
                    ),
                ),
                ("region_code", models.CharField(max_length=12, verbose_name="所在村（社区）代码")),
                ("held_from", models.DateField(verbose_name="自")),
                ("held_to", models.DateField(blank=True, null=True, verbose_name="至（不含）")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="原因")),
                (
                    "known_from",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="知悉自"),
                ),
                ("known_to", models.DateTimeField(blank=True, null=True, verbose_name="知悉至")),
                (
                    "sector",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reference.sector",
                        verbose_name="主要行业",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="conditions",
                        to="enterprises.enterprise",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "单位状况",
                "verbose_name_plural": "单位状况",
                "db_table": "enterprises_condition",
            },
        ),
        migrations.CreateModel(
            name="Insurance",
            fields=[
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("held_from", models.DateField(verbose_name="自（日期）")),
                ("held_to", models.DateField(blank=True, null=True, verbose_name="至（含）")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("authority", "监管部门"),
                            ("self", "单位自报"),
                            ("import", "名册导入"),
                            ("platform", "上级平台"),
                        ],
                        default="authority",
                        max_length=10,
                        verbose_name="来源",
                    ),
                ),
                ("document", models.CharField(blank=True, max_length=200, verbose_name="依据文书")),
                (
                    "known_from",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="知悉自"),
                ),
                ("known_to", models.DateTimeField(blank=True, null=True, verbose_name="知悉至")),
                ("insurer", models.CharField(max_length=80, verbose_name="保险机构")),
                ("policy_no", models.CharField(max_length=60, verbose_name="保单号")),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="enterprises.enterprise",
                        verbose_name="单位",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "superseded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supersedes",
                        to="enterprises.insurance",
                        verbose_name="更正为",
                    ),
                ),
            ],
            options={
                "verbose_name": "安责险",
                "verbose_name_plural": "安责险",
                "db_table": "enterprises_insurance",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Licence",
            fields=[
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("held_from", models.DateField(verbose_name="自（日期）")),
                ("held_to", models.DateField(blank=True, null=True, verbose_name="至（含）")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("authority", "监管部门"),
                            ("self", "单位自报"),
                            ("import", "名册导入"),
                            ("platform", "上级平台"),
                        ],
                        default="authority",
                        max_length=10,
                        verbose_name="来源",
                    ),
                ),
                ("document", models.CharField(blank=True, max_length=200, verbose_name="依据文书")),
                (
                    "known_from",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="知悉自"),
                ),
                ("known_to", models.DateTimeField(blank=True, null=True, verbose_name="知悉至")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("valid", "有效"),
                            ("lowered", "降级"),
                            ("suspended", "暂扣"),
                            ("revoked", "撤销（吊销）"),
                        ],
                        default="valid",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("state_on", models.DateField(blank=True, null=True, verbose_name="状态自")),
                ("issued_by", models.CharField(blank=True, max_length=80, verbose_name="发证机关")),
                (
                    "licence",
                    models.CharField(
                        choices=[
                            ("work_safety", "安全生产许可证"),
                            ("hazchem_business", "危险化学品经营许可证"),
                            ("hazchem_use", "危险化学品安全使用许可证"),
                            ("fireworks_business", "烟花爆竹经营许可证"),
                            ("road_transport", "道路运输经营许可证"),
                            ("hazardous_waste", "危险废物经营许可证"),
                            ("fire_check", "公众聚集场所消防安全检查合格证"),
                            ("mining", "采矿许可证"),
                            ("other", "其他许可"),
                        ],
                        max_length=20,
                        verbose_name="许可种类",
                    ),
                ),
                ("number", models.CharField(max_length=60, verbose_name="编号")),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="enterprises.enterprise",
                        verbose_name="单位",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "superseded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supersedes",
                        to="enterprises.licence",
                        verbose_name="更正为",
                    ),
                ),
            ],
            options={
                "verbose_name": "安全许可",
                "verbose_name_plural": "安全许可",
                "db_table": "enterprises_licence",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Site",
            fields=[
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("region_code", models.CharField(max_length=12, verbose_name="所在村（社区）代码")),
                (
                    "point",
                    django.contrib.gis.db.models.fields.PointField(
                        blank=True, null=True, srid=4326, verbose_name="位置"
                    ),
                ),
                ("point_sent", models.JSONField(blank=True, null=True, verbose_name="报送的坐标")),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("mine", "矿井（矿山）"),
                            ("project", "工程项目"),
                            ("house", "房屋"),
                            ("venue", "经营场所、公共场所"),
                            ("shop", "门店"),
                            ("warehouse", "仓库"),
                            ("pond", "尾矿库、塘坝"),
                            ("slope", "边坡、地质灾害点"),
                            ("reservoir", "水库"),
                            ("road", "路段"),
                            ("forest", "林区"),
                            ("park", "园区"),
                            ("other", "其他"),
                        ],
                        max_length=10,
                        verbose_name="类别",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="名称")),
                ("place_type", models.CharField(blank=True, max_length=20, verbose_name="场所类型")),
                ("project_type", models.CharField(blank=True, max_length=20, verbose_name="工程类别")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="地址")),
                ("owner_name", models.CharField(blank=True, max_length=60, verbose_name="责任人")),
                ("owner_phone", models.CharField(blank=True, max_length=30, verbose_name="责任人电话")),
                ("opened_on", models.DateField(blank=True, null=True, verbose_name="启用日")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="停用日")),
                ("is_demo", models.BooleanField(default=False, verbose_name="演示数据")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="建立时间"),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sites",
                        to="enterprises.enterprise",
                        verbose_name="单位",
                    ),
                ),
                (
                    "sector",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reference.sector",
                        verbose_name="行业",
                    ),
                ),
            ],
            options={
                "verbose_name": "场所",
                "verbose_name_plural": "场所",
                "db_table": "enterprises_site",
            },
        ),
        migrations.CreateModel(
            name="StandardizationCertificate",
            fields=[
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("held_from", models.DateField(verbose_name="自（日期）")),
                ("held_to", models.DateField(blank=True, null=True, verbose_name="至（含）")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("authority", "监管部门"),
                            ("self", "单位自报"),
                            ("import", "名册导入"),
                            ("platform", "上级平台"),
                        ],
                        default="authority",
                        max_length=10,
                        verbose_name="来源",
                    ),
                ),
                ("document", models.CharField(blank=True, max_length=200, verbose_name="依据文书")),
                (
                    "known_from",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="知悉自"),
                ),
                ("known_to", models.DateTimeField(blank=True, null=True, verbose_name="知悉至")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("valid", "有效"),
                            ("lowered", "降级"),
                            ("suspended", "暂扣"),
                            ("revoked", "撤销（吊销）"),
                        ],
                        default="valid",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("state_on", models.DateField(blank=True, null=True, verbose_name="状态自")),
                ("issued_by", models.CharField(blank=True, max_length=80, verbose_name="发证机关")),
                (
                    "scheme",
                    models.CharField(
                        choices=[
                            ("coal", "煤矿安全生产标准化管理体系"),
                            ("non_coal", "非煤矿山安全生产标准化"),
                            ("industry", "危险化学品、工贸、烟花爆竹企业安全生产标准化"),
                            ("transport", "交通运输企业安全生产标准化"),
                            ("construction", "建筑施工安全生产标准化"),
                            ("other", "其他"),
                        ],
                        max_length=20,
                        verbose_name="体系",
                    ),
                ),
                ("level", models.PositiveSmallIntegerField(verbose_name="等级")),
                ("certificate_no", models.CharField(max_length=60, verbose_name="证书编号")),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="enterprises.enterprise",
                        verbose_name="单位",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "superseded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supersedes",
                        to="enterprises.standardizationcertificate",
                        verbose_name="更正为",
                    ),
                ),
            ],
            options={
                "verbose_name": "标准化证书",
                "verbose_name_plural": "标准化证书",
                "db_table": "enterprises_standardization",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="StatedFact",
            fields=[
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("held_from", models.DateField(verbose_name="自（日期）")),
                ("held_to", models.DateField(blank=True, null=True, verbose_name="至（含）")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("authority", "监管部门"),
                            ("self", "单位自报"),
                            ("import", "名册导入"),
                            ("platform", "上级平台"),
                        ],
                        default="authority",
                        max_length=10,
                        verbose_name="来源",
                    ),
                ),
                ("document", models.CharField(blank=True, max_length=200, verbose_name="依据文书")),
                (
                    "known_from",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="知悉自"),
                ),
                ("known_to", models.DateTimeField(blank=True, null=True, verbose_name="知悉至")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("standardization", "安全生产标准化等级"),
                            ("licence", "安全许可"),
                            ("insurance", "安全生产责任保险"),
                            ("no_standardization", "经核实未取得标准化等级"),
                            ("penalty", "行政处罚（heavy：停产停业整顿、暂扣或吊销许可、罚款十万元以上）"),
                            ("stop_order", "责令停产停业（停产整顿）"),
                            ("dishonesty_listing", "列入严重失信主体名单"),
                            ("concealment", "经查实谎报、瞒报事故"),
                            ("refusal", "拒绝检查或拒不执行监管指令"),
                            ("risk_review", "风险辨识评估"),
                            ("self_check", "隐患自查"),
                            ("plan_filing", "应急预案备案"),
                            ("drill", "应急演练"),
                            ("people_certified", "主要负责人和安全管理人员考核合格"),
                            ("training", "安全培训"),
                        ],
                        max_length=30,
                        verbose_name="种类",
                    ),
                ),
                ("value", models.JSONField(default=dict, verbose_name="内容")),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="enterprises.enterprise",
                        verbose_name="单位",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "superseded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supersedes",
                        to="enterprises.statedfact",
                        verbose_name="更正为",
                    ),
                ),
            ],
            options={
                "verbose_name": "事实",
                "verbose_name_plural": "事实",
                "db_table": "enterprises_stated_fact",
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="enterprise",
            index=models.Index(fields=["region_code", "id"], name="enterprise_by_place"),
        ),
        migrations.AddIndex(
            model_name="enterprise",
            index=models.Index(fields=["sector", "region_code", "id"], name="enterprise_by_sector"),
        ),
        migrations.AddIndex(
            model_name="enterprise",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass("name_search", "gin_trgm_ops"), name="enterprise_name"
            ),
        ),
        migrations.AddIndex(
            model_name="enterprise",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass("pinyin", "gin_trgm_ops"), name="enterprise_pinyin"
            ),
        ),
        migrations.AddConstraint(
            model_name="enterprise",
            constraint=models.UniqueConstraint(fields=("credit_code",), name="enterprise_credit_code_once"),
        ),
        migrations.AddConstraint(
            model_name="enterprise",
            constraint=models.CheckConstraint(
                condition=models.Q(("credit_code__isnull", True), ("no_credit_code_reason", ""), _connector="XOR"),
                name="enterprise_code_or_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="enterprise",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["operating", "suspended", "stopped_by_order", "closed"])),
                name="enterprise_status_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="enterprise",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "unit_type__in",
                        [
                            "enterprise",
                            "individual_business",
                            "cooperative",
                            "public_institution",
                            "state_organ",
                            "village_body",
                            "social_organisation",
                            "other",
                        ],
                    )
                ),
                name="enterprise_unit_type_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="enterprise",
            constraint=models.CheckConstraint(
                condition=models.Q(("supervision_class__in", ["", "A", "B", "C", "D"])),
                name="enterprise_class_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="enterprise",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("opened_on", None), ("closed_on", None), ("opened_on__lte", models.F("closed_on")), _connector="OR"
                ),
                name="enterprise_opened_before_closed",
            ),
        ),
        migrations.AddConstraint(
            model_name="enterprise",
            constraint=models.CheckConstraint(
                condition=models.Q(("closed_on", None), ("status", "closed"), _connector="OR"),
                name="enterprise_closed_has_its_status",
            ),
        ),
        migrations.AddIndex(
            model_name="condition",
            index=models.Index(fields=["region_code", "held_from"], name="condition_by_place"),
        ),
        migrations.AddConstraint(
            model_name="condition",
            constraint=models.UniqueConstraint(
                condition=models.Q(("known_to", None)), fields=("enterprise", "held_from"), name="condition_one_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="condition",
            constraint=models.UniqueConstraint(
                condition=models.Q(("held_to", None), ("known_to", None)),
                fields=("enterprise",),
                name="condition_one_at_present",
            ),
        ),
        migrations.AddConstraint(
            model_name="condition",
            constraint=models.CheckConstraint(
                condition=models.Q(("held_to", None), ("held_from__lt", models.F("held_to")), _connector="OR"),
                name="condition_held_before_ended",
            ),
        ),
        migrations.AddConstraint(
            model_name="condition",
            constraint=models.CheckConstraint(
                condition=models.Q(("known_to", None), ("known_from__lte", models.F("known_to")), _connector="OR"),
                name="condition_known_before_dropped",
            ),
        ),
        migrations.AddIndex(
            model_name="insurance",
            index=models.Index(fields=["enterprise", "held_from"], name="insurance_at"),
        ),
        migrations.AddConstraint(
            model_name="insurance",
            constraint=models.CheckConstraint(
                condition=models.Q(("held_to", None), ("held_from__lte", models.F("held_to")), _connector="OR"),
                name="insurance_begins_before_it_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="insurance",
            constraint=models.CheckConstraint(
                condition=models.Q(("superseded_by", None), ("known_to__isnull", False), _connector="OR"),
                name="insurance_dropped_when_superseded",
            ),
        ),
        migrations.AddIndex(
            model_name="licence",
            index=models.Index(fields=["enterprise", "held_from"], name="licence_at"),
        ),
        migrations.AddConstraint(
            model_name="licence",
            constraint=models.CheckConstraint(
                condition=models.Q(("held_to", None), ("held_from__lte", models.F("held_to")), _connector="OR"),
                name="licence_begins_before_it_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="licence",
            constraint=models.CheckConstraint(
                condition=models.Q(("superseded_by", None), ("known_to__isnull", False), _connector="OR"),
                name="licence_dropped_when_superseded",
            ),
        ),
        migrations.AddConstraint(
            model_name="licence",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "valid"), ("state_on__isnull", False), _connector="XOR"),
                name="licence_says_since_when",
            ),
        ),
        migrations.AddIndex(
            model_name="site",
            index=models.Index(fields=["region_code", "id"], name="site_by_place"),
        ),
        migrations.AddConstraint(
            model_name="site",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "mine",
                            "project",
                            "house",
                            "venue",
                            "shop",
                            "warehouse",
                            "pond",
                            "slope",
                            "reservoir",
                            "road",
                            "forest",
                            "park",
                            "other",
                        ],
                    )
                ),
                name="site_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="site",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("opened_on", None), ("closed_on", None), ("opened_on__lte", models.F("closed_on")), _connector="OR"
                ),
                name="site_opened_before_closed",
            ),
        ),
        migrations.AddIndex(
            model_name="standardizationcertificate",
            index=models.Index(fields=["enterprise", "held_from"], name="standardizationcertificate_at"),
        ),
        migrations.AddConstraint(
            model_name="standardizationcertificate",
            constraint=models.CheckConstraint(
                condition=models.Q(("held_to", None), ("held_from__lte", models.F("held_to")), _connector="OR"),
                name="standardizationcertificate_begins_before_it_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="standardizationcertificate",
            constraint=models.CheckConstraint(
                condition=models.Q(("superseded_by", None), ("known_to__isnull", False), _connector="OR"),
                name="standardizationcertificate_dropped_when_superseded",
            ),
        ),
        migrations.AddConstraint(
            model_name="standardizationcertificate",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "valid"), ("state_on__isnull", False), _connector="XOR"),
                name="standardizationcertificate_says_since_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="standardizationcertificate",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__range", (1, 3))), name="standardization_level_is_1_to_3"
            ),
        ),
        migrations.AddIndex(
            model_name="statedfact",
            index=models.Index(fields=["enterprise", "held_from"], name="statedfact_at"),
        ),
        migrations.AddConstraint(
            model_name="statedfact",
            constraint=models.CheckConstraint(
                condition=models.Q(("held_to", None), ("held_from__lte", models.F("held_to")), _connector="OR"),
                name="statedfact_begins_before_it_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="statedfact",
            constraint=models.CheckConstraint(
                condition=models.Q(("superseded_by", None), ("known_to__isnull", False), _connector="OR"),
                name="statedfact_dropped_when_superseded",
            ),
        ),
        migrations.RunSQL(PLACES_EXIST, migrations.RunSQL.noop),
        *(migrations.RunSQL(f"SELECT safety_stamp('{table}')", migrations.RunSQL.noop) for table in STAMPED),
    ]
