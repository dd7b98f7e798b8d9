"""Who leaves statistics does so on paper; great impact; both limits of statistics; the paper of a longer approval."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

LEG_ENDS = [
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
]
ON_PAPER = models.Q(("reason", ""), _negated=True) & models.Q(("document", ""), _negated=True)
ON_PAPER &= models.Q(("approved_by", ""), _negated=True)


class Migration(migrations.Migration):
    dependencies = [
        ("zero_accident", "0004_standards_and_targets"),
    ]

    operations = [
        migrations.AddField(
            model_name="accident",
            name="great_impact",
            field=models.BooleanField(db_default=False, default=False, verbose_name="社会影响重大"),
        ),
        migrations.AddField(
            model_name="decision",
            name="stat_before",
            field=models.CharField(blank=True, db_default="", default="", max_length=20, verbose_name="原统计状态"),
        ),
        migrations.AddField(
            model_name="investigation",
            name="approval_extension_document",
            field=models.CharField(blank=True, db_default="", default="", max_length=200, verbose_name="批复延期批准文书"),
        ),
        migrations.AddField(
            model_name="investigation",
            name="approval_extension_approved_by",
            field=models.CharField(blank=True, db_default="", default="", max_length=100, verbose_name="批复延期批准"),
        ),
        migrations.AlterField(
            model_name="reportleg",
            name="to",
            field=models.CharField(
                blank=True, choices=LEG_ENDS, db_default="", default="", max_length=12, verbose_name="接收方"
            ),
        ),
        AddConstraintNotValid(  # rows of before were written without the paper, and say nothing of the status before
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("stat_status", models.F("stat_before")))
                | (
                    models.Q(("stat_status__in", ["provisional", "counted"]))
                    & models.Q(("stat_before", "counted"), _negated=True)
                )
                | ON_PAPER,
                name="decision_leaves_statistics_on_paper",
            ),
        ),
    ]
